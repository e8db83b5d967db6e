/** Who an order of an own mini-program shop is: the merchant number that was paid, and the number that the shop itself gave the payment. */
import type { Subject } from '@weir/contract/subject';
import type { Fields } from '../fields.ts';

export const CHANNEL = 'wechat';

/** The two APIs call the same two numbers by different names. */
export const PAY_NAMES = { shop: 'mchid', id: 'out_trade_no' } as const;
export const TRADE_NAMES = { shop: 'merchant_id', id: 'merchant_trade_no' } as const;
export type Names = typeof PAY_NAMES | typeof TRADE_NAMES;

/** Null, and problems, when it cannot be told. */
export function subjectIn(from: Fields, names: Names): Subject | null {
  const [shop, id] = [from.id(names.shop), from.id(names.id)];
  return shop === undefined || id === undefined ? null : { kind: 'order', channel: CHANNEL, shop, id };
}

/** Whether the bytes are about the order that was asked for; a problem where they are not. */
export function isAbout(from: Fields, names: Names, subject: Subject): boolean {
  const found = subjectIn(from, names);
  if (found === null) return false;
  if (found.shop !== subject.shop) from.complain(names.shop, 'field.not_allowed', subject.shop);
  if (found.id !== subject.id) from.complain(names.id, 'field.not_allowed', subject.id);
  return found.shop === subject.shop && found.id === subject.id;
}
