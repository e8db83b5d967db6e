/** Orders, after-sales and messages as the platform writes them: fen, seconds, ids as text in answers and as bare integers of 64 bits in messages. */
import { createHash } from 'node:crypto';
import type { Receiver } from '../people.ts';
import type { News, NewsKind } from '../market/actions.ts';
import {
  type AfterSale,
  goodsFen,
  grossFen,
  type Line,
  linePayFen,
  offFen,
  type Order,
  payableFen,
  promotionFen,
} from '../market/order.ts';
import { caseStatus, caseType, mainStatusOf, statusOf } from './numbers.ts';

/** An integer that JSON.stringify writes digit by digit; TypeScript does not know `JSON.rawJSON` yet. */
const bare = (digits: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits);

/** Stands in for the platform's ciphertexts: nobody can read it, equal texts of one order give equal ones. */
const cipher = (mark: '$' | '#', orderId: string, version: number, text: string): string => {
  const digest = createHash('sha256').update(`${orderId}\0${version}\0${text}`).digest('base64');
  return `${mark}${digest.slice(0, 20)}${mark}${digest}${mark}1${mark}${mark}`;
};
const maskName = (name: string): string => `${name.slice(0, 1)}*`;
const maskPhone = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`;

function place({ province, city, district }: Receiver) {
  const named = (name = '') => ({ name, id: '0' });
  return { province: named(province), city: named(city), town: named(district), street: named() };
}

function receiverFields({ id, receiver, addressVersion }: Order) {
  const { name = '', phone = '', detail = '' } = receiver;
  return {
    post_tel: '',
    post_receiver: '',
    encrypt_post_tel: cipher('$', id, addressVersion, phone),
    encrypt_post_receiver: cipher('#', id, addressVersion, name),
    post_addr: { ...place(receiver), detail: '', encrypt_detail: cipher('#', id, addressVersion, detail) },
    mask_post_tel: maskPhone(phone),
    mask_post_receiver: maskName(name),
    mask_post_addr: { ...place(receiver), detail: '***' },
  };
}

function promotionFields(order: Order) {
  const { shopFen, platformFen, talentFen, isTold } = order.promotion;
  const total = { promotion_amount: promotionFen(order) };
  if (!isTold) return total;
  return {
    ...total,
    promotion_shop_amount: shopFen,
    promotion_platform_amount: platformFen,
    promotion_talent_amount: talentFen,
    shop_cost_amount: shopFen,
    platform_cost_amount: platformFen + talentFen,
    only_platform_cost_amount: platformFen,
    author_cost_amount: talentFen,
  };
}

function promotionDetail({ promotion }: Order) {
  const group = (name: string, fen: number, cost: string) => ({
    total_amount: fen,
    coupon_info:
      fen === 0
        ? []
        : [{ coupon_id: bare('7200000000000000002'), coupon_name: name, coupon_amount: fen, share_discount_cost: { [cost]: fen } }],
    full_discount_info: [],
  });
  return {
    shop_discount_detail: group('店铺满减', promotion.shopFen, 'shop_cost'),
    platform_discount_detail: group('平台红包', promotion.platformFen, 'platform_cost'),
    kol_discount_detail: group('达人专享券', promotion.talentFen, 'author_cost'),
  };
}

function lineFields(order: Order, line: Line) {
  const latest = order.afterSales.findLast((each) => each.lineId === line.id);
  const status = statusOf(order, line);
  return {
    order_id: line.id,
    parent_order_id: order.id,
    order_status: status,
    main_status: order.state === 'cancelled' ? mainStatusOf(order) : status,
    create_time: order.createdAt,
    update_time: order.updatedAt,
    pay_time: order.paidAt,
    product_name: line.name,
    code: line.code,
    sku_id: bare('5201000000001'),
    item_num: line.quantity,
    origin_amount: line.priceFen,
    sum_amount: grossFen(line),
    pay_amount: linePayFen(order, line),
    after_sale_info: {
      after_sale_status: latest === undefined ? 0 : caseStatus(latest),
      after_sale_type: latest === undefined ? 0 : caseType(latest),
      refund_status: latest === undefined ? 0 : refundStatus(latest),
    },
  };
}

/** A row of order.searchList. */
export const listed = (order: Order, shop: string): object => ({
  order_id: order.id,
  shop_id: Number(shop),
  doudian_open_id: order.buyerId,
  order_status: statusOf(order),
  main_status: mainStatusOf(order),
  create_time: order.createdAt,
  update_time: order.updatedAt,
  pay_time: order.paidAt,
  ship_time: statusOf(order) === 3 || order.state === 'finished' ? (order.parcels.at(-1)?.shippedAt ?? 0) : 0,
  finish_time: order.finishedAt,
  exp_ship_time: order.paidAt === 0 ? 0 : order.paidAt + 172_800,
  pay_type: 1,
  channel_payment_no: order.paymentNo,
  order_amount: goodsFen(order) + offFen(order) + order.postFen,
  pay_amount: payableFen(order),
  post_amount: order.postFen,
  modify_amount: -offFen(order),
  ...promotionFields(order),
  ...receiverFields(order),
  buyer_words: order.buyerWords,
  seller_words: order.sellerWords,
  logistics_info: order.parcels.map((parcel) => ({
    tracking_no: parcel.number,
    company: parcel.company,
    ship_time: parcel.shippedAt,
    delivery_id: parcel.packId,
    product_info: parcel.pieces.map(({ lineId, quantity }) => ({ sku_order_id: lineId, product_count: quantity })),
  })),
  sku_order_list: order.lines.map((line) => lineFields(order, line)),
});

/** The data of order.orderDetail; the coupons stand here only. */
export const detailed = (order: Order, shop: string): object => ({
  shop_order_detail: { ...listed(order, shop), ...(order.promotion.isTold ? { promotion_detail: promotionDetail(order) } : {}) },
});

const refundStatus = (afterSale: AfterSale): number => (afterSale.state === 'paid_back' ? 3 : 1);
/** An item of afterSale.List. */
export const afterSaleListed = (afterSale: AfterSale): object => ({
  aftersale_info: {
    aftersale_id: afterSale.id,
    aftersale_order_type: 1,
    aftersale_type: caseType(afterSale),
    aftersale_status: caseStatus(afterSale),
    related_id: afterSale.lineId,
    apply_time: afterSale.appliedAt,
    update_time: afterSale.updatedAt,
    refund_amount: afterSale.amountFen,
    refund_post_amount: 0,
    refund_status: refundStatus(afterSale),
    arbitrate_status: 0,
  },
  order_info: { shop_order_id: afterSale.orderId, related_order_info: [{ sku_order_id: afterSale.lineId }] },
});
/** The data of afterSale.Detail: other names, ids as bare integers. */
export const afterSaleDetailed = (afterSale: AfterSale): object => ({
  order_info: { shop_order_id: bare(afterSale.orderId), sku_order_infos: [{ sku_order_id: bare(afterSale.lineId) }] },
  process_info: {
    after_sale_info: {
      after_sale_id: bare(afterSale.id),
      after_sale_type: caseType(afterSale),
      after_sale_status: caseStatus(afterSale),
      refund_status: refundStatus(afterSale),
      refund_total_amount: afterSale.amountFen,
      refund_post_amount: 0,
      apply_time: afterSale.appliedAt,
      update_time: afterSale.updatedAt,
    },
  },
});

/** Tag of the message that tells of it. */
export const TAGS: Readonly<Record<NewsKind, number>> = {
  placed: 100,
  deposit_paid: 109, // no message of its own is known; the amount to be paid has changed
  paid: 101,
  paid_under_check: 110,
  released: 101,
  cancelled: 106,
  address_changed: 105,
  address_wished: 111,
  shipped: 102,
  partly_shipped: 108,
  number_corrected: 104,
  finished: 103,
  refund_asked: 200,
  refund_agreed: 201,
  refund_refused: 204,
  refund_paid_back: 206,
  refund_withdrawn: 207,
  note_written: 113,
  price_changed: 109,
};
const CASE_TIME: Readonly<Record<number, string>> = {
  200: 'apply_time',
  201: 'agree_time',
  204: 'refuse_time',
  206: 'success_time',
  207: 'close_time',
};

/** The data of a message, as the JSON text that stands inside the JSON. */
export function messageData(order: Order, shop: string, { what, afterSale, parcel }: News): string {
  const tag = TAGS[what];
  if (afterSale !== undefined) return JSON.stringify(caseMessage(order, shop, tag, afterSale));
  const head = {
    p_id: bare(order.id),
    s_ids: order.lines.map((line) => bare(line.id)),
    shop_id: Number(shop),
    order_status: statusOf(order),
    order_type: 0,
    biz: 2,
  };
  return JSON.stringify({
    ...head,
    ...orderMessage(order, tag),
    ...(parcel === undefined ? {} : { logistics_msg: parcelMessage(parcel) }),
  });
}

function caseMessage(order: Order, shop: string, tag: number, afterSale: AfterSale): object {
  return {
    p_id: bare(order.id),
    s_id: bare(afterSale.lineId),
    shop_id: Number(shop),
    aftersale_id: bare(afterSale.id),
    aftersale_status: caseStatus(afterSale),
    aftersale_type: caseType(afterSale),
    refund_amount: afterSale.amountFen,
    refund_post_amount: 0,
    [CASE_TIME[tag] ?? 'update_time']: afterSale.updatedAt,
  };
}

function orderMessage(order: Order, tag: number): object {
  switch (tag) {
    case 100:
      return { create_time: order.createdAt };
    case 101:
      return { pay_type: 1, pay_time: order.paidAt, pay_amount: payableFen(order) };
    case 110:
      return {}; // the real one tells no time either
    case 103:
      return { complete_time: order.finishedAt };
    case 106:
      return { cancel_time: order.updatedAt, cancel_reason: '买家取消' };
    case 113:
      return { remark: order.sellerWords, star: 0, update_time: order.updatedAt };
    case 105:
      return { update_time: order.updatedAt, receiver_msg: receiverMessage(order) };
    case 111:
      return { apply_time: order.updatedAt };
    default:
      return { update_time: order.updatedAt };
  }
}

/** `addr` is JSON text inside the JSON text inside the JSON. */
function receiverMessage(order: Order): object {
  const told = receiverFields(order);
  return {
    name: told.mask_post_receiver,
    encrypt_name: told.encrypt_post_receiver,
    tel: told.mask_post_tel,
    encrypt_tel: told.encrypt_post_tel,
    addr: JSON.stringify({ ...told.post_addr, detail: '***' }),
  };
}

const parcelMessage = (parcel: NonNullable<News['parcel']>): object => ({
  pack_id: parcel.packId,
  express_company_id: parcel.company,
  logistics_code: parcel.number,
  shipped_order_info: parcel.pieces.map(({ lineId, quantity }) => ({ shipped_order_id: lineId, shipped_num: String(quantity) })),
});
