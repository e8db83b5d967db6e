import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validate } from './judge.test-support.ts';
import type { Normalised } from '../normalised.ts';
import { normaliseOrder, type OrderContext } from './normalise.ts';
import { aDouyinOrder, LINE_IDS, ORDER_ID } from './order.test-support.ts';
import { MAIN_STATUS, ORDER_STATUS, toldStatus } from './status-tables.ts';

const detail = (more = {}, lines?: readonly Readonly<Record<string, unknown>>[], context: Partial<OrderContext> = {}): Normalised =>
  normaliseOrder(aDouyinOrder(more, lines), { source: 'detail', ...context });
const message = (read: Normalised) => {
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.message;
};

describe('status', () => {
  test('every pair of the two status numbers has a word or is shown to a person', () => {
    const codes = [...ORDER_STATUS.keys(), ...MAIN_STATUS.keys(), '7', 'x'];
    for (const orderStatus of codes)
      for (const mainStatus of codes) {
        const told = toldStatus(orderStatus, mainStatus);
        const read = detail({ order_status: orderStatus, main_status: mainStatus });
        expect(read.ok, `${orderStatus}/${mainStatus}`).toBe(told !== null);
      }
  });
  test.each([
    [1, 1, 'awaiting_payment'],
    [1, 103, 'awaiting_payment'],
    [105, 105, 'paid'],
    [2, 2, 'paid'],
    [101, 101, 'paid'],
    [3, 3, 'shipped'],
    [4, 4, 'closed'],
    [4, 21, 'closed'], // refunded before it left
    [4, 22, 'closed'], // refunded after it left
    [5, 5, 'completed'],
    [5, 39, 'completed'], // was finished, then refunded: it keeps its status
    [4, 39, 'closed'],
  ])('%i beside %i of a paid order is %s', (order_status, main_status, expected) => {
    const read = detail({ order_status, main_status }, [{ order_status: 2 }, { order_status: 2 }]);
    expect(message(read).status).toBe(expected);
  });
  test('an unknown number names what it read, where, and what is known', () => {
    expect(detail({ order_status: 77 })).toMatchObject({
      ok: false,
      identity: { channelOrderId: ORDER_ID },
      problems: [
        { code: 'channel.unmapped_code', pointer: '/order_status', reading: '77', expected: '1, 105, 2, 101, 3, 4, 5' },
        { pointer: '/sku_order_list/0/order_status' },
        {},
      ],
    });
  });
  test('4 is cancelled when nothing was paid and closed when something was', () => {
    expect(message(detail({ order_status: 4, pay_time: 0 })).status).toBe('cancelled');
    expect(message(detail({ order_status: 4 })).status).toBe('closed');
  });
  test('a finish time makes nothing complete that the status does not', () => {
    expect(message(detail({ order_status: 4, finish_time: 1771830000, ship_time: 1771730000 }))).not.toHaveProperty('completedAt');
    expect(message(detail({ order_status: 2, ship_time: 1771730000 }))).not.toHaveProperty('shippedAt');
  });
});

describe('ids', () => {
  test('the older form with a trailing A names the same order', () => {
    expect(message(detail({ order_id: `${ORDER_ID}A` })).channelOrderId).toBe(ORDER_ID);
  });
  test('an order whose id or shop cannot be read has no identity', () => {
    for (const more of [{ order_id: 'xxxxxxx' }, { order_id: null }, { shop_id: {} }, { order_id: '1e5' }])
      expect(detail(more)).toMatchObject({ ok: false, identity: null });
  });
});

describe('money', () => {
  test('a sum that is one fen off is told as it stands, and the house holds it', () => {
    expect(validate(message(detail({ pay_amount: 24879 }))).problems).toMatchObject([
      { code: 'sum.payable', reading: '248.79', expected: '248.80' },
    ]);
  });
  test('what the seller took off by hand is a discount of the shop when it closes the gap, and only then', () => {
    expect(message(detail({ pay_amount: 24000, modify_amount: -880 })).discounts).toEqual([
      { name: '商家改价', amount: '8.80', payer: 'shop' },
    ]);
    expect(message(detail({ modify_amount: -880 })).discounts).toEqual([]);
    expect(message(detail({ pay_amount: 24000, modify_amount: -881 })).discounts).toEqual([]);
  });
  test('a deposit is a payment of its own, before and after the rest is paid, and holds the order back meanwhile', () => {
    const phase = (number: number, fen: number, paid: boolean) => ({
      current_phase: number,
      pay_success: paid,
      phase_pay_amount: fen,
      phase_pay_time: 1771722400 + number,
      channel_payment_no: `P${number}`,
    });
    const before = message(
      detail({ order_status: 1, main_status: 103, pay_time: 0, order_phase_list: [phase(1, 4880, true), phase(2, 20000, false)] }, [
        {},
        {},
      ]),
    );
    expect(before).toMatchObject({
      status: 'awaiting_payment',
      paid: '48.80',
      payments: [{ id: 'P1', kind: 'deposit' }],
      doNotShip: [{ kind: 'deposit' }],
    });
    const after = message(detail({ order_phase_list: [phase(1, 4880, true), phase(2, 20000, true)] }));
    expect(after).toMatchObject({
      paid: '248.80',
      payments: [
        { id: 'P1', amount: '48.80' },
        { id: 'P2', amount: '200.00', kind: 'balance' },
      ],
      doNotShip: [],
    });
    expect([before, after].flatMap((each) => validate(each).problems)).toEqual([]);
  });
  test('an order that cost nothing is paid without a payment', () => {
    const read = message(detail({ pay_amount: 0, promotion_amount: 24880, promotion_platform_amount: 24880 }));
    expect(read).toMatchObject({ status: 'paid', paid: '0.00', payments: [], discounts: [{ payer: 'platform', amount: '248.80' }] });
    expect(validate(read).problems).toEqual([]);
  });
  test.each([
    ['a fraction', 1.5],
    ['below zero', -1],
    ['text that is no number', 'free'],
    ['beyond reach', 1e300],
    ['absent', undefined],
  ])('%s is no amount', (_, wrong) => {
    expect(detail({ pay_amount: wrong })).toMatchObject({ ok: false, problems: [{ pointer: '/pay_amount' }] });
  });
});

describe('times', () => {
  test('are written with the offset of China, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999_999 }), (seconds) => {
        const { placedAt = '' } = message(detail({ create_time: seconds, update_time: seconds, pay_time: seconds }));
        expect(placedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
        expect(Date.parse(placedAt)).toBe(seconds * 1_000);
      }),
    );
  });
  test('milliseconds are refused, not guessed', () => {
    expect(detail({ update_time: 1771722391000 })).toMatchObject({
      ok: false,
      problems: [{ code: 'time.not_zoned', pointer: '/update_time' }],
    });
  });
});

describe('signs not to ship', () => {
  const afterSale = (status: number, type = 2) => ({
    after_sale_info: { after_sale_status: status, after_sale_type: type, refund_status: 1 },
  });
  test('105 holds the order', () => {
    expect(message(detail({ order_status: 105 })).doNotShip).toMatchObject([{ kind: 'channel_risk', code: 'order_status_105' }]);
  });
  test('an open after-sale holds its line, also before anybody knows how much it is about', () => {
    const read = detail({}, [{}, afterSale(6)]);
    expect(read).toMatchObject({ ok: true, wants: ['after_sales'], message: { partial: true } });
    expect(message(read).doNotShip).toEqual([
      { kind: 'after_sale', lineId: LINE_IDS[1], code: 'after_sale_status_6', since: '2026-02-22T09:06:31+08:00' },
    ]);
  });
  test('a request that the buyer withdrew stays at 28 beside refund_status 1, and holds nothing', () => {
    expect(message(detail({}, [{}, afterSale(28)])).doNotShip).toEqual([]);
  });
  test('neither a refused one, nor a price guarantee, nor one of a line that has left', () => {
    expect(message(detail({}, [{}, afterSale(27)])).doNotShip).toEqual([]);
    expect(message(detail({}, [{}, afterSale(6, 6)])).doNotShip).toEqual([]);
    expect(message(detail({ order_status: 101 }, [{ order_status: 3 }, { order_status: 3, ...afterSale(6) }])).doNotShip).toEqual([]);
  });
  test('an order that is newer than the after-sales we were told of is partial, and its sign stands', () => {
    const old = {
      id: '147',
      shopOrderId: ORDER_ID,
      lineId: LINE_IDS[1],
      kind: { moves: 'money', stopsShipping: true },
      state: 'withdrawn',
      statusCode: '28',
      amountFen: 100,
      changedAt: 1,
      appliedAt: 1,
    } as const;
    const read = detail({}, [{}, afterSale(6)], { afterSales: [old] });
    expect(read).toMatchObject({ ok: true, wants: ['after_sales'], message: { partial: true, doNotShip: [{ lineId: LINE_IDS[1] }] } });
    const told = detail({}, [{}, afterSale(28)], { afterSales: [{ ...old, changedAt: 1771723800 }] });
    expect(told).toMatchObject({
      ok: true,
      wants: [],
      message: { refunded: '0.00', refunds: [{ status: 'withdrawn' }], doNotShip: [], modifiedAt: '2026-02-22T09:30:00+08:00' },
    });
  });
  test('an unknown after-sale number is shown to a person', () => {
    expect(detail({}, [{}, afterSale(99)])).toMatchObject({
      ok: false,
      problems: [{ code: 'channel.unmapped_code', pointer: '/sku_order_list/1/after_sale_info/after_sale_status' }],
    });
  });
});

describe('an ending that no list of after-sales tells', () => {
  const ended = (after_sale_status: number, after_sale_type: number, refund_status: number) =>
    detail({ order_status: 4 }, [{}, { after_sale_info: { after_sale_status, after_sale_type, refund_status } }], { afterSales: [] });
  test.each([
    [51, 2],
    [53, 0],
    [12, 4],
    [51, 5],
  ])('status %i of type %i is read from the line as long as no money is back', (status, type) => {
    for (const notBack of [0, 1, 4])
      expect(ended(status, type, notBack)).toMatchObject({ wants: [], message: { refunded: '0.00', refunds: [] } });
  });
  test('once it is back its amount is needed: the order does not say that nothing was refunded', () => {
    const back = ended(51, 5, 3);
    expect(back).toMatchObject({ wants: ['after_sales'], message: { partial: true } });
    expect(message(back)).not.toHaveProperty('refunded');
  });
  test('any other case that nobody told of is still wanted', () => {
    expect(ended(28, 2, 1)).toMatchObject({ wants: ['after_sales'] });
  });
});

describe('receiver', () => {
  test('an order without one has none', () => {
    expect(message(detail())).not.toHaveProperty('receiver');
  });
  test('ciphertexts are kept whole, or not at all when they are longer than a token may be', () => {
    const address = { province: { name: '浙江省' }, encrypt_detail: '#d#' };
    expect(message(detail({ post_addr: address, encrypt_post_tel: '$t$', encrypt_post_receiver: '#n#' })).receiver?.token).toBe(
      'tel=$t$ name=#n# detail=#d#',
    );
    expect(message(detail({ post_addr: address, encrypt_post_tel: 'x'.repeat(2_048) })).receiver).toEqual({ province: '浙江省' });
  });
});

test('a problem never prints what is inside a list or an object: there may be people in it', () => {
  const read = detail({ logistics_info: { phone: '15400001234' }, pay_amount: ['15400001234'] });
  expect(JSON.stringify(read)).not.toContain('15400001234');
});

test('what cannot be read is said once, however often it is looked at', () => {
  expect(detail({ pay_time: 1771722390000 })).toMatchObject({ ok: false, problems: [{ pointer: '/pay_time' }] });
});

test('the only parcel of an order that left whole needs no list of pieces; one of several does', () => {
  const parcel = { company: 'shunfeng', tracking_no: 'SF1', ship_time: 1771730000 };
  expect(message(detail({ order_status: 3, logistics_info: [parcel] })).shipments).toMatchObject([{ lines: [] }]);
  for (const more of [
    { order_status: 3, logistics_info: [parcel, { ...parcel, tracking_no: 'SF2' }] },
    { order_status: 101, logistics_info: [parcel] },
  ])
    expect(detail(more)).toMatchObject({
      ok: false,
      problems: [{ code: 'field.missing', pointer: '/logistics_info/0/product_info' }, ...(more.order_status === 3 ? [{}] : [])],
    });
});

test('rows under one number are one parcel with all their pieces; a row that comes twice is one', () => {
  const row = (delivery_id: string, nth: number) => ({
    delivery_id,
    company: 'shunfeng',
    tracking_no: 'SF1',
    ship_time: 1771730000 + nth,
    product_info: [{ sku_order_id: LINE_IDS[nth], product_count: 1 }],
  });
  const { shipments } = message(detail({ order_status: 101, logistics_info: [row('1', 0), row('2', 1), row('1', 0)] }));
  expect(shipments).toMatchObject([
    {
      trackingNumber: 'SF1',
      at: '2026-02-22T11:13:20+08:00',
      lines: [
        { lineId: LINE_IDS[0], quantity: 1 },
        { lineId: LINE_IDS[1], quantity: 1 },
      ],
    },
  ]);
});

test('a parcel with a piece count of nothing, or without a number, is said to be unreadable', () => {
  const parcel = { company: 'shunfeng', ship_time: 1771730000, product_info: [{ sku_order_id: LINE_IDS[0], product_count: 0 }] };
  expect(detail({ logistics_info: [{ ...parcel, tracking_no: 'SF1' }] })).toMatchObject({
    ok: false,
    problems: [{ pointer: '/logistics_info/0/product_info/0/product_count' }],
  });
  expect(detail({ order_status: 3, logistics_info: [{ ...parcel, product_info: [] }] })).toMatchObject({
    ok: false,
    problems: [{ code: 'field.missing', pointer: '/logistics_info/0/tracking_no' }],
  });
});
