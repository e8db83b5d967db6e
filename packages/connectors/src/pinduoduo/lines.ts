/** Lines of an order. Pinduoduo gives them no ids and no status: one order is normally one line, and that line is the order; gifts stand in a list of their own. */
import type { NeutralOrder } from '@weir/contract';
import { formatFen } from '@weir/core';
import type { Fields } from '../fields.ts';
import { neededYuan } from '../yuan.ts';

export type Line = NeutralOrder['lines'][number];

const MAX_TITLE = 500;
/** The seller's own code first; without one the platform's number of the article. */
const SKU_NAMES = ['outer_id', 'sku_id', 'outer_goods_id', 'goods_id'] as const;
const GIFT_MARK = '-gift-';

export const isGiftLine = (lineId: string): boolean => lineId.includes(GIFT_MARK);

export function linesOf(order: Fields, orderId: string): Line[] {
  const items = order.each('item_list');
  if (items.length === 0) order.complain('item_list', 'field.missing', 'at least one line', '至少一行');
  const seen = new Map<string, number>();
  return [
    ...items.flatMap((item) => line(item, items.length === 1 ? orderId : madeId(`${orderId}-`, item, seen), false)),
    ...order.each('gift_list').flatMap((item) => line(item, madeId(`${orderId}${GIFT_MARK}`, item, seen), true)),
  ];
}

/** The same in every answer about the order, in whatever sequence its articles stand: by the article's number, counted when it stands there twice. */
function madeId(start: string, item: Fields, seen: Map<string, number>): string {
  const base = `${start}${item.text('sku_id') ?? item.text('goods_id') ?? item.text('outer_id') ?? 'unknown'}`;
  const count = (seen.get(base) ?? 0) + 1;
  seen.set(base, count);
  return count === 1 ? base : `${base}-${count}`;
}

/** A gift costs nothing, whatever its price in the shop is. */
function line(item: Fields, lineId: string, isGift: boolean): Line[] {
  const sku = item.id(SKU_NAMES.find((name) => item.has(name)) ?? SKU_NAMES[0]);
  const quantity = item.whole('goods_count');
  const price = isGift ? 0 : neededYuan(item, 'goods_price');
  if (quantity === undefined || quantity < 1) item.complain('goods_count', 'field.not_allowed', '1 or more', '不小于 1');
  if (sku === undefined || quantity === undefined || price === undefined) return [];
  const title = (item.text('goods_name') ?? '').slice(0, MAX_TITLE).toWellFormed();
  return [{ lineId, sku, title, quantity, unitPrice: formatFen(price), discount: '0.00', ...(isGift ? { gift: true } : {}) }];
}
