/** What was paid and when. A deposit order pays in phases, each with a payment of its own, now and after the rest was paid. */
import type { NeutralOrder } from '@weir/contract';
import { formatFen } from '@weir/core';
import { chinaTime } from '../china-time.ts';
import type { Fields } from '../fields.ts';
import { DEPOSIT_PAID } from './status-tables.ts';

export type Payment = NonNullable<NeutralOrder['payments']>[number];
export interface Paid {
  readonly fen: number;
  readonly payments: readonly Payment[];
}
const NOTHING: Paid = { fen: 0, payments: [] };

/** pay_time says that all was paid; a deposit alone shows in main_status and in its phase. */
export function paidOf(order: Fields, id: string, payableFen: number): Paid {
  const phases = phasesOf(order, id);
  if (order.text('main_status') === DEPOSIT_PAID) return { fen: phases.fen, payments: phases.payments };
  const paidAt = order.seconds('pay_time');
  if (paidAt === undefined || payableFen === 0) return NOTHING;
  if (phases.payments.length > 0) return { fen: payableFen, payments: phases.payments };
  const payment: Payment = { id: paymentId(order, id), amount: formatFen(payableFen), at: chinaTime(paidAt), kind: 'full' };
  return { fen: payableFen, payments: [payment] };
}

function phasesOf(order: Fields, id: string): Paid {
  const paid = order.each('order_phase_list').filter((phase) => phase.text('pay_success') === 'true' || phase.at('pay_success') === true);
  const payments = paid.flatMap((phase) => paymentOf(phase, id));
  return { fen: payments.reduce((sum, payment) => sum + payment.fen, 0), payments: payments.map(({ payment }) => payment) };
}

function paymentOf(phase: Fields, orderId: string): { readonly fen: number; readonly payment: Payment }[] {
  const fen = phase.amount('phase_pay_amount');
  const at = phase.seconds('phase_pay_time');
  if (at === undefined) phase.complain('phase_pay_time', 'field.missing', 'seconds since 1970', '1970 年以来的秒数');
  if (fen === undefined || at === undefined) return [];
  const number = phase.text('current_phase') ?? '1';
  const kind = number === '1' ? 'deposit' : 'balance';
  return [{ fen, payment: { id: paymentId(phase, `${orderId}-${number}`), amount: formatFen(fen), at: chinaTime(at), kind } }];
}

/** The payment's own number where there is one; else the order's, which is as unique as its one payment. */
const paymentId = (from: Fields, otherwise: string): string =>
  from.has('channel_payment_no') ? (from.id('channel_payment_no') ?? otherwise) : otherwise;
