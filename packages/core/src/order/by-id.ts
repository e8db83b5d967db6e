/** Sets under the ids of other systems. An id may be any text, also "constructor" or "__proto__", to which every plain object has an answer of its own. */
import type { Register } from './register.ts';

export type ById<T> = Readonly<Record<string, T>>;

/** What the set itself holds under `id`. */
export const ofId = <T>(set: ById<T>, id: string): T | undefined => (Object.hasOwn(set, id) ? set[id] : undefined);

/** The set after `join` has heard each of `said`; the very same object when nothing changed. Spread and fromEntries define, they never call a setter. */
export function joinAll<T, S>(set: ById<T>, said: ById<S>, join: (before: T | undefined, value: S, id: string) => T): ById<T> {
  const changed: [string, T][] = [];
  for (const id of Object.keys(said)) {
    const before = ofId(set, id);
    const after = join(before, said[id] as S, id);
    if (after !== before) changed.push([id, after]);
  }
  return changed.length === 0 ? set : { ...set, ...Object.fromEntries(changed) };
}

/** Ids in an order that does not show who came first. */
export const sortedIds = (set: ById<unknown>): string[] => Object.keys(set).sort();

/** What a set of registers says, by id. */
export const valuesById = <T>(set: ById<Register<T>>): ({ id: string } & T)[] =>
  sortedIds(set).map((id) => ({ id, ...(set[id] as Register<T>).value }));
