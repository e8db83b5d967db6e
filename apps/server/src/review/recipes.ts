/** How many messages of one cause are mended alike: each recipe says where and what, and becomes typed edits of one message. Pure. */
import type { Problem } from '@weir/contract';
import type { Edit } from './edits.ts';

/** `pointer` is a JSON pointer; a step `*` stands for every item of a list: the amount of each discount is `discounts`, `*`, `amount`. */
export type Recipe = { readonly pointer: string } & (
  | { readonly do: 'set'; readonly value: unknown }
  | { readonly do: 'remove' }
  /** Takes what the broken sum should have been. */
  | { readonly do: 'expected' }
  /** Writes an amount with exactly two digits: "4" and 4.5 become "4.00" and "4.50". */
  | { readonly do: 'two_digits' }
  /** Says of which zone a time without one is. */
  | { readonly do: 'zone'; readonly offset: string }
);

const MAX_PLACES = 1_000;
const AMOUNT = /^-?\d{1,10}(?:\.\d{0,2}0*)?$/;
const LOCAL_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?$/;

/** The edits that `recipes` make of `message`; a recipe with nothing to do at a place makes none there. */
export function editsOf(message: unknown, problems: readonly Problem[], recipes: readonly Recipe[]): readonly Edit[] {
  return recipes.flatMap((recipe) =>
    placesOf(message, recipe.pointer).flatMap(({ pointer, value }) => {
      const mended = mend(recipe, value, pointer, problems);
      return mended === NOTHING ? [] : [mended === GONE ? { pointer } : { pointer, value: mended }];
    }),
  );
}

const [NOTHING, GONE] = [Symbol('nothing to do'), Symbol('removed')];

function mend(recipe: Recipe, value: unknown, pointer: string, problems: readonly Problem[]): unknown {
  switch (recipe.do) {
    case 'set':
      return JSON.stringify(value) === JSON.stringify(recipe.value) ? NOTHING : recipe.value;
    case 'remove':
      return value === undefined ? NOTHING : GONE;
    case 'expected':
      return problems.find((each) => each.pointer === pointer && each.code.startsWith('sum.'))?.expected ?? NOTHING;
    case 'two_digits':
      return typeof value === 'string' || typeof value === 'number' ? twoDigits(String(value), value) : NOTHING;
    case 'zone':
      return typeof value === 'string' ? zoned(value, recipe.offset) : NOTHING;
  }
}

function twoDigits(text: string, value: unknown): unknown {
  if (!AMOUNT.test(text)) return NOTHING;
  const [whole = '0', digits = ''] = text.split('.');
  const written = `${whole}.${digits.slice(0, 2).padEnd(2, '0')}`;
  return written === value ? NOTHING : written;
}

function zoned(text: string, offset: string): unknown {
  const [, day, minutes, seconds = ':00'] = LOCAL_TIME.exec(text) ?? [];
  return day === undefined ? NOTHING : `${day}T${minutes}${seconds}${offset}`;
}

interface Found {
  readonly pointer: string;
  readonly value: unknown;
}
const unescape = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

/** Where `pattern` leads in `message`. The last step need not be there: a missing field can be set. */
function placesOf(message: unknown, pattern: string): readonly Found[] {
  const steps = pattern.split('/').slice(1);
  let found: readonly Found[] = [{ pointer: '', value: message }];
  steps.forEach((step, i) => {
    const isLast = i === steps.length - 1;
    found = found.flatMap(({ pointer, value }) =>
      below(value, step, isLast).map((each) => ({ ...each, pointer: `${pointer}/${each.pointer}` })),
    );
    found = found.slice(0, MAX_PLACES);
  });
  return found;
}

function below(value: unknown, step: string, isLast: boolean): Found[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Array.isArray(value) ? value.map((each: unknown, i) => ({ pointer: String(i), value: each })) : [];
  const name = unescape(step);
  if (Object.hasOwn(value, name)) return [{ pointer: step, value: (value as Record<string, unknown>)[name] }];
  return isLast && !Array.isArray(value) ? [{ pointer: step, value: undefined }] : [];
}
