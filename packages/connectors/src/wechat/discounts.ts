/** Coupons that paid a part of a payment, by who bears them. */
import { ORDER_LIMITS } from '@weir/contract';
import { asDiscounts, type Discount, type Part, type Payer, sumOfParts, withRemainder } from '../discount-parts.ts';
import type { Fields } from '../fields.ts';

const NAME = '微信支付优惠';
/**
 * Who bears a coupon. Source: v3 documentation of promotion_detail, read 2026-11-25 by way of our protocol notes. `type` (CASH is paid out to us, NOCASH is not)
 * is about the settlement and `scope` about the goods: neither says who bears it. "other" is somebody whom our words do not know.
 */
const SHARES = [
  { field: 'wechatpay_contribute', payer: 'platform' },
  { field: 'merchant_contribute', payer: 'shop' },
  { field: 'other_contribute', payer: 'unknown' },
] as const satisfies readonly { readonly field: string; readonly payer: Payer }[];

/** Discounts that add up to what the buyer did not pay; what the coupons do not explain has the payer `unknown`, which is a warning on the order. */
export function discountsOf(payment: Fields, totalFen: number): Discount[] {
  const amount = payment.child('amount');
  const taken = totalFen - (amount.has('payer_total') ? (amount.amount('payer_total') ?? totalFen) : totalFen);
  if (taken <= 0) return [];
  const named = payment.each('promotion_detail').flatMap(partsOf);
  const fits = sumOfParts(named) <= taken && named.length < ORDER_LIMITS.discounts;
  return asDiscounts(withRemainder(fits ? named : [], taken, NAME, 'unknown'));
}

function partsOf(coupon: Fields): Part[] {
  const fen = coupon.amountOrZero('amount');
  const name = coupon.text('name') ?? NAME;
  const parts = SHARES.map(({ field, payer }) => ({ name, fen: coupon.amountOrZero(field), payer }));
  return (sumOfParts(parts) > fen ? [{ name, fen, payer: 'unknown' as const }] : withRemainder(parts, fen, name, 'unknown')).filter(
    (part) => part.fen !== 0,
  );
}
