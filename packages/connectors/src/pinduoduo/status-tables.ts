/** What Pinduoduo's status numbers mean in our words. A number that is not here is an unmapped code: a person looks, nobody guesses. */
import type { OrderStatus } from '@weir/contract';

/**
 * order_status (发货状态) of an order → how far its goods are. Source: official type lists as several SDKs hold them; read 2026-11-25, and by way of our
 * protocol notes. 3 is signed for; whether the buyer has confirmed it shows in receive_time.
 */
export const ORDER_STATUS: ReadonlyMap<string, Extract<OrderStatus, 'paid' | 'shipped' | 'delivered'>> = new Map([
  ['1', 'paid'],
  ['2', 'shipped'],
  ['3', 'delivered'],
]);
/** Nothing has left. */
export const UNSHIPPED = '1';

/** confirm_status (成交状态). Source: as above. */
export const CONFIRM_STATUS: ReadonlyMap<string, 'open' | 'confirmed' | 'cancelled'> = new Map([
  ['0', 'open'],
  ['1', 'confirmed'],
  ['2', 'cancelled'],
]);

/** group_status (成团状态). Source: as above. */
export const GROUP_STATUS: ReadonlyMap<string, 'forming' | 'formed' | 'failed'> = new Map([
  ['0', 'forming'],
  ['1', 'formed'],
  ['2', 'failed'],
]);

/** risk_control_status: 1 is still checked, and must not be shipped. Source: as above (one source). */
export const RISK_STATUS: ReadonlyMap<string, 'none' | 'checking'> = new Map([
  ['0', 'none'],
  ['1', 'checking'],
]);

/** trade_type. Source: as above (one source). */
export const TRADE_TYPE: ReadonlyMap<string, 'normal' | 'deposit'> = new Map([
  ['0', 'normal'],
  ['1', 'deposit'],
]);

/** step_trade_status of a deposit order. Source: as above (one source). */
export const STEP_STATUS: ReadonlyMap<string, 'nothing_paid' | 'deposit_paid' | 'all_paid'> = new Map([
  ['0', 'nothing_paid'],
  ['1', 'deposit_paid'],
  ['2', 'all_paid'],
]);

/** refund_status of an order. 1: no after-sale, or all are closed. Source: as above (two sources). */
export const REFUND_STATUS: ReadonlyMap<string, 'none' | 'open' | 'refunding' | 'refunded'> = new Map([
  ['1', 'none'],
  ['2', 'open'],
  ['3', 'refunding'],
  ['4', 'refunded'],
]);
