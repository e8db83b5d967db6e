/** Lines of an order: price and number of pieces as they stand, status by the same table as the order. Discounts are told at the order, by payer. */
import type { NeutralOrder } from '@weir/contract';
import { formatFen } from '@weir/core';
import type { Fields } from '../fields.ts';
import { orderId } from './ids.ts';
import { mainStatusesBeside, ORDER_STATUS, statusOf, toldStatus } from './status-tables.ts';
import { unmapped } from '../unmapped.ts';

export type Line = NeutralOrder['lines'][number];

const MAX_TITLE = 500;
/** The seller's own code first; without one the platform's number of the article. */
const SKU_NAMES = ['code', 'out_sku_id', 'sku_id', 'product_id'] as const;

/** given_product_type of a gift. Source: published sample of order.orderDetail, read 2026-11-25. Other values are not explained there. */
const GIFT = 'FREE';

/** Status of an order or a line; undefined, and a problem, when the two codes are unmapped or contradict each other. */
export function statusFrom(from: Fields, isPaid: boolean): Line['status'] {
  const orderStatus = from.code('order_status');
  const mainStatus = from.code('main_status');
  const told = orderStatus === undefined ? null : toldStatus(orderStatus, mainStatus);
  if (told !== null) return statusOf(told, isPaid);
  if (orderStatus === undefined || !ORDER_STATUS.has(orderStatus)) unmapped(from, 'order_status', ORDER_STATUS.keys());
  else unmapped(from, 'main_status', mainStatusesBeside(orderStatus));
  return undefined;
}

export function linesOf(order: Fields, isPaid: boolean): Line[] {
  const items = order.each('sku_order_list');
  if (items.length === 0) order.complain('sku_order_list', 'field.missing', 'at least one line', '至少一行');
  return items.flatMap((item) => line(item, isPaid));
}

function line(item: Fields, orderIsPaid: boolean): Line[] {
  const lineId = orderId(item, 'order_id');
  const sku = item.id(SKU_NAMES.find((name) => item.has(name)) ?? SKU_NAMES[0]);
  const quantity = item.whole('item_num');
  const price = item.amount('origin_amount');
  const status = statusFrom(item, item.seconds('pay_time') !== undefined || orderIsPaid);
  if (quantity === undefined || quantity < 1) item.complain('item_num', 'field.not_allowed', '1 or more', '不小于 1');
  if (lineId === undefined || sku === undefined || quantity === undefined || price === undefined || status === undefined) return [];
  const title = (item.text('product_name') ?? '').slice(0, MAX_TITLE).toWellFormed();
  const gift = item.text('given_product_type') === GIFT ? { gift: true } : {};
  return [{ lineId, sku, title, quantity, unitPrice: formatFen(price), discount: '0.00', status, ...gift }];
}
