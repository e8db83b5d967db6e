/** The calls of the simulated platform, with its limits: pages from 1, at most 100 rows, 10,000 rows and one day a window, 90 days back. */
import * as act from '../market/actions.ts';
import type { Shelf } from '../market/market.ts';
import type { Order, Parcel } from '../market/order.ts';
import { type Params, textIn } from '../market/params.ts';
import { shipPacks } from '../market/shipping.ts';
import { written } from './payloads.ts';
import { REFUSALS, type Refusal, WHY_NOT } from './refusals.ts';

export interface Desk extends Shelf {
  readonly shop: string;
}
type Work = (desk: Desk, params: Params, now: number) => object | Refusal;

const MAX_PAGE_ROWS = 100;
const MAX_WINDOW_ROWS = 10_000;
const MAX_WINDOW_SECONDS = 86_400;
const MAX_AGE_SECONDS = 90 * 86_400;

/** Both ends belong to the window. Oldest first. */
const listBy =
  (time: 'createdAt' | 'updatedAt'): Work =>
  (desk, params, now) => {
    const [from, to, page, size] = ['from', 'to', 'page', 'size'].map((name) => params[name]);
    if (![from, to, page, size].every(Number.isInteger)) return REFUSALS.params;
    const [start, end, number, rows] = [from, to, page, size] as [number, number, number, number];
    if (number < 1 || rows < 1 || rows > MAX_PAGE_ROWS || number * rows > MAX_WINDOW_ROWS || end - start > MAX_WINDOW_SECONDS)
      return REFUSALS.limits;
    if (number > 1) desk.drift();
    const found = [...desk.orders.values()]
      .filter((order) => order.createdAt >= now - MAX_AGE_SECONDS && order[time] >= start && order[time] <= end)
      .toSorted((a, b) => a[time] - b[time] || (a.id < b.id ? -1 : 1));
    return { total: found.length, orders: found.slice((number - 1) * rows, number * rows).map((order) => written(order, desk.shop)) };
  };

const withOrder =
  (work: (order: Order, desk: Desk, params: Params, now: number) => object | Refusal): Work =>
  (desk, params, now) => {
    const order = desk.orders.get(textIn(params, 'order'));
    return order === undefined ? REFUSALS.order : work(order, desk, params, now);
  };

const listOf = (value: unknown): readonly Params[] =>
  Array.isArray(value) ? value.filter((each): each is Params => typeof each === 'object' && each !== null) : [];
const piecesIn = (parcel: Params): Parcel['pieces'] =>
  listOf(parcel['goods']).map((each) => ({ lineId: textIn(each, 'line'), quantity: Number(each['count']) }));
const answered = (ids: readonly string[]): object => ({ parcels: ids.map((id) => ({ id })) });

export const CALLS: Readonly<Record<string, Work>> = {
  'orders.changed': listBy('updatedAt'),
  'orders.placed': listBy('createdAt'),
  'order.get': withOrder((order, { shop }) => ({ order: written(order, shop) })),
  /** All or nothing; the same request again has the same answer. */
  'order.ship': withOrder((order, desk, params, now) => {
    const request = textIn(params, 'request');
    if (request === '') return REFUSALS.params;
    const before = order.shippedBy.get(request);
    if (before !== undefined) return answered(before);
    const packs = listOf(params['parcels']).map((each) => ({
      company: textIn(each, 'carrier'),
      number: textIn(each, 'number'),
      pieces: piecesIn(each),
    }));
    const why = shipPacks(desk, order, packs, now);
    if (why !== null) return WHY_NOT[why];
    const ids = order.parcels.slice(-packs.length).map(({ packId }) => packId);
    order.shippedBy.set(request, ids);
    return answered(ids);
  }),
  'order.correct': withOrder((order, desk, params, now) => {
    const parcel = order.parcels.find(({ packId }) => packId === textIn(params, 'parcel'));
    if (parcel === undefined) return REFUSALS.parcel;
    desk.tell(order, act.correctNumber(order, parcel, { company: textIn(params, 'carrier'), number: textIn(params, 'number') }, now));
    return {};
  }),
  'order.note': withOrder((order, desk, params, now) => {
    desk.tell(order, act.writeNote(order, textIn(params, 'note'), now));
    return {};
  }),
};
