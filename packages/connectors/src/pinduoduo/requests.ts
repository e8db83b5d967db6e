/** The questions we ask, and how far each may reach. Source: field texts of the calls as our protocol notes and three community SDKs hold them, read 2026-11-25. */
import type { Call, Page, Window } from '../adapter.ts';
import { field, filled, isObject } from '../fields.ts';
import type { Json } from '../lossless-json.ts';

export const MAX_PAGE_SIZE = 100;
/** No source names a bound; our judgement: a window that holds more is split. */
export const MAX_ROWS = 10_000;
/** Only orders that were confirmed in the last three months are in the lists. */
export const MAX_AGE_DAYS = 90;
/** Lists by time of change: 30 minutes. */
export const MAX_WINDOW_SECONDS = 1_800;
/** The platform itself says that a window should end three minutes in the past. */
export const SETTLE_SECONDS = 180;

const ALL = { order_status: 5, refund_status: 5 } as const;
const ALL_CASES = { after_sales_status: 1, after_sales_type: 1 } as const;

/** Without `use_has_next` the answer counts the rows, and the count is what tells whether something moved while we walked. */
export const ordersChanged = ({ from, to }: Window, page: Page): Call => ({
  method: 'pdd.order.number.list.increment.get',
  params: { start_updated_at: from, end_updated_at: to, ...ALL, is_lucky_flag: 0, ...within(page) },
});
/** Orders confirmed in the window, of at most 24 hours: a back-fill. */
export const ordersPlaced = ({ from, to }: Window, page: Page): Call => ({
  method: 'pdd.order.list.get',
  params: { start_confirm_at: from, end_confirm_at: to, ...ALL, ...within(page) },
});
export const orderDetail = (orderSn: string): Call => ({ method: 'pdd.order.information.get', params: { order_sn: orderSn } });

export const afterSalesChanged = ({ from, to }: Window, page: Page): Call => ({
  method: 'pdd.refund.list.increment.get',
  params: { start_updated_at: from, end_updated_at: to, ...ALL_CASES, ...within(page) },
});
/** All after-sales of one order: beside an order number the times say nothing, and must be there all the same. */
export const afterSalesOf = (orderSn: string, page: Page): Call => ({
  method: 'pdd.refund.list.increment.get',
  params: { order_sn: orderSn, start_updated_at: ANY_TIME, end_updated_at: ANY_TIME + MAX_WINDOW_SECONDS, ...ALL_CASES, ...within(page) },
});
const ANY_TIME = 1_767_225_600;

/** Which of these orders are in an after-sale. */
export const refundCheck = (orderSns: readonly string[]): Call => ({
  method: 'pdd.refund.status.check',
  params: { order_sns: orderSns.join(',') },
});
/** The app's messages come for each shop that was permitted. Without topics: all that the app has subscribed to. */
export const permitMessages = (): Call => ({ method: 'pdd.pmc.user.permit', params: {} });

function within({ page, size }: Page): { readonly page: number; readonly page_size: number } {
  if (!Number.isInteger(page) || page < 0 || !Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE || (page + 1) * size > MAX_ROWS)
    throw new RangeError(`page ${page} of ${size} rows lies beyond ${MAX_PAGE_SIZE} rows a page or ${MAX_ROWS} rows a query`);
  return { page: page + 1, page_size: size };
}

/** Where each list call keeps its rows. */
export const ROWS: ReadonlyMap<string, string> = new Map([
  ['pdd.order.number.list.increment.get', 'order_sn_list'],
  ['pdd.order.list.get', 'order_list'],
  ['pdd.refund.list.increment.get', 'refund_list'],
]);
export interface Rows {
  readonly rows: readonly Json[];
  readonly total: number | null;
}
/** Rows of a list answer's data; null when it is no list. */
export function rowsOf(data: Json, name: string): Rows | null {
  const rows = field(data, name);
  if (!isObject(data) || (rows !== undefined && rows !== null && !Array.isArray(rows))) return null;
  const total = Number(filled(data['total_count']) ?? Number.NaN);
  return { rows: Array.isArray(rows) ? (rows as readonly Json[]) : [], total: Number.isSafeInteger(total) && total >= 0 ? total : null };
}
