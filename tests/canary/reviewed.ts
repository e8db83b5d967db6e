/** The reviewed lists, and what is wrong with them. They are data in `public-fields.json`, so that a change of them is seen in review. */
import { readFileSync } from 'node:fs';
import { PERSONAL_FIELDS, type Role } from '@weir/contract';
import { leavesOf, type Schema } from './walk.ts';

export interface Reviewed {
  /** Why some public place is less public than the others, for whoever reviews the list. */
  readonly comments: Readonly<Record<string, string>>;
  /** Places of the neutral order whose values may appear outside. */
  readonly message: readonly string[];
  /** Places of the public state, which every event and webhook carries. */
  readonly state: readonly string[];
  /** Personal places that the order's page shows in the clear to every role but those named in `shownToNone`. */
  readonly shown: readonly string[];
  readonly shownToNone: readonly Role[];
  /** Who reads on the order's page what a person wrote when she cancelled it. */
  readonly readsCancelReason: readonly Role[];
  /** Who reads on an order's page and in its timeline what a person wrote on a hold. */
  readonly readsHoldWords: readonly Role[];
  /** What each role may open by `:reveal`. */
  readonly reveal: Readonly<Record<Role, readonly string[]>>;
}
export const REVIEWED = JSON.parse(readFileSync(new URL('public-fields.json', import.meta.url), 'utf8')) as Reviewed;

const personal = (pointer: string): boolean => (PERSONAL_FIELDS as readonly string[]).includes(pointer.split('/')[1] ?? '');

/** One sentence for each leaf that nobody has judged, that was judged twice, or whose judgement outlived it. */
export function unjudged(schemas: readonly Schema[], listed: readonly string[]): string[] {
  const known = new Set(schemas.flatMap((schema) => leavesOf(schema)).map((leaf) => leaf.pointer));
  const guilty = [...known].filter((pointer) => !listed.includes(pointer) && !personal(pointer));
  const both = listed.filter(personal);
  const gone = listed.filter((pointer) => !known.has(pointer));
  return [
    ...guilty.map(
      (pointer) =>
        `${pointer} is new and guilty: if a person's data can stand in it, move it under one of PERSONAL_FIELDS (${PERSONAL_FIELDS.join(', ')}); else have it reviewed and listed in tests/canary/public-fields.json`,
    ),
    ...both.map((pointer) => `${pointer} is listed as public but belongs to PERSONAL_FIELDS: take it off the list`),
    ...gone.map((pointer) => `${pointer} is listed as public but no schema has it: take it off the list`),
  ];
}
