import type { NeutralMessage, NeutralOrder } from '@weir/contract';
import { fenOf, mayShip, sumOf } from '@weir/core';
import { describe, expect, test } from 'vitest';
import { wechatAdapter } from './adapter.ts';
import {
  anOrder,
  aPayment,
  factsIn,
  notification,
  paidIn,
  parcel,
  type Plain,
  readDetail,
  recorded,
  ROWS,
  seenOf,
  shipping,
  wholeIn,
} from './detail.test-support.ts';
import { STAND_IN_SKU } from './stand-in.ts';
import { NOW, PAID, validate } from './world.test-support.ts';

describe('the line that stands in', () => {
  const heard = readDetail(anOrder(1));
  test('makes the order whole, its sums hold, and its time is before any word', () => {
    const whole = wholeIn(heard);
    expect(whole).toMatchObject({
      modifiedAt: expect.stringMatching(/^2011-01-21T/),
      status: 'awaiting_payment',
      placedAt: '2026-02-22T09:30:13+08:00',
      paid: '0.00',
      currency: 'CNY',
      buyer: { channelBuyerId: 'oTEST0000000000000000000731' },
      lines: [{ lineId: '4200002226202602220000000731', sku: STAND_IN_SKU, title: '焕亮精华液等2件', quantity: 1, unitPrice: '248.00' }],
    });
    expect(sumOf(whole.lines ?? [], whole.discounts ?? [], whole.shippingFee ?? '')).toBe(fenOf(whole.payable ?? ''));
    expect(validate(whole).problems).toEqual([]);
  });
  test('is the same in every answer about the order, whatever happened since: telling it again tells nothing', () => {
    const description = '焕亮精华液等2件';
    for (const later of [
      readDetail(anOrder(2, { description }), aPayment(), NOW + 1e9),
      readDetail(anOrder(5, { description }), aPayment({ trade_state: 'REFUND' })),
    ])
      expect(wholeIn(later)).toEqual(wholeIn(heard));
  });
  test('has a title that grows when goods are named: no conflict, whatever comes first, and the longer one stays', () => {
    const named = ['', '🍌*1', '🍎*1', '🍌*1;🍎*1'].map(
      (description, i) => readDetail(anOrder(1, { description }), aPayment(), NOW + i).messages,
    );
    for (const order of [named, named.toReversed()]) {
      const seen = seenOf(recorded(...order.map((messages) => ['detail', messages] as const)));
      expect(seen).toMatchObject({ holds: [], lines: [{ title: '🍌*1;🍎*1' }] });
    }
  });
  test('and the facts say nothing that the shop would tell better', () => {
    expect(Object.keys(factsIn(heard)).toSorted()).toEqual(
      ['schema', 'channel', 'shop', 'channelOrderId', 'modifiedAt', 'payments', 'doNotShip', 'partial'].toSorted(),
    );
    expect(paidIn(heard)).toMatchObject({ modifiedAt: '2026-02-22T09:30:25+08:00', paidAt: '2026-02-22T09:30:25+08:00', partial: true });
  });
});

describe('the shop’s own backend tells the real lines', () => {
  const own = (modifiedAt: string, status: NeutralOrder['status'], paid: string): NeutralMessage => ({
    schema: 1,
    channel: 'wechat',
    shop: PAID.shop,
    channelOrderId: PAID.id,
    status,
    placedAt: '2026-02-22T09:29:00+08:00',
    modifiedAt,
    currency: 'CNY',
    lines: [
      { lineId: '1', sku: 'SERUM-30', title: '焕亮精华液 30ml', quantity: 1, unitPrice: '149.00', discount: '0.00' },
      { lineId: '2', sku: 'MASK', title: '补水面膜', quantity: 2, unitPrice: '40.00', discount: '0.00' },
    ],
    discounts: [],
    shippingFee: '9.00',
    payable: '238.00',
    paid,
    refunded: '0.00',
    buyer: { name: '林一' },
  });
  const unpaid = ['detail', [own('2026-02-22T09:29:00+08:00', 'awaiting_payment', '0.00')]] as const;
  const wechat = ['detail', readDetail(anOrder(1)).messages] as const;
  const shipped = ['detail', readDetail(anOrder(2), aPayment(), NOW + 1e8).messages] as const;
  const push = ['push', wechatAdapter.read('push', notification('transaction_success'), PAID).messages] as const;

  test.each([
    ['before the payment', [unpaid, push, wechat]],
    ['after it', [push, wechat, unpaid]],
    ['and WeChat tells again', [wechat, unpaid, wechat]],
  ])('%s: its lines, its fee, its buyer win, and the payment is WeChat’s', (_, entries) => {
    const facts = recorded(...entries);
    const seen = seenOf(facts);
    expect(seen).toMatchObject({
      status: 'paid',
      payment: 'full',
      paid: '238.00',
      shippingFee: '9.00',
      holds: [],
      discounts: [],
      placedAt: '2026-02-22T09:29:00+08:00',
      shipBy: '2026-02-24T09:30:25+08:00',
      lines: [
        { lineId: '1', status: 'paid' },
        { lineId: '2', status: 'paid' },
      ],
    });
    expect(mayShip({ view: seen })).toEqual([]);
  });
  test.each([
    ['closed', { status: 'closed' }],
    ['shipped', { status: 'shipped' }],
    ['paid for in two ways', { payable: '338.00', shippingFee: '109.00', paid: '338.00', status: 'paid' }],
  ] as const)('what it has said since it was paid stands, however often WeChat is asked: %s', (_, said) => {
    const word = { ...own('2026-02-22T09:31:00+08:00', 'paid', '238.00'), ...said };
    const looks = [NOW + 1e6, NOW + 1e8].map((at) => ['detail', readDetail(anOrder(1), aPayment(), at)] as const);
    const rows = ['list', wechatAdapter.read('list', Buffer.from(JSON.stringify(anOrder(1))), PAID)] as const;
    const seen = seenOf(recorded(push, unpaid, ['detail', [word]], ...looks, rows));
    expect(seen).toMatchObject({ status: word.status, paid: word.paid, payment: 'full', payable: word.payable });
  });
  test('nor does a payment that was never made end what it says to be paid for, or open what it has closed', () => {
    const payment = { out_trade_no: PAID.id, mchid: PAID.shop };
    for (const trade_state of ['NOTPAY', 'CLOSED'])
      for (const [status, paid] of [
        ['paid', '238.00'],
        ['closed', '0.00'],
      ] as const) {
        const word = own('2026-02-22T09:31:00+08:00', status, paid);
        const look = readDetail(null, { ...payment, trade_state }, NOW + 1e8);
        expect(seenOf(recorded(['detail', [word]], ['detail', look]))).toEqual(seenOf(recorded(['detail', [word]])));
      }
  });
  test('its parcels stay while WeChat knows of one of them only, and not when it knows all', () => {
    const at = '2026-02-22T15:12:00+08:00';
    const two = ['1', '2'].map((lineId) => ({
      id: `P${lineId}`,
      carrier: 'YTO',
      trackingNumber: `YT${lineId}`,
      at,
      lines: [{ lineId, quantity: 1 }],
    }));
    const word = { ...own('2026-02-22T15:13:00+08:00', 'paid', '238.00'), shipments: two };
    const part = shipping({ delivery_mode: 2, finish_shipping: false, shipping_list: [parcel('YT1')] });
    const look = readDetail(anOrder(1, { shipping: part }), aPayment(), NOW + 1e8);
    const row = wechatAdapter.read('list', Buffer.from(JSON.stringify(anOrder(1, { shipping: part }))), PAID);
    for (const heard of [look, row]) {
      const seen = seenOf(recorded(['detail', [word]], ['detail', heard]));
      expect(new Set(seen.shipments.map(({ trackingNumber }) => trackingNumber))).toEqual(new Set(['YT1', 'YT2']));
      expect(seen).toMatchObject({ status: 'paid', lines: [{ shipped: 1 }, { shipped: 1 }] });
    }
    const all = readDetail(anOrder(2, { shipping: shipping({ shipping_list: [parcel('YT9')] }) }), aPayment(), NOW + 2e8);
    expect(all).not.toHaveProperty('parcelsMayMiss');
    expect(seenOf(recorded(['detail', [word]], ['detail', all])).shipments.map(({ trackingNumber }) => trackingNumber)).toEqual(['YT9']);
  });
  test('what a look said before, of an order that was not paid yet or of one that waits, has ended', () => {
    const before = (at: string, said: Partial<NeutralMessage>) =>
      [
        'detail',
        [{ schema: 1, channel: 'wechat', shop: PAID.shop, channelOrderId: PAID.id, modifiedAt: at, partial: true, ...said }],
      ] as const;
    const sign = { kind: 'after_sale', code: 'order_state_5', since: '2026-02-22T09:30:26+08:00' } as const;
    const old = [
      before('2026-02-22T09:29:30+08:00', { status: 'cancelled' }),
      before('2026-02-22T09:30:26+08:00', { status: 'paid', doNotShip: [sign] }),
    ] as readonly (readonly ['detail', readonly NeutralMessage[]])[];
    const seen = seenOf(recorded(...old, wechat));
    expect(seen).toMatchObject({ status: 'paid', holds: [] });
    expect(seenOf(recorded(...old.slice(0, 1), wechat))).toMatchObject({ status: 'paid' });
  });
  test('and what WeChat knows to have left has left under either lines', () => {
    expect(seenOf(recorded(wechat, shipped))).toMatchObject({ status: 'shipped', lines: [{ shipped: 1 }] });
    expect(seenOf(recorded(wechat, shipped, unpaid)).lines).toMatchObject([
      { lineId: '1', status: 'shipped', shipped: 1 },
      { lineId: '2', status: 'shipped', shipped: 2 },
    ]);
  });
});

describe('how far an order is', () => {
  test.each([
    [1, 'paid'],
    [2, 'shipped'],
    [3, 'completed'],
    [4, 'completed'],
    [5, 'paid'],
    [6, 'completed'],
  ])('order_state %i: %s', (state, status) => {
    expect(seenOf(recorded(['detail', readDetail(anOrder(state)).messages])).status).toBe(status);
    expect(factsIn(readDetail(anOrder(state))).status).toBe(status === 'paid' ? undefined : status);
    const row = ROWS.find((each) => each['order_state'] === state) ?? {};
    const subject = { ...PAID, id: String(row['merchant_trade_no']) };
    const heard = wechatAdapter.read('list', Buffer.from(JSON.stringify(row)), subject);
    expect(heard).toMatchObject({ wants: ['detail'], problems: [], messages: [{ status, partial: true }] });
    expect(validate(heard.messages[0]).problems).toEqual([]);
  });
  test('a code that no table holds is shown to a person', () => {
    expect(readDetail(anOrder(1, { order_state: 7 }))).toMatchObject({
      messages: [],
      problems: [{ code: 'channel.unmapped_code', pointer: '/order/order_state', reading: '7' }],
    });
    expect(readDetail(anOrder(1), aPayment({ trade_state: 'NEW' }))).toMatchObject({
      messages: [],
      problems: [{ code: 'channel.unmapped_code', pointer: '/payment/trade_state' }],
    });
  });
  test('money that went back in full ends the order, once its refund is told', () => {
    const refund = wechatAdapter.read('push', notification('refund_success', { out_trade_no: PAID.id, amount: { refund: 23_800 } }), PAID);
    const detail = readDetail(anOrder(5), aPayment({ trade_state: 'REFUND' }), NOW + 1e8);
    expect(seenOf(recorded(['detail', detail.messages]))).toMatchObject({ status: 'paid', refund: 'none' });
    expect(seenOf(recorded(['detail', detail.messages], ['push', refund.messages]))).toMatchObject({ status: 'closed', refund: 'full' });
  });
});

describe('signs that it must wait', () => {
  const codesOf = (heard: ReturnType<typeof readDetail>) => (factsIn(heard).doNotShip ?? []).map(({ kind, code }) => `${kind} ${code}`);
  test('a refund that was asked for, a refunded order, a complaint', () => {
    expect(codesOf(readDetail(anOrder(1)))).toEqual([]);
    expect(codesOf(readDetail(anOrder(1), aPayment({ trade_state: 'REFUND' })))).toEqual(['after_sale trade_state_REFUND']);
    expect(codesOf(readDetail(anOrder(5)))).toEqual(['after_sale order_state_5']);
    expect(codesOf(readDetail(anOrder(1, { in_complaint: true })))).toEqual(['after_sale in_complaint']);
    expect(codesOf(readDetail(anOrder(5, { in_complaint: true }), aPayment({ trade_state: 'REFUND' })))).toHaveLength(3);
  });
  test('end when a later answer names them no more, and are no reason once all has left', () => {
    const complaint = readDetail(anOrder(1, { in_complaint: true }));
    const over = readDetail(anOrder(1), aPayment(), NOW + 60_000);
    expect(mayShip({ view: seenOf(recorded(['detail', complaint.messages])) })).not.toEqual([]);
    expect(mayShip({ view: seenOf(recorded(['detail', complaint.messages], ['detail', over.messages])) })).toEqual([]);
    expect(codesOf(readDetail(anOrder(2, { in_complaint: true }), aPayment({ trade_state: 'REFUND' })))).toEqual([]);
  });
  test('are shown by a row too, as far as it knows them', () => {
    const signs = (order: Plain) => wechatAdapter.read('list', Buffer.from(JSON.stringify(order)), PAID).signs;
    expect(signs(anOrder(1))).toEqual([]);
    expect(signs(anOrder(1, { in_complaint: true }))).toEqual(['in_complaint']);
    expect(signs(anOrder(5, { in_complaint: true, shipping: {} }))).toEqual(['order_state_5', 'in_complaint']);
    expect(signs(anOrder(3, { in_complaint: true }))).toEqual([]);
  });
  test('but stand while only a part has left', () => {
    const part = shipping({ delivery_mode: 2, finish_shipping: false, shipping_list: [parcel('YT1')] });
    expect(codesOf(readDetail(anOrder(1, { shipping: part, in_complaint: true })))).toEqual(['after_sale in_complaint']);
  });
});

describe('parcels', () => {
  test('a part that left is seen, and moves no line', () => {
    const part = shipping({ delivery_mode: 2, finish_shipping: false, shipping_list: [parcel('YT1')] });
    const seen = seenOf(recorded(['detail', readDetail(anOrder(1, { shipping: part })).messages]));
    expect(seen).toMatchObject({ status: 'paid', shipments: [{ id: 'YTO_YT1', trackingNumber: 'YT1' }], lines: [{ shipped: 0 }] });
  });
  test('several that are all of it are one order that left', () => {
    const all = shipping({ delivery_mode: 2, shipping_list: [parcel('YT1'), parcel('YT2', { upload_time: 1_771_744_400 })] });
    const seen = seenOf(recorded(['detail', readDetail(anOrder(2, { shipping: all })).messages]));
    expect(seen).toMatchObject({ status: 'shipped', shippedAt: '2026-02-22T15:13:20+08:00', lines: [{ shipped: 1 }] });
    expect(seen.shipments).toHaveLength(2);
  });
  test('shipped anew: the parcel of before is gone', () => {
    const first = readDetail(anOrder(2, { shipping: shipping({ shipping_list: [parcel('YT1')] }) }));
    const anew = readDetail(
      anOrder(2, { shipping: shipping({ shipping_list: [parcel('YT9', { upload_time: 1_771_750_000 })] }) }),
      aPayment(),
      NOW + 1e8,
    );
    expect(seenOf(recorded(['detail', first.messages], ['detail', anew.messages])).shipments.map((each) => each.trackingNumber)).toEqual([
      'YT9',
    ]);
  });
  test('an answer that names none takes none away: the shop may know of some that WeChat was not told of yet', () => {
    expect(factsIn(readDetail(anOrder(1)))).not.toHaveProperty('shipments');
  });
  test('what no courier carries (同城 虚拟 自提) has no parcel and has left all the same', () => {
    const heard = readDetail(
      anOrder(2, { shipping: shipping({ logistics_type: 4, shipping_list: [{ upload_time: 1_771_744_320, goods_desc: '自提' }] }) }),
    );
    expect(factsIn(heard)).toMatchObject({ status: 'shipped', shippedAt: '2026-02-22T15:12:00+08:00' });
    expect(factsIn(heard)).not.toHaveProperty('shipments');
    const brought = shipping({ logistics_type: 2, shipping_list: [parcel('RIDER-1', { express_company: '' })] });
    expect(readDetail(anOrder(2, { shipping: brought })).problems).toEqual([]);
    expect(factsIn(readDetail(anOrder(2, { shipping: brought })))).not.toHaveProperty('shipments');
    expect(factsIn(readDetail(anOrder(2, { shipping: brought })))).toMatchObject({ status: 'shipped' });
    expect(
      readDetail(anOrder(2, { shipping: shipping({ shipping_list: [{ upload_time: 1 }] }) })).problems.map(({ pointer }) => pointer),
    ).toContain('/order/shipping/shipping_list/0/tracking_no');
  });
});

describe('coupons', () => {
  const discounts = (promotion_detail: unknown, payer_total: unknown = 20_000) =>
    wholeIn(readDetail(anOrder(1), aPayment({ amount: { total: 23_800, payer_total, currency: 'CNY' }, promotion_detail }))).discounts?.map(
      ({ amount, payer }) => `${payer} ${amount}`,
    );
  test('are split by who bears them, and add up to what the buyer did not pay', () => {
    const coupon = { name: '券', amount: 3_800, wechatpay_contribute: 1_000, merchant_contribute: 2_000, other_contribute: 800 };
    expect(discounts([coupon])).toEqual(['platform 10.00', 'shop 20.00', 'unknown 8.00']);
    expect(discounts([{ ...coupon, type: 'CASH', scope: 'SINGLE' }])).toEqual(['platform 10.00', 'shop 20.00', 'unknown 8.00']);
  });
  test('what they do not explain has the payer unknown', () => {
    expect(discounts([{ name: '券', amount: 800, merchant_contribute: 800 }])).toEqual(['shop 8.00', 'unknown 30.00']);
    expect(discounts([{ name: '券', amount: 3_800 }])).toEqual(['unknown 38.00']);
    expect(discounts([{ name: '券', amount: 9_900, merchant_contribute: 9_900 }])).toEqual(['unknown 38.00']);
    expect(discounts([{ name: '券', amount: 800, merchant_contribute: 900 }])).toEqual(['unknown 8.00', 'unknown 30.00']);
    expect(discounts(undefined)).toEqual(['unknown 38.00']);
    expect(discounts([], 23_800)).toEqual([]);
    expect(discounts([], null)).toEqual([]);
  });
});

describe('answers that are not what they should be', () => {
  test.each([
    ['another order', anOrder(1, { merchant_trade_no: 'X' }), aPayment(), '/order/merchant_trade_no'],
    ['another shop', anOrder(1), aPayment({ mchid: '1900000002' }), '/payment/mchid'],
    ['no order', null, aPayment(), '/order'],
    ['no amount', anOrder(1), aPayment({ amount: {} }), '/payment/amount/total'],
    ['no time', anOrder(1), aPayment({ success_time: '' }), '/payment/success_time'],
    ['a complaint that is neither', anOrder(1, { in_complaint: 'maybe' }), aPayment(), '/order/in_complaint'],
    ['a list that is none', anOrder(1, { shipping: { shipping_list: 'x' } }), aPayment(), '/order/shipping/shipping_list'],
  ])('%s', (_, order, payment, pointer) => {
    const heard = readDetail(order, payment);
    expect(heard.messages).toEqual([]);
    expect(heard.problems.map((each) => each.pointer)).toContain(pointer);
  });
  test('the answer is as new as the question, and newer than anything in it', () => {
    expect(factsIn(readDetail(anOrder(1))).modifiedAt).toBe('2026-02-22T09:30:30.000+08:00');
    expect(factsIn(readDetail(anOrder(2), aPayment(), 1)).modifiedAt).toBe('2026-02-22T15:12:00.001+08:00');
    expect(readDetail(anOrder(1), aPayment(), -1).problems).toMatchObject([{ pointer: '/askedAt' }]);
  });
});
