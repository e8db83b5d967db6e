/** What get_order, a row of get_order_list and the payment query say of an order, in our words. */
import { type PartialOrder, problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { parseInstant } from '@weir/core';
import type { Heard } from '../adapter.ts';
import { chinaTime, MAX_EPOCH_SECONDS } from '../china-time.ts';
import { Fields, isObject } from '../fields.ts';
import { parseBytes } from '../lossless-json.ts';
import { unmapped } from '../unmapped.ts';
import { discountsOf } from './discounts.ts';
import { type Sign, type Signals, signsOf } from './do-not-ship.ts';
import { isAbout, PAY_NAMES, TRADE_NAMES } from './ids.ts';
import { type Paid, paidIn } from './payments.ts';
import { type Refund, refundsListed } from './refunds.ts';
import { isTrue, type Left, leftIn } from './shipments.ts';
import { BEFORE_ANY_WORD, standIn } from './stand-in.ts';
import { ORDER_STATE, TRADE_STATE } from './tables.ts';
import { chinaTimeMs, neededSeconds } from './times.ts';

/** Source: the guide of shipping information: what is not told within this is reminded of and holds the money back. */
const SHIP_WITHIN_SECONDS = 48 * 3_600;

type Content = Omit<PartialOrder, 'schema' | 'channel' | 'shop' | 'channelOrderId' | 'modifiedAt' | 'partial'>;
const identityOf = ({ channel, shop, id }: Subject) => ({ channel, shop, channelOrderId: id });
const partial = (subject: Subject, modifiedAt: string, content: Content): PartialOrder => ({
  schema: 1,
  ...identityOf(subject),
  modifiedAt,
  ...content,
  partial: true,
});
const nothing = (problems: Heard['problems']): Heard => ({ messages: [], wants: [], problems });

/** A row says how far an order has come, not what was paid by whom: it wants the detail. WeChat tells no time of change, so it counts from its newest time. */
export function readRow(bytes: Uint8Array, subject: Subject): Heard {
  const order = new Fields(parseBytes(bytes));
  const told = isAbout(order, TRADE_NAMES, subject) ? shippingIn(order) : null;
  if (told === null || order.problems.length > 0) return nothing(order.problems);
  const { content, left, paidAt, placedAt } = told;
  // That it was paid is as old as the payment, and a row about parcels is not.
  const status = content.status ?? (left.at === undefined ? 'paid' : undefined);
  const facts = { ...(status === undefined ? {} : { status }), paidAt: chinaTime(paidAt), ...content, ...shipmentsOf(left), placedAt };
  const newest = Math.max(paidAt, left.at ?? 0);
  // What its times do not prove came after them.
  const toldAt = content.status === undefined ? chinaTime(newest) : chinaTimeMs(newest * 1_000 + 1);
  return {
    messages: [partial(subject, toldAt, facts)],
    wants: ['detail'],
    problems: [],
    ...(told.isRefunded ? { paidBack: true } : {}),
    signs: signsIn(told, { ...told, hasRefund: false }, chinaTime(paidAt)).map(({ code }) => code),
    ...mayMiss(told),
  };
}
/** No empty list of parcels: the shop may know some that were not told to WeChat yet. */
const shipmentsOf = ({ shipments }: Left): Pick<Content, 'shipments'> => (shipments.length === 0 ? {} : { shipments: [...shipments] });
/** Once all has left there is nothing to wait with. */
const signsIn = ({ content, left }: Shipping, signals: Signals, since: string): Sign[] =>
  left.isWhole || content.status === 'completed' ? [] : signsOf(signals, since);
/** Nor are they all that there are before all has left. */
const mayMiss = ({ left }: Shipping): Pick<Heard, 'parcelsMayMiss'> => (left.isWhole ? {} : { parcelsMayMiss: true });

/** `{"askedAt": ms, "payment": …, "order": … | null, "refunds": [page, …] | null}`: the payment query; where it is paid get_order; its refunds, null when nobody knows (`refundsRefused`: WeChat's code). */
export function readDetail(bytes: Uint8Array, subject: Subject): Heard {
  const told = new Fields(parseBytes(bytes));
  const payment = told.child('payment');
  const askedAt = told.whole('askedAt');
  if (!isObject(payment.value)) return nothing([problem('field.missing', '/payment', { expected: 'payment, order' })]);
  const state = TRADE_STATE.get(payment.code('trade_state') ?? '');
  if (state === undefined) unmapped(payment, 'trade_state', TRADE_STATE.keys());
  if (askedAt === undefined || askedAt < 0 || askedAt > MAX_EPOCH_SECONDS * 1_000)
    told.complain('askedAt', 'field.not_allowed', 'ms since 1970', '1970 年以来的毫秒数');
  if (!isAbout(payment, PAY_NAMES, subject) || state === undefined || askedAt === undefined || told.problems.length > 0)
    return nothing(told.problems);
  if (state === 'unpaid' || state === 'ended') return { messages: [notPaid(subject, state)], wants: [], problems: [] };
  const heard = readPaid(told, subject, askedAt, state === 'paid_and_refund');
  return told.problems.length > 0 || heard === null ? nothing(told.problems) : heard;
}

function readPaid(told: Fields, subject: Subject, askedAt: number, hasRefund: boolean): Heard | null {
  const [payment, order] = [told.child('payment'), told.child('order')];
  const paid = paidIn(payment);
  if (!isObject(order.value)) told.complain('order', 'field.missing', 'the order of get_order', 'get_order 的订单');
  const shipping = isObject(order.value) && isAbout(order, TRADE_NAMES, subject) ? shippingIn(order) : null;
  if (paid === null || shipping === null) return null;
  const openid = payment.child('payer').text('openid') ?? order.text('openid');
  const whole = standIn({
    identity: identityOf(subject),
    paid,
    discounts: discountsOf(payment, paid.totalFen),
    placedAt: shipping.placedAt,
    shipBy: chinaTime(Math.floor(paid.at / 1_000) + SHIP_WITHIN_SECONDS),
    description: order.text('description'),
    openid,
  });
  const refunds = told.has('refunds') ? refundsListed(told.each('refunds'), paid.payment.at) : [];
  const signals = { ...shipping, hasRefund, refused: told.text('refundsRefused') };
  const facts = { ...factsOf(paid, shipping, signals), ...(refunds.length === 0 ? {} : { refunds }) };
  const messages = [
    whole,
    partial(subject, modifiedAt(askedAt, paid, shipping, refunds), facts),
    wasPaid(subject, paid),
    ...hadLeft(subject, shipping),
  ];
  return { messages, wants: [], problems: [], ...mayMiss(shipping) };
}

/**
 * WeChat tells no time of change, so the answer is as new as our question, and newer than anything in it, also where our clock is behind theirs: a later answer says
 * again that the order was paid, that it left, and what was known beside that must stand; a notification of a refund that it lists is of before.
 */
function modifiedAt(askedAt: number, paid: Paid, { left }: Shipping, refunds: readonly Refund[]): string {
  const told = [paid.at, (left.at ?? 0) * 1_000, ...refunds.map(({ at }) => parseInstant(at) ?? 0)];
  return chinaTimeMs(Math.max(askedAt, ...told.map((at) => at + 1)));
}

/** Nothing where the shop has said anything: it may have closed the order, or been paid in another way. */
const notPaid = (subject: Subject, state: 'unpaid' | 'ended'): PartialOrder =>
  partial(subject, chinaTimeMs(BEFORE_ANY_WORD), { status: state === 'unpaid' ? 'awaiting_payment' : 'cancelled' });

/** What its notification says, and as old: whatever the shop has said since stands. */
const wasPaid = (subject: Subject, { payment: { at } }: Paid): PartialOrder => partial(subject, at, { status: 'paid', paidAt: at });

/** A refund hides how far the goods had come: that they had left is as old as their leaving, so that whoever has seen them received still has. */
function hadLeft(subject: Subject, { isRefunded, left, paidAt }: Shipping): PartialOrder[] {
  if (!isRefunded || !left.isWhole) return [];
  const at = chinaTime(Math.max(left.at ?? 0, paidAt));
  return [partial(subject, at, { status: 'shipped', ...(left.at === undefined ? {} : { shippedAt: at }) })];
}

/**
 * What is true as of our question: nothing that a shop's own system would tell better (lines, discounts, fees, sums, the buyer, a status that only the
 * payment proves). All signs that there are, so that one that was told before ends.
 */
function factsOf(paid: Paid, shipping: Shipping, signals: Signals): Content {
  const { content, left } = shipping;
  const since = left.at === undefined ? paid.payment.at : chinaTime(Math.max(left.at, Math.floor(paid.at / 1_000)));
  return {
    ...content,
    payments: [paid.payment],
    ...shipmentsOf(left),
    doNotShip: signsIn(shipping, signals, since),
  };
}

interface Shipping {
  /** More than the payment proves: that all has left, that it was received. */
  readonly content: Pick<Content, 'status' | 'shippedAt'>;
  readonly left: Left;
  readonly placedAt: string;
  /** Seconds since 1970. */
  readonly paidAt: number;
  readonly isRefunded: boolean;
  readonly isInComplaint: boolean;
}
/** Null, and problems, when something of it cannot be read. */
function shippingIn(order: Fields): Shipping | null {
  const paidAt = neededSeconds(order, 'pay_time');
  const state = ORDER_STATE.get(order.code('order_state') ?? '');
  if (state === undefined) unmapped(order, 'order_state', ORDER_STATE.keys());
  const left = leftIn(order);
  const isInComplaint = isTrue(order, 'in_complaint');
  const placed = order.seconds('trade_create_time') ?? paidAt;
  if (paidAt === undefined || placed === undefined || state === undefined || order.problems.length > 0) return null;
  // What is split and not all told is not shipped, whatever the state says; after a refund nobody knows whether the goods were received.
  const isOut = state !== 'refunded' && (left.isWhole || (state === 'left' && left.shipments.length === 0));
  const status = state === 'confirmed' ? 'completed' : isOut ? 'shipped' : undefined;
  const shippedAt = left.at === undefined ? {} : { shippedAt: chinaTime(Math.max(left.at, paidAt)) };
  return {
    content: status === undefined ? {} : { status, ...shippedAt },
    left,
    placedAt: chinaTime(Math.min(placed, paidAt)),
    paidAt,
    isRefunded: state === 'refunded',
    isInComplaint,
  };
}
