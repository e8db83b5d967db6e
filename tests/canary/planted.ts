/** Plants a recognisable value in every place of a schema that can hold one, and remembers which of them must never be seen. */
import { hash } from 'node:crypto';
import { leavesOf, type Schema } from './walk.ts';

export interface Canary {
  /** Which place, and of which planting. */
  readonly name: string;
  readonly pointer: string;
  readonly value: string | number;
  /** What gives it away: itself, its digits, its hex and base64 forms. */
  readonly needles: readonly string[];
}
export interface Planter {
  /** A whole value of the schema with canaries of this seed. `given` are values by pointer where the sums or lists must fit. */
  plant(schema: Schema, seed: string, given?: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** A value that is never part of a schema: a password, a note, an unknown field. Guilty. */
  secret(name: string): string;
  /** A name of one of our own people: seen in the house, and told nobody outside. */
  indoors(name: string): string;
  readonly guilty: readonly Canary[];
  readonly innocent: readonly Canary[];
  readonly ours: readonly Canary[];
}

const SHORTEST_DIGITS = 11;
const seedHash = (text: string): string => hash('sha256', text, 'hex');
const digitsOf = (text: string): string =>
  BigInt(`0x${seedHash(text).slice(0, 16)}`)
    .toString()
    .slice(-8)
    .padStart(8, '7');

/** The three forms that a text takes inside longer base64, by what stands before it. */
const base64Forms = (text: string): string[] =>
  [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    return whole.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6));
  });

export function needlesOf(core: string): string[] {
  const digits = core.replace(/\D/g, '');
  const whole = digits.length >= SHORTEST_DIGITS && !/[a-z]/.test(core) ? [digits.slice(-SHORTEST_DIGITS)] : [];
  return [...new Set([core, ...whole].flatMap((each) => [each, Buffer.from(each).toString('hex'), ...base64Forms(each)]))];
}

/** The text to plant; `core` is the part that no mask may show (masks keep a name's first character). */
function textFor(pointer: string, seed: string): { text: string; core: string } {
  const tag = `${seed} ${pointer}`;
  if (pointer.endsWith('/phone')) {
    const number = `139${digitsOf(tag)}`;
    const text = seed.length % 2 === 0 ? number : `+86 ${number.slice(0, 3)}-${number.slice(3, 7)}-${number.slice(7)}`;
    return { text, core: text };
  }
  const core = `cnry${seedHash(tag).slice(0, 12)}`;
  return pointer.endsWith('/name') ? { text: `鲸${core}`, core } : { text: core, core };
}

/** References name the same line. */
const sameAs = (pointer: string): string => (pointer.endsWith('/lineId') ? '/lines/*/lineId' : pointer);

export function createPlanter(isPublic: (pointer: string) => boolean): Planter {
  const [guilty, innocent, ours] = [new Map<string, Canary>(), new Map<string, Canary>(), new Map<string, Canary>()];
  const remember = (pointer: string, seed: string, value: string | number, core: string): void => {
    const name = `${pointer} (${seed})`;
    const canary = { name, pointer, value, needles: typeof value === 'number' ? [String(value)] : needlesOf(core) };
    (isPublic(pointer) ? innocent : guilty).set(name, canary);
  };
  const leaf = (schema: Schema, pointer: string, seed: string): unknown => {
    if (schema.enum) return schema.enum[0];
    if (schema.const !== undefined) return schema.const;
    if (schema.type === 'boolean') return false;
    if (schema.type === 'integer') return 1;
    if (schema.type === 'number') {
      const value = Number(`${(schema.minimum ?? 0) < -100 ? 121 : 31}.${digitsOf(`${seed} ${pointer}`).slice(0, 7).replace(/0$/, '9')}`);
      remember(pointer, seed, value, '');
      return value;
    }
    const { text, core } = textFor(pointer, seed);
    if (
      schema.type !== 'string' ||
      (schema.pattern && !new RegExp(schema.pattern, 'u').test(text)) ||
      text.length > (schema.maxLength ?? 99)
    )
      throw new Error(`no canary fits ${pointer}: give it a value in tests/canary/messages.ts`);
    remember(pointer, seed, text, core);
    return text;
  };
  const build = (schema: Schema, pointer: string, seed: string, given: Readonly<Record<string, unknown>>): unknown => {
    if (Object.hasOwn(given, pointer)) return given[pointer];
    if (schema.anyOf) return build(schema.anyOf.find((branch) => branch.type !== 'null') as Schema, pointer, seed, given);
    if (schema.items) return [build(schema.items, `${pointer}/*`, seed, given)];
    if (schema.properties)
      return Object.fromEntries(
        Object.entries(schema.properties)
          .map(([name, inner]) => [name, build(inner, `${pointer}/${name}`, seed, given)])
          .filter(([, value]) => value !== undefined),
      );
    return leaf(schema, sameAs(pointer), seed);
  };
  const keep = (among: Map<string, Canary>, name: string): string => {
    const core = `cnry${seedHash(`secret ${name}`).slice(0, 12)}`;
    among.set(name, { name, pointer: `secret ${name}`, value: core, needles: needlesOf(core) });
    return core;
  };
  return {
    plant: (schema, seed, given = {}) => build(schema, '', seed, given) as Record<string, unknown>,
    secret: (name) => keep(guilty, name),
    indoors: (name) => keep(ours, name),
    get guilty() {
      return [...guilty.values()];
    },
    get innocent() {
      return [...innocent.values()];
    },
    get ours() {
      return [...ours.values()];
    },
  };
}

/** Pointers of all leaves that hold text or a number which may be anything: each must have had a canary planted in it. */
export const openPlaces = (schema: Schema): string[] =>
  leavesOf(schema)
    .filter(({ schema: { type, enum: words, const: only } }) => (type === 'string' || type === 'number') && !words && only === undefined)
    .map(({ pointer }) => pointer);
