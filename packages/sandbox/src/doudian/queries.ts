/** Lists and details of the simulated platform, with its limits: pages from 0, at most 100 rows, at most 50,000 rows a query, 90 days back. */
import type { AfterSale, Order } from '../market/order.ts';
import { afterSaleDetailed, afterSaleListed, detailed, listed } from './payloads.ts';
import { type Params, textIn } from '../market/params.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

export interface Shelf {
  readonly shop: string;
  readonly orders: ReadonlyMap<string, Order>;
  readonly afterSales: ReadonlyMap<string, AfterSale>;
}

const MAX_PAGE_SIZE = 100;
const MAX_ROWS = 50_000;
const MAX_AGE_SECONDS = 90 * 86_400;
/** Of after-sales, where no time is asked for: six months, as short as they can be. */
const DEFAULT_AGE_SECONDS = 181 * 86_400;

/** Rows of the page that is asked for, of all rows in their order. */
function pageOf<T>(
  rows: readonly T[],
  params: Params,
): { readonly rows: readonly T[]; readonly page: number; readonly size: number } | Refusal {
  const [page, size] = [Number(params['page']), Number(params['size'])];
  if (!(size >= 1 && size <= MAX_PAGE_SIZE)) return REFUSALS.pageSize;
  if (!(page >= 0) || (page + 1) * size > MAX_ROWS) return REFUSALS.tooManyRows;
  return { rows: rows.slice(page * size, (page + 1) * size), page, size };
}

export function searchOrders(shelf: Shelf, params: Params, now: number): object | Refusal {
  const [created, updated] = [numberOf(params['create_time_start']), numberOf(params['update_time_start'])];
  if (created === null && updated === null) return REFUSALS.noStart;
  if (created !== null && created < now - MAX_AGE_SECONDS) return REFUSALS.tooOld;
  const [createdEnd, updatedEnd] = [numberOf(params['create_time_end']), numberOf(params['update_time_end'])];
  const field = params['order_by'] === 'update_time' ? 'updatedAt' : 'createdAt';
  const direction = params['order_asc'] === true ? 1 : -1;
  const found = [...shelf.orders.values()]
    .filter((order) => order.createdAt >= now - MAX_AGE_SECONDS)
    .filter((order) => isWithin(order.createdAt, created, createdEnd) && isWithin(order.updatedAt, updated, updatedEnd))
    .toSorted((a, b) => direction * (a[field] - b[field]) || (a.id < b.id ? -1 : 1));
  const page = pageOf(found, params);
  if ('code' in page) return page;
  return { page: page.page, size: page.size, total: found.length, shop_order_list: page.rows.map((order) => listed(order, shelf.shop)) };
}

export function orderDetail(shelf: Shelf, params: Params): object | Refusal {
  const order = shelf.orders.get(textIn(params, 'shop_order_id'));
  return order === undefined ? REFUSALS.noSuchOrder : detailed(order, shelf.shop);
}

export function searchAfterSales(shelf: Shelf, params: Params, now: number): object | Refusal {
  const [from, to] = [numberOf(params['update_start_time']), numberOf(params['update_end_time'])];
  const isByUpdate = JSON.stringify(params['order_by'] ?? []).includes('update_time');
  if (from !== null && !isByUpdate) return REFUSALS.caseOrder;
  const asksForTime = ['update_start_time', 'start_time'].some((name) => params[name] !== undefined);
  const applied = numberOf(params['start_time']) ?? (asksForTime ? null : now - DEFAULT_AGE_SECONDS);
  const appliedEnd = numberOf(params['end_time']);
  const orderId = textIn(params, 'order_id');
  const found = [...shelf.afterSales.values()]
    .filter((each) => orderId === '' || each.orderId === orderId)
    .filter((each) => isWithin(each.updatedAt, from, to) && isWithin(each.appliedAt, applied, appliedEnd))
    .toSorted((a, b) => a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1));
  const page = pageOf(found, params);
  if ('code' in page) return page;
  const hasMore = (page.page + 1) * page.size < found.length;
  return { page: page.page, size: page.size, total: found.length, has_more: hasMore, items: page.rows.map(afterSaleListed) };
}

export function afterSaleDetail(shelf: Shelf, params: Params): object | Refusal {
  const afterSale = shelf.afterSales.get(textIn(params, 'after_sale_id'));
  return afterSale === undefined ? REFUSALS.noSuchCase : afterSaleDetailed(afterSale);
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
/** Both ends belong to the window. */
const isWithin = (at: number, from: number | null, to: number | null): boolean =>
  (from === null || at >= from) && (to === null || at <= to);
