/** The questions we ask, how far each may reach, and the lists in the answers. Limits: field texts of the calls, read 2026-11-25 by way of our protocol notes. */
import type { Call, Page, Window } from '../adapter.ts';
import { beijingText } from '../china-time.ts';
import { field, filled, isObject } from '../fields.ts';
import type { Json } from '../lossless-json.ts';

/** Up to 100 are taken, 40 to 50 are advised. */
export const MAX_PAGE_SIZE = 50;
/** No source names a bound; ours, so that a walk ends. */
export const MAX_ROWS = 10_000;
/** "The last three months." */
export const MAX_AGE_DAYS = 90;
export const MAX_WINDOW_SECONDS = 86_400;
/** Advised, for lists by time of change. */
export const BUSY_WINDOW_SECONDS = 1_800;
/** Refunds of one order that are asked for one by one. */
export const MAX_REFUNDS = 50;
/** Pages of one buyer's refunds that are looked through for those of an order. */
export const MAX_BUYER_PAGES = 4;

/** What a row of a list tells; the rest comes with the detail. */
const ROW_FIELDS =
  'tid,status,type,created,modified,payment,pay_time,consign_time,end_time,step_trade_status,step_paid_fee,received_payment';
const TRADE_FIELDS = [
  'tid,status,type,created,pay_time,consign_time,end_time,modified,payment,total_fee,discount_fee,adjust_fee,post_fee,received_payment',
  'real_post_fee,refund_post_fee,seller_flag,seller_memo,buyer_message,buyer_open_uid,oaid,step_trade_status,step_paid_fee,is_part_consign',
  'num,shipping_type,cod_status,receiver_name,receiver_state,receiver_city,receiver_district,receiver_town,receiver_address,receiver_zip',
  'receiver_mobile,receiver_phone,promotion_details,orders',
].join(',');
const REFUND_FIELDS =
  'refund_id,tid,oid,status,created,modified,refund_fee,payment,total_fee,refund_phase,refund_version,dispute_type,good_status,has_good_return,order_status,cs_status';

/**
 * Every type of trade that can be asked for. Unasked, a list leaves out all but guarantee_trade, auto_delivery, ec, cod and step; guarantee_trade stands for fixed and auction
 * and is in no answer. Source: `type` of trades.sold.get at developer.alibaba.com ("for all types, all of these must be sent"), official SDKs agree; read 2026-11-26.
 */
export const TRADE_TYPES = [
  'fixed,auction,guarantee_trade,step,independent_simple_trade,independent_shop_trade,auto_delivery,ec,cod,game_equipment,shopex_trade',
  'netcn_trade,external_trade,instant_trade,b2c_cod,hotel_trade,super_market_trade,super_market_cod_trade,taohua,waimai,o2o_offlinetrade',
  'nopaid,eticket,tmall_i18n,insurance_plus,finance,pre_auth_type',
].join(',');

/** Trades changed in the window. Without use_has_next, which would hide how many there are. */
export const tradesChanged = ({ from, to }: Window, page: Page): Call => ({
  method: 'taobao.trades.sold.increment.get',
  params: { fields: ROW_FIELDS, type: TRADE_TYPES, start_modified: beijingText(from), end_modified: beijingText(to), ...within(page) },
});
/** Trades placed in the window: a back-fill. */
export const tradesPlaced = ({ from, to }: Window, page: Page): Call => ({
  method: 'taobao.trades.sold.get',
  params: { fields: ROW_FIELDS, type: TRADE_TYPES, start_created: beijingText(from), end_created: beijingText(to), ...within(page) },
});
export const refundsChanged = ({ from, to }: Window, page: Page): Call => ({
  method: 'taobao.refunds.receive.get',
  params: { fields: REFUND_FIELDS, start_modified: beijingText(from), end_modified: beijingText(to), ...within(page) },
});
/** All refunds of one buyer in three months: no call gives those of one trade. Source: a seller's program, read 2026-11-25. */
export const refundsOfBuyer = (buyerOpenUid: string, page: number): Call => ({
  method: 'taobao.refunds.receive.get',
  params: { fields: REFUND_FIELDS, buyer_open_uid: buyerOpenUid, ...within({ page, size: MAX_PAGE_SIZE }) },
});
export const tradeDetail = (tid: string): Call => ({ method: 'taobao.trade.fullinfo.get', params: { fields: TRADE_FIELDS, tid } });
export const refundDetail = (refundId: string): Call => ({
  method: 'taobao.refund.get',
  params: { fields: REFUND_FIELDS, refund_id: refundId },
});

/** Their first page is 1. */
function within({ page, size }: Page): { readonly page_no: number; readonly page_size: number } {
  if (!Number.isInteger(page) || page < 0 || !Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE || (page + 1) * size > MAX_ROWS)
    throw new RangeError(`page ${page} of ${size} rows lies beyond ${MAX_PAGE_SIZE} rows a page or ${MAX_ROWS} rows a query`);
  return { page_no: page + 1, page_size: size };
}

/** Where a list lies: wrapped twice, and an empty one may have lost one wrapping or both. */
export interface Wrapped {
  readonly outer: string;
  readonly inner: string;
}
export const TRADES: Wrapped = { outer: 'trades', inner: 'trade' };
export const REFUNDS: Wrapped = { outer: 'refunds', inner: 'refund' };

/** The items; null when something else stands where they belong. */
export function listIn(value: Json, { outer, inner }: Wrapped): readonly Json[] | null {
  const wrapping = field(value, outer) ?? {};
  if (!isObject(value) || !isObject(wrapping)) return null;
  const items = wrapping[inner] ?? [];
  return Array.isArray(items) ? (items as readonly Json[]) : null;
}

/** Rows that match, as the platform counts them; null when it told none. */
export function totalIn(data: Json): number | null {
  const total = filled(field(data, 'total_results'));
  return total !== undefined && /^\d{1,15}$/.test(total) ? Number(total) : null;
}
