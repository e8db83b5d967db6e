/** The numbers that Pinduoduo shows for where an order and its after-sales stand. It has none for a cancelled order: the after-sale says it. */
import { type AfterSale, type CaseState, isOpen, type Order, stageOf } from '../market/order.ts';

/** order_status: 1 waits, 2 on its way, 3 signed for. */
export const orderStatus = (order: Order): number => (order.finishedAt > 0 ? 3 : order.parcels.length > 0 ? 2 : 1);
export const isWaiting = (order: Order): boolean => orderStatus(order) === 1;
/** Ciphertexts are shown only while the order waits and is not under check. */
export const showsReceiver = (order: Order): boolean => isWaiting(order) && order.state !== 'under_check' && order.state !== 'cancelled';

/** after_sales_status; goods that have left must come back, so 3 and 7 stand for 2 and 4. */
const CASE_STATUS: Readonly<Record<CaseState, readonly [before: number, after: number]>> = {
  asked: [2, 3],
  agreed: [4, 7],
  paid_back: [10, 10],
  refused: [9, 9],
  withdrawn: [11, 11],
};
export const caseStatus = ({ state, hasLeft }: AfterSale): number => CASE_STATUS[state][hasLeft ? 1 : 0];
/** after_sales_type as the list of after-sales counts: 2 仅退款, 3 退货退款. */
export const caseType = ({ hasLeft }: AfterSale): number => (hasLeft ? 3 : 2);
/** The same in a message, where it is counted from 1. */
export const billType = (afterSale: AfterSale): number => caseType(afterSale) - 1;

export const latestStatus = ({ afterSales }: Order): number => {
  const latest = afterSales.toSorted((a, b) => a.updatedAt - b.updatedAt).at(-1);
  return latest === undefined ? 0 : caseStatus(latest);
};
/** refund_status: 1 none or closed, 2 open, 3 the money is on its way, 4 it is back. */
export function refundStatus({ afterSales }: Order): number {
  const open = afterSales.filter(isOpen);
  if (open.length > 0) return open.some((each) => each.state === 'agreed' && !each.hasLeft) ? 3 : 2;
  return afterSales.some(({ state }) => state === 'paid_back') ? 4 : 1;
}

/** step_trade_status of a deposit order. */
export const stepStatus = (order: Order): number => (order.paidAt > 0 ? 2 : order.depositAt > 0 ? 1 : 0);
export const isUnderCheck = (order: Order): boolean => stageOf(order) === 'under_check';
/** An order that nobody has paid for is not the seller's business yet. */
export const isListed = (order: Order): boolean => order.paidAt > 0 || order.depositAt > 0;
export const confirmedAt = (order: Order): number => (order.depositAt > 0 ? order.depositAt : order.paidAt);
