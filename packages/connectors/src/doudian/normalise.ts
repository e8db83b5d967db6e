/** A shop order of order.searchList or order.orderDetail → our neutral order: whole, or `partial` with what is still wanted. */
import type { NeutralIdentity, NeutralOrder, PartialOrder } from '@weir/contract';
import { fenOf, formatFen, sumOf } from '@weir/core';
import type { Want } from '../adapter.ts';
import { chinaTime } from '../china-time.ts';
import type { Discount } from '../discount-parts.ts';
import { Fields } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import type { Normalised } from '../normalised.ts';
import { isSameStatus, isUnlisted, MONEY_IS_BACK, NO_CASE } from './after-sale-tables.ts';
import { type AfterSale, casesOf, type Refund, toRefund } from './after-sales.ts';
import { discountsOf, namesItsDiscounts } from './discounts.ts';
import { signsOf } from './do-not-ship.ts';
import { identityOf, orderId } from './ids.ts';
import { type Line, linesOf, statusFrom } from './lines.ts';
import { paidOf } from './payments.ts';
import { receiverOf } from './receiver.ts';
import { shipmentsOf } from './shipments.ts';

export interface OrderContext {
  readonly source: 'list' | 'detail';
  /** The shop whose token fetched it; an answer about another shop is refused. */
  readonly shop?: string;
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
  const identity = identityOf(order, context.shop);
  const body = identity && bodyOf(order, identity.channelOrderId, context);
  if (identity === null || body === null || order.problems.length > 0) return { ok: false, identity, problems: order.problems };
  return assemble(identity, body, order, context);
}

type Body = Omit<PartialOrder, keyof NeutralIdentity | 'schema' | 'partial' | 'discounts' | 'refunds' | 'refunded'> &
  Pick<NeutralOrder, 'status' | 'placedAt' | 'lines' | 'shippingFee' | 'payable' | 'paid'>;

/** Everything that an order tells of itself; null when something of it cannot be read. */
function bodyOf(order: Fields, id: string, { afterSales = [] }: OrderContext): Body | null {
  const placed = order.seconds('create_time');
  if (placed === undefined) order.complain('create_time', 'field.missing', 'seconds since 1970', '1970 年以来的秒数');
  const payable = order.amount('pay_amount');
  const shippingFee = order.amount('post_amount');
  if (placed === undefined || payable === undefined || shippingFee === undefined) return null;
  const changedAt = Math.max(order.seconds('update_time') ?? placed, ...afterSales.map((each) => each.changedAt));
  const paid = paidOf(order, id, payable);
  const wasPaid = paid.fen > 0 || order.seconds('pay_time') !== undefined;
  const status = statusFrom(order, wasPaid);
  const lines = linesOf(order, wasPaid);
  if (status === undefined) return null;
  return {
    status,
    placedAt: chinaTime(placed),
    modifiedAt: chinaTime(changedAt),
    lines,
    shippingFee: formatFen(shippingFee),
    payable: formatFen(payable),
    paid: formatFen(paid.fen),
    payments: [...paid.payments],
    shipments: shipmentsOf(order),
    doNotShip: signsOf(order, changedAt, afterSales),
    ...milestones(order, status, wasPaid),
    ...people(order),
  };
}

/** ship_time and finish_time are told of orders that never left or never finished too; only what the status bears out is a milestone. */
function milestones(
  order: Fields,
  status: Line['status'],
  wasPaid: boolean,
): Pick<Body, 'paidAt' | 'shippedAt' | 'completedAt' | 'shipBy'> {
  const [paidAt, shippedAt, completedAt, shipBy] = ['pay_time', 'ship_time', 'finish_time', 'exp_ship_time'].map((name) =>
    order.time(name),
  );
  return {
    ...(paidAt !== undefined && wasPaid ? { paidAt } : {}),
    ...(shippedAt !== undefined && (status === 'shipped' || status === 'completed' || status === 'closed') ? { shippedAt } : {}),
    ...(completedAt !== undefined && status === 'completed' ? { completedAt } : {}),
    ...(shipBy === undefined ? {} : { shipBy }),
  };
}

const MAX_REMARK = 2_000;
const MAX_BUYER_ID = 128;
/** Too long for the contract: words are cut, an id is left out whole; the bytes are in the inbox. The buyer's words are the remark; the seller's own note is ours to write (see remark.ts) and would echo here. */
function people(order: Fields): Pick<Body, 'buyer' | 'receiver' | 'remark'> {
  const buyerId = order.text('doudian_open_id');
  const receiver = receiverOf(order);
  const remark = order.text('buyer_words')?.slice(0, MAX_REMARK).toWellFormed();
  return {
    ...(buyerId !== undefined && buyerId.length <= MAX_BUYER_ID ? { buyer: { channelBuyerId: buyerId } } : {}),
    ...(receiver === undefined ? {} : { receiver }),
    ...(remark === undefined ? {} : { remark }),
  };
}

function assemble(identity: NeutralIdentity, body: Body, order: Fields, context: OrderContext): Normalised {
  const refunds = refundsOf(order, body.lines, context.afterSales);
  const discounts = context.source === 'detail' || namesItsDiscounts(order) ? withPriceChange(body, discountsOf(order), order) : null;
  const wants: Want[] = [...(discounts === null ? (['detail'] as const) : []), ...(refunds === null ? (['after_sales'] as const) : [])];
  if (order.problems.length > 0) return { ok: false, identity, problems: order.problems };
  const told = { schema: 1 as const, ...identity, ...body };
  if (discounts !== null && refunds !== null) {
    const done = refunds.filter((refund) => refund.status === 'done').reduce((sum, refund) => sum + fenOf(refund.amount), 0);
    return { ok: true, message: { ...told, discounts, refunds, refunded: formatFen(done) }, wants };
  }
  const message: PartialOrder = { ...told, ...(discounts && { discounts }), ...(refunds && { refunds }), partial: true };
  return { ok: true, message, wants };
}

/**
 * The refunds of the order; null when a line shows an after-sale of which nobody told us, or tells of it otherwise than the line does: one of
 * the two is older. An order says that there is a case and how far it has come, never how much money it is about, and an answer without
 * the refunds would say "nothing was refunded". An ending that the list has no word for is read from the line, as long as no money is back.
 */
function refundsOf(order: Fields, lines: readonly Line[], afterSales: readonly AfterSale[] | undefined): Refund[] | null {
  const lineIds = new Set(lines.map((line) => line.lineId));
  const isTold = (line: Fields): boolean => {
    const info = line.child('after_sale_info');
    const [code, lineId] = [info.code('after_sale_status') ?? NO_CASE, orderId(line, 'order_id')];
    const needsNoCase = isUnlisted(code, info.text('after_sale_type') ?? '') && info.text('refund_status') !== MONEY_IS_BACK;
    return (
      code === NO_CASE ||
      needsNoCase ||
      (lineId !== undefined && casesOf(afterSales ?? [], lineId).some((each) => isSameStatus(each.statusCode, code)))
    );
  };
  if (!order.each('sku_order_list').every(isTold)) return null;
  return (afterSales ?? []).flatMap((each) => toRefund(each, (lineId) => lineIds.has(lineId)) ?? []);
}

/**
 * modify_amount is what the seller took off (negative) by hand. No source says whether line prices hold it already, so the sum decides: it is
 * a discount of the shop only when it closes the gap to the very fen. Anything else stays a gap, and a broken sum waits for a person.
 */
function withPriceChange(body: Body, discounts: Discount[], order: Fields): Discount[] {
  const sum = sumOf(body.lines, discounts, body.shippingFee);
  const off = -(order.whole('modify_amount') ?? 0);
  return sum !== null && off > 0 && sum - off === fenOf(body.payable)
    ? [...discounts, { name: '商家改价', amount: formatFen(off), payer: 'shop' }]
    : discounts;
}
