/** Orders, after-sales and messages as the platform writes them: yuan as numbers or text, Beijing text for times, bare integers beyond 2^53, fen in messages. */
import { createHash } from 'node:crypto';
import type { News, NewsKind } from '../market/actions.ts';
import { type AfterSale, goodsFen, type Order, payableFen, promotionFen } from '../market/order.ts';
import {
  billType,
  caseStatus,
  caseType,
  confirmedAt,
  isUnderCheck,
  latestStatus,
  orderStatus,
  refundStatus,
  showsReceiver,
  stepStatus,
} from './numbers.ts';

/** Written digit by digit; TypeScript does not know `JSON.rawJSON` yet. */
export const bare = (digits: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits);
/** A number in lists, text in details: both are seen. */
type Money = (fen: number) => unknown;
const asText: Money = (fen) => (fen / 100).toFixed(2);
const asNumber: Money = (fen) => fen / 100;

const EIGHT_HOURS = 28_800;
const clockOf = (seconds: number): string | null =>
  seconds === 0 ? null : new Date((seconds + EIGHT_HOURS) * 1_000).toISOString().slice(0, 19).replace('T', ' ');

/** Stands in for the platform's ciphertexts: nobody can read it, equal texts of one order give equal ones. */
function cipher(shape: '~' | '$', { id, addressVersion }: Order, text: string): string {
  const digest = createHash('sha256').update(`${id} ${addressVersion} ${text}`).digest('base64');
  const index = digest.slice(0, 12).replaceAll(/[^A-Za-z0-9]/g, 'x');
  return shape === '$' ? `$${index}$${digest}$2$$` : `~${digest}~${index}~2~~`;
}
/** Each ciphertext of an order with what it stands for, and the platform's number of its kind. */
export function ciphersOf(
  order: Order,
): readonly { readonly field: string; readonly type: number; readonly cipher: string; readonly clear: string }[] {
  const { name = '', phone = '', province = '', city = '', district = '', detail = '' } = order.receiver;
  const whole = `${province}${city}${district}${detail}`;
  return [
    { field: 'receiver_name', type: 5, cipher: cipher('~', order, name), clear: name },
    { field: 'receiver_phone', type: 6, cipher: cipher('$', order, phone), clear: phone },
    { field: 'address', type: 7, cipher: cipher('~', order, whole), clear: whole },
    { field: 'receiver_address', type: 8, cipher: cipher('~', order, detail), clear: detail },
  ];
}

function receiverFields(order: Order): object {
  const { name = '', phone = '', province = '', city = '', district = '' } = order.receiver;
  const isShown = showsReceiver(order);
  return {
    country: '中国',
    province,
    city,
    town: district,
    ...Object.fromEntries(ciphersOf(order).map((each) => [each.field, isShown ? each.cipher : ''])),
    receiver_name_mask: `${name.slice(0, 1)}**`,
    receiver_phone_mask: `${phone.slice(0, 3)}****${phone.slice(-4)}`,
    receiver_address_mask: '***',
    address_mask: `${province}${city}${district}***`,
  };
}

function moneyFields(order: Order, money: Money): object {
  const { shopFen, platformFen, talentFen, isTold } = order.promotion;
  return {
    goods_amount: money(goodsFen(order)),
    discount_amount: money(promotionFen(order)),
    platform_discount: money(isTold ? platformFen : 0),
    seller_discount: money(isTold ? shopFen : 0),
    capital_free_discount: money(isTold ? talentFen : 0),
    order_change_amount: money(0),
    postage: money(order.postFen),
    pay_amount: money(payableFen(order)),
    service_fee_detail: [],
  };
}

const stepInfo = (order: Order, money: Money): object | null =>
  order.depositFen === 0
    ? null
    : {
        step_trade_status: stepStatus(order),
        advanced_paid_fee: money(order.depositAt > 0 ? order.depositFen : 0),
        step_paid_fee: money(order.paidAt > 0 ? payableFen(order) : order.depositAt > 0 ? order.depositFen : 0),
        step_discount_amount: money(0),
      };

const parcelFields = ({ company, number }: { readonly company: string; readonly number: string }): object => ({
  logistics_id: Number(company),
  tracking_number: number,
});

function orderFields(order: Order, money: Money): object {
  const [own, ...beside] = order.parcels;
  return {
    order_sn: order.id,
    order_status: orderStatus(order),
    refund_status: refundStatus(order),
    after_sales_status: latestStatus(order),
    confirm_status: 1,
    group_status: 1,
    trade_type: order.depositFen === 0 ? 0 : 1,
    risk_control_status: isUnderCheck(order) ? 1 : 0,
    stock_out_handle_status: -1,
    is_stock_out: 0,
    is_lucky_flag: 1,
    created_time: clockOf(order.createdAt),
    pay_time: clockOf(order.paidAt > 0 ? order.paidAt : order.depositAt),
    confirm_time: clockOf(confirmedAt(order)),
    updated_at: clockOf(order.updatedAt),
    last_ship_time: clockOf(confirmedAt(order) + 172_800),
    shipping_time: clockOf(own?.shippedAt ?? 0),
    receive_time: clockOf(order.finishedAt),
    ...moneyFields(order, money),
    pay_type: 'WEIXIN',
    pay_no: '',
    inner_transaction_id: `XP${order.id.replace('-', '')}`,
    ...receiverFields(order),
    ...(own === undefined ? { logistics_id: 0, tracking_number: '' } : parcelFields(own)),
    extra_delivery_list: beside.map(parcelFields),
    buyer_memo: order.buyerWords,
    remark: order.sellerWords,
    remark_tag: null,
    remark_tag_name: null,
    step_order_info: stepInfo(order, money),
    gift_list: [],
    card_info_list: [],
    order_tag_list: [{ name: 'no_trace_delivery', value: 0 }],
    item_list: order.lines.map((line) => ({
      goods_id: bare('711000000001'),
      sku_id: bare('5201000000000000001'),
      goods_name: line.name,
      goods_spec: '默认',
      goods_count: line.quantity,
      goods_price: money(line.priceFen),
      outer_goods_id: line.code,
      outer_id: line.code,
    })),
  };
}
export const listedOrder = (order: Order): object => orderFields(order, asNumber);
export const detailedOrder = (order: Order): object => orderFields(order, asText);

/** An item of pdd.refund.list.increment.get. */
export const listedCase = (order: Order, afterSale: AfterSale): object => ({
  id: bare(afterSale.id),
  order_sn: order.id,
  after_sales_type: caseType(afterSale),
  after_sales_status: caseStatus(afterSale),
  after_sale_reason: '不想要了',
  refund_amount: asText(afterSale.amountFen),
  order_amount: asText(payableFen(order)),
  discount_amount: asText(promotionFen(order)),
  created_time: clockOf(afterSale.appliedAt),
  updated_time: clockOf(afterSale.updatedAt),
  confirm_time: clockOf(confirmedAt(order)),
  speed_refund_status: '0',
  user_shipping_status: afterSale.hasLeft ? '2' : '1',
  tracking_number: '',
  shipping_name: '',
});

/** Topic of the message that tells of it; null where none is known to. */
export const TOPICS: Readonly<Record<NewsKind, string | null>> = {
  placed: null, // nobody but the buyer knows of it
  deposit_paid: 'pdd_trade_TradeConfirmed',
  paid: 'pdd_trade_TradeConfirmed',
  paid_under_check: 'pdd_trade_TradeConfirmed',
  released: 'pdd_trade_TradeRiskChanged',
  cancelled: null,
  address_changed: 'pdd_trade_TradeLogisticsAddressChanged',
  address_wished: null,
  shipped: 'pdd_trade_TradeSellerShip',
  partly_shipped: 'pdd_trade_TradeSellerShip',
  number_corrected: 'pdd_trade_TradeSellerShip',
  finished: 'pdd_trade_TradeSuccess',
  refund_asked: 'pdd_refund_RefundCreated',
  refund_agreed: 'pdd_refund_RefundAgreeAgreement',
  refund_paid_back: 'pdd_refund_RefundAgreeAgreement',
  refund_withdrawn: 'pdd_refund_RefundClosed',
  refund_refused: 'pdd_refund_RefundClosed',
  note_written: 'pdd_trade_TradeMemoModified',
  price_changed: null,
};

/** What stands in the frame's `message`: its content is JSON text inside the JSON. */
export function messageOf(order: Order, shop: string, type: string, { afterSale }: News): string {
  const head = { mall_id: Number(shop), tid: order.id };
  const content =
    afterSale === undefined
      ? head
      : {
          ...head,
          refund_fee: afterSale.amountFen,
          bill_type: billType(afterSale),
          modified: afterSale.updatedAt * 1_000 + 16,
          refund_id: bare(afterSale.id),
          operation: 1000,
        };
  return JSON.stringify({ type, mallID: Number(shop), content: JSON.stringify(content) });
}
