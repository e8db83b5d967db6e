/** Who a trade is. Ids are bare int64 numbers on the wire and text here. */
import type { Subject } from '@weir/contract/subject';
import type { Fields } from '../fields.ts';

/** Tmall shops too: one gateway, one token, one shape, and a shop may move from one to the other. */
export const CHANNEL = 'taobao';
const DIGITS = /^[1-9]\d{0,19}$/;

/** The digits of a trade, a line, a refund or a seller; undefined, and a problem, when it is none. */
export function digits(from: Fields, name: string): string | undefined {
  const id = from.id(name);
  if (id === undefined || DIGITS.test(id)) return id;
  from.complain(name, 'field.not_allowed', 'the digits of an id', '编号的数字');
  return undefined;
}

export const toSubject = (shop: string, id: string): Subject => ({ kind: 'order', channel: CHANNEL, shop, id });
