/** All discounts of an order, each with who pays for it. The order's own totals decide; the named coupons only say where they came from. */
import { ORDER_LIMITS } from '@weir/contract';
import { asDiscounts, type Discount, type Part, type Payer, sumOfParts, withRemainder } from '../discount-parts.ts';
import type { Fields } from '../fields.ts';

const UNKNOWN_NAME = '优惠';

/** The groups of promotion_detail. Source: field texts of order.orderDetail (page 15/1343), read 2026-11-25 by way of our protocol notes. */
const GROUPS = [
  { detail: 'shop_discount_detail', total: 'promotion_shop_amount', cost: 'shop_cost_amount', payer: 'shop', name: '店铺优惠' },
  {
    detail: 'platform_discount_detail',
    total: 'promotion_platform_amount',
    cost: 'only_platform_cost_amount',
    payer: 'platform',
    name: '平台优惠',
  },
  { detail: 'kol_discount_detail', total: 'promotion_talent_amount', cost: 'author_cost_amount', payer: 'talent', name: '达人优惠' },
] as const satisfies readonly {
  readonly detail: string;
  readonly total: string;
  readonly cost: string;
  readonly payer: Payer;
  readonly name: string;
}[];

/** What one group's lists call their amounts and names. Source: as above. */
const ITEMS = [
  { list: 'coupon_info', amount: 'coupon_amount', name: 'coupon_name', otherwise: '优惠券' },
  { list: 'full_discount_info', amount: 'campaign_amount', name: 'campaign_name', otherwise: '活动优惠' },
  { list: 'redpack_info', amount: 'redpack_amount', name: 'redpack_name', otherwise: '红包' },
] as const;
/** share_discount_cost says who bears a coupon; platform_cost may be a shop's coupon as well as the reverse. Source: as above. */
const SHARES = [
  { field: 'shop_cost', payer: 'shop' },
  { field: 'platform_cost', payer: 'platform' },
  { field: 'author_cost', payer: 'talent' },
] as const satisfies readonly { readonly field: string; readonly payer: Payer }[];

export const promotionOf = (order: Fields): number => order.amountOrZero('promotion_amount');
/** A list row tells how much, a detail tells what. */
export const namesItsDiscounts = (order: Fields): boolean => promotionOf(order) === 0 || order.has('promotion_detail');

/** Discounts that add up to promotion_amount; what cannot be explained has the payer `unknown`, which is a warning on the order. */
export function discountsOf(order: Fields): Discount[] {
  const total = promotionOf(order);
  const found = order.has('promotion_detail') ? namedParts(order) : totalParts(order, total);
  const parts = sumOfParts(found) > total ? unknownOnly(total) : withRemainder(found, total, UNKNOWN_NAME, 'unknown');
  return asDiscounts(parts.length > ORDER_LIMITS.discounts ? byPayer(parts) : parts);
}

const unknownOnly = (fen: number): Part[] => [{ name: UNKNOWN_NAME, fen, payer: 'unknown' }];
/** From the detail: each coupon split by who bears it; a group whose items exceed its own total explains nothing. */
function namedParts(order: Fields): Part[] {
  const detail = order.child('promotion_detail');
  return GROUPS.flatMap(({ detail: name, payer, name: groupName }) => {
    const group = detail.child(name);
    const total = group.amountOrZero('total_amount');
    const items = ITEMS.flatMap((kind) => group.each(kind.list).flatMap((item) => splitItem(item, kind, payer)));
    if (sumOfParts(items) > total) return [{ name: groupName, fen: total, payer: 'unknown' as const }];
    return withRemainder(items, total, groupName, payer);
  });
}

function splitItem(item: Fields, kind: (typeof ITEMS)[number], groupPayer: Payer): Part[] {
  const fen = item.amountOrZero(kind.amount);
  const name = item.text(kind.name) ?? kind.otherwise;
  const share = item.child('share_discount_cost');
  const parts = SHARES.map(({ field, payer }) => ({ name, fen: share.amountOrZero(field), payer }));
  return sumOfParts(parts) > fen ? [{ name, fen, payer: 'unknown' }] : withRemainder(parts, fen, name, groupPayer);
}

/** Without the detail: who bears what, when that adds up; else who gave it, when that does; else nobody knows. */
function totalParts(order: Fields, total: number): Part[] {
  const by = (column: 'cost' | 'total') =>
    GROUPS.map((group) => ({ name: group.name, fen: order.amountOrZero(group[column]), payer: group.payer }));
  const borne = by('cost');
  if (sumOfParts(borne) === total) return borne;
  const given = by('total');
  return sumOfParts(given) === total ? given : [];
}

function byPayer(parts: readonly Part[]): Part[] {
  const names: Readonly<Record<Payer, string>> = { shop: '店铺优惠', platform: '平台优惠', talent: '达人优惠', unknown: UNKNOWN_NAME };
  return (['shop', 'platform', 'talent', 'unknown'] as const).map((payer) => ({
    name: names[payer],
    fen: sumOfParts(parts.filter((part) => part.payer === payer)),
    payer,
  }));
}
