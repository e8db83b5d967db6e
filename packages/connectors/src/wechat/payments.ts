/** A payment as WeChat Pay tells it: how much the shop is owed by it, and what coupons bore of that. */
import type { NeutralOrder } from '@weir/contract';
import { formatFen } from '@weir/core';
import type { Fields } from '../fields.ts';
import { zonedTime } from './times.ts';

export type Payment = NonNullable<NeutralOrder['payments']>[number];
export interface Paid {
  readonly transactionId: string;
  /** What the order costs: what the buyer paid, and what coupons paid in the buyer's place. */
  readonly totalFen: number;
  readonly currency: string | undefined;
  /** When, ms since 1970. */
  readonly at: number;
  readonly payment: Payment;
}

/** Null, and problems, when it cannot be read. `total` is kept as the sum: `payer_total` is smaller when coupons paid part of it. */
export function paidIn(payment: Fields): Paid | null {
  const transactionId = payment.id('transaction_id');
  const totalFen = payment.child('amount').amount('total');
  const time = zonedTime(payment, 'success_time');
  if (time === undefined && !payment.has('success_time')) payment.complain('success_time', 'field.missing', 'a time', '时间');
  if (transactionId === undefined || totalFen === undefined || time === undefined) return null;
  const told: Payment = { id: transactionId, amount: formatFen(totalFen), at: time.text, kind: 'full' };
  return { transactionId, totalFen, currency: payment.child('amount').text('currency'), at: time.at, payment: told };
}
