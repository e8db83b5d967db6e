/** What a seller's program may do on the simulated platform: ship, correct a number, answer a wish for another address, write a note. */
import * as act from '../market/actions.ts';
import { type Order, type Parcel, piecesLeft } from '../market/order.ts';
import { type Params, textIn } from '../market/params.ts';
import { type Pack, type ShippingDesk as Desk, shipPacks, type WhyNot } from '../market/shipping.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

const WHY: Readonly<Record<WhyNot, Refusal>> = {
  unpaid: REFUSALS.unpaid,
  deposit_only: REFUSALS.unpaid,
  under_check: REFUSALS.underCheck,
  refunded: REFUSALS.refundedBefore,
  cancelled: REFUSALS.cancelled,
  finished: REFUSALS.finished,
  already_shipped: REFUSALS.alreadyShipped,
  no_such_line: REFUSALS.noSuchLine,
  refund_open: REFUSALS.refundOpen,
  number_used: REFUSALS.numberUsed,
};

export function shipWhole(desk: Desk, params: Params, now: number): object | Refusal {
  const order = desk.orders.get(textIn(params, 'order_id'));
  if (order === undefined) return REFUSALS.noSuchOrder;
  return leave(desk, order, [{ ...numbersIn(params), pieces: piecesLeft(order) }], params, now) ?? {};
}

/** All or nothing: one line that may not leave fails the whole call. The same request_id again gets the same answer. */
export function shipParcels(desk: Desk, params: Params, now: number): object | Refusal {
  const order = desk.orders.get(textIn(params, 'order_id'));
  const requestId = params['request_id'];
  if (typeof requestId !== 'string' || requestId === '') return REFUSALS.noRequestId;
  if (order === undefined) return REFUSALS.noSuchOrder;
  const before = order.shippedBy.get(requestId);
  if (before !== undefined) return packsAnswer(before);
  const packs = listOf(params['pack_list']).map((pack) => ({ ...numbersIn(pack), pieces: piecesIn(pack) }));
  const refused = leave(desk, order, packs, params, now);
  if (refused !== null) return refused;
  const ids = order.parcels.slice(-packs.length).map((parcel) => parcel.packId);
  order.shippedBy.set(requestId, ids);
  return packsAnswer(ids);
}

const packsAnswer = (ids: readonly string[]): object => ({ pack_list: ids.map((pack_id) => ({ pack_id })) });
const listOf = (value: unknown): Params[] =>
  Array.isArray(value) ? value.filter((each): each is Params => typeof each === 'object' && each !== null) : [];
const numbersIn = (params: Params) => ({ company: textIn(params, 'company_code'), number: textIn(params, 'logistics_code') });
const piecesIn = (pack: Params): Parcel['pieces'] =>
  listOf(pack['shipped_order_info']).map((each) => ({ lineId: textIn(each, 'shipped_order_id'), quantity: Number(each['shipped_num']) }));

function leave(desk: Desk, order: Order, packs: readonly Pack[], params: Params, now: number): Refusal | null {
  const why = shipPacks(desk, order, packs, now, params['is_reject_refund'] === true || params['is_refund_reject'] === true);
  return why === null ? null : WHY[why];
}

/** Of an order that left in one parcel, and was not told of in packs. */
export const correctNumber = (desk: Desk, params: Params, now: number): object | Refusal =>
  correct(desk, params, now, ({ parcels, shippedBy }) => (parcels.length === 1 && shippedBy.size === 0 ? parcels[0] : undefined));
export const correctParcelNumber = (desk: Desk, params: Params, now: number): object | Refusal =>
  correct(desk, params, now, ({ parcels }) => parcels.find((each) => each.packId === textIn(params, 'pack_id')));

function correct(desk: Desk, params: Params, now: number, find: (order: Order) => Parcel | undefined): object | Refusal {
  const order = desk.orders.get(textIn(params, 'order_id'));
  if (order === undefined) return REFUSALS.noSuchOrder;
  const parcel = find(order);
  if (parcel === undefined) return REFUSALS.noSuchParcel;
  desk.tell(order, act.correctNumber(order, parcel, numbersIn(params), now));
  return {};
}

/** 0 agrees; the other numbers say how far the order has come. */
export function answerAddressWish(desk: Desk, params: Params, now: number): object | Refusal {
  const order = desk.orders.get(textIn(params, 'order_id'));
  if (order === undefined) return REFUSALS.noSuchOrder;
  const wanted = order.wantedReceiver;
  if (wanted === null) return REFUSALS.noWish;
  if (Number(params['is_approved']) === 0) desk.tell(order, act.changeAddress(order, wanted, now));
  order.wantedReceiver = null;
  return {};
}

export function writeNote(desk: Desk, params: Params, now: number): object | Refusal {
  const order = desk.orders.get(textIn(params, 'order_id'));
  if (order === undefined) return REFUSALS.noSuchOrder;
  desk.tell(order, act.writeNote(order, textIn(params, 'remark'), now));
  return {};
}
