/** What was paid and when. One order has one payment, or a deposit and the balance of it: their ids are made of the order's, for no field names them in every answer. */
import type { NeutralOrder } from '@weir/contract';
import { formatFen } from '@weir/core';
import { chinaTime } from '../china-time.ts';
import type { Fields } from '../fields.ts';
import { neededYuan, yuan } from '../yuan.ts';
import { meaning, secondsAt, yuanOrZero } from './reading.ts';
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
  /** Undefined where all is paid and the sum is not told. */
  readonly paidFen: number | undefined;
  /** What the deposit counts for beyond itself. */
  readonly discountFen: number;
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
  if (state === 'nothing_paid') return { state, code: '0', depositFen: 0, paidFen: 0, discountFen: 0 };
  const depositFen = neededYuan(info, 'advanced_paid_fee');
  const paidFen = (state === 'all_paid' ? yuan : neededYuan)(info, 'step_paid_fee');
  return depositFen === undefined || (state === 'deposit_paid' && paidFen === undefined)
    ? undefined
    : {
        state,
        code: info.text('step_trade_status') ?? '',
        depositFen,
        paidFen,
        discountFen: yuanOrZero(info, 'step_discount_amount'),
      };
}

export function paidOf(order: Fields, id: string, payableFen: number, isPaid: boolean, step: Step | null): Paid {
  const at = secondsAt(order, 'pay_time') ?? secondsAt(order, 'confirm_time');
  if (!isPaid || step?.state === 'nothing_paid') return NOTHING;
  const fen = step === null ? payableFen : stepFen(step, payableFen);
  if (step?.state === 'deposit_paid') return { fen, payments: payment(`${id}-deposit`, fen, at, 'deposit') };
  if (step === null || step.depositFen > fen) return { fen, payments: payment(id, fen, at, 'full') };
  const balance = payment(`${id}-balance`, fen - step.depositFen, at, 'balance');
  return { fen, payments: [...payment(`${id}-deposit`, step.depositFen, at, 'deposit'), ...balance] };
}

/**
 * All that was paid so far. No source says whether step_paid_fee stands for the balance alone once all is paid, so the sum decides, unless the deposit
 * counts for more than it is: then the same figures may mean either. What does not add up stays as it is told, and a person looks.
 */
function stepFen({ state, depositFen, paidFen = 0, ...step }: Step, payableFen: number): number {
  const isBalance = step.discountFen === 0 && depositFen + paidFen === payableFen;
  return state === 'all_paid' && (paidFen === 0 || isBalance) ? payableFen : paidFen;
}

const payment = (id: string, fen: number, at: number | undefined, kind: Payment['kind']): Payment[] =>
  fen === 0 || at === undefined ? [] : [{ id, amount: formatFen(fen), at: chinaTime(at), kind }];
