/** A changeable field: the highest (source time, source rank) wins. Joining registers gives the same result in any order, any number of times. */
export interface Register<T> {
  /** Source time, ms UTC. */
  readonly at: number;
  readonly rank: number;
  readonly value: T;
  /** Other values with the very same time and rank: which one is newer cannot be told. */
  readonly rivals?: readonly T[];
}

/** A source without times of its own may say ever other things at one time: the first of them, in the order of their texts, are enough to see that it does. */
const MOST_VALUES = 20;

/** Never the same for unlike values: JSON tells null from "null". */
const textOf = (value: unknown): string => JSON.stringify(value);

/** True when both are the same JSON text. The text itself is only written where names differ, or stand in another order. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, i) => sameValue(each, b[i]));
  const [names, others] = [Object.keys(a), Object.keys(b)];
  if (names.length !== others.length || !names.every((name, i) => name === others[i])) return textOf(a) === textOf(b);
  return names.every((name) => sameValue((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]));
}

/** The register after it has also heard `value`; the very same object when that changes nothing. */
export function hear<T>(register: Register<T> | undefined, at: number, rank: number, value: T): Register<T> {
  if (register === undefined || at > register.at || (at === register.at && rank > register.rank)) return { at, rank, value };
  if (at < register.at || rank < register.rank || sameValue(value, register.value)) return register;
  if (register.rivals?.some((rival) => sameValue(rival, value))) return register;
  const values = [register.value, ...(register.rivals ?? []), value].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  if (values[MOST_VALUES] === value) return register;
  return { at, rank, value: values[0] as T, rivals: values.slice(1, MOST_VALUES) };
}

/** As `hear`, but at equal times the further value on `ladder` wins: a status that advanced within one clock tick is no conflict. */
export function hearFurthest<T extends string>(
  ladder: readonly T[],
  register: Register<T> | undefined,
  at: number,
  rank: number,
  value: T,
): Register<T> {
  if (register && at === register.at && rank === register.rank)
    return ladder.indexOf(value) > ladder.indexOf(register.value) ? { at, rank, value } : register;
  return hear(register, at, rank, value);
}

/** True when what `a` says is at least as new as what `b` says. */
export const notOlder = (a: Register<unknown>, b: Register<unknown> | undefined): boolean =>
  b === undefined || a.at > b.at || (a.at === b.at && a.rank >= b.rank);
