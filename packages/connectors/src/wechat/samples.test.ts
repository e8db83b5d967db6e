/** What the notes say that their samples mean, and each row of their table of disagreements that concerns WeChat. */
import { fenOf, mayShip } from '@weir/core';
import { describe, expect, test } from 'vitest';
import { wechatAdapter } from './adapter.ts';
import {
  anOrder,
  aPayment,
  event,
  factsIn,
  notification,
  paidIn,
  type Plain,
  pushBytes,
  readDetail,
  recorded,
  ROWS,
  seenOf,
  wholeIn,
} from './detail.test-support.ts';
import { refundIn, STATE_NAMES } from './refunds.ts';
import { Fields } from '../fields.ts';
import { json, PAID, plain, validate } from './world.test-support.ts';

interface Expected {
  readonly order_id: string;
  readonly payable_fen: number;
}
const [PAID_EXPECTED, REFUNDED_EXPECTED] = plain<readonly Expected[]>('samples/_expectations.json');
const total = (amounts: readonly { readonly amount: string }[] | undefined): number =>
  (amounts ?? []).reduce((sum, each) => sum + fenOf(each.amount), 0);
const REFUNDED = { ...PAID, id: 'MP20260220154500000655' };

test('the paid order means what the notes say', () => {
  const heard = readDetail(anOrder(1));
  const whole = wholeIn(heard);
  const seen = seenOf(recorded(['detail', heard.messages]));
  const payable = fenOf(whole.payable ?? '');
  expect({
    system: 'wechat',
    order_id: whole.channelOrderId,
    line_ids: whole.lines?.map(({ lineId }) => lineId),
    created_at: null, // the payment query does not tell it; get_order does
    paid_at: paidIn(heard)?.paidAt,
    goods_total_fen: null, // there are no goods to add up
    discount_total_fen: total(whole.discounts),
    freight_fen: null,
    payable_fen: payable,
    payer_paid_fen: payable - total(whole.discounts),
    shipped: seen.status === 'paid' ? 'none' : seen.status,
    refund: seen.refund,
    may_ship: mayShip({ view: seen }).length === 0,
    native_status: 'trade_state=SUCCESS',
  }).toEqual(PAID_EXPECTED);
  for (const message of heard.messages) expect(validate(message).problems).toEqual([]);
});

test('the partly refunded order means what the notes say, from its notification alone', () => {
  const heard = wechatAdapter.read('push', notification('refund_success'), REFUNDED);
  expect(heard).toMatchObject({
    wants: ['detail'],
    problems: [],
    messages: [{ channelOrderId: REFUNDED_EXPECTED?.order_id, refunds: [{ amount: '49.00', status: 'done' }] }],
  });
  const payment = aPayment({
    out_trade_no: REFUNDED.id,
    trade_state: 'REFUND',
    amount: { total: 12_900, payer_total: 12_900 },
    promotion_detail: [],
  });
  const order = { ...anOrder(5), merchant_trade_no: REFUNDED.id };
  const detail = wechatAdapter.read('detail', Buffer.from(JSON.stringify({ askedAt: 1_771_726_600_000, payment, order })), REFUNDED);
  const seen = seenOf(recorded(['push', heard.messages], ['detail', detail.messages]));
  expect(seen).toMatchObject({ status: 'paid', refund: 'partial', refunded: '49.00', payable: '129.00' });
  expect(mayShip({ view: seen })).not.toEqual([]);
});

test('all samples of the notes have a place in these tests', () => {
  expect(ROWS.map((row) => row['order_state'])).toEqual([1, 2, 3, 4, 5, 6]);
  expect([PAID_EXPECTED?.order_id, REFUNDED_EXPECTED?.order_id]).toEqual([PAID.id, REFUNDED.id]);
});

describe('where WeChat disagrees with the other channels', () => {
  test('order id: our own out_trade_no, text from the first byte; the payment’s number is the line that stands in', () => {
    const id = '90071992547409931234';
    const payment = JSON.stringify(aPayment()).replace(`"${PAID.id}"`, id);
    const order = JSON.stringify(anOrder(1)).replace(`"${PAID.id}"`, id);
    const heard = wechatAdapter.read('detail', Buffer.from(`{"askedAt":1771723830000,"payment":${payment},"order":${order}}`), {
      ...PAID,
      id,
    });
    expect(heard.messages.map((message) => message.channelOrderId)).toEqual([id, id, id]);
    expect(
      wechatAdapter.read('detail', Buffer.from(`{"askedAt":1771723830000,"payment":${payment},"order":${order}}`), {
        ...PAID,
        id: '90071992547409931235',
      }).messages,
    ).toEqual([]);
  });
  test('times: RFC 3339 in payments, seconds in shipping, and each only as what it is', () => {
    expect(paidIn(readDetail(anOrder(2)))).toMatchObject({ paidAt: '2026-02-22T09:30:25+08:00' });
    expect(factsIn(readDetail(anOrder(2)))).toMatchObject({ shippedAt: '2026-02-22T15:12:00+08:00' });
    expect(readDetail(anOrder(1), aPayment({ success_time: 1_771_723_825 })).problems).toMatchObject([
      { code: 'time.not_zoned', pointer: '/payment/success_time' },
    ]);
    expect(readDetail(anOrder(1, { pay_time: '2026-02-22T09:30:25+08:00' })).problems).toMatchObject([
      { code: 'field.wrong_type', pointer: '/order/pay_time' },
    ]);
    expect(readDetail(anOrder(1, { pay_time: 1_771_723_825_000 })).problems).toMatchObject([
      { code: 'time.not_zoned', pointer: '/order/pay_time' },
    ]);
  });
  test('money is fen everywhere', () => {
    expect(wholeIn(readDetail(anOrder(1)))).toMatchObject({ payable: '238.00' });
    expect(readDetail(anOrder(1), aPayment({ amount: { total: '238.00' } })).problems).toMatchObject([
      { pointer: '/payment/amount/total' },
    ]);
  });
  test('discounts: who bears them stands in promotion_detail', () => {
    expect(wholeIn(readDetail(anOrder(1))).discounts).toEqual([{ name: '新客立减', amount: '10.00', payer: 'shop' }]);
  });
  test('the refund’s state is `status` in an answer and `refund_status` in a notification', () => {
    const answer = () => new Fields(json('samples/refund_query.response.json'));
    const told = new Fields(plain<{ decrypted: Plain }>('samples/pay_notify.refund_success.json').decrypted as never);
    expect(refundIn(answer(), STATE_NAMES.answer, undefined)?.refund).toMatchObject({
      id: '50300002222026022200000000021',
      amount: '49.00',
      status: 'done',
      at: '2026-02-22T10:15:41+08:00',
    });
    const lossless = new Fields(json('samples/pay_notify.refund_success.json')).child('decrypted');
    expect(refundIn(lossless, STATE_NAMES.notification, undefined)?.refund).toEqual(
      refundIn(answer(), STATE_NAMES.answer, undefined)?.refund,
    );
    expect(refundIn(answer(), STATE_NAMES.notification, undefined)).toBeNull();
    expect(refundIn(told, STATE_NAMES.answer, undefined)).toBeNull();
  });
  test('unpaid and cancelled orders are the shop’s own: of an unpaid payment nothing is told but that', () => {
    const unpaid = { out_trade_no: PAID.id, mchid: PAID.shop, trade_state: 'NOTPAY', amount: { total: 23_800 } };
    expect(readDetail(null, unpaid)).toMatchObject({ messages: [{ partial: true, status: 'awaiting_payment' }], wants: [], problems: [] });
    expect(readDetail(null, { ...unpaid, trade_state: 'CLOSED' })).toMatchObject({ messages: [{ partial: true, status: 'cancelled' }] });
  });
  test('no line ids: parcels name none that could be gone when the shop tells its lines', () => {
    expect(factsIn(readDetail(anOrder(2))).shipments).toMatchObject([{ trackingNumber: 'YT0000000000702', carrier: 'YTO', lines: [] }]);
  });
  test('there is no seller’s note: no order key is written', () => {
    expect(wechatAdapter.writeBack?.writeOrderKey).toBeUndefined();
  });
});

describe('message push', () => {
  test('48 hours without a parcel: a hint, and the deadline was known from the payment', () => {
    expect(wechatAdapter.read('push', event(0), PAID)).toEqual({ messages: [], wants: ['detail'], problems: [] });
    expect(wholeIn(readDetail(anOrder(1))).shipBy).toBe('2026-02-24T09:30:25+08:00');
  });
  test('the settlement proves that the goods were received', () => {
    const subject = { ...PAID, id: 'MP20260221100000000702' };
    const heard = wechatAdapter.read('push', event(1), subject);
    expect(heard.messages).toEqual([
      {
        schema: 1,
        channel: 'wechat',
        shop: '1900000001',
        channelOrderId: 'MP20260221100000000702',
        modifiedAt: '2026-03-04T15:12:05+08:00',
        status: 'completed',
        paidAt: '2026-02-21T10:00:12+08:00',
        shippedAt: '2026-02-22T15:12:00+08:00',
        completedAt: '2026-03-04T15:12:00+08:00',
        partial: true,
      },
    ]);
    expect(validate(heard.messages[0]).problems).toEqual([]);
    expect(wechatAdapter.read('push', event(1, { confirm_receive_time: undefined, settlement_time: undefined }), subject)).toEqual({
      messages: [],
      wants: ['detail'],
      problems: [],
    });
  });
  test('what is about the mini-program and not about an order is answered and not kept', () => {
    expect(wechatAdapter.routePush(event(2))).toEqual({ kind: 'probe' });
    expect(wechatAdapter.routePush(pushBytes('message', {}, { MsgType: 'text', Content: '在吗' }))).toEqual({ kind: 'probe' });
  });
});
