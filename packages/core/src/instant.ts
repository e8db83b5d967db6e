/** Time is ISO 8601 with an offset on the wire and milliseconds UTC in code. */
export type Instant = number & { readonly unit: 'msUtc' };

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
/** Beyond these the offset has led out of the years 0000 to 9999, and the instant could not be written as UTC again. */
const FIRST = -62_135_596_800_000; // 0001-01-01: PostgreSQL knows no year 0
const LAST = 253_402_300_799_999;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number) => (month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 0));

/**
 * Milliseconds UTC of e.g. "2026-02-20T20:22:08+08:00", or null when the text names no zone, no seconds or no real day.
 * Digits beyond the millisecond are cut. A leap second (":60") is refused: no clock here can hold it.
 */
export function parseInstant(text: string): Instant | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  if (month < 1 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return null;
  const offsetHours = Number(match[9] ?? 0);
  const offsetMinutes = Number(match[10] ?? 0);
  if (offsetHours > 23 || offsetMinutes > 59) return null;
  const offset = (match[8] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60_000;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const millisecond = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const at = date.setUTCHours(hour, minute, second, millisecond) - offset;
  return at < FIRST || at > LAST ? null : (at as Instant);
}

/** ISO 8601 UTC with milliseconds: "2026-02-20T12:22:08.000Z". */
export const formatInstant = (at: number): string => new Date(at).toISOString();

const CHINA_OFFSET_MS = 8 * 3_600_000;
/** The business day in +08:00 as eight digits, e.g. "20260220". */
export const businessDay = (at: number): string => new Date(at + CHINA_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '');
