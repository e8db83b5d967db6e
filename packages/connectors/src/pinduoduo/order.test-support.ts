/** A Pinduoduo order as the detail call tells it, showing only what a test is about: two serums, paid, waiting. */
import { type Json, parseLossless } from '../lossless-json.ts';

export const ORDER_ID = '260222-100000000000101';

export const plainOrder = (more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  order_sn: ORDER_ID,
  order_status: 1,
  refund_status: 1,
  after_sales_status: 0,
  confirm_status: 1,
  group_status: 1,
  trade_type: 0,
  risk_control_status: 0,
  created_time: '2026-02-22 09:01:05',
  pay_time: '2026-02-22 09:01:20',
  confirm_time: '2026-02-22 09:01:20',
  updated_at: '2026-02-22 09:01:21',
  goods_amount: '258.00',
  discount_amount: 0,
  postage: 0,
  pay_amount: '258.00',
  item_list: [
    { goods_id: 711000000001, sku_id: 5201000000001, goods_name: '精华', goods_count: 2, goods_price: 129, outer_id: 'QH-ESS-30' },
  ],
  ...more,
});
export const anOrder = (more: Readonly<Record<string, unknown>> = {}): Json => parseLossless(JSON.stringify(plainOrder(more)));
export const detailAnswer = (more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ order_info_get_response: { order_info: plainOrder(more), request_id: '1' } });
