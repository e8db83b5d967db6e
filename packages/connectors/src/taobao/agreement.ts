/** What a line shows of its newest refund, beside the refunds that are known. A line says how far its refund has come, never how much money it is about. */
import type { Fields } from '../fields.ts';
import type { TradeRefund } from './refunds.ts';
import { letsGo, NO_REFUND, REFUND_STATUS } from './status-tables.ts';

const codeOf = (order: Fields): string => order.text('refund_status') ?? NO_REFUND;
/** By its number where the line names one. */
function shownBy(order: Fields, refunds: readonly TradeRefund[]): readonly TradeRefund[] {
  const [id, oid] = [order.text('refund_id'), order.text('oid')];
  return refunds.filter((refund) => (id === undefined ? refund.oid === oid : refund.id === id));
}

/** Both say the same; if not, one of the two is older. A line shows refunds on sale: a case after the trade, or one about goods, may stand beside a line that shows none. */
export function agrees(order: Fields, refunds: readonly TradeRefund[]): boolean {
  const [code, shown] = [codeOf(order), shownBy(order, refunds)];
  if (code !== NO_REFUND) return shown.some(({ statusCode }) => statusCode === code);
  return shown.every(({ statusCode, moves, isAfterSale }) => letsGo(statusCode) || moves === 'goods' || isAfterSale);
}

/** The line shows a refund of which nobody told, or that money went back and nobody told how much. */
export function isUntold(order: Fields, refunds: readonly TradeRefund[]): boolean {
  const [code, shown] = [codeOf(order), shownBy(order, refunds)];
  if (letsGo(code)) return false;
  return REFUND_STATUS.get(code) === 'done' ? !shown.some(({ status }) => status === 'done') : shown.length === 0;
}

/** The line shows that there is, or was, a refund. */
export const showsRefund = (order: Fields): boolean => codeOf(order) !== NO_REFUND || order.has('refund_id');
