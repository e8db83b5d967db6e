/** Trades, refunds and messages as the platform writes them: yuan in text, Beijing text, ids as bare integers beyond 2^53, lists wrapped twice. */
import { createHash } from 'node:crypto';
import type { News, NewsKind } from '../market/actions.ts';
import {
  type AfterSale,
  goodsFen,
  hasLeft,
  type Line,
  type Order,
  payableFen,
  linePayFen,
  netFen,
  offFen,
  promotionFen,
  refundedFen,
  stageOf,
} from '../market/order.ts';
import { bare, beijing, caseStatus, companyName, disputeOf, statusOf, stepOf, typeOf, yuan } from './words.ts';

/** Stands for the whole receiver; another one after each change of the address. */
export const oaidOf = ({ id, addressVersion }: Pick<Order, 'id' | 'addressVersion'>): string =>
  `1${createHash('sha256').update(`oaid\0${id}\0${addressVersion}`).digest('base64url')}`;

function receiverFields(order: Order): object {
  const { name = '', phone = '', province, city, district } = order.receiver;
  return {
    oaid: oaidOf(order),
    receiver_name: `${name.slice(0, 1)}**`,
    receiver_mobile: `*******${phone.slice(-4)}`,
    receiver_phone: '',
    receiver_state: province,
    receiver_city: city,
    receiver_district: district,
    receiver_town: '',
    receiver_address: '**路**号**室',
    receiver_zip: '000000',
  };
}

/** A line's share of what was taken off the whole trade. */
const shareFen = (order: Order, line: Line): number => (line.isClosed ? 0 : netFen(line) - linePayFen(order, line));

/** Asked for after the trade was finished: the line does not show it. */
const isAfterSale = ({ finishedAt }: Order, { appliedAt }: AfterSale): boolean => finishedAt > 0 && appliedAt >= finishedAt;

/** A line that has left names one parcel, its newest, and never how many pieces are in it; one that left in part names none. */
function lineFields(order: Order, line: Line): object {
  const latest = order.afterSales.findLast((each) => each.lineId === line.id && !isAfterSale(order, each));
  const parcel = order.parcels.findLast(({ pieces }) => pieces.some(({ lineId }) => lineId === line.id));
  const sum = netFen(line);
  return {
    oid: bare(line.id),
    num_iid: 711000000001,
    sku_id: '5201000000001',
    outer_iid: line.code,
    outer_sku_id: line.code,
    title: line.name,
    price: yuan(line.priceFen),
    num: line.quantity,
    discount_fee: '0.00',
    adjust_fee: yuan(-(line.offFen ?? 0)),
    total_fee: yuan(sum),
    payment: yuan(sum),
    part_mjz_discount: yuan(shareFen(order, line)),
    divide_order_fee: yuan(sum - shareFen(order, line)),
    status: statusOf(order, line),
    refund_status: latest === undefined ? 'NO_REFUND' : caseStatus(latest),
    ...(latest === undefined ? {} : { refund_id: latest.id }),
    ...(parcel === undefined || !hasLeft(line)
      ? {}
      : { invoice_no: parcel.number, logistics_company: companyName(parcel.company), consign_time: beijing(parcel.shippedAt) }),
    is_oversold: false,
    buyer_rate: false,
    seller_rate: false,
  };
}

/** Told: by name, beside a gift without an amount. Untold: the sum alone. */
function promotionFields(order: Order): object {
  const { shopFen, platformFen, talentFen, isTold } = order.promotion;
  if (!isTold || promotionFen(order) === 0) return {};
  const named = [
    ['店铺优惠券', shopFen],
    ['跨店满减', platformFen],
    ['主播优惠', talentFen],
  ] as const;
  const details = named.map(([promotion_name, fen], i) => ({
    id: bare(order.id),
    promotion_name,
    discount_fee: yuan(fen),
    promotion_id: `shopbonus-660000${i}_7700002`,
  }));
  const free = { id: bare(order.id), promotion_name: '卖家包邮', discount_fee: '', promotion_id: 'freepost-6600004_7700004' };
  return { promotion_details: { promotion_detail: [...details, free] } };
}

function stepFields(order: Order): object {
  const step_trade_status = stepOf(order);
  if (step_trade_status === undefined) return {};
  const paid = order.depositAt > 0 ? order.depositFen : order.paidAt > 0 ? payableFen(order) : 0;
  return { step_trade_status, step_paid_fee: yuan(paid) };
}

/** In fen, and only after postage went back: what is refunded beyond all goods. */
function postageBack(order: Order): object {
  const fen = refundedFen(order) - (payableFen(order) - order.postFen);
  return fen > 0 ? { refund_post_fee: fen, real_post_fee: order.postFen - fen } : {};
}

/** Everything that a trade may show; who asks says which of it. */
export function tradeFields(order: Order, seller: { readonly nick: string; readonly flag: number }): Record<string, unknown> {
  const left = stageOf(order) === 'shipped' || order.state === 'finished';
  return {
    tid: bare(order.id),
    type: typeOf(order),
    status: statusOf(order),
    seller_nick: seller.nick,
    buyer_nick: 't**1',
    buyer_open_uid: order.buyerId,
    created: beijing(order.createdAt),
    modified: beijing(order.updatedAt),
    pay_time: beijing(order.paidAt),
    consign_time: left ? beijing(order.parcels.at(-1)?.shippedAt ?? 0) : undefined,
    end_time: beijing(order.finishedAt),
    payment: yuan(payableFen(order)),
    total_fee: yuan(goodsFen(order) + offFen(order)),
    discount_fee: yuan(promotionFen(order)),
    adjust_fee: yuan(-offFen(order)),
    post_fee: yuan(order.postFen),
    ...postageBack(order),
    received_payment: '0.00',
    num: order.lines.length === 1 ? order.lines[0]?.quantity : 0,
    seller_flag: seller.flag,
    seller_memo: order.sellerWords === '' ? undefined : order.sellerWords,
    buyer_message: order.buyerWords === '' ? undefined : order.buyerWords,
    shipping_type: 'express',
    is_part_consign: order.lines.some((line) => line.shipped > 0) && !order.lines.every(hasLeft),
    ...receiverFields(order),
    ...stepFields(order),
    ...promotionFields(order),
    orders: { order: order.lines.map((line) => lineFields(order, line)) },
  };
}

export const refundFields = (refund: AfterSale, order: Order): Record<string, unknown> => ({
  refund_id: refund.id,
  tid: bare(refund.orderId),
  oid: bare(refund.lineId),
  status: caseStatus(refund),
  created: beijing(refund.appliedAt),
  modified: beijing(refund.updatedAt),
  refund_fee: yuan(refund.amountFen),
  total_fee: yuan(refund.amountFen),
  payment: yuan(0),
  refund_phase: isAfterSale(order, refund) ? 'aftersale' : 'onsale',
  refund_version: refund.updatedAt * 1_000,
  dispute_type: disputeOf(refund),
  good_status: refund.hasLeft ? 'BUYER_RECEIVED' : 'BUYER_NOT_RECEIVED',
  has_good_return: refund.hasLeft,
  order_status: statusOf(order),
  cs_status: 1,
});

const TOPICS: Readonly<Record<NewsKind, string>> = {
  placed: 'taobao_trade_TradeCreate',
  deposit_paid: 'taobao_trade_TradeBuyerStepPay',
  paid: 'taobao_trade_TradeBuyerPay',
  paid_under_check: 'taobao_trade_TradeBuyerPay',
  released: 'taobao_trade_TradeChanged',
  cancelled: 'taobao_trade_TradeClose',
  address_changed: 'taobao_trade_TradeLogisticsAddressChanged',
  address_wished: 'taobao_trade_TradeChanged',
  shipped: 'taobao_trade_TradeSellerShip',
  partly_shipped: 'taobao_trade_TradePartlySellerShip',
  number_corrected: 'taobao_trade_TradeChanged',
  finished: 'taobao_trade_TradeSuccess',
  refund_asked: 'taobao_refund_RefundCreated',
  refund_agreed: 'taobao_refund_RefundSellerAgreeAgreement',
  refund_paid_back: 'taobao_refund_RefundSuccess',
  refund_withdrawn: 'taobao_refund_RefundClosed',
  refund_refused: 'taobao_refund_RefundClosed',
  note_written: 'taobao_trade_TradeMemoModified',
  price_changed: 'taobao_trade_TradeModifyFee',
};

/** A message of TMC, its content as JSON text inside the JSON; by queue it is this, by socket its parts are the frame's. */
export interface TmcMessage {
  readonly id: string;
  readonly topic: string;
  readonly content: string;
  readonly publishedAt: number;
}
export function messageOf(order: Order, id: string, nick: string, { what, afterSale }: News): TmcMessage {
  const line = afterSale?.lineId ?? order.lines[0]?.id ?? order.id;
  const head = { buyer_nick: 't**1', seller_nick: nick, tid: bare(order.id), oid: bare(line) };
  const content =
    afterSale === undefined
      ? { ...head, type: 'guarantee_trade', payment: yuan(payableFen(order)) }
      : {
          ...head,
          refund_id: bare(afterSale.id),
          refund_fee: yuan(afterSale.amountFen),
          refund_phase: isAfterSale(order, afterSale) ? 'aftersale' : 'onsale',
          bill_type: afterSale.hasLeft ? 'return_bill' : 'refund_bill',
          modified: beijing(afterSale.updatedAt),
        };
  return { id, topic: TOPICS[what], content: JSON.stringify(content), publishedAt: order.updatedAt };
}
export const queuedForm = ({ id, topic, content, publishedAt }: TmcMessage, shop: string, nick: string, appKey: string): string =>
  JSON.stringify({
    id: bare(id),
    topic,
    content,
    pub_time: beijing(publishedAt),
    pub_app_key: appKey,
    user_id: bare(shop),
    user_nick: nick,
  });
