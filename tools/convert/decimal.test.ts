import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, formatAmount, parseDecimal, times } from './decimal.ts';

test('amounts get two decimals, and a third is kept rather than rounded', () => {
  const shown = ['2', '2.1', '2.55', '0.001', '2.550', '-0.5', '-12', '0.0', '-0.001'].map((text) => formatAmount(parseDecimal(text)));
  expect(shown).toEqual(['2.00', '2.10', '2.55', '0.001', '2.55', '-0.50', '-12.00', '0.00', '-0.001']);
});

test('sums and products are exact where floats are not', () => {
  expect(formatAmount(add(parseDecimal('0.1'), parseDecimal('0.2')))).toBe('0.30');
  expect(formatAmount(times(parseDecimal('9007199254740.993'), 1000))).toBe('9007199254740993.00');
});

test('what is not a plain decimal is refused', () => {
  for (const text of ['', '1e3', '1,5', ' 1', '.5', '5.', '+1', 'NaN'])
    expect(() => parseDecimal(text)).toThrow('is not a plain decimal number');
});

test('adding whole cents in any scale equals adding the cents as integers', () => {
  const cents = fc.integer({ min: -1_000_000, max: 1_000_000 });
  fc.assert(
    fc.property(cents, cents, (a, b) => {
      const text = (value: number) => formatAmount({ units: BigInt(value), scale: 2 });
      expect(formatAmount(add(parseDecimal(text(a)), parseDecimal(`${text(b)}0`)))).toBe(text(a + b));
    }),
  );
});
