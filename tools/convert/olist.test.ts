import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { convertAll, type Converted, tallySchema, testData } from './convert.test-support.ts';
import { convertOlist } from './olist.ts';

let done: Converted;
beforeAll(async () => {
  done = await convertAll(convertOlist, testData('olist-form'));
});
const message = (id: string) => done.messages.find((each) => each.channelOrderId === id);

test('every row of orders.csv becomes one message with its own id', () => {
  expect(new Set(done.messages.map((each) => each.channelOrderId)).size).toBe(13);
  expect(done.messages).toHaveLength(13);
});

test('an order with all its items and payments is whole and adds up exactly', () => {
  expect(message('two-items')).toEqual({
    schema: 1,
    channel: 'olist',
    shop: 'olist',
    channelOrderId: 'two-items',
    status: 'completed',
    currency: 'BRL',
    buyer: { channelBuyerId: 'buyer-1' },
    placedAt: '2017-07-02T10:56:00-03:00',
    paidAt: '2017-07-02T11:07:00-03:00',
    shippedAt: '2017-07-04T19:55:00-03:00',
    completedAt: '2017-07-10T21:25:00-03:00',
    lines: [
      { lineId: '1', sku: 'product-a', title: '', quantity: 1, unitPrice: '109.90', discount: '0.00' },
      { lineId: '2', sku: 'product-b', title: '', quantity: 1, unitPrice: '0.10', discount: '0.00' },
    ],
    discounts: [],
    shippingFee: '25.51',
    payable: '135.51',
    paid: '135.51',
    refunded: '0.00',
    payments: [{ id: '1', amount: '135.51', at: '2017-07-02T11:07:00-03:00', kind: 'full' }],
    shipBy: '2017-07-06T08:00:00-03:00',
  });
});

test('an order without item rows says only what its row says', () => {
  expect(message('no-items')).toEqual({
    schema: 1,
    channel: 'olist',
    shop: 'olist',
    channelOrderId: 'no-items',
    status: 'shipped',
    currency: 'BRL',
    buyer: { channelBuyerId: 'buyer-2' },
    placedAt: '2017-12-05T09:00:00-02:00',
    paidAt: '2017-12-05T09:10:00-02:00',
    shippedAt: '2017-12-06T08:00:00-02:00',
    partial: true,
  });
  expect(done.listed).toContainEqual(expect.objectContaining({ reason: 'no_items', table: 'payments', channelOrderId: 'no-items' }));
});

test('no order has a receiver, a remark or a modification time, for the tables have none', () => {
  for (const each of done.messages)
    expect(Object.keys(each)).not.toEqual(expect.arrayContaining([expect.stringMatching(/receiver|remark|modifiedAt/)]));
});

test('an approved payment without a payment row is paid, and no payment is made up', () => {
  expect(message('no-payment-row')).toMatchObject({ paid: '112.71', payable: '112.71', placedAt: '2018-01-05T09:00:07-02:00' });
  expect(message('no-payment-row')).not.toHaveProperty('payments');
});

test('several payments count in paid but are not called deposits', () => {
  expect(message('vouchers')).toMatchObject({ paid: '60.70', status: 'paid' });
  expect(message('vouchers')).not.toHaveProperty('payments');
});

test.each([
  ['cancelled-paid', 'closed'],
  ['cancelled-unpaid', 'cancelled'],
  ['unavailable', undefined],
  ['gap-in-items', 'completed'],
  ['differs', 'completed'],
  ['not-approved', 'completed'],
])('%s is partial, with status %s', (id, status) => {
  expect(message(id)).toMatchObject({ partial: true });
  expect(message(id)?.status).toBe(status);
  expect(message(id)).not.toHaveProperty('lines');
});

test('times out of order stay as they are', () => {
  expect(message('out-of-order')).toMatchObject({
    paidAt: '2018-01-08T09:10:00-02:00',
    shippedAt: '2018-01-06T09:00:00-02:00',
    completedAt: '2018-01-05T23:00:00-02:00',
  });
});

test('only a time in a skipped or repeated hour breaks the schema', () => {
  expect(tallySchema(done.messages)).toEqual({ passes: 11, '/placedAt': 2 });
});

test('the count of each outcome is as expected', () => {
  expect(done.counts).toEqual({
    orders: 13,
    full: 3,
    full_payment_rows: 2,
    full_payment_by_approval: 1,
    partial: 10,
    partial_no_items: 5,
    partial_refund_unknown: 1,
    partial_status_unknown: 1,
    partial_items_missing: 1,
    partial_payments_differ: 1,
    partial_payment_unknown: 1,
    status_not_said: 1,
    time_unclear: 2,
    other_item_rows: 1,
    other_payment_rows: 1,
  });
});

// The real tables are not in this repository (their copy states no licence). Whoever has them sets WEIR_DATA_DIR to the folder that holds `olist-orders-a`.
const dataDir = process.env['WEIR_DATA_DIR'];
// oxlint-disable-next-line vitest/no-conditional-tests -- without the tables there is nothing to run, and a skipped test would only look like one
if (dataDir !== undefined) {
  test('FULL Olist run (WEIR_DATA_DIR): 5,000 orders, 433 whole, 4,567 waiting for their detail, all of them valid', async () => {
    const full = await convertAll(convertOlist, join(dataDir, 'olist-orders-a'));
    expect(tallySchema(full.messages)).toEqual({ passes: 5_000 });
    expect(full.counts).toEqual({
      orders: 5_000,
      full: 433,
      full_payment_rows: 43,
      full_payment_by_approval: 390,
      partial: 4_567,
      partial_no_items: 4_566,
      partial_refund_unknown: 1,
      status_not_said: 24,
      other_item_rows: 4_512,
      other_payment_rows: 4_483,
    });
  });
}
