/** Signs that an order must wait. A detail lists all of them, so what is not listed has ended. */
import type { NeutralOrder } from '@weir/contract';

export type Sign = NonNullable<NeutralOrder['doNotShip']>[number];

/** Money was asked back; how much is told by the notification of that refund alone. */
export const refundSign = (since: string): Sign => ({ kind: 'after_sale', code: 'trade_state_REFUND', since });

export interface Signals {
  readonly hasRefund: boolean;
  readonly isRefunded: boolean;
  readonly isInComplaint: boolean;
}
/** `since`: WeChat tells no time of these, so it is the newest that the order tells. */
export const signsOf = ({ hasRefund, isRefunded, isInComplaint }: Signals, since: string): Sign[] => [
  ...(hasRefund ? [refundSign(since)] : []),
  ...(isRefunded ? [{ kind: 'after_sale' as const, code: 'order_state_5', since }] : []),
  ...(isInComplaint ? [{ kind: 'after_sale' as const, code: 'in_complaint', since }] : []),
];
