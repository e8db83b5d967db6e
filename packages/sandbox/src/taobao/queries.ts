/** Lists and details of the simulated platform, with its limits: pages from 1, at most 100 rows, a day by change time, three months back, and no field that was not asked for. */
import type { AfterSale, Order } from '../market/order.ts';
import { type Params, textIn } from '../market/params.ts';
import { beijingSeconds } from './check-call.ts';
import { oaidOf, refundFields, tradeFields } from './payloads.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import { bare, beijing, COMPANIES, companyName, typeOf } from './words.ts';

export interface House {
  readonly shop: string;
  readonly nick: string;
  readonly orders: ReadonlyMap<string, Order>;
  readonly afterSales: ReadonlyMap<string, AfterSale>;
  /** Colours of the seller's flags, by order. */
  readonly flags: Map<string, number>;
  drift(): void;
}

const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 40;
const MAX_SPAN_SECONDS = 86_400;
const MAX_AGE_SECONDS = 90 * 86_400;

const isRefusal = (found: object): found is Refusal => 'msg' in found;
const withDigits = (params: Params, name: string, otherwise: number): number | null => {
  const text = textIn(params, name);
  return text === '' ? otherwise : /^\d{1,9}$/.test(text) ? Number(text) : null;
};

/** What was asked for by name, and nothing else. */
function picked(all: Record<string, unknown>, params: Params): object | Refusal {
  const names = textIn(params, 'fields')
    .split(',')
    .filter((name) => name !== '');
  if (names.length === 0) return REFUSALS.missing('fields');
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

interface Window {
  readonly from: number;
  readonly to: number;
}
/** Null: not asked for. */
function windowOf(params: Params, names: readonly [string, string], now: number): Window | Refusal | null {
  const [start, end] = names.map((name) => textIn(params, name));
  if (start === '' && end === '') return null;
  const [from, to] = [beijingSeconds(start ?? ''), end === '' ? now : beijingSeconds(end ?? '')];
  if (from === null) return REFUSALS.invalid(names[0]);
  if (to === null || to < from) return REFUSALS.invalid(names[1]);
  return { from, to };
}

/** Rows of the page that is asked for, wrapped twice; a page behind the end has lost its inner list. */
function pageOf<T>(
  rows: readonly T[],
  params: Params,
  [outer, inner]: readonly [string, string],
  shown: (row: T) => object | Refusal,
): object | Refusal {
  const [page, size] = [withDigits(params, 'page_no', 1), withDigits(params, 'page_size', DEFAULT_PAGE_SIZE)];
  if (page === null || page < 1) return REFUSALS.invalid('page_no');
  if (size === null || size < 1 || size > MAX_PAGE_SIZE) return REFUSALS.invalid('page_size');
  const items = rows.slice((page - 1) * size, page * size).map(shown);
  const refused = items.find(isRefusal);
  if (refused !== undefined) return refused;
  const list = items.length === 0 ? {} : { [outer]: { [inner]: items } };
  const isCheap = textIn(params, 'use_has_next') === 'true';
  return isCheap ? { has_next: page * size < rows.length, ...list } : { total_results: rows.length, ...list };
}

/** Which types a list holds: those that are named, else the platform's own few. guarantee_trade is a word of questions. */
const DEFAULT_TYPES = 'guarantee_trade,auto_delivery,ec,cod,step';
const typesAsked = (params: Params): ReadonlySet<string> =>
  new Set(
    (textIn(params, 'type') || DEFAULT_TYPES).split(',').flatMap((type) => (type === 'guarantee_trade' ? ['fixed', 'auction'] : [type])),
  );

/** Oldest change first; what changes while somebody walks moves to the end. */
function tradesBy(
  house: House,
  params: Params,
  now: number,
  by: 'createdAt' | 'updatedAt',
  names: readonly [string, string],
): object | Refusal {
  const window = windowOf(params, names, now);
  if (window !== null && isRefusal(window)) return window;
  if (by === 'updatedAt' && (window === null || textIn(params, names[1]) === '')) return REFUSALS.missing(names[0]);
  if (by === 'updatedAt' && window !== null && window.to - window.from > MAX_SPAN_SECONDS) return REFUSALS.invalid(names[1]);
  house.drift();
  const types = typesAsked(params);
  const found = [...house.orders.values()]
    .filter((order) => types.has(typeOf(order)))
    .filter((order) => order.createdAt >= now - MAX_AGE_SECONDS)
    .filter((order) => window === null || (order[by] >= window.from && order[by] <= window.to))
    .toSorted((a, b) => a[by] - b[by] || (a.id < b.id ? -1 : 1));
  return pageOf(found, params, ['trades', 'trade'], (order) => picked(allOf(house, order), params));
}
const allOf = (house: House, order: Order): Record<string, unknown> =>
  tradeFields(order, { nick: house.nick, flag: house.flags.get(order.id) ?? 0 });

export const tradesChanged = (house: House, params: Params, now: number): object | Refusal =>
  tradesBy(house, params, now, 'updatedAt', ['start_modified', 'end_modified']);
export const tradesPlaced = (house: House, params: Params, now: number): object | Refusal =>
  tradesBy(house, params, now, 'createdAt', ['start_created', 'end_created']);

export function tradeDetail(house: House, params: Params): object | Refusal {
  const order = house.orders.get(textIn(params, 'tid'));
  const trade = order === undefined ? REFUSALS.noTrade : picked(allOf(house, order), params);
  return isRefusal(trade) ? trade : { trade };
}

export function refundsReceived(house: House, params: Params, now: number): object | Refusal {
  const window = windowOf(params, ['start_modified', 'end_modified'], now);
  if (window !== null && isRefusal(window)) return window;
  const buyer = textIn(params, 'buyer_open_uid');
  const found = [...house.afterSales.values()]
    .filter((each) => window === null || (each.updatedAt >= window.from && each.updatedAt <= window.to))
    .filter((each) => buyer === '' || house.orders.get(each.orderId)?.buyerId === buyer)
    .toSorted((a, b) => a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1));
  return pageOf(found, params, ['refunds', 'refund'], (each) => refundShown(house, each, params));
}
const refundShown = (house: House, refund: AfterSale, params: Params): object | Refusal => {
  const order = house.orders.get(refund.orderId);
  return order === undefined ? REFUSALS.noRefund : picked(refundFields(refund, order), params);
};

export function refundDetail(house: House, params: Params): object | Refusal {
  const found = house.afterSales.get(textIn(params, 'refund_id'));
  const refund = found === undefined ? REFUSALS.noRefund : refundShown(house, found, params);
  return isRefusal(refund) ? refund : { refund };
}

/** Its lines do not all lie in one parcel. */
export const isSplit = ({ lines, parcels }: Order): boolean =>
  parcels.length > 1 || lines.some(({ id }) => !parcels[0]?.pieces.some(({ lineId }) => lineId === id));

export function parcelsOf(house: House, params: Params): object | Refusal {
  const order = house.orders.get(textIn(params, 'tid'));
  if (order === undefined) return REFUSALS.noTrade;
  const shippings = order.parcels.map((parcel) =>
    picked(
      {
        tid: bare(order.id),
        out_sid: parcel.number,
        company_name: companyName(parcel.company),
        sub_tids: { number: parcel.pieces.map(({ lineId }) => bare(lineId)) },
        is_spilt: isSplit(order) ? 1 : 0,
        status: 'CONFIRMED',
        created: beijing(parcel.shippedAt),
      },
      params,
    ),
  );
  return (
    shippings.find(isRefusal) ?? {
      total_results: shippings.length,
      ...(shippings.length === 0 ? {} : { shippings: { shipping: shippings } }),
    }
  );
}

export function companies(_house: House, params: Params): object | Refusal {
  const rows = [...COMPANIES].map(([code, name], i) => picked({ id: 500 + i, code, name, reg_mail_no: '' }, params));
  return rows.find(isRefusal) ?? { logistics_companies: { logistics_company: rows } };
}

/** The receiver in clear, for one order and the token that it has now. */
export function openReceivers(house: House, params: Params): object | Refusal {
  const asked = listIn(textIn(params, 'query_list'));
  if (asked === null || asked.length === 0 || asked.length > 20) return REFUSALS.invalid('query_list');
  const receiver = asked.flatMap((each) => {
    const order = house.orders.get(textIn(each, 'tid'));
    if (order === undefined) return [];
    const [matched, { name, phone, province, city, district, detail }] = [oaidOf(order) === textIn(each, 'oaid'), order.receiver];
    const clear = { name, mobile: phone, state: province, city, district, town: '', address_detail: detail };
    return [{ tid: order.id, oaid: textIn(each, 'oaid'), matched, ...(matched ? clear : {}) }];
  });
  return { receiver_list: { receiver } };
}

export function listIn(text: string): readonly Params[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null) ? (value as Params[]) : null;
  } catch {
    return null;
  }
}
