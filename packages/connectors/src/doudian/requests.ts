/** The questions we ask, and how far each may reach. Limits: field texts of order.searchList and afterSale.List (15/1342, 17/1295), read 2026-11-25. */
import { field, filled, isObject } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import type { Call, Page, Window } from '../adapter.ts';

export const MAX_PAGE_SIZE = 100;
/** No query reaches beyond this many rows: a window that holds more must be split. */
export const MAX_ROWS = 50_000;
/** Orders created before this are not in the list; they can still be asked for one by one. */
export const MAX_AGE_DAYS = 90;

/** Orders changed in the window, oldest change first, so that what changes during the walk moves to pages not yet read. */
export const ordersChanged = ({ from, to }: Window, page: Page): Call => ({
  method: 'order.searchList',
  params: { update_time_start: from, update_time_end: to, order_by: 'update_time', order_asc: true, ...within(page) },
});
/** Orders placed in the window: a back-fill. */
export const ordersPlaced = ({ from, to }: Window, page: Page): Call => ({
  method: 'order.searchList',
  params: { create_time_start: from, create_time_end: to, order_by: 'create_time', order_asc: true, ...within(page) },
});
export const orderDetail = (orderId: string): Call => ({ method: 'order.orderDetail', params: { shop_order_id: orderId } });

/** The order is asked for by name: without it the platform warns that a walk by change time loses rows. */
export const afterSalesChanged = ({ from, to }: Window, page: Page): Call => ({
  method: 'afterSale.List',
  params: { update_start_time: from, update_end_time: to, order_by: ['update_time asc'], ...within(page) },
});
/** After-sales of one order; `order_id` names the shop order. Without `applied` those of the last six months only: older ones must be asked for by when they were applied for. */
export const afterSalesOf = (orderId: string, page: Page, applied?: Window): Call => ({
  method: 'afterSale.List',
  params: {
    order_id: orderId,
    ...(applied && { start_time: applied.from, end_time: applied.to }),
    order_by: ['update_time asc'],
    ...within(page),
  },
});
/** Younger orders have no after-sales that the list leaves out; well below six months. */
export const WHOLE_LIST_SECONDS = 150 * 86_400;
export const afterSaleDetail = (afterSaleId: string): Call => ({ method: 'afterSale.Detail', params: { after_sale_id: afterSaleId } });

/** Source: order.addressConfirm (one source), read 2026-11-25 by way of our protocol notes. */
export const ADDRESS_ANSWERS = { agree: 0, picking: 1001, allocating: 1002, in_warehouse: 1003, leaving: 1004, shipped: 1005 } as const;
export const confirmAddress = (orderId: string, answer: keyof typeof ADDRESS_ANSWERS): Call => ({
  method: 'order.addressConfirm',
  params: { order_id: orderId, is_approved: ADDRESS_ANSWERS[answer] },
});

function within({ page, size }: Page): Page {
  if (!Number.isInteger(page) || page < 0 || !Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE || (page + 1) * size > MAX_ROWS)
    throw new RangeError(`page ${page} of ${size} rows lies beyond ${MAX_PAGE_SIZE} rows a page or ${MAX_ROWS} rows a query`);
  return { page, size };
}

export interface Rows {
  readonly rows: readonly Json[];
  /** Rows that match the query, as the platform counts them; it may change while one walks. */
  readonly total: number | null;
}
/** Rows of a list answer's data; null when it is no list. A list of no rows and no total is no success but a doubt, and the caller must see it. */
export function rowsOf(data: Json, name: 'shop_order_list' | 'items'): Rows | null {
  const rows = field(data, name);
  const total = filled(field(data, 'total'));
  if (!isObject(data) || (rows !== undefined && rows !== null && !Array.isArray(rows))) return null;
  return {
    rows: Array.isArray(rows) ? (rows as readonly Json[]) : [],
    total: total !== undefined && /^\d{1,15}$/.test(total) ? Number(total) : null,
  };
}
