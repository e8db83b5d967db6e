/** What of a message may be shown to people: only values whose place the neutral order's schema names and that are not personal. */
import { NeutralOrder, PERSONAL_FIELDS } from '@weir/contract';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}
const MASK = '***';
const INDEX = /^\d{1,4}$/;
/** A sender's own field name is shown when it looks like one; anything else may be a person's name or number. */
const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,39}$/;

const isPersonal = (name: string | undefined): boolean => (PERSONAL_FIELDS as readonly (string | undefined)[]).includes(name);
function inner(schema: Schema | undefined, step: string): Schema | undefined {
  if (schema?.anyOf) return schema.anyOf.map((branch) => inner(branch, step)).find((found) => found !== undefined);
  if (schema?.items) return INDEX.test(step) ? schema.items : undefined;
  return schema?.properties && Object.hasOwn(schema.properties, step) ? schema.properties[step] : undefined;
}
const isLeaf = (schema: Schema | undefined): boolean =>
  schema !== undefined && !schema.properties && !schema.items && !(schema.anyOf ?? []).some((branch) => !isLeaf(branch));

/** Guilty until named: an unknown field, and a text where a list or an object belongs, may hold anything. */
export function mayShow(pointer: string): boolean {
  const steps = pointer.split('/').slice(1);
  return !isPersonal(steps[0]) && isLeaf(steps.reduce<Schema | undefined>(inner, NeutralOrder as Schema));
}

const shownStep = (step: string): string => (INDEX.test(step) || FIELD_NAME.test(step) ? step : MASK);
export const shownPointer = (pointer: string): string => (pointer === '' ? '' : `/${pointer.split('/').slice(1).map(shownStep).join('/')}`);

/** `value`, which stands at `pointer` of a message, with everything masked that may not be shown. Goes no deeper than the schema does. */
export function masked(value: unknown, pointer = ''): unknown {
  const schema = pointer
    .split('/')
    .slice(1)
    .reduce<Schema | undefined>(inner, NeutralOrder as Schema);
  return maskedAt(value, schema, isPersonal(pointer.split('/')[1]));
}
function maskedAt(value: unknown, schema: Schema | undefined, personal: boolean): unknown {
  if (value === null || value === undefined) return value;
  if (schema === undefined) return MASK;
  if (typeof value !== 'object') return personal || !isLeaf(schema) ? MASK : value;
  if (isLeaf(schema)) return MASK;
  if (Array.isArray(value)) return maskedList(value, schema, personal);
  return maskedObject(value as Record<string, unknown>, schema, personal);
}

/** Of a list, and of names that no schema knows, so many are shown and the rest is counted: a message may hold as many as fit into it. */
const SHOWN = 1_000;
const SHOWN_UNKNOWN = 100;
const rest = (count: number): string => `${MASK} +${count}`;

function maskedList(list: readonly unknown[], schema: Schema, personal: boolean): unknown[] {
  const shown = list.slice(0, SHOWN).map((each, i) => maskedAt(each, inner(schema, String(i)), personal));
  return list.length > SHOWN ? [...shown, rest(list.length - SHOWN)] : shown;
}

function maskedObject(value: Record<string, unknown>, schema: Schema, personal: boolean): Record<string, unknown> {
  const root = schema === NeutralOrder;
  const shown: [string, unknown][] = [];
  let unknown = 0;
  for (const name of Object.keys(value)) {
    const known = inner(schema, name);
    if (known === undefined && ++unknown > SHOWN_UNKNOWN) continue;
    shown.push([shownStep(name), maskedAt(value[name], known, personal || (root && isPersonal(name)))]);
  }
  if (unknown > SHOWN_UNKNOWN) shown.push([MASK, rest(unknown - SHOWN_UNKNOWN)]);
  return Object.fromEntries(shown);
}
