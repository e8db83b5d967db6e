/**
 * The questions we ask, and how far each may reach. A method is "VERB /path"; `{name}` in a path is filled from the parameters, and what a GET has left over is
 * its query. Sources: guide of shipping information, v3 documentation, stable_token; read 2026-11-25 by way of our protocol notes.
 */
import type { Subject } from '@weir/contract/subject';
import type { Call, Page, Window } from '../adapter.ts';

export const MAX_PAGE_SIZE = 100;
/** No bound is told; a window that holds more is split. Our judgement. */
export const MAX_ROWS = 50_000;
/** No age is told either; half a year is beyond every sweep. Our judgement. */
export const MAX_AGE_DAYS = 180;

export const STABLE_TOKEN = 'POST /cgi-bin/stable_token';
export const UPLOAD_SHIPPING = 'POST /wxa/sec/order/upload_shipping_info';
export const CERTIFICATES = 'GET /v3/certificates';

/** The current token; AppID and AppSecret are the client's. Never forced: another system of the seller may hold the same one. */
export const stableToken = (): Call => ({ method: STABLE_TOKEN, params: { grant_type: 'client_credential', force_refresh: false } });

export const paymentOf = ({ shop, id }: Subject): Call => ({
  method: 'GET /v3/pay/transactions/out-trade-no/{out_trade_no}',
  params: { out_trade_no: id, mchid: shop },
});
/** `outRefundNo`: the shop's own number of the refund, which only its notification tells: nothing lists the refunds of an order. */
export const refundOf = (shop: string, outRefundNo: string): Call => ({
  method: 'GET /v3/refund/domestic/refunds/{out_refund_no}',
  params: { out_refund_no: outRefundNo, signer: shop },
});
/**
 * All refunds of an order, ten at a time: the only call that lists them, and of the API before v3. Source: documentation of pay/refundquery (general knowledge),
 * not read page by page.
 */
export const REFUND_LIST = 'POST /pay/refundquery';
export const MAX_REFUND_PAGES = 5;
export const REFUNDS_A_PAGE = 10;
export const refundsOf = ({ shop, id }: Subject, page: number): Call => ({
  method: REFUND_LIST,
  params: { mch_id: shop, out_trade_no: id, ...(page === 0 ? {} : { offset: String(page * REFUNDS_A_PAGE) }) },
});
/** Certificates that WeChat Pay signs with now and soon. */
export const certificatesOf = (shop: string): Call => ({ method: CERTIFICATES, params: { signer: shop } });

export const orderOf = ({ shop, id }: Subject): Call => ({
  method: 'POST /wxa/sec/order/get_order',
  params: { merchant_id: shop, merchant_trade_no: id },
});
/** Orders paid in the window, both ends included. There is no list by time of change. */
export function ordersPaid({ from, to }: Window, { size, after }: Page): Call {
  if (!(size >= 1 && size <= MAX_PAGE_SIZE)) throw new RangeError(`a page has 1 to ${MAX_PAGE_SIZE} rows, not ${size}`);
  const further = after === undefined ? {} : { last_index: after };
  return {
    method: 'POST /wxa/sec/order/get_order_list',
    params: { pay_time_range: { begin_time: from, end_time: to }, page_size: size, ...further },
  };
}
