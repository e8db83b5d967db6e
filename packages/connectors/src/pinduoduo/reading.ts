/** Amounts in yuan and times in Beijing text, as this platform's answers write them. */
import { secondsOfChinaText } from '../china-text.ts';
import type { Fields } from '../fields.ts';
import { unmapped } from '../unmapped.ts';
import { fenOfYuan } from '../yuan.ts';

/** Fen. Absent is undefined; anything else that is no amount is undefined and a problem. */
export function yuan(from: Fields, name: string): number | undefined {
  if (!from.has(name)) return undefined;
  const value = from.at(name);
  const fen = typeof value === 'string' ? fenOfYuan(value) : null;
  if (fen === null) from.complain(name, 'amount.not_decimal', 'an amount in yuan such as 89.00', '以元为单位的金额，例如 89.00');
  return fen ?? undefined;
}
export function neededYuan(from: Fields, name: string): number | undefined {
  if (!from.has(name)) from.complain(name, 'field.missing', 'an amount in yuan', '以元为单位的金额');
  return yuan(from, name);
}
export const yuanOrZero = (from: Fields, name: string): number => yuan(from, name) ?? 0;

/** What the platform writes of a time that is not yet. */
const NOT_YET: ReadonlySet<string> = new Set(['0', '1970-01-01 08:00:00', '0000-00-00 00:00:00']);

/** Seconds since 1970. Absent, "" and null mean "not yet". */
export function secondsAt(from: Fields, name: string): number | undefined {
  const text = from.text(name);
  if (!from.has(name) || (text !== undefined && NOT_YET.has(text))) return undefined;
  const seconds = text === undefined ? null : secondsOfChinaText(text);
  if (seconds === null)
    from.complain(name, 'time.not_zoned', 'Beijing time such as 2026-02-22 09:01:05', '北京时间，例如 2026-02-22 09:01:05');
  return seconds ?? undefined;
}

/** What a code means; undefined, and a problem, when no table holds it. An absent one is a problem unless there is an `otherwise`. */
export function meaning<T>(from: Fields, name: string, table: ReadonlyMap<string, T>, otherwise?: T): T | undefined {
  if (!from.has(name) && otherwise !== undefined) return otherwise;
  const found = table.get(from.code(name) ?? '');
  if (found === undefined) unmapped(from, name, table.keys());
  return found;
}
