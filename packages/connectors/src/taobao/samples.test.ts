/** The samples of our protocol notes against what these notes say that they mean. */
import { fenOf } from '@weir/core';
import { describe, expect, test } from 'vitest';
import { field, filled } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import { type Expected, maySend, refundOf, shippedOf, sum } from '../samples.test-support.ts';
import { detailOf, fixture, hear, json, judge, samplePaths, SHOP, validate } from './judge.test-support.ts';
import { listIn, REFUNDS, TRADES } from './requests.ts';

const numbers = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, each: unknown) => (key.endsWith('_fen') && typeof each === 'string' ? Number(each) : each));
const EXPECTED = numbers(field(json('samples/_expectations.json'), 'orders')) as readonly Expected[];

const rowsOf = (path: string, root: string, wrapped: typeof TRADES): readonly Json[] =>
  listIn(field(json(path), root) ?? null, wrapped) ?? [];
const ROWS = rowsOf('samples/trades_sold_increment_get.response.json', 'trades_sold_increment_get_response', TRADES);
const ALL_REFUNDS = rowsOf('samples/refunds_receive_get.response.json', 'refunds_receive_get_response', REFUNDS);
const TRADES_IN_FULL = samplePaths()
  .filter((path) => path.startsWith('trade_fullinfo_get'))
  .map((path) => field(field(json(`samples/${path}`), 'trade_fullinfo_get_response'), 'trade') ?? null);
const tradeOf = (id: string): Json => TRADES_IN_FULL.find((trade) => field(trade, 'tid') === id) ?? null;
const refundsOf = (id: string): readonly Json[] => ALL_REFUNDS.filter((refund) => field(refund, 'tid') === id);
const heardOf = (id: string) => hear('detail', detailOf(tradeOf(id), refundsOf(id)), id);

describe.each(EXPECTED)('$order_id ($native_status)', (expected) => {
  const heard = heardOf(expected.order_id);
  const [message] = heard.messages;

  test('means what the notes say', () => {
    expect(heard).toMatchObject({ wants: [], problems: [] });
    if (message === undefined) throw new Error('nothing heard');
    expect({
      order_id: message.channelOrderId,
      line_ids: message.lines?.map((line) => line.lineId),
      created_at: message.placedAt,
      paid_at: message.paidAt ?? null,
      goods_total_fen: (message.lines ?? []).reduce((total, line) => total + fenOf(line.unitPrice) * line.quantity, 0),
      discount_total_fen: sum(
        [...(message.discounts ?? []), ...(message.lines ?? []).map(({ discount }) => ({ amount: discount }))].map(({ amount }) => amount),
      ),
      freight_fen: fenOf(message.shippingFee ?? ''),
      payable_fen: fenOf(message.payable ?? ''),
      shipped: shippedOf(message),
      refund: refundOf(message),
      may_ship: maySend(validate(message).report),
    }).toEqual({ ...expected, native_status: undefined, system: undefined });
  });
  test('passes the validation of the house without a problem that holds it', () => {
    expect(validate(message).problems.filter(({ severity }) => severity === 'blocking')).toEqual([]);
  });
  test('its row in a list is a part of the same story and asks for the rest', () => {
    const row = ROWS.find((each) => field(each, 'tid') === expected.order_id) ?? null;
    const told = hear('list', Buffer.from(JSON.stringify(row)), expected.order_id);
    expect(judge(told)).toBe('accepted in part');
    expect(told).toMatchObject({
      wants: ['after_sales', 'detail'],
      messages: [{ status: message?.status, payable: message?.payable, placedAt: message?.placedAt, modifiedAt: message?.modifiedAt }],
    });
  });
});

test('all nine rows of the list have an expectation, and each sample is looked at', () => {
  expect(ROWS.map((row) => field(row, 'tid')).toSorted()).toEqual(EXPECTED.map((each) => each.order_id).toSorted());
  expect(samplePaths()).toHaveLength(14);
});

test.each(['3724561098877120332', '3724561098877120449', '3724561098877120556'])(
  '%s shows a refund: without its amount the trade does not say that nothing was refunded',
  (id) => {
    expect(judge(hear('detail', detailOf(tradeOf(id)), id))).toMatch(/^held: field.not_allowed .*\/refund_status$/);
  },
);

test('a refund in a list is told as far as it goes, with the line that it is about', () => {
  const told = ALL_REFUNDS.map((row) => hear('list', Buffer.from(JSON.stringify(row)), filled(field(row, 'tid'))));
  expect(told.map(judge)).toEqual(['accepted in part', 'accepted in part', 'accepted in part']);
  expect(told[0]?.messages[0]).toMatchObject({
    shop: SHOP,
    channelOrderId: '3724561098877120332',
    refunds: [
      { id: '151243567890003321', lineId: '3724561098877122332', amount: '59.90', status: 'requested', at: '2026-02-22T09:40:15+08:00' },
    ],
  });
});

test('the promotions of the trade are named, those of a line stand at the line, and nobody is said to pay for them', () => {
  expect(heardOf('3724561098877120118').messages[0]).toMatchObject({
    discounts: [{ name: '店铺优惠券', amount: '20.00', payer: 'unknown' }],
    lines: [{ discount: '0.00' }, { discount: '19.80' }],
    remark: '请发顺丰，谢谢',
  });
});

test('a parcel of the trade that was sent in part has its one line', () => {
  expect(heardOf('3724561098877120225').messages[0]?.shipments).toEqual([
    {
      id: '顺丰速运_SF0000000000225',
      carrier: '顺丰速运',
      trackingNumber: 'SF0000000000225',
      at: '2026-02-22T08:30:40+08:00',
      lines: [{ lineId: '3724561098877121225', quantity: 1 }],
    },
  ]);
});

test('the receiver is masks for the eye and the OAID as token', () => {
  expect(heardOf('3724561098877120118').messages[0]?.receiver).toEqual({
    name: '张**',
    phone: '*******0001',
    province: '浙江省',
    city: '杭州市',
    district: '西湖区',
    detail: '测试街道**路**号**室',
    token: '1TESTOAID120118AbCdEfGhIjKlMnOpQrStUvWxYz0123456789',
  });
  expect(fixture('samples/trade_fullinfo_get.paid_with_coupons.response.json').toString()).toContain('测试街道');
});
