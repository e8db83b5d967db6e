/** What the states of a trade, a line and a refund mean in our words. A state that is not here is an unmapped code: a person looks, nobody guesses. */
import type { OrderStatus, RefundStatus } from '@weir/contract';

/**
 * status of a trade and of each of its lines → ours. Source: field texts of the trade calls, two SDKs agree; read 2026-11-25 by way of our protocol notes. A trade that was
 * sent in part stays `paid` and its lines tell the rest. ALL_WAIT_PAY and ALL_CLOSED are words of questions and never stand in an answer.
 */
export const TRADE_STATUS: ReadonlyMap<string, OrderStatus> = new Map([
  ['TRADE_NO_CREATE_PAY', 'awaiting_payment'],
  ['WAIT_BUYER_PAY', 'awaiting_payment'],
  ['PAY_PENDING', 'awaiting_payment'],
  ['WAIT_PRE_AUTH_CONFIRM', 'awaiting_payment'],
  ['WAIT_SELLER_SEND_GOODS', 'paid'],
  ['PAID_FORBID_CONSIGN', 'paid'],
  ['SELLER_CONSIGNED_PART', 'paid'],
  ['WAIT_BUYER_CONFIRM_GOODS', 'shipped'],
  ['TRADE_BUYER_SIGNED', 'delivered'],
  ['TRADE_FINISHED', 'completed'],
  ['TRADE_CLOSED', 'closed'],
  ['TRADE_CLOSED_BY_TAOBAO', 'cancelled'],
]);
export const FORBIDDEN = 'PAID_FORBID_CONSIGN';

/** step_trade_status of a pre-sale: whether the deposit stands there alone. Source: as above. */
export const STEP_STATUS: ReadonlyMap<string, 'nothing' | 'deposit' | 'all'> = new Map([
  ['FRONT_NOPAID_FINAL_NOPAID', 'nothing'],
  ['FRONT_PAID_FINAL_NOPAID', 'deposit'],
  ['FRONT_PAID_FINAL_PAID', 'all'],
]);

/** refund_status of a line. */
export const NO_REFUND = 'NO_REFUND';
/** status of a refund, and refund_status of a line that has one. Source: two sources, read 2026-11-25 by way of our protocol notes. */
export const REFUND_STATUS: ReadonlyMap<string, RefundStatus> = new Map([
  ['WAIT_SELLER_AGREE', 'requested'],
  ['WAIT_BUYER_RETURN_GOODS', 'agreed'],
  ['WAIT_SELLER_CONFIRM_GOODS', 'agreed'],
  ['SELLER_REFUSE_BUYER', 'refused'],
  ['CLOSED', 'withdrawn'],
  ['SUCCESS', 'done'],
]);
/** What does not keep a line back. A refused refund does: the buyer may still change it, and the platform closes it when its time is over. */
export const letsGo = (refundStatus: string): boolean => refundStatus === NO_REFUND || refundStatus === 'CLOSED';

/** dispute_type → what goes back. Source: field texts of refund.get (one source), read 2026-11-25. OTHERS is judged by its amount. */
export const DISPUTES: ReadonlyMap<string, 'money' | 'goods'> = new Map([
  ['REFUND', 'money'],
  ['REFUND_AND_RETURN', 'money'],
  ['OTHERS', 'money'],
  ['TMALL_EXCHANGE', 'goods'],
  ['TAOBAO_EXCHANGE', 'goods'],
  ['REPAIR', 'goods'],
  ['RESHIPPING', 'goods'],
]);
