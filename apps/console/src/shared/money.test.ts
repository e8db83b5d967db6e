import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountText, fenOf, shownAmount } from './money.ts';

test('any decimal(12,2) survives being counted and shown', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (fen) => {
      const text = `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
      expect(fenOf(text)).toBe(fen);
      expect(amountText(fen, 'CNY').replaceAll(',', '')).toBe(`¥${text}`);
    }),
  );
});
test('thousands are grouped, other currencies named, what comes off has a minus', () => {
  expect(amountText(123_456_789, 'CNY')).toBe('¥1,234,567.89');
  expect(amountText(-5, 'BRL')).toBe('−BRL 0.05');
});
test('what is no amount is shown as a dash and never as zero', () => {
  expect(shownAmount('129', 'CNY')).toBe('—');
  expect(shownAmount(null, 'CNY')).toBe('—');
});
