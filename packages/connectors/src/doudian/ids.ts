/** Who a Douyin order is. Ids have up to 19 digits; an older form of the shop order's id carries a trailing "A" and names the same order. */
import type { NeutralIdentity } from '@weir/contract';
import type { Fields } from '../fields.ts';

export const CHANNEL = 'douyin';
const ORDER_ID = /^(\d{1,25})A?$/;

/** The digits of an order's (or a line's) id; undefined, and a problem, when it is none. */
export function orderId(from: Fields, name: string): string | undefined {
  const id = from.id(name);
  const digits = id === undefined ? undefined : ORDER_ID.exec(id)?.[1];
  if (id !== undefined && digits === undefined) from.complain(name, 'field.not_allowed', 'the digits of an order id', '订单号的数字');
  return digits;
}

/** Whose order it is. `shop`: whose token fetched it; an order of another shop is nobody's. Null, and a problem, when it cannot be told. */
export function identityOf(order: Fields, shop: string | undefined): NeutralIdentity | null {
  const channelOrderId = orderId(order, 'order_id');
  const told = order.has('shop_id') || shop === undefined ? order.id('shop_id') : shop;
  if (told !== undefined && shop !== undefined && told !== shop) order.complain('shop_id', 'field.not_allowed', shop);
  return channelOrderId === undefined || told === undefined || (shop !== undefined && told !== shop)
    ? null
    : { channel: CHANNEL, shop: told, channelOrderId };
}
