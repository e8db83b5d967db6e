/** Payments, orders and messages as WeChat writes them: fen, RFC 3339 in payments, seconds in shipping. */
import { type AfterSale, hasLeft, isOpen, type Order, type Parcel, payableFen, promotionFen, refundedFen } from '../market/order.ts';

const OFFSET_MS = 8 * 3_600_000;
export const zoned = (seconds: number): string => `${new Date(seconds * 1_000 + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
const beijing = (seconds: number): string => zoned(seconds).slice(0, 19).replace('T', ' ');

/** WeChat knows no lines: the one line of an order is its payment. */
export const transactionOf = (order: Order): string => order.lines[0]?.id ?? '';
export const openidOf = (order: Order): string => `oSANDBOX${order.buyerId}`.slice(0, 28);
const hasRefund = (order: Order): boolean => order.afterSales.some((each) => isOpen(each) || each.state === 'paid_back');
const descriptionOf = (order: Order): string => order.lines.map((line) => `${line.name}*${line.quantity}`).join(';');

/** Coupons pay a part of what the order costs; what the market calls its promotion. Where they would pay more than half, there are none. */
function coupons(order: Order): { readonly takenFen: number; readonly details: readonly object[] } {
  const takenFen = promotionFen(order);
  if (takenFen === 0 || takenFen * 2 > payableFen(order)) return { takenFen: 0, details: [] };
  const { platformFen, shopFen, talentFen, isTold } = order.promotion;
  const borne = { wechatpay_contribute: platformFen, merchant_contribute: shopFen, other_contribute: talentFen };
  const coupon = {
    coupon_id: '109519',
    name: '立减券',
    scope: 'GLOBAL',
    type: 'NOCASH',
    amount: takenFen,
    stock_id: '931386',
    ...borne,
    currency: 'CNY',
  };
  return { takenFen, details: isTold ? [coupon] : [] };
}

export function payment(order: Order, mchid: string, appid: string): object {
  const { takenFen, details } = coupons(order);
  const total = payableFen(order);
  const state = hasRefund(order)
    ? { trade_state: 'REFUND', trade_state_desc: '转入退款' }
    : { trade_state: 'SUCCESS', trade_state_desc: '支付成功' };
  return {
    mchid,
    appid,
    out_trade_no: order.id,
    transaction_id: transactionOf(order),
    trade_type: 'JSAPI',
    ...state,
    bank_type: 'OTHERS',
    attach: '',
    success_time: zoned(order.paidAt),
    payer: { openid: openidOf(order) },
    amount: { total, payer_total: total - takenFen, currency: 'CNY', payer_currency: 'CNY' },
    ...(details.length === 0 ? {} : { promotion_detail: details }),
  };
}

/** A notification tells of the moment that it is about: the payment had just succeeded, whatever came after. */
export const paymentNews = (order: Order, mchid: string, appid: string): object => ({
  ...payment(order, mchid, appid),
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
});

export const refundNews = (order: Order, { id, amountFen, state, updatedAt }: AfterSale, mchid: string): object => ({
  mchid,
  out_trade_no: order.id,
  transaction_id: transactionOf(order),
  out_refund_no: `RF${id}`,
  refund_id: refundId(id),
  refund_status: state === 'paid_back' ? 'SUCCESS' : 'CLOSED',
  ...(state === 'paid_back' ? { success_time: zoned(updatedAt) } : {}),
  user_received_account: '支付用户零钱',
  amount: { total: payableFen(order), refund: amountFen, payer_total: payableFen(order), payer_refund: amountFen },
});
const refundId = (id: string): string => `50300${id}`;

const LISTED_STATES = {
  asked: 'PROCESSING',
  agreed: 'PROCESSING',
  paid_back: 'SUCCESS',
  refused: 'REFUNDCLOSE',
  withdrawn: 'REFUNDCLOSE',
} as const;
/** Fields of pay/refundquery, ten refunds from `offset` on. */
export function refundFields(order: Order, offset: number): Map<string, string> {
  const page = order.afterSales.slice(offset, offset + 10);
  const fields = new Map([
    ['transaction_id', transactionOf(order)],
    ['out_trade_no', order.id],
    ['total_fee', String(payableFen(order))],
    ['total_refund_count', String(order.afterSales.length)],
    ['refund_count', String(page.length)],
  ]);
  page.forEach((each, i) => {
    fields
      .set(`out_refund_no_${i}`, `RF${each.id}`)
      .set(`refund_id_${i}`, refundId(each.id))
      .set(`refund_fee_${i}`, String(each.amountFen));
    fields.set(`refund_status_${i}`, LISTED_STATES[each.state]);
    if (each.state === 'paid_back') fields.set(`refund_success_time_${i}`, beijing(each.updatedAt));
  });
  return fields;
}

/** Without a company the buyer fetched it (自提): nobody is told a number. */
const isByCourier = ({ company }: Parcel): boolean => company !== '';

/** How often all of it was told; more than one is a shipping anew. */
export type FinishCounts = ReadonlyMap<string, number>;

export function listed(order: Order, mchid: string, finishCounts: FinishCounts): object {
  const finished = order.parcels.length > 0 && order.lines.every(hasLeft);
  return {
    transaction_id: transactionOf(order),
    merchant_id: mchid,
    sub_merchant_id: '',
    merchant_trade_no: order.id,
    // Goods are named by whoever tells of their shipping.
    description: order.parcels.length === 0 ? '' : descriptionOf(order),
    paid_amount: payableFen(order),
    openid: openidOf(order),
    trade_create_time: order.createdAt,
    pay_time: order.paidAt,
    order_state: stateOf(order, finished),
    in_complaint: order.isInComplaint === true,
    shipping: {
      delivery_mode: order.parcels.length === 0 ? 0 : order.parcels.length === 1 && finished ? 1 : 2,
      logistics_type: order.parcels.length === 0 ? 0 : order.parcels.some(isByCourier) ? 1 : 4,
      finish_shipping: finished,
      finish_shipping_count: finished ? (finishCounts.get(order.id) ?? 1) : 0,
      goods_desc: '',
      shipping_list: order.parcels.map((parcel) => ({
        ...(isByCourier(parcel) ? { tracking_no: parcel.number, express_company: parcel.company } : {}),
        goods_desc: descriptionOf(order),
        upload_time: parcel.shippedAt,
        contact: { consignor_contact: '', receiver_contact: '' },
      })),
    },
  };
}

/** No source says what an order is called whose money went back after it was finished; here as any other whose money went back. */
function stateOf(order: Order, finished: boolean): number {
  if (refundedFen(order) >= payableFen(order)) return 5;
  if (order.state === 'finished') return 4;
  return finished ? 2 : 1;
}

const envelope = (order: Order, now: number, event: string) => ({
  ToUserName: 'gh_97417a04a28d',
  FromUserName: openidOf(order),
  CreateTime: now,
  MsgType: 'event',
  Event: event,
  transaction_id: transactionOf(order),
});
export const reminder = (order: Order, mchid: string, now: number): object => ({
  ...envelope(order, now, 'trade_manage_remind_shipping'),
  merchant_id: mchid,
  sub_merchant_id: '',
  merchant_trade_no: order.id,
  pay_time: order.paidAt,
  msg: '您有一笔订单超过48小时未发货',
});
export const settlement = (order: Order, mchid: string): object => ({
  ...envelope(order, order.finishedAt, 'trade_manage_order_settlement'),
  merchant_id: mchid,
  sub_merchant_id: '',
  merchant_trade_no: order.id,
  pay_time: order.paidAt,
  shipped_time: Math.max(...order.parcels.map((parcel) => parcel.shippedAt)),
  estimated_settlement_time: order.finishedAt,
  confirm_receive_method: 2,
  confirm_receive_time: order.finishedAt,
  settlement_time: order.finishedAt,
});
