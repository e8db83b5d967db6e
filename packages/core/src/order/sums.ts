/** Σ(unitPrice × quantity − discount) − Σ discounts + shippingFee = payable, in whole fen. */
import { fenOf, formatFen, times } from '../money.ts';
import type { Discount, Line, OrderFacts } from './facts.ts';
import type { DerivedCase } from './holds.ts';

/** What lines, order discounts and shipping add up to, in fen; null when a product cannot be held exactly. */
export function sumOf(
  lines: readonly Pick<Line, 'unitPrice' | 'quantity' | 'discount'>[],
  discounts: readonly Pick<Discount, 'amount'>[],
  shippingFee: string,
): number | null {
  let sum: number = fenOf(shippingFee);
  for (const line of lines) {
    const gross = times(fenOf(line.unitPrice), line.quantity);
    if (gross === null) return null;
    sum += gross - fenOf(line.discount);
  }
  for (const discount of discounts) sum -= fenOf(discount.amount);
  return Number.isSafeInteger(sum) ? sum : null;
}

/** Each whole message is checked at the door; only values that come from messages of different times need a look after merging. */
export function mergedSums(facts: OrderFacts): readonly DerivedCase[] {
  const { lines, discounts, shippingFee, payable } = facts.content;
  if (!lines || !discounts || !shippingFee || !payable || facts.fullAt === undefined) return [];
  if ([lines, discounts, shippingFee].every(({ at, rank }) => at === payable.at && rank === payable.rank)) return [];
  const sum = sumOf(lines.value, discounts.value, shippingFee.value);
  if (sum === fenOf(payable.value)) return [];
  const fingerprint = JSON.stringify([lines.value, discounts.value, shippingFee.value, payable.value]);
  const since = Math.max(lines.at, discounts.at, shippingFee.at, payable.at);
  return [
    {
      id: 'sum.after_merge',
      code: 'sum.after_merge',
      since,
      fingerprint,
      pointer: '/payable',
      reading: payable.value,
      expected: sum === null ? `≤ ${formatFen(Number.MAX_SAFE_INTEGER)}` : formatFen(sum),
    },
  ];
}
