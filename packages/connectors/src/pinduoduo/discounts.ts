/** All discounts of an order, by who pays for them. Pinduoduo tells totals only: three that make up discount_amount, and what the seller took off by hand. */
import type { NeutralOrder } from '@weir/contract';
import { fenOf, formatFen } from '@weir/core';
import type { Fields } from '../fields.ts';
import { yuanOrZero } from './reading.ts';

export type Discount = NeutralOrder['discounts'][number];

/** Source: field texts of pdd.order.information.get, read 2026-11-25. Nothing says who bears the price that a group leader is let off. */
const PARTS = [
  { field: 'platform_discount', name: '平台优惠', payer: 'platform' },
  { field: 'seller_discount', name: '店铺优惠', payer: 'shop' },
  { field: 'capital_free_discount', name: '团长免单', payer: 'unknown' },
] as const satisfies readonly { readonly field: string; readonly name: string; readonly payer: Discount['payer'] }[];

const discount = (name: string, fen: number, payer: Discount['payer']): Discount[] =>
  fen > 0 ? [{ name, amount: formatFen(fen), payer }] : [];

/** What the three do not explain has the payer `unknown`; where they exceed the total, none of them is believed. */
export function discountsOf(order: Fields): Discount[] {
  const total = yuanOrZero(order, 'discount_amount');
  const parts = PARTS.flatMap(({ field, name, payer }) => discount(name, yuanOrZero(order, field), payer));
  const known = parts.reduce((sum, part) => sum + fenOf(part.amount), 0);
  const told = known > total ? discount('优惠', total, 'unknown') : [...parts, ...discount('优惠', total - known, 'unknown')];
  return [...told, ...discount('商家改价', yuanOrZero(order, 'order_change_amount'), 'shop')];
}

/**
 * 多多支付立减, and what a deposit counts for beyond itself: no source says whether pay_amount is before or after them, so the sum decides: they are discounts
 * only when they close the gap to the very fen.
 */
export function withLateReductions(discounts: Discount[], order: Fields, expansionFen: number, gapFen: number | null): Discount[] {
  const wallet = discount('多多支付立减', yuanOrZero(order, 'duo_duo_pay_reduction'), 'platform');
  const expansion = discount('定金膨胀', expansionFen, 'unknown');
  const sum = (parts: readonly Discount[]): number => parts.reduce((total, { amount }) => total + fenOf(amount), 0);
  const closing = [wallet, expansion, [...wallet, ...expansion]].find((parts) => parts.length > 0 && sum(parts) === gapFen);
  return [...discounts, ...(closing ?? [])];
}

/** Postage, and what the buyer pays for services (delivery into the house, fitting): neither is goods, both are part of what is paid. */
export const feesOf = (order: Fields): number =>
  yuanOrZero(order, 'postage') + order.each('service_fee_detail').reduce((sum, fee) => sum + yuanOrZero(fee, 'service_fee'), 0);
