/** Refunds, as a notification and as the query about one of them tell them: the same object but for the name of its state. */
import type { NeutralOrder } from '@weir/contract';
import { formatFen } from '@weir/core';
import type { Fields } from '../fields.ts';
import { unmapped } from '../unmapped.ts';
import { REFUND_STATUS } from './tables.ts';
import { type Time, zonedTime } from './times.ts';

export type Refund = NonNullable<NeutralOrder['refunds']>[number];
export const STATE_NAMES = { notification: 'refund_status', answer: 'status' } as const;

/** Null, and problems, when it cannot be read. `told`: when the message was made, for a refund that has not succeeded has no time of its own. */
export function refundIn(
  refund: Fields,
  stateName: (typeof STATE_NAMES)[keyof typeof STATE_NAMES],
  told: Time | undefined,
): (Time & { readonly refund: Refund }) | null {
  const id = refund.id('refund_id');
  const status = REFUND_STATUS.get(refund.code(stateName) ?? '');
  if (status === undefined) unmapped(refund, stateName, REFUND_STATUS.keys());
  const fen = refund.child('amount').amount('refund');
  const time = zonedTime(refund, 'success_time') ?? told;
  if (time === undefined) refund.complain('success_time', 'field.missing', 'a time', '时间');
  if (id === undefined || status === undefined || fen === undefined || time === undefined) return null;
  return { ...time, refund: { id, amount: formatFen(fen), status, at: time.text } };
}
