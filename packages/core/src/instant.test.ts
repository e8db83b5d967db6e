import fc from 'fast-check';
import { expect, test } from 'vitest';
import { businessDay, formatInstant, parseInstant } from './instant.ts';

const FIRST = Date.parse('0001-01-01T00:00:00.000Z'); // PostgreSQL knows no year 0
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

test.each([
  ['2026-02-20T20:22:08+08:00', '2026-02-20T12:22:08.000Z'],
  ['2026-02-20T12:22:08Z', '2026-02-20T12:22:08.000Z'],
  ['2026-02-20T07:52:08-04:30', '2026-02-20T12:22:08.000Z'],
  ['2026-01-01T00:30:00+08:00', '2025-12-31T16:30:00.000Z'],
  ['2024-02-29T23:59:59.5Z', '2024-02-29T23:59:59.500Z'],
  ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
  ['2026-02-20T12:22:08.123456789Z', '2026-02-20T12:22:08.123Z'],
  ['0099-03-01T00:00:00Z', '0099-03-01T00:00:00.000Z'],
])('%s is the instant %s', (text, utc) => {
  const at = parseInstant(text);
  expect(at).not.toBeNull();
  expect(formatInstant(at as number)).toBe(utc);
});

test.each([
  ['names no zone', '2026-02-20T20:22:08'],
  ['names no seconds', '2026-02-20T20:22+08:00'],
  ['has a space for the T', '2026-02-20 20:22:08+08:00'],
  ['writes the offset without a colon', '2026-02-20T20:22:08+0800'],
  ['is a day that this February does not have', '2026-02-29T00:00:00Z'],
  ['is a leap day of a century', '1900-02-29T00:00:00Z'],
  ['is the 31st of April', '2026-04-31T00:00:00Z'],
  ['is day 0', '2026-02-00T00:00:00Z'],
  ['is month 0', '2026-00-10T00:00:00Z'],
  ['is month 13', '2026-13-01T00:00:00Z'],
  ['is hour 24', '2026-02-20T24:00:00Z'],
  ['is minute 60', '2026-02-20T23:60:00Z'],
  ['is a leap second', '2016-12-31T23:59:60Z'],
  ['is an offset of 24 hours', '2026-02-20T00:00:00+24:00'],
  ['is an offset of 60 minutes', '2026-02-20T00:00:00+08:60'],
  ['has ten digits of a second', '2026-02-20T00:00:00.1234567890Z'],
  ['is a number of seconds', '1771590128'],
  ['ends in a line break', '2026-02-20T12:22:08Z\n'],
  ['is written in wide digits', '２026-02-20T12:22:08Z'],
  ['falls out of the years of four digits by its offset', '9999-12-31T23:59:59-00:01'],
  ['falls before the year 1 by its offset', '0001-01-01T00:00:00+00:01'],
  ['lies in the year 0', '0000-06-01T00:00:00Z'],
])('a text that %s is refused', (_, text) => expect(parseInstant(text)).toBeNull());

test('every millisecond of the years 1 to 9999 survives the way to text and back, and is read as Date reads it', () => {
  fc.assert(
    fc.property(fc.integer({ min: FIRST, max: LAST }), (at) => {
      const text = formatInstant(at);
      expect(parseInstant(text)).toBe(at);
      expect(Date.parse(text)).toBe(at);
    }),
  );
});

test('the same instant under any offset is the same number', () => {
  const offset = fc.integer({ min: -(23 * 60 + 59), max: 23 * 60 + 59 });
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1, 0, 3), max: Date.UTC(9998, 0) }), offset, (at, minutes) => {
      const local = new Date(at + minutes * 60_000).toISOString().slice(0, -1);
      const [sign, size] = [minutes < 0 ? '-' : '+', Math.abs(minutes)];
      const zone = `${sign}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
      expect(parseInstant(local + zone)).toBe(at);
    }),
  );
});

test('what parseInstant reads, formatInstant writes so that it can be read again', () => {
  const digits = (length: number, max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(length, '0'));
  const text = fc
    .tuple(
      fc.oneof(fc.constantFrom('0000', '9999'), digits(4, 9999)),
      digits(2, 13),
      digits(2, 32),
      digits(2, 24),
      digits(2, 60),
      digits(2, 60),
      fc.constantFrom('+', '-'),
      digits(2, 24),
      digits(2, 60),
    )
    .map(([y, m, d, h, i, s, sign, oh, om]) => `${y}-${m}-${d}T${h}:${i}:${s}${sign}${oh}:${om}`);
  fc.assert(
    fc.property(text, (written) => {
      const at = parseInstant(written);
      expect(at === null ? null : parseInstant(formatInstant(at))).toBe(at);
    }),
    { numRuns: 2_000 },
  );
});

test('the business day turns at midnight in +08:00', () => {
  expect(businessDay(parseInstant('2026-02-20T15:59:59.999Z') as number)).toBe('20260220');
  expect(businessDay(parseInstant('2026-02-20T16:00:00Z') as number)).toBe('20260221');
});
