/** Lines of a trade: price and pieces as they stand, what was taken off each, status by the same table as the trade. */
import type { NeutralOrder, OrderStatus } from '@weir/contract';
import { formatFen } from '@weir/core';
import type { Fields } from '../fields.ts';
import { unmapped } from '../unmapped.ts';
import { neededYuan, signedYuan, yuan } from '../yuan.ts';
import { digits } from './ids.ts';
import { TRADE_STATUS } from './status-tables.ts';

export type Line = NeutralOrder['lines'][number];

const MAX_TITLE = 500;
/** The seller's own codes first; without one the platform's number of the article. */
const SKU_NAMES = ['outer_sku_id', 'outer_iid', 'sku_id', 'num_iid'] as const;

/** Undefined, and a problem, when the state is unmapped. */
export function statusOf(from: Fields): OrderStatus | undefined {
  const status = TRADE_STATUS.get(from.code('status') ?? '');
  if (status === undefined) unmapped(from, 'status', TRADE_STATUS.keys());
  return status;
}

/** The lines as they stand in the trade, wrapped twice. */
export const ordersOf = (trade: Fields): Fields[] => trade.child('orders').each('order');

export function linesOf(trade: Fields): Line[] {
  const orders = ordersOf(trade);
  if (orders.length === 0) trade.complain('orders', 'field.missing', 'at least one line', '至少一行');
  return orders.flatMap(line);
}

function line(order: Fields): Line[] {
  const lineId = digits(order, 'oid');
  const sku = order.id(SKU_NAMES.find((name) => order.has(name)) ?? SKU_NAMES[0]);
  const quantity = order.whole('num');
  const price = neededYuan(order, 'price');
  const [off, by] = [yuan(order, 'discount_fee') ?? 0, signedYuan(order, 'adjust_fee') ?? 0];
  const status = statusOf(order);
  if (quantity === undefined || quantity < 1) order.complain('num', 'field.not_allowed', '1 or more', '不小于 1');
  if (lineId === undefined || sku === undefined || quantity === undefined || quantity < 1 || price === undefined || status === undefined)
    return [];
  const title = (order.text('title') ?? '').slice(0, MAX_TITLE).toWellFormed();
  return [{ lineId, sku, title, quantity, ...priced(price, quantity, off - by), status }];
}

/** adjust_fee may raise a price: then the pieces are dearer, and a discount takes away what they do not share evenly. */
function priced(price: number, quantity: number, off: number): Pick<Line, 'unitPrice' | 'discount'> {
  const raise = off < 0 ? Math.ceil(-off / quantity) : 0;
  return { unitPrice: formatFen(price + raise), discount: formatFen(off + raise * quantity) };
}
