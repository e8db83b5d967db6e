/** Signs that an order must wait. A detail lists all of them, so what is not listed has ended. */
import type { NeutralOrder } from '@weir/contract';

export type Sign = NonNullable<NeutralOrder['doNotShip']>[number];

/** Money was asked back; how much is told by the notification of that refund alone. */
export const refundSign = (since: string): Sign => ({ kind: 'after_sale', code: 'trade_state_REFUND', since });

export interface Signals {
  readonly hasRefund: boolean;
  readonly isRefunded: boolean;
  readonly isInComplaint: boolean;
  /** WeChat's code, where it would not list the refunds. */
  readonly refused?: string | undefined;
}
const CODE = /^[\w.:-]{1,64}$/;
/** `since`: WeChat tells no time of these, so it is the newest that the order tells. */
export const signsOf = ({ hasRefund, isRefunded, isInComplaint, refused }: Signals, since: string): Sign[] => [
  ...(hasRefund ? [refundSign(since)] : []),
  // Beside the one above, so that whoever looks at the order sees why no amounts stand there.
  ...(refused === undefined
    ? []
    : [{ kind: 'after_sale' as const, code: `refundquery_${CODE.test(refused) ? refused : 'refused'}`, since }]),
  ...(isRefunded ? [{ kind: 'after_sale' as const, code: 'order_state_5', since }] : []),
  ...(isInComplaint ? [{ kind: 'after_sale' as const, code: 'in_complaint', since }] : []),
];
