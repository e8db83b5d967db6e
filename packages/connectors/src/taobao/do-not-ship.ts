/** Signs of the platform that a trade, or one of its lines, must wait. A whole message lists all of them, so what is not listed has ended. */
import type { NeutralOrder } from '@weir/contract';
import { chinaTime } from '../china-time.ts';
import type { Fields } from '../fields.ts';
import { unmapped } from '../unmapped.ts';
import { digits } from './ids.ts';
import { ordersOf } from './lines.ts';
import { stepOf } from './payments.ts';
import type { TradeRefund } from './refunds.ts';
import { FORBIDDEN, letsGo, NO_REFUND, REFUND_STATUS, TRADE_STATUS } from './status-tables.ts';

export type Sign = NonNullable<NeutralOrder['doNotShip']>[number];

export interface Since {
  /** Seconds since 1970; what never moves is taken before what does. */
  readonly placedAt: number;
  readonly paidAt: number | undefined;
  readonly changedAt: number;
}

/** Signs that the trade itself shows, in a row of a list too. */
export function tradeSigns(trade: Fields, { placedAt, paidAt }: Since): Sign[] {
  const step = stepOf(trade);
  const isForbidden = trade.text('status') === FORBIDDEN;
  return [
    ...(isForbidden ? [{ kind: 'channel_risk' as const, code: FORBIDDEN, since: chinaTime(paidAt ?? placedAt) }] : []),
    ...(step === 'deposit' ? [{ kind: 'deposit' as const, code: trade.text('step_trade_status') ?? '', since: chinaTime(placedAt) }] : []),
  ];
}

export const signsOf = (trade: Fields, since: Since, refunds: readonly TradeRefund[]): Sign[] => [
  ...tradeSigns(trade, since),
  ...ordersOf(trade).flatMap((order) => lineSigns(order, trade.text('status') ?? '', since, refunds)),
];

/** A line whose parcel has left cannot be kept back any more: there its refund tells the story. */
function lineSigns(order: Fields, tradeStatus: string, since: Since, refunds: readonly TradeRefund[]): Sign[] {
  const [status, refund] = [order.text('status') ?? '', order.code('refund_status') ?? NO_REFUND];
  if (refund !== NO_REFUND && !REFUND_STATUS.has(refund)) unmapped(order, 'refund_status', [NO_REFUND, ...REFUND_STATUS.keys()]);
  const lineId = digits(order, 'oid');
  if (lineId === undefined || TRADE_STATUS.get(status) !== 'paid') return [];
  const asked = refunds.findLast((each) => each.oid === lineId && !letsGo(each.statusCode));
  const isOpen = !letsGo(refund) || asked !== undefined;
  const isForbidden = status === FORBIDDEN && tradeStatus !== FORBIDDEN;
  return [
    ...(isForbidden ? [{ kind: 'channel_risk' as const, lineId, code: FORBIDDEN, since: chinaTime(since.paidAt ?? since.placedAt) }] : []),
    ...(isOpen
      ? [
          {
            kind: 'after_sale' as const,
            lineId,
            code: letsGo(refund) ? (asked?.statusCode ?? refund) : refund,
            since: chinaTime(asked?.askedAt ?? since.changedAt),
          },
        ]
      : []),
  ];
}
