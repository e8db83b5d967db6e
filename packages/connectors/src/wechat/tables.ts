/** What WeChat's codes mean in our words. A code that is not here is an unmapped one: a person looks, nobody guesses. */
import type { RefundStatus } from '@weir/contract';

/**
 * trade_state of a payment. Source: v3 documentation, two SDKs agree; read 2026-11-25 by way of our protocol notes. REFUND says that money was asked back, not
 * how much and not whether it went; no source says whether it ever ends. REVOKED is of payments by scanned code.
 */
export const TRADE_STATE: ReadonlyMap<string, 'unpaid' | 'paid' | 'paid_and_refund' | 'ended'> = new Map([
  ['SUCCESS', 'paid'],
  ['REFUND', 'paid_and_refund'],
  ['NOTPAY', 'unpaid'],
  ['USERPAYING', 'unpaid'],
  ['PAYERROR', 'unpaid'],
  ['ACCEPT', 'unpaid'],
  ['CLOSED', 'ended'],
  ['REVOKED', 'ended'],
]);

/**
 * order_state of get_order. Source: guide of shipping information (one source), read 2026-11-25 by way of our protocol notes. 3 is the buyer's word, or WeChat's
 * after some days; 4 and 6 come after it and are about money. 5 does not say how much went back, nor whether the goods had left.
 */
export const ORDER_STATE: ReadonlyMap<string, 'waits' | 'left' | 'confirmed' | 'refunded'> = new Map([
  ['1', 'waits'],
  ['2', 'left'],
  ['3', 'confirmed'],
  ['4', 'confirmed'],
  ['5', 'refunded'],
  ['6', 'confirmed'],
]);

/**
 * `status` of a refund in an answer, `refund_status` in a notification. Source: v3 documentation, two SDKs agree; read as above. ABNORMAL: the bank did not take
 * it; the money is still owed, so it is agreed and not done. CLOSED: the shop's refund came to nothing.
 */
export const REFUND_STATUS: ReadonlyMap<string, RefundStatus> = new Map([
  ['SUCCESS', 'done'],
  ['PROCESSING', 'agreed'],
  ['ABNORMAL', 'agreed'],
  ['CLOSED', 'withdrawn'],
]);

/** refund_status_n of the list of refunds before v3. Source: documentation of pay/refundquery (general knowledge). CHANGE: the bank did not take it. */
export const LISTED_REFUND_STATUS: ReadonlyMap<string, RefundStatus> = new Map([
  ['SUCCESS', 'done'],
  ['PROCESSING', 'agreed'],
  ['CHANGE', 'agreed'],
  ['REFUNDCLOSE', 'withdrawn'],
]);

/** event_type of a payment notification, and which state it may tell. Source: as above; the names of the refund events are general knowledge. */
export const NOTIFICATIONS: ReadonlyMap<string, { readonly about: 'payment' | 'refund'; readonly state: string }> = new Map([
  ['TRANSACTION.SUCCESS', { about: 'payment', state: 'SUCCESS' }],
  ['REFUND.SUCCESS', { about: 'refund', state: 'SUCCESS' }],
  ['REFUND.ABNORMAL', { about: 'refund', state: 'ABNORMAL' }],
  ['REFUND.CLOSED', { about: 'refund', state: 'CLOSED' }],
]);

/** Event of message push. Source: guide of shipping information, read as above. `app`: about the mini-program, not about an order. */
export const EVENTS: ReadonlyMap<string, 'hint' | 'settlement' | 'app'> = new Map([
  ['trade_manage_remind_shipping', 'hint'],
  ['trade_manage_order_settlement', 'settlement'],
  ['trade_manage_remind_access_api', 'app'],
]);
/** Message push brings everything that happens in a mini-program, chats too; only this family is about orders. */
export const ORDER_EVENTS = 'trade_manage_';
/** logistics_type: only what a courier carries has a number. Source: as above. */
export const BY_COURIER = '1';
/** delivery_mode: all in one parcel. Source: as above. */
export const IN_ONE = '1';
