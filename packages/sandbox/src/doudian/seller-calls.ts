/** What a seller's program may do on the simulated platform: ship, correct a number, answer a wish for another address, write a note. */
import { changeAddress, type News, note, ship } from './actions.ts';
import { mainStatusOf, openCase, type Order, type Parcel } from './order.ts';
import { type Params, textIn } from './params.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

export interface Desk {
  readonly orders: ReadonlyMap<string, Order>;
  nextId(): string;
  /** Sends the message of what has just happened to the order. */
  tell(order: Order, news: News): void;
}
interface Pack {
  readonly company: string;
  readonly number: string;
  readonly pieces: Parcel['pieces'];
}

export function shipWhole(desk: Desk, params: Params, now: number): object | Refusal {
  const order = desk.orders.get(textIn(params, 'order_id'));
  if (order === undefined) return REFUSALS.noSuchOrder;
  const rest = order.lines
    .filter((line) => line.shipped < line.quantity)
    .map((line) => ({ lineId: line.id, quantity: line.quantity - line.shipped }));
  return shipPacks(desk, order, [{ ...numbersIn(params), pieces: rest }], params, now) ?? {};
}

/** On the platform's own pages: nobody asks for a request id there. */
export function shipByHand(
  desk: Desk,
  order: Order,
  { carrier, trackingNumber, lines }: { readonly carrier: string; readonly trackingNumber: string; readonly lines?: Parcel['pieces'] },
  now: number,
): Refusal | null {
  const rest = order.lines
    .map((line) => ({ lineId: line.id, quantity: line.quantity - line.shipped }))
    .filter((piece) => piece.quantity > 0);
  return shipPacks(desk, order, [{ company: carrier, number: trackingNumber, pieces: lines ?? rest }], {}, now);
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
  const refused = shipPacks(desk, order, packs, params, now);
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

function shipPacks(desk: Desk, order: Order, packs: readonly Pack[], params: Params, now: number): Refusal | null {
  const refused = mayNotShip(desk, order, packs, params['is_reject_refund'] === true || params['is_refund_reject'] === true);
  if (refused !== null) return refused;
  for (const { company, number, pieces } of packs)
    desk.tell(order, ship(order, { packId: desk.nextId(), company, number, shippedAt: Math.max(now, order.updatedAt + 1), pieces }, now));
  return null;
}

function mayNotShip(desk: Desk, order: Order, packs: readonly Pack[], rejectsRefund: boolean): Refusal | null {
  if (order.state === 'unpaid') return REFUSALS.unpaid;
  if (order.state === 'under_check') return REFUSALS.underCheck;
  if (order.state === 'cancelled') return mainStatusOf(order) === 21 ? REFUSALS.refundedBefore : REFUSALS.cancelled;
  if (order.state === 'finished') return REFUSALS.finished;
  if (order.lines.every((line) => line.shipped >= line.quantity)) return REFUSALS.alreadyShipped;
  const wanted = new Map<string, number>();
  for (const { lineId, quantity } of packs.flatMap((pack) => pack.pieces)) wanted.set(lineId, (wanted.get(lineId) ?? 0) + quantity);
  if (wanted.size === 0) return REFUSALS.noSuchLine;
  for (const [lineId, quantity] of wanted) {
    const line = order.lines.find((each) => each.id === lineId);
    if (line === undefined || !Number.isInteger(quantity) || quantity < 1) return REFUSALS.noSuchLine;
    if (line.shipped + quantity > line.quantity) return line.shipped === line.quantity ? REFUSALS.alreadyShipped : REFUSALS.noSuchLine;
    if (openCase(order, lineId) !== undefined && !rejectsRefund) return REFUSALS.refundOpen;
  }
  return packs.some((pack) => isUsedElsewhere(desk, order, pack)) ? REFUSALS.numberUsed : null;
}

const isUsedElsewhere = (desk: Desk, order: Order, { company, number }: Pick<Pack, 'company' | 'number'>): boolean =>
  [...desk.orders.values()].some(
    (other) => other !== order && other.parcels.some((parcel) => parcel.company === company && parcel.number === number),
  );

/** Of an order that left in one parcel. */
export const correctNumber = (desk: Desk, params: Params): object | Refusal =>
  correct(desk, params, ({ parcels }) => (parcels.length === 1 ? parcels[0] : undefined));
export const correctParcelNumber = (desk: Desk, params: Params): object | Refusal =>
  correct(desk, params, ({ parcels }) => parcels.find((each) => each.packId === textIn(params, 'pack_id')));

function correct(desk: Desk, params: Params, find: (order: Order) => Parcel | undefined): object | Refusal {
  const order = desk.orders.get(textIn(params, 'order_id'));
  if (order === undefined) return REFUSALS.noSuchOrder;
  const parcel = find(order);
  if (parcel === undefined) return REFUSALS.noSuchParcel;
  Object.assign(parcel, numbersIn(params));
  order.updatedAt += 1;
  desk.tell(order, { tag: 104 });
  return {};
}

/** 0 agrees; the other numbers say how far the order has come. */
export function answerAddressWish(desk: Desk, params: Params, now: number): object | Refusal {
  const order = desk.orders.get(textIn(params, 'order_id'));
  if (order === undefined) return REFUSALS.noSuchOrder;
  const wanted = order.wantedReceiver;
  if (wanted === null) return REFUSALS.noWish;
  if (Number(params['is_approved']) === 0) desk.tell(order, changeAddress(order, wanted, now));
  order.wantedReceiver = null;
  return {};
}

export function writeNote(desk: Desk, params: Params, now: number): object | Refusal {
  const order = desk.orders.get(textIn(params, 'order_id'));
  if (order === undefined) return REFUSALS.noSuchOrder;
  desk.tell(order, note(order, textIn(params, 'remark'), now));
  return {};
}
