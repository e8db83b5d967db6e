/** What was paid and when. A pre-sale pays a deposit and a balance. */
import type { NeutralOrder, OrderStatus } from '@weir/contract';
import { formatFen } from '@weir/core';
import { chinaTime } from '../china-time.ts';
import type { Fields } from '../fields.ts';
import { unmapped } from '../unmapped.ts';
import { yuan } from '../yuan.ts';
import { STEP_STATUS } from './status-tables.ts';

export type Payment = NonNullable<NeutralOrder['payments']>[number];
export interface Paid {
  readonly fen: number;
  readonly payments: readonly Payment[];
}
const NOTHING: Paid = { fen: 0, payments: [] };

/** How far a pre-sale is paid; undefined for any other trade, and, with a problem, for an unmapped state. */
export function stepOf(trade: Fields): 'nothing' | 'deposit' | 'all' | undefined {
  const code = trade.code('step_trade_status');
  const step = code === undefined ? undefined : STEP_STATUS.get(code);
  if (code !== undefined && step === undefined) unmapped(trade, 'step_trade_status', STEP_STATUS.keys());
  return step;
}

export interface About {
  readonly tid: string;
  readonly payable: number;
  readonly status: OrderStatus;
  /** Seconds since 1970. */
  readonly placedAt: number;
  readonly paidAt: number | undefined;
}

/**
 * pay_time says that all was paid. Ids are made of the trade's own, for no source numbers the payments everywhere. The deposit has no time of its own: it cannot be earlier
 * than the trade, whose time stands there, so that it never moves. Null where a deposit was paid and nobody says how much.
 */
export function paidOf(trade: Fields, { tid, payable, status, placedAt, paidAt }: About): Paid | null {
  const payment = (part: string, fen: number, at: number, kind: Payment['kind']): Payment => ({
    id: `${tid}${part}`,
    amount: formatFen(fen),
    at: chinaTime(at),
    kind,
  });
  const step = stepOf(trade);
  const front = step === undefined ? 0 : (yuan(trade, 'step_paid_fee') ?? 0);
  if (step === 'deposit') {
    return front === 0 ? null : { fen: front, payments: [payment('-1', front, placedAt, 'deposit')] };
  }
  if (paidAt === undefined || payable === 0 || status === 'awaiting_payment') return NOTHING;
  if (step === undefined) return { fen: payable, payments: [payment('', payable, paidAt, 'full')] };
  const isSplit = front > 0 && front < payable;
  const payments = isSplit
    ? [payment('-1', front, placedAt, 'deposit'), payment('-2', payable - front, paidAt, 'balance')]
    : [payment('-1', payable, paidAt, 'full')];
  return { fen: payable, payments };
}
