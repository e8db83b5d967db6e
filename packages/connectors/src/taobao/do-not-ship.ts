/** Signs of the platform that a trade, or one of its lines, must wait. A whole message lists all of them, so what is not listed has ended. */
import type { NeutralOrder } from '@weir/contract';
import { chinaTime } from '../china-time.ts';
import type { Fields } from '../fields.ts';
import { unmapped } from '../unmapped.ts';
import { digits } from './ids.ts';
import { ordersOf } from './lines.ts';
import { stepOf } from './payments.ts';
import { isPaidBack, type KnownRefunds } from './paid-back.ts';
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

export const signsOf = (trade: Fields, since: Since, known: KnownRefunds): Sign[] => [
  ...tradeSigns(trade, since),
  ...ordersOf(trade).flatMap((order) => lineSigns(order, trade, since, known)),
];

/** A line whose parcel has left cannot be kept back any more: there its refund tells the story. */
function lineSigns(order: Fields, trade: Fields, since: Since, known: KnownRefunds): Sign[] {
  const [status, refund] = [order.text('status') ?? '', order.code('refund_status') ?? NO_REFUND];
  if (refund !== NO_REFUND && !REFUND_STATUS.has(refund)) unmapped(order, 'refund_status', [NO_REFUND, ...REFUND_STATUS.keys()]);
  const lineId = digits(order, 'oid');
  if (lineId === undefined || TRADE_STATUS.get(status) !== 'paid') return [];
  const isBack = isPaidBack(trade, order, known);
  const keeps = (code: string): boolean => (REFUND_STATUS.get(code) === 'done' ? isBack : !letsGo(code));
  const asked = known.refunds.findLast((each) => each.oid === lineId && keeps(each.statusCode));
  const isOpen = keeps(refund) || asked !== undefined;
  const isForbidden = status === FORBIDDEN && trade.text('status') !== FORBIDDEN;
  return [
    ...(isForbidden ? [{ kind: 'channel_risk' as const, lineId, code: FORBIDDEN, since: chinaTime(since.paidAt ?? since.placedAt) }] : []),
    ...(isOpen
      ? [
          {
            kind: 'after_sale' as const,
            lineId,
            code: keeps(refund) ? refund : (asked?.statusCode ?? refund),
            since: chinaTime(asked?.askedAt ?? since.changedAt),
          },
        ]
      : []),
  ];
}
