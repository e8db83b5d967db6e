import type { NeutralMessage } from '@weir/contract';
import { NO_FACTS, RANK, record, view } from '@weir/core';
import { describe, expect, test } from 'vitest';
import { AFTER_SALE_STATUS, DETAIL_TYPES, LIST_TYPES } from './after-sale-tables.ts';
import { type AfterSale, readDetailed, readListed } from './after-sales.ts';
import { SHOP, validate } from './judge.test-support.ts';
import { normaliseOrder } from './normalise.ts';
import { anOrder, ORDER_ID } from './order.test-support.ts';

const aCase = (more: Readonly<Record<string, unknown>> = {}) => ({
  id: '200000000101',
  order_sn: ORDER_ID,
  after_sales_type: '2',
  after_sales_status: '2',
  refund_amount: '258.00',
  created_time: '2026-02-22 09:15:00',
  updated_time: '2026-02-22 09:15:02',
  ...more,
});
function caseOf(more: Readonly<Record<string, unknown>> = {}): AfterSale {
  const read = readListed(aCase(more));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.afterSale;
}
const read = (more: Readonly<Record<string, unknown>> = {}, afterSales?: readonly AfterSale[]) =>
  normaliseOrder(anOrder(more), { shop: SHOP, ...(afterSales ? { afterSales } : {}) });
function messageOf(more: Readonly<Record<string, unknown>> = {}, afterSales?: readonly AfterSale[]): NeutralMessage {
  const found = read(more, afterSales);
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.message;
}
const signsOf = (more: Readonly<Record<string, unknown>>, afterSales?: readonly AfterSale[]): string[] =>
  (messageOf(more, afterSales).doNotShip ?? []).map(({ kind, code }) => `${kind} ${code}`);
const step = (status: number) => ({
  trade_type: 1,
  step_order_info: { step_trade_status: status, advanced_paid_fee: '20.00', step_paid_fee: status === 2 ? '258.00' : '20.00' },
});

describe('where the channels disagree', () => {
  test('the order id is text, and the line id is the order id', () => {
    expect(messageOf()).toMatchObject({
      channelOrderId: ORDER_ID,
      shop: SHOP,
      lines: [{ lineId: ORDER_ID, quantity: 2, sku: 'QH-ESS-30' }],
    });
  });
  test('amounts in yuan are read as numbers and as text, and no double is made of them', () => {
    const asText = messageOf({ goods_amount: '258.00', pay_amount: '258.00', postage: '0.00' });
    expect(messageOf({ goods_amount: 258.0, pay_amount: 258, postage: 0 })).toEqual(asText);
    expect(messageOf({ pay_amount: '258.10', postage: 0.1 })).toMatchObject({ payable: '258.10', shippingFee: '0.10' });
    expect(read({ pay_amount: '258.005' })).toMatchObject({
      ok: false,
      problems: [{ code: 'amount.not_decimal', pointer: '/pay_amount' }],
    });
    expect(read({ pay_amount: -1 })).toMatchObject({ ok: false });
  });
  test('times are Beijing text without a zone; "" and null are not yet, and what is no day of the calendar is no time', () => {
    expect(messageOf({ shipping_time: '', receive_time: null })).not.toHaveProperty('shippedAt');
    expect(messageOf()).toMatchObject({ placedAt: '2026-02-22T09:01:05+08:00', modifiedAt: '2026-02-22T09:01:21+08:00' });
    expect(read({ pay_time: '2026-02-30 09:01:20' })).toMatchObject({
      ok: false,
      problems: [{ code: 'time.not_zoned', pointer: '/pay_time' }],
    });
    expect(read({ pay_time: 1771722080 })).toMatchObject({ ok: false });
  });
  test('without updated_at the newest time of the order is when it changed', () => {
    expect(messageOf({ updated_at: null })).toMatchObject({ modifiedAt: '2026-02-22T09:01:20+08:00' });
  });
  test('an order is first seen as paid', () => {
    expect(messageOf()).toMatchObject({ status: 'paid', paidAt: '2026-02-22T09:01:20+08:00', paid: '258.00' });
  });
  test('there is no status of a cancelled order: confirm_status and a failed group say it', () => {
    expect(messageOf({ confirm_status: 2 })).toMatchObject({ status: 'closed' });
    expect(messageOf({ confirm_status: 2, pay_time: null })).toMatchObject({ status: 'cancelled', paid: '0.00' });
    expect(messageOf({ group_status: 2 })).toMatchObject({ status: 'closed' });
  });
  test('the same after-sale has another number in each call', () => {
    const kindOf = (read: ReturnType<typeof readListed>) => (read.ok ? read.afterSale.kind : 'unread');
    const kinds = (type: string) => [
      kindOf(readListed(aCase({ after_sales_type: type }))),
      kindOf(readDetailed(aCase({ after_sales_type: type }))),
    ];
    expect(['1', '2', '3', '4', '5', '6'].map(kinds)).toEqual([
      ['unread', 'money'],
      ['money', 'money'],
      ['money', 'goods'],
      ['goods', 'goods'],
      ['goods', 'goods'],
      ['goods', 'unread'],
    ]);
    expect([LIST_TYPES.size, DETAIL_TYPES.size]).toEqual([5, 5]);
  });
  test('the price of an exchange is in fen, the refund beside it in yuan', () => {
    expect(readDetailed(aCase({ after_sales_type: '3', exchange_goods_price: '8900', refund_amount: '89.00' }))).toMatchObject({
      afterSale: { exchangePriceFen: 8900, amountFen: 8900 },
    });
  });
});

describe('what may not be shipped', () => {
  test.each([
    [{}, []],
    [{ risk_control_status: 1 }, ['channel_risk risk_control_status_1']],
    [step(0), ['deposit step_trade_status_0']],
    [step(1), ['deposit step_trade_status_1']],
    [step(2), []],
    [{ group_status: 0 }, ['rule group_status_0']],
    [{ confirm_status: 0 }, ['rule confirm_status_0']],
    [{ refund_status: 2 }, ['after_sale refund_status_2']],
    [{ refund_status: 3, after_sales_status: 4 }, ['after_sale after_sales_status_4']],
    [{ refund_status: 4, after_sales_status: 10 }, ['after_sale after_sales_status_10']],
    [{ after_sales_status: 14 }, ['after_sale after_sales_status_14']],
    [{ after_sales_status: 11 }, []],
    [{ risk_control_status: 1, refund_status: 2 }, ['channel_risk risk_control_status_1', 'after_sale refund_status_2']],
  ] as const)('%j', (more, signs) => {
    expect(signsOf(more)).toEqual(signs);
  });
  test('a case that we were told of holds the order also while its own numbers do not show it yet, since it was asked for', () => {
    expect(messageOf({}, [caseOf()]).doNotShip).toEqual([
      { kind: 'after_sale', code: 'refund_status_1', since: '2026-02-22T09:15:00+08:00' },
    ]);
  });
  test('what has left cannot be kept back', () => {
    expect(signsOf({ order_status: 2, refund_status: 2, after_sales_status: 7 })).toEqual([]);
  });
});

describe('money', () => {
  test('what a group leader is let off has no payer that anybody names; the rest of the total neither', () => {
    const told = { discount_amount: 30, platform_discount: 5, capital_free_discount: 20, pay_amount: 228 };
    expect(messageOf(told).discounts).toEqual([
      { name: '平台优惠', amount: '5.00', payer: 'platform' },
      { name: '团长免单', amount: '20.00', payer: 'unknown' },
      { name: '优惠', amount: '5.00', payer: 'unknown' },
    ]);
    expect(messageOf({ discount_amount: 3, platform_discount: 5, pay_amount: 255 }).discounts).toEqual([
      { name: '优惠', amount: '3.00', payer: 'unknown' },
    ]);
  });
  test('fees of services are paid like postage', () => {
    const message = messageOf({ postage: 6, service_fee_detail: [{ service_name: '上门安装', service_fee: 30 }], pay_amount: 294 });
    expect(message).toMatchObject({ shippingFee: '36.00', payable: '294.00' });
    expect(validate(message).problems).toEqual([]);
  });
  test("a reduction by the platform's own wallet counts only when it closes the gap to the very fen", () => {
    expect(messageOf({ duo_duo_pay_reduction: 2, pay_amount: 256 }).discounts).toEqual([
      { name: '多多支付立减', amount: '2.00', payer: 'platform' },
    ]);
    expect(messageOf({ duo_duo_pay_reduction: 2 }).discounts).toEqual([]);
    expect(validate(messageOf({ duo_duo_pay_reduction: 2, pay_amount: 255 })).problems).toMatchObject([{ code: 'sum.payable' }]);
  });
  test('a deposit, and the balance after it, are payments of their own; the deposit keeps its id', () => {
    expect(messageOf(step(0))).toMatchObject({ status: 'awaiting_payment', paid: '0.00', payments: [] });
    const deposit = { id: `${ORDER_ID}-deposit`, amount: '20.00', kind: 'deposit' };
    expect(messageOf(step(1))).toMatchObject({ status: 'awaiting_payment', paid: '20.00', payments: [deposit] });
    expect(messageOf(step(2))).toMatchObject({
      status: 'paid',
      paid: '258.00',
      payments: [deposit, { id: `${ORDER_ID}-balance`, amount: '238.00', kind: 'balance' }],
    });
    for (const status of [0, 1, 2]) expect(validate(messageOf(step(status))).problems).toEqual([]);
    expect(read({ trade_type: 1, step_order_info: null })).toMatchObject({ ok: false });
  });
  describe('a deposit that counts for more than it is', () => {
    const paidInFull = (more: object, order: Readonly<Record<string, unknown>> = {}) =>
      messageOf({ trade_type: 1, step_order_info: { step_trade_status: 2, advanced_paid_fee: '20.00', ...more }, ...order });
    const payments = (message: NeutralMessage) => message.payments?.map(({ amount, kind }) => `${kind} ${amount}`);
    test('is a discount when it closes the gap to the very fen', () => {
      const message = paidInFull({ step_paid_fee: '228.00', step_discount_amount: '30.00' }, { pay_amount: '228.00' });
      expect(message).toMatchObject({ paid: '228.00', discounts: [{ name: '定金膨胀', amount: '30.00', payer: 'unknown' }] });
      expect(payments(message)).toEqual(['deposit 20.00', 'balance 208.00']);
      expect(validate(message).problems.filter(({ severity }) => severity === 'blocking')).toEqual([]);
      const both = { pay_amount: '226.00', duo_duo_pay_reduction: 2 };
      expect(paidInFull({ step_paid_fee: '226.00', step_discount_amount: '30.00' }, both).discounts).toHaveLength(2);
      expect(paidInFull({ step_paid_fee: '258.00', step_discount_amount: '30.00' }).discounts).toEqual([]);
    });
    test('what was paid is what the platform says was paid: where the sums disagree a person looks', () => {
      const message = paidInFull({ step_paid_fee: '238.00', step_discount_amount: '20.00' });
      expect(message).toMatchObject({ payable: '258.00', paid: '238.00' });
      expect(payments(message)).toEqual(['deposit 20.00', 'balance 218.00']);
      expect(validate(message).problems).toMatchObject([{ code: 'sum.paid', severity: 'blocking' }]);
    });
    test('the balance alone, and a sum that is not told, are read too', () => {
      for (const fee of ['238.00', '', null]) {
        const message = paidInFull({ step_paid_fee: fee });
        expect(message).toMatchObject({ paid: '258.00' });
        expect(payments(message)).toEqual(['deposit 20.00', 'balance 238.00']);
      }
    });
  });
  test('refunds come from the cases; one that is older or newer than the order is asked for again', () => {
    const done = caseOf({ after_sales_status: '10', refund_amount: '58.00' });
    expect(messageOf({ order_status: 2, refund_status: 4, after_sales_status: 10 }, [done])).toMatchObject({
      refunded: '58.00',
      refunds: [{ id: '200000000101', amount: '58.00', status: 'done' }],
    });
    expect(read({ refund_status: 2, after_sales_status: 2 }, [done])).toMatchObject({ wants: ['after_sales'], message: { partial: true } });
    const exchange = caseOf({ after_sales_type: '4', after_sales_status: '14' });
    expect(messageOf({ refund_status: 2, after_sales_status: 14 }, [exchange])).toMatchObject({ refunds: [], refunded: '0.00' });
  });
});

describe('goods and parcels', () => {
  const gift = (sku: number) => ({ goods_id: 9, sku_id: sku, goods_name: '赠品', goods_count: 1, goods_price: 9.9, outer_id: 'G' });
  test('gifts cost nothing and keep their ids in whatever sequence they stand', () => {
    const ids = (list: readonly unknown[]) =>
      (messageOf({ gift_list: list }).lines ?? []).map(({ lineId, unitPrice }) => `${lineId} ${unitPrice}`).toSorted();
    expect(ids([gift(1), gift(2), gift(1)])).toEqual(ids([gift(1), gift(1), gift(2)]));
    expect(ids([gift(1), gift(1)])).toEqual([`${ORDER_ID} 129.00`, `${ORDER_ID}-gift-1 0.00`, `${ORDER_ID}-gift-1-2 0.00`]);
  });
  test('an order of several articles has a line for each', () => {
    const item = (sku: number) => ({ goods_id: 9, sku_id: sku, goods_name: 'x', goods_count: 1, goods_price: 129 });
    expect(messageOf({ item_list: [item(1), item(2)] }).lines).toMatchObject([
      { lineId: `${ORDER_ID}-1`, sku: '1' },
      { lineId: `${ORDER_ID}-2`, sku: '2' },
    ]);
  });
  test('extra, resent and gift parcels are further parcels; one number twice is one parcel', () => {
    const message = messageOf({
      order_status: 2,
      shipping_time: '2026-02-22 10:00:00',
      logistics_id: 44,
      tracking_number: 'SF1',
      gift_list: [gift(1)],
      extra_delivery_list: [
        { logistics_id: 85, tracking_number: 'YT1' },
        { logistics_id: 44, tracking_number: 'SF1' },
      ],
      resend_delivery_list: [{ logistics_id: 115, tracking_number: 'ZT1' }],
      gift_delivery_list: [{ logistics_id: 1, tracking_number: 'ST1' }],
    });
    expect(message).toMatchObject({ status: 'paid', shippedAt: '2026-02-22T10:00:00+08:00' });
    expect(message.shipments?.map(({ id, lines }) => [id, lines.length])).toEqual([
      ['44_SF1', 0],
      ['85_YT1', 0],
      ['115_ZT1', 0],
      ['1_ST1', 1],
    ]);
    expect(validate(message).problems).toEqual([]);
  });
  const left = { order_status: 2, shipping_time: '2026-02-22 10:00:00', updated_at: '2026-02-22 10:00:01' };
  test('without a parcel that carries the goods its status alone says that it has left', () => {
    expect(messageOf(left)).toMatchObject({ status: 'shipped', shipments: [] });
    const gifts = { gift_list: [gift(1)], gift_delivery_list: [{ logistics_id: 1, tracking_number: 'ST1' }] };
    expect(messageOf({ ...left, ...gifts })).toMatchObject({ status: 'shipped', shipments: [{ trackingNumber: 'ST1' }] });
  });
  describe('has left there with its first parcel', () => {
    const row = { ...left, logistics_id: 44, tracking_number: 'SF1' };
    /** What the house holds when a piece left with us under this number, and the platform says so. */
    const seen = (number: string | null, ...answers: readonly Readonly<Record<string, unknown>>[]) => {
      const shipment = {
        carrier: '44',
        trackingNumber: number ?? '',
        at: '2026-02-22T09:59:00+08:00',
        lines: [{ lineId: ORDER_ID, quantity: 1 }],
      };
      const at = Date.parse(shipment.at);
      const ours = number === null ? NO_FACTS : record(NO_FACTS, { type: 'shipped', at, shipments: { p1: shipment } });
      return view(
        answers.reduce((facts, answer) => {
          const { report } = validate(messageOf(answer));
          if (report === null) throw new Error('not readable');
          return record(facts, { type: 'reported', report: { ...report, rank: RANK.detail, listsShipments: true } });
        }, ours),
      );
    };
    test('our own word is no more than we said: the other piece is still here', () => {
      expect(seen('SF1', {}, row)).toMatchObject({ status: 'paid', lines: [{ status: 'paid', shipped: 1 }] });
      expect(seen('sf1 ', row, row)).toMatchObject({ status: 'paid', lines: [{ status: 'paid', shipped: 1 }] });
    });
    test("a parcel that is not ours carries all that is left: somebody shipped on the platform's own pages", () => {
      expect(seen(null, {}, row)).toMatchObject({ status: 'shipped', lines: [{ status: 'shipped', shipped: 2 }] });
      expect(seen('SF9', {}, row)).toMatchObject({ status: 'shipped', lines: [{ status: 'shipped', shipped: 2 }] });
      const beside = { ...row, extra_delivery_list: [{ logistics_id: 85, tracking_number: 'YT1' }] };
      expect(seen('SF1', row, { ...beside, updated_at: '2026-02-22 11:00:00' })).toMatchObject({ status: 'shipped' });
    });
    test('what is signed for has arrived, whatever we told', () => {
      expect(seen('SF1', row, { ...row, order_status: 3, updated_at: '2026-02-24 10:00:00' })).toMatchObject({ status: 'delivered' });
    });
    test('gifts that left with us first ship no goods', () => {
      const gifts = { gift_list: [gift(1)] };
      const { lines } = messageOf(gifts);
      const giftLine = lines?.[1]?.lineId ?? '';
      expect(giftLine).toContain('-gift-');
      expect(seen('SF1', { ...row, ...gifts }).lines.map(({ status, shipped }) => [status, shipped])).toEqual([
        ['paid', 1],
        ['paid', 0],
      ]);
    });
  });
  test('signed for, and confirmed by the buyer', () => {
    expect(messageOf({ order_status: 3 })).toMatchObject({ status: 'delivered' });
    expect(messageOf({ order_status: 3, receive_time: '2026-02-25 09:00:00' })).toMatchObject({
      status: 'completed',
      completedAt: '2026-02-25T09:00:00+08:00',
    });
  });
});

describe('the receiver', () => {
  const ciphers = {
    receiver_name: '~AgAA=~idx~2~~',
    receiver_phone: '$idx$AgAA=$2$$',
    receiver_address: '~AgAB=~idy~2~~',
    receiver_name_mask: '王**',
    receiver_phone_mask: '138****0002',
    receiver_address_mask: '测试路***号',
    province: '江苏省',
    city: '南京市',
    town: '玄武区',
  };
  test('masks for the eyes, ciphertexts together in the token', () => {
    expect(messageOf(ciphers).receiver).toEqual({
      name: '王**',
      phone: '138****0002',
      province: '江苏省',
      city: '南京市',
      district: '玄武区',
      detail: '测试路***号',
      token: 'tel=$idx$AgAA=$2$$ name=~AgAA=~idx~2~~ detail=~AgAB=~idy~2~~',
    });
  });
  test('empty after shipping or under check says nothing of the receiver, and never that there is none', () => {
    const empty = { ...ciphers, receiver_name: '', receiver_phone: '', receiver_address: '', address: '' };
    expect(messageOf(empty)).not.toHaveProperty('receiver');
    expect(messageOf({ ...empty, risk_control_status: 1 })).not.toHaveProperty('receiver');
  });
  test('older answers are in clear; a virtual number is told as one dials it', () => {
    expect(messageOf({ receiver_phone: '$13800000000$#1234#', address: '测试路1号', city: '上海市' }).receiver).toEqual({
      phone: '13800000000#1234',
      city: '上海市',
      detail: '测试路1号',
    });
  });
  test("the buyer's words are the remark; the seller's own note would echo", () => {
    expect(messageOf({ buyer_memo: '尽快发货', remark: '老客户 【堰:PD1】' })).toMatchObject({ remark: '尽快发货' });
    expect(messageOf({ buyer_memo: '', remark: '老客户' })).not.toHaveProperty('remark');
  });
});

describe('what no table holds is said, with where it stood', () => {
  test.each([
    [{ order_status: 4 }, '/order_status'],
    [{ order_status: 0 }, '/order_status'],
    [{ refund_status: 5 }, '/refund_status'],
    [{ after_sales_status: 99 }, '/after_sales_status'],
    [{ confirm_status: 3 }, '/confirm_status'],
    [{ group_status: 3 }, '/group_status'],
    [{ risk_control_status: 2 }, '/risk_control_status'],
    [{ trade_type: 2 }, '/trade_type'],
    [step(3), '/step_order_info/step_trade_status'],
  ])('%j', (more, pointer) => {
    expect(read(more)).toMatchObject({
      ok: false,
      identity: { channelOrderId: ORDER_ID },
      problems: [{ code: 'channel.unmapped_code', pointer }],
    });
  });
  test('every status of an after-sale says how far it is', () => {
    for (const code of AFTER_SALE_STATUS.keys()) expect(readListed(aCase({ after_sales_status: code })).ok).toBe(true);
    expect(readListed(aCase({ after_sales_status: '1' }))).toMatchObject({
      ok: false,
      problems: [{ code: 'channel.unmapped_code' }],
    });
  });
});

test('an order of 2018, without confirm_status, masks and pay_time, is read', () => {
  const old = {
    confirm_status: undefined,
    group_status: undefined,
    trade_type: undefined,
    risk_control_status: undefined,
    confirm_time: undefined,
    pay_time: undefined,
  };
  const message = messageOf({
    ...old,
    shipping_time: '',
    receive_time: '',
    logistics_id: 0,
    tracking_number: '',
    address: '上海市长宁区某路*号',
    receiver_phone: '18600000000',
  });
  expect(message).toMatchObject({ status: 'paid', paid: '258.00', receiver: { phone: '18600000000' }, shipments: [] });
  expect(message).not.toHaveProperty('payments');
  expect(validate(message).problems).toEqual([]);
});
