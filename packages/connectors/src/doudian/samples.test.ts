/** The samples of our protocol notes against what these notes say that they mean. */
import type { NeutralMessage } from '@weir/contract';
import { fenOf } from '@weir/core';
import { describe, expect, test } from 'vitest';
import { field } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import { type Expected as Noted, maySend, refundOf, shippedOf, sum } from '../samples.test-support.ts';
import type { Normalised } from '../normalised.ts';
import { type AfterSale, readListed } from './after-sales.ts';
import { fixture, json, validate } from './judge.test-support.ts';
import { normaliseOrder } from './normalise.ts';
import { rowsOf } from './requests.ts';
import { route } from './route.ts';

interface Expected extends Noted {
  readonly discount_split_fen: Readonly<Record<'shop' | 'platform' | 'talent', number>>;
}
/** Numbers of this file are small; the ids in it are text. */
const numbers = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, each: unknown) =>
    (key.endsWith('_fen') || ['shop', 'platform', 'talent'].includes(key)) && typeof each === 'string' ? Number(each) : each,
  );
const EXPECTED = numbers(field(json('samples/_expectations.json'), 'orders')) as readonly Expected[];

const rows = (path: string, name: 'shop_order_list' | 'items'): readonly Json[] =>
  rowsOf(field(json(path), 'data') ?? null, name)?.rows ?? [];
const LIST = rows('samples/order_searchList.response.json', 'shop_order_list');
const AFTER_SALES = rows('samples/afterSale_List.response.json', 'items').map((item) => {
  const read = readListed(item);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.afterSale;
});
const afterSalesOf = (id: string): AfterSale[] => AFTER_SALES.filter((each) => each.shopOrderId === id);
const rowOf = (id: string): Json => LIST.find((row) => field(row, 'order_id') === id) ?? null;
const detail = field(field(json('samples/order_orderDetail.with_three_payers.response.json'), 'data'), 'shop_order_detail') ?? null;

const messageOf = (read: Normalised): NeutralMessage => {
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.message;
};
/** The detail where the notes have one, else the row as a detail would tell it: it has all that they speak of. */
const whole = (id: string): NeutralMessage =>
  messageOf(
    normaliseOrder(id === field(detail, 'order_id') ? detail : rowOf(id), {
      source: 'detail',
      shop: '1234567',
      afterSales: afterSalesOf(id),
    }),
  );

const paidBy = (message: NeutralMessage, payer: string): number =>
  sum((message.discounts ?? []).filter((each) => each.payer === payer).map((each) => each.amount));

describe.each(EXPECTED)('$order_id ($native_status)', (expected) => {
  const message = whole(expected.order_id);

  test('means what the notes say', () => {
    expect(message.partial).toBeUndefined();
    expect({
      order_id: message.channelOrderId,
      line_ids: message.lines?.map((line) => line.lineId),
      created_at: message.placedAt,
      paid_at: message.paidAt ?? null,
      goods_total_fen: (message.lines ?? []).reduce((total, line) => total + fenOf(line.unitPrice) * line.quantity, 0),
      discount_total_fen: sum((message.discounts ?? []).map((each) => each.amount)),
      freight_fen: fenOf(message.shippingFee ?? ''),
      payable_fen: fenOf(message.payable ?? ''),
      shipped: shippedOf(message),
      refund: refundOf(message),
      may_ship: maySend(validate(message).report),
      discount_split_fen: { shop: paidBy(message, 'shop'), platform: paidBy(message, 'platform'), talent: paidBy(message, 'talent') },
    }).toEqual({ ...expected, native_status: undefined, system: undefined });
  });
  test('passes the validation of the house without a problem', () => {
    expect(validate(message).problems).toEqual([]);
  });
});

test('all eight orders of the list have an expectation', () => {
  expect(LIST.map((row) => field(row, 'order_id'))).toEqual(EXPECTED.map((each) => each.order_id));
});

test('a list row whose coupons are not named is partial and wants the detail; its receiver, lines and money are there all the same', () => {
  const read = normaliseOrder(rowOf('6930000000000002002'), { source: 'list' });
  expect(read).toMatchObject({ ok: true, wants: ['detail'], message: { partial: true, payable: '208.80', paid: '208.80' } });
  expect(messageOf(read)).not.toHaveProperty('discounts');
  expect(validate(messageOf(read)).problems).toEqual([]);
});

test.each(['6930000000000004004', '6930000000000006006', '6930000000000008008'])(
  '%s shows an after-sale: without its amount the order does not say that nothing was refunded',
  (id) => {
    const read = normaliseOrder(rowOf(id), { source: 'list' });
    expect(read).toMatchObject({ ok: true, wants: ['after_sales'], message: { partial: true } });
    expect(messageOf(read)).not.toHaveProperty('refunded');
    expect(normaliseOrder(rowOf(id), { source: 'list', afterSales: afterSalesOf('another') })).toMatchObject({ wants: ['after_sales'] });
  },
);

test('the three payers of the detail are told by name', () => {
  expect(whole('6930000000000002002').discounts).toEqual([
    { name: '满200减20', amount: '20.00', payer: 'shop' },
    { name: '平台满减券', amount: '15.00', payer: 'platform' },
    { name: '达人直减券', amount: '5.00', payer: 'talent' },
  ]);
});

test('an answer about another shop than the one asked is not taken for it', () => {
  expect(normaliseOrder(detail, { source: 'detail', shop: '7654321' })).toMatchObject({ ok: false, identity: null });
});

test("an after-sale names no shop: without the one whose token fetched it, it is nobody's", () => {
  const list = fixture('samples/afterSale_List.response.json');
  expect(route(list, '1234567')).toMatchObject([{ subject: { shop: '1234567', id: '6930000000000004004' } }, {}, {}]);
  expect(route(list)).toMatchObject([{ kind: 'unroutable' }, { kind: 'unroutable' }, { kind: 'unroutable' }]);
  const orders = fixture('samples/order_searchList.response.json');
  expect(route(orders)).toMatchObject(LIST.map((row) => ({ kind: 'order', subject: { id: field(row, 'order_id') } })));
  expect(new Set(route(orders, '7654321').map(({ kind }) => kind))).toEqual(new Set(['unroutable']));
});
