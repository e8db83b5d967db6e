/** Whether a line's money has gone back: a refund that is done may be a difference in price, and the goods must still be sent. */
import type { Fields } from '../fields.ts';
import { readYuan } from '../yuan.ts';
import type { TradeRefund } from './refunds.ts';
import { NO_REFUND, REFUND_STATUS } from './status-tables.ts';

export interface KnownRefunds {
  readonly refunds: readonly TradeRefund[];
  /** False: perhaps only the newest of each line. */
  readonly areAll: boolean;
}

/**
 * A line of which a refund is done keeps being kept back unless it is proven that something of its price stayed: all its refunds are known, they agree with the line, and
 * those that are done come to less than it cost.
 */
export function isPaidBack(trade: Fields, order: Fields, { refunds, areAll }: KnownRefunds): boolean {
  const ofLine = refunds.filter(({ oid }) => oid === order.text('oid'));
  const done = ofLine.filter(({ status }) => status === 'done');
  const [code, newest] = [order.text('refund_status') ?? NO_REFUND, order.text('refund_id')];
  if (done.length === 0 && REFUND_STATUS.get(code) !== 'done') return false;
  const agrees = ofLine.some(({ id, statusCode }) => statusCode === code && (newest === undefined || id === newest));
  const cost = costOf(trade, order);
  if (!areAll || !agrees || cost === null || done.some(({ moves }) => moves === 'goods')) return true;
  return done.reduce((sum, { fen }) => sum + fen, 0) >= cost;
}

/** What the buyer paid for the line, in fen; null when it cannot be told: the line's own payment does not know what was taken off the whole trade. */
function costOf(trade: Fields, order: Fields): number | null {
  const fenIn = (from: Fields, name: string): number | null => readYuan(from.text(name) ?? '');
  return fenIn(order, 'divide_order_fee') ?? (fenIn(trade, 'discount_fee') === 0 ? fenIn(order, 'payment') : null);
}
