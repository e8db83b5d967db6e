/** An order of a list or of pdd.order.information.get → our neutral order: whole, or `partial` with what is still wanted. */
import type { NeutralIdentity, NeutralOrder, OrderStatus, PartialOrder } from '@weir/contract';
import { fenOf, formatFen, sumOf } from '@weir/core';
import { chinaTime } from '../china-time.ts';
import { Fields } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import type { Normalised } from '../normalised.ts';
import { neededYuan } from '../yuan.ts';
import { AFTER_SALE_STATUS, NO_CASE } from './after-sale-tables.ts';
import { type AfterSale, type Refund, toRefund } from './after-sales.ts';
import { type Discount, discountsOf, feesOf, withLateReductions } from './discounts.ts';
import { signsOf } from './do-not-ship.ts';
import { CHANNEL, orderSn } from './ids.ts';
import { linesOf } from './lines.ts';
import { paidOf, type Step, stepOf } from './payments.ts';
import { meaning, secondsAt } from './reading.ts';
import { receiverOf } from './receiver.ts';
import { type Shipment, shipmentsOf } from './shipments.ts';
import { CONFIRM_STATUS, GROUP_STATUS, ORDER_STATUS, REFUND_STATUS } from './status-tables.ts';

export interface OrderContext {
  /** Whose token fetched it: its answers never name the shop. */
  readonly shop: string;
  /**
   * All after-sales of this order, fetched *before* the order, so that the order is at least as new: the message counts from the newest change
   * among them all. Absent: nobody asked.
   */
  readonly afterSales?: readonly AfterSale[];
  /** Where the order stands in its answer, for problems. */
  readonly pointer?: string;
}

export function normaliseOrder(value: Json, context: OrderContext): Normalised {
  const order = new Fields(value, context.pointer ?? '');
  const id = orderSn(order, 'order_sn');
  const identity = id === undefined ? null : { channel: CHANNEL, shop: context.shop, channelOrderId: id };
  const body = identity && bodyOf(order, identity.channelOrderId, context);
  if (identity === null || body === null || order.problems.length > 0) return { ok: false, identity, problems: order.problems };
  const told = { schema: 1 as const, ...identity, ...body };
  const refunds = refundsOf(order, context.afterSales);
  if (order.problems.length > 0) return { ok: false, identity, problems: order.problems };
  if (refunds === null) return { ok: true, message: { ...told, partial: true }, wants: ['after_sales'] };
  const done = refunds.filter(({ status }) => status === 'done').reduce((sum, { amount }) => sum + fenOf(amount), 0);
  return { ok: true, message: { ...told, refunds, refunded: formatFen(done) }, wants: [] };
}

type Body = Omit<PartialOrder, keyof NeutralIdentity | 'schema' | 'partial' | 'refunds' | 'refunded'> &
  Pick<NeutralOrder, 'status' | 'placedAt' | 'lines' | 'discounts' | 'shippingFee' | 'payable' | 'paid'>;

const TIMES = ['created_time', 'pay_time', 'confirm_time', 'shipping_time', 'receive_time', 'updated_at'] as const;

/** Everything that an order tells of itself; null when something of it cannot be read. */
function bodyOf(order: Fields, id: string, { afterSales = [] }: OrderContext): Body | null {
  const placed = secondsAt(order, 'created_time');
  if (placed === undefined) order.complain('created_time', 'field.missing', 'Beijing time', '北京时间');
  const payable = neededYuan(order, 'pay_amount');
  const step = stepOf(order);
  const isPaid = wasPaid(order, step);
  const status = step === undefined ? undefined : statusOf(order, isPaid, step);
  if (placed === undefined || payable === undefined || step === undefined || status === undefined) return null;
  const times = TIMES.map((name) => secondsAt(order, name) ?? 0);
  const changedAt = Math.max(secondsAt(order, 'updated_at') ?? Math.max(...times), ...afterSales.map((each) => each.changedAt));
  const lines = linesOf(order, id);
  const shipments = shipmentsOf(order, lines, secondsAt(order, 'shipping_time') ?? changedAt);
  const fees = formatFen(feesOf(order));
  const paid = paidOf(order, id, payable, isPaid, step);
  const payments = paid.fen > 0 && paid.payments.length === 0 ? {} : { payments: [...paid.payments] };
  return {
    status: toldStatus(status, shipments),
    placedAt: chinaTime(placed),
    modifiedAt: chinaTime(changedAt),
    lines,
    discounts: closed(discountsOf(order), order, step, { lines, fees, payable }),
    shippingFee: fees,
    payable: formatFen(payable),
    paid: formatFen(paid.fen),
    ...payments,
    shipments,
    doNotShip: signsOf(order, changedAt, step, isPaid, afterSales),
    ...milestones(order, status, isPaid),
    ...people(order),
  };
}

interface Sums {
  readonly lines: Body['lines'];
  readonly fees: string;
  readonly payable: number;
}
const closed = (discounts: Discount[], order: Fields, step: Step | null, { lines, fees, payable }: Sums): Discount[] => {
  const sum = sumOf(lines, discounts, fees);
  return withLateReductions(discounts, order, step?.discountFen ?? 0, sum === null ? null : sum - payable);
};

/** Lists hold paid orders only, and older answers have no pay_time: what is confirmed was paid. */
function wasPaid(order: Fields, step: Step | null | undefined): boolean {
  if (step?.state === 'nothing_paid') return false;
  return secondsAt(order, 'pay_time') !== undefined || (order.text('confirm_status') ?? '1') === '1';
}

/** There is no status of a cancelled order: confirm_status and a group that failed say it, or a refund. */
function statusOf(order: Fields, isPaid: boolean, step: Step | null): OrderStatus | undefined {
  const goods = meaning(order, 'order_status', ORDER_STATUS);
  const confirmed = meaning(order, 'confirm_status', CONFIRM_STATUS, 'confirmed');
  const group = meaning(order, 'group_status', GROUP_STATUS, 'formed');
  if (goods === undefined || confirmed === undefined || group === undefined) return undefined;
  if (confirmed === 'cancelled' || group === 'failed') return isPaid ? 'closed' : 'cancelled';
  if (goods === 'paid') return isPaid && (step === null || step.state === 'all_paid') ? 'paid' : 'awaiting_payment';
  return goods === 'delivered' && secondsAt(order, 'receive_time') !== undefined ? 'completed' : goods;
}

/**
 * With the first parcel the whole order has left there, also when that parcel is ours and goods are still here. So the parcels say what has left: one that is
 * not ours carries all that no other does. Only where no parcel carries goods the status says it.
 */
const toldStatus = (status: OrderStatus, shipments: readonly Shipment[]): OrderStatus =>
  status === 'shipped' && shipments.some(({ lines }) => lines.length === 0) ? 'paid' : status;

function milestones(order: Fields, status: OrderStatus, isPaid: boolean): Pick<Body, 'paidAt' | 'shippedAt' | 'completedAt' | 'shipBy'> {
  const time = (name: string, isTrue = true): string | undefined => {
    const seconds = isTrue ? secondsAt(order, name) : undefined;
    return seconds === undefined ? undefined : chinaTime(seconds);
  };
  const hasLeft = status === 'shipped' || status === 'delivered' || status === 'completed';
  const paidAt = time('pay_time', isPaid) ?? time('confirm_time', isPaid);
  const [shippedAt, completedAt, shipBy] = [
    time('shipping_time', hasLeft),
    time('receive_time', status === 'completed'),
    time('last_ship_time'),
  ];
  return {
    ...(paidAt === undefined ? {} : { paidAt }),
    ...(shippedAt === undefined ? {} : { shippedAt }),
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(shipBy === undefined ? {} : { shipBy }),
  };
}

const MAX_REMARK = 2_000;
/** The buyer's words are the remark; the seller's own note (`remark` there) is ours to write and would echo here. */
function people(order: Fields): Pick<Body, 'receiver' | 'remark'> {
  const receiver = receiverOf(order);
  const remark = order.text('buyer_memo')?.slice(0, MAX_REMARK).toWellFormed();
  return { ...(receiver === undefined ? {} : { receiver }), ...(remark === undefined ? {} : { remark }) };
}

/**
 * The refunds of the order; null when it shows an after-sale of which nobody told us, or tells of it otherwise than the case does: one of the two is
 * older. An order says that there is a case and how far it has come, never how much money it is about.
 */
function refundsOf(order: Fields, afterSales: readonly AfterSale[] | undefined): Refund[] | null {
  const refund = meaning(order, 'refund_status', REFUND_STATUS);
  meaning(order, 'after_sales_status', AFTER_SALE_STATUS, 'none');
  const code = order.text('after_sales_status') ?? NO_CASE;
  const showsNone = refund === 'none' && code === NO_CASE;
  const isTold = afterSales?.some((each) => code === NO_CASE || each.statusCode === code) ?? false;
  if (!showsNone && !isTold) return null;
  return (afterSales ?? []).flatMap((each) => toRefund(each) ?? []);
}
