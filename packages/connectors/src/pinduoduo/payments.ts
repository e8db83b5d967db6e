/** What was paid and when. One order has one payment, or a deposit and the balance of it: their ids are made of the order's, for no field names them in every answer. */
import type { NeutralOrder } from '@weir/contract';
import { formatFen } from '@weir/core';
import { chinaTime } from '../china-time.ts';
import type { Fields } from '../fields.ts';
import { neededYuan } from '../yuan.ts';
import { meaning, secondsAt } from './reading.ts';
import { STEP_STATUS, TRADE_TYPE } from './status-tables.ts';

export type Payment = NonNullable<NeutralOrder['payments']>[number];
export interface Paid {
  readonly fen: number;
  readonly payments: readonly Payment[];
}
/** A deposit order, and how far it is paid. */
export interface Step {
  readonly state: 'nothing_paid' | 'deposit_paid' | 'all_paid';
  readonly code: string;
  readonly depositFen: number;
  readonly paidFen: number;
}
const NOTHING: Paid = { fen: 0, payments: [] };

/** Null for an order without a deposit; undefined, and a problem, when that cannot be told. */
export function stepOf(order: Fields): Step | null | undefined {
  const type = meaning(order, 'trade_type', TRADE_TYPE, 'normal');
  if (type === undefined) return undefined;
  if (type === 'normal' && !order.has('step_order_info')) return null;
  const info = order.child('step_order_info');
  const state = meaning(info, 'step_trade_status', STEP_STATUS);
  if (state === undefined) return undefined;
  if (state === 'nothing_paid') return { state, code: '0', depositFen: 0, paidFen: 0 };
  const depositFen = neededYuan(info, 'advanced_paid_fee');
  const paidFen = neededYuan(info, 'step_paid_fee');
  return depositFen === undefined || paidFen === undefined
    ? undefined
    : { state, code: info.text('step_trade_status') ?? '', depositFen, paidFen };
}

export function paidOf(order: Fields, id: string, payableFen: number, isPaid: boolean, step: Step | null): Paid {
  const at = secondsAt(order, 'pay_time') ?? secondsAt(order, 'confirm_time');
  if (!isPaid || step?.state === 'nothing_paid') return NOTHING;
  if (step?.state === 'deposit_paid') return { fen: step.paidFen, payments: payment(`${id}-deposit`, step.paidFen, at, 'deposit') };
  if (step === null || step.depositFen > payableFen) return { fen: payableFen, payments: payment(id, payableFen, at, 'full') };
  const balance = payment(`${id}-balance`, payableFen - step.depositFen, at, 'balance');
  return { fen: payableFen, payments: [...payment(`${id}-deposit`, step.depositFen, at, 'deposit'), ...balance] };
}

const payment = (id: string, fen: number, at: number | undefined, kind: Payment['kind']): Payment[] =>
  fen === 0 || at === undefined ? [] : [{ id, amount: formatFen(fen), at: chinaTime(at), kind }];
