/** Refunds, as a notification and as the query about one of them tell them: the same object but for the name of its state. */
import type { NeutralOrder } from '@weir/contract';
import { formatFen } from '@weir/core';
import type { Fields } from '../fields.ts';
import { unmapped } from '../unmapped.ts';
import { chinaTime } from '../china-time.ts';
import { beijing } from '../beijing.ts';
import { REFUNDS_A_PAGE } from './requests.ts';
import { LISTED_REFUND_STATUS, REFUND_STATUS } from './tables.ts';
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

/** Refunds of the pages of pay/refundquery, whose fields are numbered. `since`: the time of what has none of its own, for only money that went has one. */
export function refundsListed(pages: readonly Fields[], since: string): Refund[] {
  const found = pages.flatMap((page) =>
    Array.from({ length: REFUNDS_A_PAGE }, (_, i) => i)
      .filter((i) => page.has(`refund_id_${i}`))
      .flatMap((i) => refundListed(page, i, since)),
  );
  return [...new Map(found.map((each) => [each.id, each])).values()];
}

function refundListed(page: Fields, i: number, since: string): Refund[] {
  const id = page.id(`refund_id_${i}`);
  const status = LISTED_REFUND_STATUS.get(page.code(`refund_status_${i}`) ?? '');
  if (status === undefined) unmapped(page, `refund_status_${i}`, LISTED_REFUND_STATUS.keys());
  const fen = page.amount(`refund_fee_${i}`);
  const at = beijing(page, `refund_success_time_${i}`);
  if (id === undefined || status === undefined || fen === undefined) return [];
  return [{ id, amount: formatFen(fen), status, at: at === undefined ? since : chinaTime(at) }];
}
