/** One order of the simulated shop: what is true of it, and how it is told to Weir. */
import type { NeutralOrder, OrderStatus, RefundStatus } from '@weir/contract';
import type { Person, Receiver } from './people.ts';

export interface SimLine {
  readonly lineId: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly priceFen: number;
  readonly discountFen: number;
  readonly isGift: boolean;
  status: OrderStatus;
}
export interface SimRefund {
  readonly id: string;
  readonly lineId?: string;
  readonly amountFen: number;
  status: RefundStatus;
  at: number;
}
export interface SimOrder {
  readonly id: string;
  readonly person: Person;
  readonly placedAt: number;
  readonly lines: readonly SimLine[];
  readonly shippingFeeFen: number;
  discounts: { readonly name: string; readonly payer: 'shop' | 'platform' | 'talent'; readonly amountFen: number }[];
  receiver: Receiver;
  /** undefined: never said; null: taken back. */
  remark: string | null | undefined;
  paidAt?: number;
  shippedAt?: number;
  completedAt?: number;
  readonly payments: {
    readonly id: string;
    readonly amountFen: number;
    readonly at: number;
    readonly kind: 'deposit' | 'balance' | 'full';
  }[];
  readonly refunds: SimRefund[];
  readonly shipments: {
    readonly id: string;
    readonly carrier: string;
    readonly trackingNumber: string;
    readonly at: number;
    readonly lineIds: readonly string[];
  }[];
  /** The platform's risk check: undefined while it never spoke. */
  risk?: { since: number | null };
  /** Lines went out apart; from then on each message names the status of each line. */
  isSplit: boolean;
  /** The newest message was broken on purpose and waits for its correction. */
  isBlocked: boolean;
  /** Time of the newest change, strictly increasing. */
  modifiedAt: number;
}

/** What a test may expect Weir to hold in the end. */
export interface OrderTruth {
  readonly status: OrderStatus;
  readonly payable: string;
  readonly paid: string;
  readonly refunded: string;
  readonly lines: readonly {
    readonly lineId: string;
    readonly sku: string;
    readonly quantity: number;
    readonly unitPrice: string;
    readonly discount: string;
    readonly status: OrderStatus;
  }[];
  readonly receiver: Receiver;
  readonly remark: string | null;
  /** ms UTC of the newest change. */
  readonly modifiedAt: number;
  readonly isBlocked: boolean;
}

const LADDER: readonly OrderStatus[] = [
  'awaiting_payment',
  'paid',
  'allocated',
  'picked',
  'packed',
  'shipped',
  'in_delivery',
  'delivered',
  'completed',
  'cancelled',
  'closed',
];
export const SHIP_WITHIN_MS = 48 * 3_600_000;

export const sum = (fen: readonly number[]): number => fen.reduce((a, b) => a + b, 0);
export const payableOf = (order: SimOrder): number =>
  sum(order.lines.map((line) => line.priceFen * line.quantity - line.discountFen)) -
  sum(order.discounts.map((discount) => discount.amountFen)) +
  order.shippingFeeFen;
export const paidOf = (order: SimOrder): number => sum(order.payments.map((payment) => payment.amountFen));
export const refundedOf = (order: SimOrder): number =>
  sum(order.refunds.filter((refund) => refund.status === 'done').map((refund) => refund.amountFen));
/** The least advanced line says where the order is. */
export const statusOf = (order: SimOrder): OrderStatus =>
  order.lines.map((line) => line.status).reduce((least, next) => (LADDER.indexOf(next) < LADDER.indexOf(least) ? next : least));

const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
const CHINA_MS = 8 * 3_600_000;
const at = (ms: number): string => new Date(ms + CHINA_MS).toISOString().replace('Z', '+08:00');
const money = (order: SimOrder) => ({ payable: yuan(payableOf(order)), paid: yuan(paidOf(order)), refunded: yuan(refundedOf(order)) });

export function truthOf(order: SimOrder): OrderTruth {
  const lines = order.lines.map(({ lineId, sku, quantity, priceFen, discountFen, status }) => ({
    lineId,
    sku,
    quantity,
    unitPrice: yuan(priceFen),
    discount: yuan(discountFen),
    status,
  }));
  return {
    status: statusOf(order),
    ...money(order),
    lines,
    receiver: order.receiver,
    remark: order.remark ?? null,
    modifiedAt: order.modifiedAt,
    isBlocked: order.isBlocked,
  };
}

/** The whole order as the neutral API takes it; all its sums hold. */
export function toMessage(order: SimOrder, channel: string, shop: string): NeutralOrder {
  return {
    schema: 1,
    channel,
    shop,
    channelOrderId: order.id,
    status: statusOf(order),
    placedAt: at(order.placedAt),
    modifiedAt: at(order.modifiedAt),
    currency: 'CNY',
    ...(order.paidAt === undefined ? {} : { paidAt: at(order.paidAt), shipBy: at(order.paidAt + SHIP_WITHIN_MS) }),
    ...(order.shippedAt === undefined ? {} : { shippedAt: at(order.shippedAt) }),
    ...(order.completedAt === undefined ? {} : { completedAt: at(order.completedAt) }),
    lines: order.lines.map((line) => toLine(line, order.isSplit)),
    discounts: order.discounts.map(({ name, payer, amountFen }) => ({ name, amount: yuan(amountFen), payer })),
    shippingFee: yuan(order.shippingFeeFen),
    ...money(order),
    payments: order.payments.map(({ id, amountFen, at: paidAt, kind }) => ({ id, amount: yuan(amountFen), at: at(paidAt), kind })),
    ...(order.refunds.length === 0
      ? {}
      : { refunds: order.refunds.map(({ amountFen, at: since, ...refund }) => ({ ...refund, amount: yuan(amountFen), at: at(since) })) }),
    ...(order.shipments.length === 0 ? {} : { shipments: order.shipments.map((shipment) => toShipment(order, shipment)) }),
    ...(order.risk === undefined
      ? {}
      : {
          doNotShip:
            order.risk.since === null ? [] : [{ kind: 'channel_risk' as const, code: 'sandbox.risk_check', since: at(order.risk.since) }],
        }),
    buyer: { name: order.person.nick, channelBuyerId: order.person.buyerId },
    receiver: order.receiver,
    ...(order.remark === undefined ? {} : { remark: order.remark }),
  };
}

const toLine = (line: SimLine, withStatus: boolean): NeutralOrder['lines'][number] => ({
  lineId: line.lineId,
  sku: line.sku,
  title: line.title,
  quantity: line.quantity,
  unitPrice: yuan(line.priceFen),
  discount: yuan(line.discountFen),
  ...(withStatus ? { status: line.status } : {}),
  ...(line.isGift ? { gift: true } : {}),
});

function toShipment(order: SimOrder, shipment: SimOrder['shipments'][number]): NonNullable<NeutralOrder['shipments']>[number] {
  const { id, carrier, trackingNumber, at: left, lineIds } = shipment;
  const lines = order.lines.filter((line) => lineIds.includes(line.lineId)).map(({ lineId, quantity }) => ({ lineId, quantity }));
  return { id, carrier, trackingNumber, at: at(left), lines };
}

/** The same message with a sum that is one fen off: Weir must hold it. */
export const toBrokenMessage = (order: SimOrder, channel: string, shop: string): NeutralOrder => ({
  ...toMessage(order, channel, shop),
  shippingFee: yuan(order.shippingFeeFen + 1),
});
