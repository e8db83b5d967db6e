/** The table of everything on which the channels disagree, row by row, for this one. */
import { describe, expect, test } from 'vitest';
import { chinaTime } from '../china-time.ts';
import { readYuan } from '../yuan.ts';
import { taobaoAdapter } from './adapter.ts';
import { rootOf } from './client.ts';
import { detailOf, hear, judge, platform, SHOP, validate } from './judge.test-support.ts';
import { writeMemo } from './memo.ts';
import { listIn, TRADES } from './requests.ts';
import { signCall } from './sign.ts';
import { TRADE_STATUS } from './status-tables.ts';
import { aTrade, OIDS, TID, tradeText } from './trade.test-support.ts';

const message = (trade: ReturnType<typeof aTrade>) => {
  const [first] = hear('detail', detailOf(trade)).messages;
  if (first === undefined) throw new Error('nothing heard');
  return first;
};

describe('ids', () => {
  test('order id: an int64 as a bare number stays the very digits it was', () => {
    const bytes = Buffer.from(`{"refunds":[],"trade":${tradeText()}}`);
    expect(bytes.toString()).toContain(`"tid":${TID}`);
    expect(hear('detail', bytes).messages[0]?.channelOrderId).toBe(TID);
    expect(String(Number(TID))).not.toBe(TID);
  });
  test('line id: two lines that are one double stay two lines; a single line may have the id of its trade', () => {
    const near = ['3724561098877121118', '3724561098877121119'];
    const lines = message(
      aTrade(
        {},
        near.map((oid) => ({ oid })),
      ),
    ).lines;
    expect(lines?.map(({ lineId }) => lineId)).toEqual(near);
    expect(new Set(near.map(Number)).size).toBe(1);
    const single = message(aTrade({ payment: '129.00' }, [{ oid: TID }]));
    expect(judge({ messages: [single], wants: [], problems: [] })).toBe('accepted');
    expect(single.lines?.[0]?.lineId).toBe(single.channelOrderId);
  });
  test('one trade, n lines', () => {
    expect(message(aTrade()).lines?.map(({ lineId }) => lineId)).toEqual([...OIDS]);
  });
});

describe('times', () => {
  test('answers: Beijing text without a zone', () => {
    expect(message(aTrade()).placedAt).toBe('2026-02-22T09:11:40+08:00');
  });
  test.each(['2026-02-30 09:11:40', '2026-02-22T09:11:40+08:00', '1771722700', '2026-02-22', '0000-00-00 00:00:00', 1771722700])(
    'answers: %s is none and waits for a person',
    (created) => {
      expect(judge(hear('detail', detailOf(aTrade({ created }))))).toBe('held: time.not_zoned /trade/created');
    },
  );
  test('an empty or absent time means not yet', () => {
    for (const pay_time of ['', null, undefined])
      expect(message(aTrade({ status: 'WAIT_BUYER_PAY', pay_time }))).not.toHaveProperty('paidAt');
  });
  test('questions: Beijing text, too', async () => {
    const { ask, asked } = platform({ 'taobao.trades.sold.increment.get': '{"trades_sold_increment_get_response":{"total_results":0}}' });
    await taobaoAdapter.listChanged(ask, 'orders', SHOP, { from: 1771722700, to: 1771724500 }, { page: 0, size: 50 });
    expect(chinaTime(1771722700)).toBe('2026-02-22T09:11:40+08:00');
    expect(asked[0]?.params).toMatchObject({ start_modified: '2026-02-22 09:11:40', end_modified: '2026-02-22 09:41:40' });
  });
  test('pushes: Beijing text; what has no such time proves nothing', () => {
    const push = (more: object) =>
      hear(
        'push',
        Buffer.from(
          JSON.stringify({
            user_id: SHOP,
            topic: 'taobao_refund_RefundCreated',
            content: JSON.stringify({ tid: TID, oid: '1', refund_id: '2', refund_fee: '9.00', bill_type: 'refund_bill' }),
            ...more,
          }),
        ),
      );
    expect(push({ pub_time: '2026-02-22 09:12:03' }).messages).toMatchObject([{ modifiedAt: '2026-02-22T09:12:03+08:00' }]);
    for (const pub_time of [1771722723000, '', undefined])
      expect(push({ pub_time })).toMatchObject({ messages: [], wants: ['after_sales', 'detail'] });
  });
});

describe('money', () => {
  test.each([
    ['209.00', 20_900],
    ['209', 20_900],
    ['8.8', 880],
    ['0.00', 0],
    ['-5.10', -510],
    ['-0.00', 0],
    ['209.001', null],
    ['1e3', null],
    ['.5', null],
    ['', null],
    ['99999999999', null],
  ])('yuan text: %s is %s fen', (text, fen) => {
    expect(readYuan(text)).toBe(fen);
  });
  test('two fields about postage are in fen', () => {
    const heard = message(aTrade({ post_fee: '8.00', payment: '256.80', refund_post_fee: 300, real_post_fee: 500 }));
    expect(heard).toMatchObject({
      shippingFee: '8.00',
      refunded: '3.00',
      refunds: [{ id: `${TID}-post`, amount: '3.00', status: 'done' }],
    });
    expect(validate(heard).problems).toEqual([]);
  });
  test('postage that went back with a refund is in that refund, and counts once', () => {
    const back = (refund_fee: string) => {
      const refund = { refund_id: '1', tid: TID, oid: OIDS[0], status: 'SUCCESS', modified: '2026-02-22 10:00:00', refund_fee };
      const lines = [{ status: 'TRADE_CLOSED', refund_status: 'SUCCESS', refund_id: '1' }, {}];
      const trade = aTrade({ post_fee: '8.00', payment: '256.80', refund_post_fee: 800, real_post_fee: 0 }, lines);
      const told = hear('detail', detailOf(trade, [refund])).messages[0];
      expect(validate(told).problems).toEqual([]);
      return told as NonNullable<typeof told>;
    };
    expect(back('137.00')).toMatchObject({ refunded: '137.00', refunds: [{ id: '1' }, { id: `${TID}-post`, status: 'withdrawn' }] });
    expect(back('256.80').refunded).toBe('256.80');
  });
  test('an empty amount is absent, not zero: no discount of that name', () => {
    const promotions = [{ id: TID, promotion_name: '卖家包邮', discount_fee: '' }];
    expect(message(aTrade({ promotion_details: { promotion_detail: promotions } })).discounts).toEqual([]);
    expect(judge(hear('detail', detailOf(aTrade({ payment: '' }))))).toBe('held: field.missing /trade/payment');
  });
  test('bare numbers with two decimals, as older answers have them, are read from their own text', () => {
    const text = tradeText().replace('"price":"129.00"', '"price":129.00').replace('"payment":"248.80"', '"payment":248.80');
    const heard = hear('detail', Buffer.from(`{"refunds":[],"trade":${text}}`));
    expect(heard.messages[0]).toMatchObject({ payable: '248.80', lines: [{ unitPrice: '129.00' }, { unitPrice: '59.90' }] });
  });
});

describe('discounts', () => {
  test('order level by name, line level at the line, payer not stated', () => {
    const told = message(
      aTrade(
        {
          payment: '209.00',
          discount_fee: '20.00',
          promotion_details: { promotion_detail: [{ id: TID, promotion_name: '券', discount_fee: '15.00' }] },
        },
        [{}, { discount_fee: '19.80' }],
      ),
    );
    expect(told.discounts).toEqual([
      { name: '券', amount: '15.00', payer: 'unknown' },
      { name: '优惠', amount: '5.00', payer: 'unknown' },
    ]);
    expect(told.lines?.map(({ discount }) => discount)).toEqual(['0.00', '19.80']);
    expect(validate(told).problems.map(({ code }) => code)).toEqual(['discount.no_payer', 'discount.no_payer']);
  });
  test("where the trade's own figure leaves a gap and the lines' shares close it, the shares count", () => {
    const told = message(aTrade({ payment: '228.80' }, [{ part_mjz_discount: '11.27' }, { part_mjz_discount: '8.73' }]));
    expect(told.discounts).toEqual([{ name: '优惠', amount: '20.00', payer: 'unknown' }]);
  });
  test('a line that was closed before payment is in no sum: all of its price is taken off', () => {
    const closed = { status: 'TRADE_CLOSED_BY_TAOBAO' };
    const told = message(aTrade({ payment: '129.00', total_fee: '129.00' }, [{}, closed]));
    expect(told.lines?.map(({ status, discount }) => [status, discount])).toEqual([
      ['paid', '0.00'],
      ['cancelled', '119.80'],
    ]);
    expect(validate(told).problems).toEqual([]);
    const shared = message(aTrade({ payment: '119.00' }, [{ part_mjz_discount: '10.00' }, { ...closed, part_mjz_discount: '9.29' }]));
    expect(shared.discounts).toMatchObject([{ amount: '10.00' }]);
    expect(judge(hear('detail', detailOf(aTrade({ payment: '128.00' }, [{}, closed]))))).toBe('held: sum.payable /payable');
  });
  test('a trade that was closed whole before payment keeps its price', () => {
    const told = message(aTrade({ status: 'TRADE_CLOSED_BY_TAOBAO', pay_time: null }));
    expect(told.lines?.map(({ discount }) => discount)).toEqual(['0.00', '0.00']);
    expect(validate(told).problems).toEqual([]);
  });
  test('a gap that nothing closes waits for a person', () => {
    expect(judge(hear('detail', detailOf(aTrade({ payment: '228.80' }))))).toBe('held: sum.payable /payable');
  });
  test('promotions that say more than the trade are not believed by name', () => {
    const told = aTrade({
      payment: '228.80',
      discount_fee: '20.00',
      promotion_details: { promotion_detail: [{ id: TID, promotion_name: '券', discount_fee: '25.00' }] },
    });
    expect(message(told).discounts).toEqual([{ name: '优惠', amount: '20.00', payer: 'unknown' }]);
  });
  test('a price that the seller changed by hand, down or up', () => {
    const down = message(aTrade({ payment: '243.80' }, [{ adjust_fee: '-5.00' }, {}]));
    expect(down.lines?.[0]).toMatchObject({ unitPrice: '129.00', discount: '5.00' });
    const up = message(aTrade({ payment: '249.81' }, [{}, { adjust_fee: '1.01' }]));
    expect(up.lines?.[1]).toMatchObject({ unitPrice: '60.41', discount: '0.01', quantity: 2 });
    for (const each of [down, up]) expect(validate(each).problems).toEqual([]);
  });
});

describe('states', () => {
  test('unpaid orders are visible', () => {
    expect(message(aTrade({ status: 'WAIT_BUYER_PAY', pay_time: null }))).toMatchObject({ status: 'awaiting_payment', paid: '0.00' });
  });
  test('cancelled has two states: before the payment, after the refund', () => {
    expect([TRADE_STATUS.get('TRADE_CLOSED_BY_TAOBAO'), TRADE_STATUS.get('TRADE_CLOSED')]).toEqual(['cancelled', 'closed']);
  });
  test('a state that no table holds is said, never guessed', () => {
    expect(judge(hear('detail', detailOf(aTrade({ status: 'ALL_CLOSED' }))))).toContain('held: channel.unmapped_code /trade/status');
    expect(judge(hear('detail', detailOf(aTrade({}, [{ refund_status: 'NEW' }, {}]))))).toContain(
      'channel.unmapped_code /trade/orders/order/0/refund_status',
    );
    expect(judge(hear('detail', detailOf(aTrade({ step_trade_status: 'NEW' }))))).toContain(
      'channel.unmapped_code /trade/step_trade_status',
    );
  });
  test('cash on delivery: to be sent and not paid; nobody claims that it is', () => {
    expect(judge(hear('detail', detailOf(aTrade({ type: 'cod', pay_time: null }))))).toBe('held: sum.paid /paid');
  });
});

describe('do-not-ship signs', () => {
  const signs = (more: object, lines?: readonly object[]) =>
    message(aTrade(more as Record<string, unknown>, lines as Record<string, unknown>[] | undefined)).doNotShip;
  test('forbidden by the platform, of the trade or of a line', () => {
    expect(signs({ status: 'PAID_FORBID_CONSIGN' })).toEqual([
      { kind: 'channel_risk', code: 'PAID_FORBID_CONSIGN', since: '2026-02-22T09:12:02+08:00' },
    ]);
    expect(signs({}, [{ status: 'PAID_FORBID_CONSIGN' }, {}])).toMatchObject([{ kind: 'channel_risk', lineId: OIDS[0] }]);
  });
  test.each(['WAIT_SELLER_AGREE', 'WAIT_BUYER_RETURN_GOODS', 'WAIT_SELLER_CONFIRM_GOODS', 'SELLER_REFUSE_BUYER', 'SUCCESS'])(
    'a refund at a line: %s',
    (refund_status) => {
      const refund = {
        refund_id: '1',
        tid: TID,
        oid: OIDS[1],
        status: refund_status,
        modified: '2026-02-22 10:00:00',
        refund_fee: '119.80',
      };
      const told = hear('detail', detailOf(aTrade({}, [{}, { refund_status, refund_id: '1' }]), [refund])).messages[0];
      expect(told?.doNotShip).toMatchObject([{ kind: 'after_sale', lineId: OIDS[1], code: refund_status }]);
    },
  );
  test('none: no refund, one that was closed, or a line that has left', () => {
    expect(signs({}, [{}, { refund_status: 'CLOSED' }])).toEqual([]);
    const refund = {
      refund_id: '1',
      tid: TID,
      oid: OIDS[1],
      status: 'WAIT_SELLER_AGREE',
      modified: '2026-02-22 10:00:00',
      refund_fee: '1.00',
    };
    const left = aTrade({}, [{}, { refund_status: 'WAIT_SELLER_AGREE', refund_id: '1', status: 'WAIT_BUYER_CONFIRM_GOODS' }]);
    expect(hear('detail', detailOf(left, [refund])).messages[0]?.doNotShip).toEqual([]);
    expect(signs({})).toEqual([]);
  });
  test('a deposit alone', () => {
    const told = message(
      aTrade({ status: 'WAIT_BUYER_PAY', pay_time: null, step_trade_status: 'FRONT_PAID_FINAL_NOPAID', step_paid_fee: '40.00' }),
    );
    expect(told).toMatchObject({
      status: 'awaiting_payment',
      paid: '40.00',
      payments: [{ id: `${TID}-1`, amount: '40.00', kind: 'deposit' }],
      doNotShip: [{ kind: 'deposit', code: 'FRONT_PAID_FINAL_NOPAID' }],
    });
  });
  test('signs do not move when something else of the trade does', () => {
    for (const more of [
      { status: 'PAID_FORBID_CONSIGN' },
      { step_trade_status: 'FRONT_PAID_FINAL_NOPAID', step_paid_fee: '40.00', status: 'WAIT_BUYER_PAY' },
    ])
      expect(signs({ ...more, modified: '2026-03-01 00:00:00' })).toEqual(signs(more));
  });
  test('a row of a list shows them where the trade itself does, and says nothing of lines', () => {
    const row = (more: object) =>
      hear('list', Buffer.from(JSON.stringify({ ...(aTrade(more as Record<string, unknown>) as object), orders: undefined }))).messages[0];
    expect(row({ status: 'PAID_FORBID_CONSIGN' })?.doNotShip).toHaveLength(1);
    expect(row({})).not.toHaveProperty('doNotShip');
  });
});

describe('a pre-sale', () => {
  const paid = (more: object) => message(aTrade({ step_trade_status: 'FRONT_PAID_FINAL_PAID', ...more }));
  test('paid to the end has two payments, the first with the id that the deposit had', () => {
    const told = paid({ step_paid_fee: '40.00' });
    expect(told).toMatchObject({
      paid: '248.80',
      payments: [
        { id: `${TID}-1`, amount: '40.00' },
        { id: `${TID}-2`, amount: '208.80', kind: 'balance' },
      ],
    });
    expect(validate(told).problems).toEqual([]);
  });
  test('where the platform tells only the sum, that one takes the place of the deposit', () => {
    for (const step_paid_fee of ['248.80', '', '300.00'])
      expect(paid({ step_paid_fee }).payments).toMatchObject([{ id: `${TID}-1`, amount: '248.80', kind: 'full' }]);
  });
  test('nothing paid yet is nothing paid', () => {
    const told = message(
      aTrade({ status: 'WAIT_BUYER_PAY', pay_time: null, step_trade_status: 'FRONT_NOPAID_FINAL_NOPAID', step_paid_fee: '0.00' }),
    );
    expect(told).toMatchObject({ paid: '0.00', payments: [], doNotShip: [] });
  });
});

test('refund flag: per line, and a refund object with the money', () => {
  const refund = {
    refund_id: 151243567890003321n.toString(),
    tid: TID,
    oid: OIDS[1],
    status: 'SUCCESS',
    modified: '2026-02-22 10:00:00',
    refund_fee: '59.90',
  };
  const trade = aTrade({}, [{}, { refund_status: 'SUCCESS', refund_id: refund.refund_id }]);
  expect(hear('detail', detailOf(trade, [refund])).messages[0]).toMatchObject({
    refunded: '59.90',
    modifiedAt: '2026-02-22T10:00:00+08:00',
  });
});
test('an exchange gives no money back; the line that has not left waits all the same', () => {
  const refund = {
    refund_id: '1',
    tid: TID,
    oid: OIDS[1],
    status: 'WAIT_SELLER_AGREE',
    modified: '2026-02-22 10:00:00',
    refund_fee: '0.00',
    dispute_type: 'TMALL_EXCHANGE',
  };
  const trade = aTrade({}, [{}, { refund_status: 'WAIT_SELLER_AGREE', refund_id: '1' }]);
  expect(hear('detail', detailOf(trade, [refund])).messages[0]).toMatchObject({
    refunds: [],
    refunded: '0.00',
    doNotShip: [{ kind: 'after_sale' }],
  });
});
test('flag colours are sent back as they were read', () => {
  expect(writeMemo(TID, 'm', '5').params).toMatchObject({ flag: '5' });
});
test('paging: pages from 1, read from the last', async () => {
  const { ask, asked } = platform({ 'taobao.trades.sold.increment.get': '{"trades_sold_increment_get_response":{"total_results":0}}' });
  await taobaoAdapter.listChanged(ask, 'orders', SHOP, { from: 1, to: 2 }, { page: 0, size: 50 });
  expect(asked[0]?.params).toMatchObject({ page_no: 1, page_size: 50 });
  expect(asked[0]?.params).not.toHaveProperty('use_has_next');
  expect(taobaoAdapter.walk).toBe('last_page_first');
});
test('widest question: a day, and half an hour where much happens', () => {
  expect(taobaoAdapter.limits).toMatchObject({ windowSeconds: 86_400, busyWindowSeconds: 1_800 });
});
test('signature: upper-case hex', () => {
  expect(signCall({ secret: 's' }, { a: '1' }, 'hmac-sha256')).toMatch(/^[0-9A-F]{64}$/);
});
test('envelope: the root follows from the method, lists are wrapped twice, an empty one may lose a wrapping', () => {
  expect(rootOf('taobao.trade.fullinfo.get')).toBe('trade_fullinfo_get_response');
  expect(rootOf('alibaba.ascp.logistics.offline.send')).toBe('alibaba_ascp_logistics_offline_send_response');
  for (const empty of [{}, { trades: {} }, { trades: { trade: [] } }, { trades: null }]) expect(listIn(empty, TRADES)).toEqual([]);
  for (const strange of [{ trades: [] }, { trades: { trade: {} } }, { trades: 'none' }]) expect(listIn(strange, TRADES)).toBeNull();
});
