/** How this platform's answers write amounts, times and codes. */
import { beijing } from '../beijing.ts';
import type { Fields } from '../fields.ts';
import { unmapped } from '../unmapped.ts';
import { yuan } from '../yuan.ts';

export const yuanOrZero = (from: Fields, name: string): number => yuan(from, name) ?? 0;

/** What the platform writes of a time that is not yet. */
const NOT_YET: ReadonlySet<string> = new Set(['0', '1970-01-01 08:00:00', '0000-00-00 00:00:00']);

/** Seconds since 1970. Absent, "" and null mean "not yet". */
export const secondsAt = (from: Fields, name: string): number | undefined =>
  NOT_YET.has(from.text(name) ?? '') ? undefined : beijing(from, name);

/** What a code means; undefined, and a problem, when no table holds it. An absent one is a problem unless there is an `otherwise`. */
export function meaning<T>(from: Fields, name: string, table: ReadonlyMap<string, T>, otherwise?: T): T | undefined {
  if (!from.has(name) && otherwise !== undefined) return otherwise;
  const found = table.get(from.code(name) ?? '');
  if (found === undefined) unmapped(from, name, table.keys());
  return found;
}
