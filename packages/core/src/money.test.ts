import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Fen, fenOf, formatFen, parseFen, times } from './money.ts';

const LARGEST = 999_999_999_999;

test.each([
  ['0.00', 0],
  ['0.01', 1],
  ['0.10', 10],
  ['129.00', 12_900],
  ['9999999999.99', LARGEST],
])('%s is read as %d fen and written back as the same text', (text, fen) => {
  expect(parseFen(text)).toBe(fen);
  expect(fenOf(text)).toBe(fen);
  expect(formatFen(fen)).toBe(text);
});

test.each([
  '',
  '129',
  '129.0',
  '129.000',
  '1e3',
  '-1.00',
  '+1.00',
  '0129.00',
  '00.00',
  '.50',
  '1.',
  '1,000.00',
  ' 1.00',
  '1.00\n',
  '１.00',
  '10000000000.00',
  'NaN',
])('%j is not an amount', (text) => expect(parseFen(text)).toBeNull());

test('every amount that can be stored survives the way to text and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: LARGEST }), (fen) => {
      expect(parseFen(formatFen(fen))).toBe(fen);
      expect(fenOf(formatFen(fen))).toBe(fen);
    }),
  );
});

test('whatever text is read as an amount is written back letter by letter: no two spellings of one amount', () => {
  const nearly = fc.stringMatching(/^-?\d{0,3}\.?\d{0,3}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), nearly), (text) => {
      const fen = parseFen(text);
      expect(fen === null ? text : formatFen(fen)).toBe(text);
    }),
  );
});

test('a negative sum, which only a problem may show, keeps its sign', () => {
  expect(formatFen(-1)).toBe('-0.01');
  expect(formatFen(-12_345)).toBe('-123.45');
});

test('price times quantity is exact, or null where a number cannot hold it', () => {
  expect(times(1_999 as Fen, 3)).toBe(5_997);
  expect(times(LARGEST as Fen, 1_000_000)).toBeNull();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: LARGEST }), fc.integer({ min: 1, max: 1_000_000 }), (price, quantity) => {
      const exact = BigInt(price) * BigInt(quantity);
      const fits = exact <= BigInt(Number.MAX_SAFE_INTEGER);
      expect(times(price as Fen, quantity)).toBe(fits ? Number(exact) : null);
    }),
  );
});
