/** An order of a list or of order.get → our neutral order, whole; or problems with their place in the platform's own payload. Rows and details are the same. */
import type { NeutralOrder } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { fenOf, formatFen } from '@weir/core';
import type { Heard } from '../adapter.ts';
import { chinaTime } from '../china-time.ts';
import { Fields } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import { unmapped } from '../unmapped.ts';
import { CHANNEL, CHECKING, PAYER, REFUND_STATE, STATUS } from './tables.ts';

type Whole = Required<Pick<NeutralOrder, 'payments' | 'refunds' | 'shipments' | 'doNotShip'>> & NeutralOrder;

/** Never throws. `subject`: who it must be. */
export function readOrder(value: Json, subject: Subject): Heard {
  const from = new Fields(value);
  const order = orderOf(from, subject);
  return order === null || from.problems.length > 0
    ? { messages: [], wants: [], problems: from.problems }
    : { messages: [order], wants: [], problems: [] };
}

/** Null, and problems, when something that an order needs cannot be read. */
function orderOf(from: Fields, subject: Subject): Whole | null {
  const [id, shop] = [same(from, 'id', subject.id), same(from, 'shop', subject.shop)];
  const [status, placed, changed] = [meaning(from, 'status', STATUS), needed(from, 'created'), needed(from, 'changed')];
  const [payable, postage] = [from.amount('payable'), from.amount('postage')];
  const lines = from.each('goods').flatMap(lineOf);
  if (lines.length === 0 && !from.has('goods')) from.complain('goods', 'field.missing', 'at least one line', '至少一行');
  if (!id || !shop || !status || !placed || !changed || payable === undefined || postage === undefined) return null;
  const refunds = from.each('refunds').flatMap(refundOf);
  const payments = paymentsOf(from);
  const done = refunds.filter((refund) => refund.status === 'done');
  return {
    schema: 1,
    channel: CHANNEL,
    shop,
    channelOrderId: id,
    status,
    placedAt: chinaTime(placed),
    modifiedAt: chinaTime(changed),
    lines,
    discounts: discountsOf(from),
    shippingFee: formatFen(postage),
    payable: formatFen(payable),
    paid: total(payments),
    refunded: total(done),
    payments,
    refunds,
    shipments: from.each('parcels').flatMap(parcelOf),
    doNotShip: signsOf(from, changed),
    ...milestones(from),
    ...people(from),
  };
}

/** Absent is a problem, and so is an id other than the one that was asked for: then the answer is about somebody else. */
function same(from: Fields, name: string, expected: string): string | undefined {
  const id = from.id(name);
  if (id !== undefined && id !== expected) from.complain(name, 'field.not_allowed', expected);
  return id === expected ? id : undefined;
}
function meaning<T>(from: Fields, name: string, table: ReadonlyMap<string, T>): T | undefined {
  const found = table.get(from.code(name) ?? '');
  if (found === undefined) unmapped(from, name, table.keys());
  return found;
}
function needed(from: Fields, name: string): number | undefined {
  const at = from.seconds(name);
  if (at === undefined) from.complain(name, 'field.missing', 'seconds since 1970', '1970 年以来的秒数');
  return at;
}
function pieces(from: Fields, name: string): number | undefined {
  const count = from.whole(name);
  if (count !== undefined && count >= 1) return count;
  from.complain(name, 'field.not_allowed', '1 or more', '不小于 1');
  return undefined;
}
const total = (amounts: readonly { readonly amount: string }[]): string =>
  formatFen(amounts.reduce((sum, { amount }) => sum + fenOf(amount), 0));

const MAX_TITLE = 500;
function lineOf(from: Fields): NeutralOrder['lines'] {
  const [lineId, sku, quantity, price] = [from.id('id'), from.id('sku'), pieces(from, 'count'), from.amount('price')];
  const status = meaning(from, 'status', STATUS);
  if (!lineId || !sku || !quantity || price === undefined || !status) return [];
  const title = (from.text('title') ?? '').slice(0, MAX_TITLE).toWellFormed();
  return [{ lineId, sku, title, quantity, unitPrice: formatFen(price), discount: '0.00', status }];
}

const MAX_NAME = 200;
/** The coupons say who bears what; what they leave of `discount` is nobody's word, and is told as such. */
function discountsOf(from: Fields): NeutralOrder['discounts'] {
  const named = from.each('coupons').flatMap((coupon) => {
    const [fen, payer] = [coupon.amount('amount'), meaning(coupon, 'by', PAYER)];
    const name = (coupon.text('name') ?? '优惠').slice(0, MAX_NAME).toWellFormed();
    return fen === undefined || payer === undefined || fen === 0 ? [] : [{ name, amount: formatFen(fen), payer }];
  });
  const rest = from.amountOrZero('discount') - named.reduce((sum, { amount }) => sum + fenOf(amount), 0);
  if (rest < 0) from.complain('discount', 'field.not_allowed', 'the sum of the coupons or more', '不小于各券之和');
  return rest > 0 ? [...named, { name: '优惠', amount: formatFen(rest), payer: 'unknown' }] : named;
}

function paymentsOf(from: Fields): Whole['payments'] {
  if (!from.has('payment')) return [];
  const payment = from.child('payment');
  const [id, fen, at] = [payment.id('id'), payment.amount('amount'), needed(payment, 'at')];
  return id && fen && at ? [{ id, amount: formatFen(fen), at: chinaTime(at), kind: 'full' }] : [];
}

function refundOf(from: Fields): Whole['refunds'] {
  const [id, lineId, fen] = [from.id('id'), from.id('line'), from.amount('amount')];
  const [status, at] = [meaning(from, 'state', REFUND_STATE), needed(from, 'changed')];
  return id && lineId && fen !== undefined && status && at ? [{ id, lineId, amount: formatFen(fen), status, at: chinaTime(at) }] : [];
}

/** A parcel keeps its number here when its tracking number is corrected, so it is known by that. */
function parcelOf(from: Fields): Whole['shipments'] {
  const [id, carrier, trackingNumber, at] = [from.id('id'), from.id('carrier'), from.id('number'), needed(from, 'at')];
  const lines = from.each('goods').flatMap((each) => {
    const [lineId, quantity] = [each.id('line'), pieces(each, 'count')];
    return lineId && quantity ? [{ lineId, quantity }] : [];
  });
  if (lines.length === 0) from.complain('goods', 'field.missing', 'the pieces in this parcel', '包裹内的商品');
  return id && carrier && trackingNumber && at ? [{ id, carrier, trackingNumber, at: chinaTime(at), lines }] : [];
}

/** All signs that the order, or a line of it, must wait; what is not listed has ended. A line that has left cannot be kept back any more. */
function signsOf(from: Fields, changed: number): Whole['doNotShip'] {
  const here = new Set(from.each('goods').flatMap((line) => (STATUS.get(line.text('status') ?? '') === 'paid' ? [line.text('id')] : [])));
  const risk = from.text('status') === CHECKING ? [{ kind: 'channel_risk' as const, code: CHECKING, since: chinaTime(changed) }] : [];
  const open = from.each('refunds').flatMap((refund) => {
    const [state, lineId] = [refund.text('state') ?? '', refund.text('line')];
    const isOpen = ['requested', 'agreed'].includes(REFUND_STATE.get(state) ?? '');
    const since = chinaTime(refund.seconds('asked') ?? changed);
    return isOpen && lineId && here.has(lineId) ? [{ kind: 'after_sale' as const, lineId, code: state, since }] : [];
  });
  return [...risk, ...open];
}

function milestones(from: Fields): Pick<NeutralOrder, 'paidAt' | 'shippedAt' | 'completedAt' | 'shipBy'> {
  const [paidAt, shippedAt, completedAt, shipBy] = ['paid', 'shipped', 'finished', 'ship_by'].map((name) => from.time(name));
  return {
    ...(paidAt === undefined ? {} : { paidAt }),
    ...(shippedAt === undefined ? {} : { shippedAt }),
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(shipBy === undefined ? {} : { shipBy }),
  };
}

const MAX = { name: 100, phone: 40, province: 60, city: 60, district: 60, detail: 500, remark: 2_000, buyer: 128 } as const;
/** The buyer's words are the remark; the seller's own note is ours to write and would echo here. Words are cut to what the contract holds, an id is left out whole. */
function people(from: Fields): Pick<NeutralOrder, 'buyer' | 'receiver' | 'remark'> {
  const cut = (at: Fields, name: keyof typeof MAX) => at.text(name)?.slice(0, MAX[name]).toWellFormed();
  const told = from.child('receiver');
  const parts = (['name', 'phone', 'province', 'city', 'district', 'detail'] as const).map((name) => [name, cut(told, name)] as const);
  const [buyer, remark] = [from.text('buyer'), cut(from, 'remark')];
  return {
    ...(buyer === undefined || buyer.length > MAX.buyer ? {} : { buyer: { channelBuyerId: buyer } }),
    ...(told.has('name') ? { receiver: Object.fromEntries(parts.filter(([, text]) => text !== undefined)) } : {}),
    ...(remark === undefined ? {} : { remark }),
  };
}
