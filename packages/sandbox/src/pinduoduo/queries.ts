/** Lists and details of the simulated platform, with its limits: pages from 1, at most 100 rows, 30 minutes by change, 24 hours by confirmation. */
import type { AfterSale, Order } from '../market/order.ts';
import { isOpen } from '../market/order.ts';
import { type Params, textIn } from '../market/params.ts';
import { confirmedAt, isListed } from './numbers.ts';
import { ciphersOf, detailedOrder, listedCase, listedOrder } from './payloads.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

export interface Books {
  readonly orders: ReadonlyMap<string, Order>;
  readonly afterSales: ReadonlyMap<string, AfterSale>;
}
const MAX_PAGE_SIZE = 100;
const MAX_CHANGED_SECONDS = 1_800;
const MAX_PLACED_SECONDS = 86_400;
const MAX_AGE_SECONDS = 90 * 86_400;
const MAX_CHECKED = 100;
const MAX_CIPHERS = 100;

interface Span {
  readonly from: number;
  readonly to: number;
}
function spanIn(params: Params, start: string, end: string, most: number): Span | null {
  const [from, to] = [Number(textIn(params, start)), Number(textIn(params, end))];
  return from > 0 && to >= from && to - from <= most ? { from, to } : null;
}
/** Both ends belong to it. */
const isIn = (at: number, { from, to }: Span): boolean => at >= from && at <= to;

/** The rows of a page, and either how many there are or whether more follow. */
function pageOf<T>(rows: readonly T[], params: Params): { readonly rows: readonly T[]; readonly count: object } | Refusal {
  const [page, size] = [Number(params['page'] ?? 1), Number(params['page_size'] ?? MAX_PAGE_SIZE)];
  if (!Number.isInteger(page) || page < 1 || !(size >= 1 && size <= MAX_PAGE_SIZE)) return REFUSALS.page;
  const hasNext = page * size < rows.length;
  const count = params['use_has_next'] === true ? { has_next: hasNext } : { total_count: rows.length };
  return { rows: rows.slice((page - 1) * size, page * size), count };
}

const listed = ({ orders }: Books, now: number): Order[] =>
  [...orders.values()].filter((order) => isListed(order) && confirmedAt(order) >= now - MAX_AGE_SECONDS);

export function ordersByChange(books: Books, params: Params, now: number): object | Refusal {
  const span = spanIn(params, 'start_updated_at', 'end_updated_at', MAX_CHANGED_SECONDS);
  if (span === null || params['order_status'] !== 5 || params['refund_status'] !== 5) return REFUSALS.window;
  const found = listed(books, now).filter((order) => isIn(order.updatedAt, span));
  const page = pageOf(
    found.toSorted((a, b) => a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1)),
    params,
  );
  return 'rows' in page ? { ...page.count, order_sn_list: page.rows.map(listedOrder) } : page;
}

export function ordersByConfirmation(books: Books, params: Params, now: number): object | Refusal {
  const span = spanIn(params, 'start_confirm_at', 'end_confirm_at', MAX_PLACED_SECONDS);
  if (span === null || params['order_status'] !== 5 || params['refund_status'] !== 5) return REFUSALS.window;
  const found = listed(books, now).filter((order) => isIn(confirmedAt(order), span));
  const page = pageOf(
    found.toSorted((a, b) => confirmedAt(a) - confirmedAt(b) || (a.id < b.id ? -1 : 1)),
    params,
  );
  return 'rows' in page ? { ...page.count, order_list: page.rows.map(listedOrder) } : page;
}

/** An order that nobody has paid for does not exist yet. */
export function findOrder({ orders }: Books, params: Params): Order | null {
  const order = orders.get(textIn(params, 'order_sn'));
  return order !== undefined && isListed(order) ? order : null;
}
export function orderDetail(books: Books, params: Params): object | Refusal {
  const order = findOrder(books, params);
  return order === null ? REFUSALS.noSuchOrder : { order_info: detailedOrder(order) };
}

/** Beside an order number the times mean nothing, but they must be there. */
export function casesByChange({ orders, afterSales }: Books, params: Params): object | Refusal {
  const span = spanIn(params, 'start_updated_at', 'end_updated_at', MAX_CHANGED_SECONDS);
  if (span === null || params['after_sales_type'] !== 1 || params['after_sales_status'] !== 1) return REFUSALS.window;
  const orderSn = textIn(params, 'order_sn');
  const found = [...afterSales.values()].filter((each) => (orderSn === '' ? isIn(each.updatedAt, span) : each.orderId === orderSn));
  const page = pageOf(
    found.toSorted((a, b) => a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1)),
    params,
  );
  if (!('rows' in page)) return page;
  const rows = page.rows.flatMap((each) => {
    const order = orders.get(each.orderId);
    return order === undefined ? [] : [listedCase(order, each)];
  });
  return { ...page.count, refund_list: rows };
}

/** Which of these orders are in an after-sale. */
export function checkRefunds({ orders }: Books, params: Params): object | Refusal {
  const wanted = textIn(params, 'order_sns').split(',');
  if (wanted.length > MAX_CHECKED) return REFUSALS.parameters;
  const found = wanted.filter((id) => orders.get(id)?.afterSales.some(isOpen));
  return { order_sns_exists_refund: found.map((order_sn) => ({ order_sn })) };
}

/** As inside the platform's own cloud, where alone the real one answers. */
export function decrypt({ orders }: Books, params: Params): object | Refusal {
  const wanted = listIn(textIn(params, 'data_list'));
  if (wanted === null || wanted.length > MAX_CIPHERS) return REFUSALS.parameters;
  const opened = wanted.map((each) => {
    const order = orders.get(textIn(each, 'data_tag'));
    const found = order && ciphersOf(order).find(({ cipher }) => cipher === each['encrypted_data']);
    const { data_tag, encrypted_data } = each;
    if (found === undefined) return { data_tag, encrypted_data, error_code: 1, error_msg: '密文与订单不符' };
    return { data_tag, encrypted_data, data_type: found.type, decrypted_data: found.clear, error_code: 0, error_msg: '' };
  });
  return { data_decrypt_list: opened };
}

export function listIn(text: string): Params[] | null {
  try {
    const value: unknown = JSON.parse(text);
    const isList = Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
    return isList ? (value as Params[]) : null;
  } catch {
    return null;
  }
}
