/** Time is ISO 8601 with an offset on the wire and milliseconds UTC in code. */
export type Instant = number & { readonly unit: 'msUtc' };

/** Beyond these the offset has led out of the years 0000 to 9999, and the instant could not be written as UTC again. */
const FIRST = -62_135_596_800_000; // 0001-01-01: PostgreSQL knows no year 0
const LAST = 253_402_300_799_999;
const DAY_MS = 86_400_000;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number) => (month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 0));

/** The number that `count` digits from `from` on make, or -1 when one of them is none. */
function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Days from 1970-01-01 to a day of the Gregorian calendar; years are counted from March, so that a leap day comes last. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** Milliseconds of the fraction after the seconds and where it ends, or null when it is no fraction of 1 to 9 digits. */
function fractionOf(text: string): { readonly ms: number; readonly end: number } | null {
  if (text[19] !== '.') return { ms: 0, end: 19 };
  let end = 20;
  while (end < text.length && digits(text, end, 1) >= 0) end++;
  const length = end - 20;
  if (length < 1 || length > 9) return null;
  return { ms: length >= 3 ? digits(text, 20, 3) : digits(text, 20, length) * (length === 1 ? 100 : 10), end };
}

/** Minutes east of UTC, or null when the text names no zone. */
function offsetOf(text: string, at: number): number | null {
  if (text[at] === 'Z') return text.length === at + 1 ? 0 : null;
  const sign = text[at] === '+' ? 1 : text[at] === '-' ? -1 : 0;
  if (sign === 0 || text.length !== at + 6 || text[at + 3] !== ':') return null;
  const [hours, minutes] = [digits(text, at + 1, 2), digits(text, at + 4, 2)];
  return hours < 0 || hours > 23 || minutes < 0 || minutes > 59 ? null : sign * (hours * 60 + minutes);
}

/**
 * Milliseconds UTC of e.g. "2026-02-20T20:22:08+08:00", or null when the text names no zone, no seconds or no real day.
 * Digits beyond the millisecond are cut. A leap second (":60") is refused: no clock here can hold it.
 */
export function parseInstant(text: string): Instant | null {
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return null;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)];
  const [hour, minute, second] = [digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)];
  if (year < 0 || month < 1 || day < 1 || day > daysIn(year, month)) return null;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  const fraction = fractionOf(text);
  const offset = fraction && offsetOf(text, fraction.end);
  if (fraction === null || offset === null) return null;
  const at = dayNumber(year, month, day) * DAY_MS + (hour * 60 + minute - offset) * 60_000 + second * 1_000 + fraction.ms;
  return at < FIRST || at > LAST ? null : (at as Instant);
}

/** ISO 8601 UTC with milliseconds: "2026-02-20T12:22:08.000Z". */
export const formatInstant = (at: number): string => new Date(at).toISOString();

const CHINA_OFFSET_MS = 8 * 3_600_000;
let [lastDay, lastDayText] = [Number.NaN, ''];
/** The business day in +08:00 as eight digits, e.g. "20260220". The last one is kept: orders come day by day. */
export function businessDay(at: number): string {
  const day = Math.floor((at + CHINA_OFFSET_MS) / DAY_MS);
  if (day !== lastDay) [lastDay, lastDayText] = [day, new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')];
  return lastDayText;
}
