/** The samples of our protocol notes against what these notes say that they mean. */
import type { NeutralMessage } from '@weir/contract';
import { fenOf } from '@weir/core';
import { describe, expect, test } from 'vitest';
import { field } from '../fields.ts';
import { type Json, parseLossless } from '../lossless-json.ts';
import { type Expected, maySend, refundOf, seenFrom, shippedOf, sum } from '../samples.test-support.ts';
import { type AfterSale, readListed } from './after-sales.ts';
import { pinduoduoAdapter } from './adapter.ts';
import { fixture, json, platform, SHOP, subjectOf, validate } from './judge.test-support.ts';
import { normaliseOrder } from './normalise.ts';
import { rowsOf } from './requests.ts';

const EXPECTED = (JSON.parse(fixture('samples/_expectations.json').toString()) as { orders: readonly Expected[] }).orders;
const LIST = rowsOf(
  field(json('samples/order_number_list_increment_get.response.json'), 'order_sn_increment_get_response') ?? null,
  'order_sn_list',
);
const DEPOSIT = field(field(json('samples/order_information_get.deposit_order.response.json'), 'order_info_get_response'), 'order_info');
const ORDERS: readonly Json[] = [...(LIST?.rows ?? []), DEPOSIT ?? null];
const CASES = [
  ...(rowsOf(field(json('samples/refund_list_increment_get.response.json'), 'refund_increment_get_response') ?? null, 'refund_list')
    ?.rows ?? []),
  // The notes show order 505 refunded and not its case: made by us, in the shape of the two that they do show.
  parseLossless(
    '{"id":200000000505,"order_sn":"260220-100000000000505","after_sales_type":2,"after_sales_status":10,"refund_amount":"89.00","created_time":"2026-02-22 09:19:00","updated_time":"2026-02-22 09:20:11"}',
  ),
].map((item) => {
  const read = readListed(item);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.afterSale;
});
const casesOf = (id: string): AfterSale[] => CASES.filter(({ orderId }) => orderId === id);
const orderOf = (id: string): Json => ORDERS.find((order) => field(order, 'order_sn') === id) ?? null;

function whole(id: string): NeutralMessage {
  const read = normaliseOrder(orderOf(id), { shop: SHOP, afterSales: casesOf(id) });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.message;
}
describe.each(EXPECTED)('$order_id ($native_status)', (expected) => {
  const message = whole(expected.order_id);

  test('means what the notes say', () => {
    expect(message.partial).toBeUndefined();
    expect({
      order_id: message.channelOrderId,
      line_ids: message.lines?.filter((line) => line.gift !== true).map((line) => line.lineId),
      created_at: message.placedAt,
      paid_at: message.paidAt ?? null,
      goods_total_fen: (message.lines ?? []).reduce((total, line) => total + fenOf(line.unitPrice) * line.quantity, 0),
      discount_total_fen: sum((message.discounts ?? []).map((each) => each.amount)),
      freight_fen: fenOf(message.shippingFee ?? ''),
      payable_fen: fenOf(message.payable ?? ''),
      shipped: shippedOf(seenFrom(validate(message).report)),
      refund: refundOf(message),
      may_ship: maySend(validate(message).report),
    }).toEqual({ ...expected, native_status: undefined, system: undefined });
  });
  test('passes the validation of the house without a problem', () => {
    expect(validate(message).problems).toEqual([]);
  });
});

test('every order of the samples has an expectation', () => {
  expect(ORDERS.map((row) => field(row, 'order_sn'))).toEqual(EXPECTED.map((each) => each.order_id));
});

test.each(['260222-100000000000404', '260220-100000000000505', '260221-100000000000707'])(
  '%s shows an after-sale: without its case the order does not say what was refunded',
  (id) => {
    const read = normaliseOrder(orderOf(id), { shop: SHOP });
    expect(read).toMatchObject({ ok: true, wants: ['after_sales'], message: { partial: true } });
    expect(read.ok && read.message).not.toHaveProperty('refunded');
    expect(normaliseOrder(orderOf(id), { shop: SHOP, afterSales: [] })).toMatchObject({ wants: ['after_sales'] });
  },
);

test('the discounts are told by payer, and the gift is a line that costs nothing', () => {
  expect(whole('260222-100000000000101').discounts).toEqual([
    { name: '平台优惠', amount: '15.00', payer: 'platform' },
    { name: '店铺优惠', amount: '10.00', payer: 'shop' },
  ]);
  expect(whole('260215-100000000000606')).toMatchObject({
    discounts: [{ name: '商家改价', amount: '5.00', payer: 'shop' }],
    lines: [{}, { lineId: '260215-100000000000606-gift-5201000000009', unitPrice: '0.00', gift: true }],
  });
});

test('a row of the list is a whole order when no after-sale shows: nothing more has to be asked', async () => {
  const { ask, calls } = platform({
    'pdd.order.number.list.increment.get': fixture('samples/order_number_list_increment_get.response.json'),
  });
  const read = await pinduoduoAdapter.listChanged(ask, 'orders', SHOP, { from: 1771722000, to: 1771723800 }, { page: 0, size: 100 });
  if (!read.ok) throw new Error('refused');
  expect(calls[0]?.params).toEqual({
    start_updated_at: 1771722000,
    end_updated_at: 1771723800,
    order_status: 5,
    refund_status: 5,
    is_lucky_flag: 0,
    page: 1,
    page_size: 100,
  });
  const [row] = read.value.rows;
  expect(row).toMatchObject({ id: '260222-100000000000101', subject: subjectOf('260222-100000000000101') });
  expect(pinduoduoAdapter.read('list', row?.bytes ?? new Uint8Array(), subjectOf('260222-100000000000101'))).toMatchObject({
    wants: [],
    problems: [],
    messages: [{ payable: '104.00', refunded: '0.00' }],
  });
  expect(read.value.rows).toHaveLength(7);
  expect(read.value.total).toBeNull(); // the sample was asked for with use_has_next, which we do not use
});

test('the after-sale feed tells each case as a refund of its order', async () => {
  const { ask } = platform({ 'pdd.refund.list.increment.get': fixture('samples/refund_list_increment_get.response.json') });
  const read = await pinduoduoAdapter.listChanged(ask, 'after_sales', SHOP, { from: 1771722000, to: 1771723800 }, { page: 0, size: 100 });
  if (!read.ok) throw new Error('refused');
  expect(read.value).toMatchObject({ total: 2, rows: [{ id: '200000000404' }, { id: '200000000707' }] });
  const heard = pinduoduoAdapter.read('list', read.value.rows[1]?.bytes ?? new Uint8Array(), subjectOf('260221-100000000000707'));
  expect(heard).toEqual({
    messages: [
      {
        schema: 1,
        channel: 'pinduoduo',
        shop: SHOP,
        channelOrderId: '260221-100000000000707',
        modifiedAt: '2026-02-22T09:25:00+08:00',
        refunds: [{ id: '200000000707', amount: '129.00', status: 'agreed', at: '2026-02-22T09:25:00+08:00' }],
        partial: true,
      },
    ],
    wants: ['after_sales', 'detail'],
    problems: [],
  });
});

test('a detail is fetched after its after-sales, and both are kept character by character', async () => {
  const { ask, calls } = platform({
    'pdd.refund.list.increment.get': '{"refund_increment_get_response":{"total_count":0,"refund_list":[],"request_id":"1"}}',
    'pdd.order.information.get': fixture('samples/order_information_get.deposit_order.response.json'),
  });
  const read = await pinduoduoAdapter.fetchDetail(ask, subjectOf('260222-100000000000808'), 0);
  if (!read.ok) throw new Error('refused');
  expect(calls.map(({ method }) => method)).toEqual(['pdd.refund.list.increment.get', 'pdd.order.information.get']);
  expect(calls[0]?.params).toMatchObject({ order_sn: '260222-100000000000808', after_sales_type: 1, page: 1 });
  expect(
    fixture('samples/order_information_get.deposit_order.response.json').includes(Buffer.from(read.value).toString().slice(25, -1)),
  ).toBe(true);
  expect(pinduoduoAdapter.read('detail', read.value, subjectOf('260222-100000000000808'))).toMatchObject({
    wants: [],
    problems: [],
    messages: [{ status: 'awaiting_payment', paid: '20.00', payable: '124.00', payments: [{ kind: 'deposit', amount: '20.00' }] }],
  });
  // An answer about another order is nobody's detail.
  expect(await pinduoduoAdapter.fetchDetail(ask, subjectOf('260222-100000000000101'), 0)).toMatchObject({
    ok: false,
    failure: { code: 'answer' },
  });
});
