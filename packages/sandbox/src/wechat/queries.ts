/** get_order, get_order_list and the questions to the payment API. */
import type { Order } from '../market/order.ts';
import { type Params, textIn } from '../market/params.ts';
import { listed, payment, refundFields, transactionOf } from './payloads.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import type { UploadDesk } from './upload.ts';

export interface House extends UploadDesk {
  readonly appId: string;
  drift(): void;
}
const MAX_PAGE_SIZE = 100;
const MARK = 'AL';

export function getOrder(house: House, params: Params): object | Refusal {
  const transaction = textIn(params, 'transaction_id');
  const isOurs = textIn(params, 'merchant_id') === house.shop;
  const order = isOurs
    ? house.orders.get(textIn(params, 'merchant_trade_no'))
    : [...house.orders.values()].find((each) => transaction !== '' && transactionOf(each) === transaction);
  return order === undefined || order.paidAt === 0 ? REFUSALS.noPayment : { order: listed(order, house.shop, house.finishCounts) };
}

/** By time of payment; the mark is the place in that order, which no later payment moves. */
export function getOrderList(house: House, params: Params): object | Refusal {
  const range = (params['pay_time_range'] ?? {}) as Params;
  const [from, to] = [Number(range['begin_time'] ?? 0), Number(range['end_time'] ?? 2 ** 32)];
  const size = Number(params['page_size'] ?? MAX_PAGE_SIZE);
  if (!(size >= 1 && size <= MAX_PAGE_SIZE) || Number.isNaN(from) || Number.isNaN(to)) return REFUSALS.parameter;
  const mark = textIn(params, 'last_index');
  if (mark !== '' && !new RegExp(`^${MARK}\\d{10}:\\S+$`).test(mark)) return REFUSALS.lastIndex;
  if (mark !== '') house.drift();
  const all = [...house.orders.values()]
    .filter((order) => order.paidAt > 0 && order.paidAt >= from && order.paidAt <= to && markOf(order) > mark)
    .toSorted((a, b) => (markOf(a) < markOf(b) ? -1 : 1));
  const page = all.slice(0, size);
  const last = page.at(-1);
  return {
    last_index: last === undefined ? '' : markOf(last),
    has_more: all.length > size,
    order_list: page.map((order) => listed(order, house.shop, house.finishCounts)),
  };
}
const markOf = (order: Order): string => `${MARK}${order.paidAt}:${order.id}`;

const BY_OUT_TRADE_NO = /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/;
export function askPayment(house: House, url: URL): object | Refusal {
  const id = BY_OUT_TRADE_NO.exec(url.pathname)?.[1];
  if (id === undefined) return REFUSALS.noResource;
  if (url.searchParams.get('mchid') !== house.shop) return REFUSALS.merchant;
  const order = house.orders.get(decodeURIComponent(id));
  return order === undefined || order.paidAt === 0 ? REFUSALS.noOrder : payment(order, house.shop, house.appId);
}

/** The fields that are asked for; null: there are none. */
export function askRefunds(house: House, fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> | null {
  const order = house.orders.get(fields.get('out_trade_no') ?? '');
  const offset = Number(fields.get('offset') ?? 0);
  return order === undefined || order.afterSales.length <= offset ? null : refundFields(order, offset);
}
