/** A Douyin order as the detail call tells it, showing only what a test is about. Two lines, 129.00 + 2 × 59.90, paid. */
import { type Json, parseLossless } from '../lossless-json.ts';

export const ORDER_ID = '6930000000000002002';
export const LINE_IDS = ['6930000000000002002', '6930000000000002012'] as const;

type Fields = Readonly<Record<string, unknown>>;
const LINES: readonly Fields[] = [
  { order_id: LINE_IDS[0], code: 'A', product_name: '精华', item_num: 1, origin_amount: 12900 },
  { order_id: LINE_IDS[1], code: 'B', product_name: '面膜', item_num: 2, origin_amount: 5990 },
];

/** `lines`: what differs in each line. */
export function aDouyinOrder(more: Fields = {}, lines: readonly Fields[] = [{}, {}]): Json {
  const status = { order_status: more['order_status'] ?? 2 };
  const order = {
    order_id: ORDER_ID,
    shop_id: 1234567,
    ...status,
    create_time: 1771722370,
    update_time: 1771722391,
    pay_time: 1771722390,
    channel_payment_no: 'P1',
    pay_amount: 24880,
    post_amount: 0,
    promotion_amount: 0,
    sku_order_list: lines.map((line, i) => ({ ...LINES[i], ...status, ...line })),
    ...more,
  };
  return parseLossless(JSON.stringify(order));
}
