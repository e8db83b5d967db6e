/** Who a Pinduoduo order is: `order_sn`, text from the first byte. Its answers never name the shop; that is the one whose token fetched them. */
import type { Subject } from '@weir/contract/subject';
import type { Fields } from '../fields.ts';

export const CHANNEL = 'pinduoduo';
/** `YYMMDD-` and 15 digits; older ones begin with the whole year. */
const ORDER_SN = /^\d{6,8}-\d{6,20}$/;

export function orderSn(from: Fields, name: string): string | undefined {
  const id = from.id(name);
  if (id === undefined || ORDER_SN.test(id)) return id;
  from.complain(name, 'field.not_allowed', 'an order number such as 260222-100000000000101', '订单号，例如 260222-100000000000101');
  return undefined;
}

export function mallId(from: Fields, name: string): string | undefined {
  const id = from.id(name);
  if (id === undefined || /^\d+$/.test(id)) return id;
  from.complain(name, 'field.not_allowed', 'the digits of a shop id', '店铺编号的数字');
  return undefined;
}

export const toSubject = (shop: string, id: string): Subject => ({ kind: 'order', channel: CHANNEL, shop, id });
