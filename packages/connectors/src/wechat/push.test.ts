import { describe, expect, test } from 'vitest';
import { wechatAdapter } from './adapter.ts';
import { event, notification, pushBytes } from './detail.test-support.ts';
import { readPush } from './push.ts';
import { PAID, plain, validate } from './world.test-support.ts';

const REFUNDED = { ...PAID, id: 'MP20260220154500000655' };
const read = (bytes: Uint8Array, subject = PAID) => wechatAdapter.read('push', bytes, subject);

describe('a payment', () => {
  test('is proven by its notification, with its amount and its time', () => {
    const heard = read(notification('transaction_success'));
    expect(heard.messages).toMatchObject([
      {
        status: 'paid',
        paidAt: '2026-02-22T09:30:25+08:00',
        modifiedAt: '2026-02-22T09:30:25+08:00',
        partial: true,
        payments: [{ id: '4200002226202602220000000731', amount: '238.00', at: '2026-02-22T09:30:25+08:00', kind: 'full' }],
      },
    ]);
    expect(heard.wants).toEqual(['detail']);
    expect(validate(heard.messages[0]).problems).toEqual([]);
  });
  test('whose state contradicts its type, or that cannot be read, is a hint with doubts', () => {
    for (const parts of [
      { trade_state: 'CLOSED' },
      { amount: {} },
      { success_time: 'soon' },
      { success_time: undefined },
      { transaction_id: '' },
    ]) {
      const reading = readPush(notification('transaction_success', parts));
      expect(reading).toMatchObject({ kind: 'news', proves: null });
      expect('doubts' in reading && reading.doubts.length).toBeGreaterThan(0);
      expect(read(notification('transaction_success', parts))).toEqual({ messages: [], wants: ['detail'], problems: [] });
    }
  });
});

describe('a refund', () => {
  test('is told with its state and is a reason to wait', () => {
    expect(read(notification('refund_success'), REFUNDED).messages).toMatchObject([
      {
        refunds: [{ id: '50300002222026022200000000021', amount: '49.00', status: 'done', at: '2026-02-22T10:15:41+08:00' }],
        doNotShip: [{ kind: 'after_sale', code: 'trade_state_REFUND' }],
      },
    ]);
  });
  test.each([
    ['REFUND.ABNORMAL', 'ABNORMAL', 'agreed'],
    ['REFUND.CLOSED', 'CLOSED', 'withdrawn'],
  ])('%s has no time of its own: that of its message counts', (event_type, refund_status, status) => {
    const bytes = notification('refund_success', { refund_status, success_time: undefined }, { event_type });
    expect(read(bytes, REFUNDED).messages).toMatchObject([{ modifiedAt: '2026-02-22T10:15:41+08:00', refunds: [{ status }] }]);
    expect(
      read(notification('refund_success', { refund_status, success_time: undefined }, { event_type, create_time: '' }), REFUNDED).messages,
    ).toEqual([]);
  });
  test('whose state contradicts its type proves nothing', () => {
    expect(read(notification('refund_success', { refund_status: 'CLOSED' }), REFUNDED)).toEqual({
      messages: [],
      wants: ['detail'],
      problems: [],
    });
  });
});

test('codes that no table holds are shown to a person, with what was read and what is known', () => {
  expect(read(notification('transaction_success', {}, { event_type: 'TRANSACTION.NEW' }))).toMatchObject({
    messages: [],
    wants: ['detail'],
    problems: [{ code: 'channel.unmapped_code', pointer: '/body/event_type', reading: 'TRANSACTION.NEW' }],
  });
  expect(read(notification('refund_success', { refund_status: 'ODD' }), REFUNDED)).toMatchObject({
    problems: [{ code: 'channel.unmapped_code', pointer: '/opened/refund_status' }],
  });
  expect(read(event(0, { Event: 'trade_manage_new' }))).toMatchObject({
    problems: [{ code: 'channel.unmapped_code', pointer: '/opened/Event', reading: 'trade_manage_new' }],
  });
});

test('what names no order is nobody’s, with what is missing', () => {
  expect(wechatAdapter.routePush(notification('transaction_success', { out_trade_no: undefined }))).toEqual({
    kind: 'orders',
    subjects: [],
    hasUnroutable: true,
  });
  expect(wechatAdapter.whyUnrouted(notification('transaction_success', { out_trade_no: undefined }))).toMatchObject([
    { code: 'field.missing', pointer: '/opened/out_trade_no' },
  ]);
  expect(wechatAdapter.whyUnrouted(event(0, { merchant_id: '' }))).toMatchObject([
    { code: 'field.missing', pointer: '/opened/merchant_id' },
  ]);
  for (const bytes of [Buffer.from('words'), Buffer.from('{}'), Buffer.of(0xff), pushBytes('pay', {}, null)])
    expect(wechatAdapter.routePush(bytes)).toMatchObject({ subjects: [], hasUnroutable: true });
});

test('a payment in another mini-program of the same merchant is a person’s affair: no call of this app will ever know it', () => {
  const sample = plain<{ readonly body: object; readonly decrypted: { readonly appid: string } }>(
    'samples/pay_notify.transaction_success.json',
  );
  const at = (app?: string): Buffer =>
    Buffer.from(
      JSON.stringify({ from: 'pay', body: JSON.stringify(sample.body), opened: sample.decrypted, ...(app === undefined ? {} : { app }) }),
    );
  expect(wechatAdapter.routePush(at('wx0000000000000000'))).toEqual({ kind: 'orders', subjects: [], hasUnroutable: true });
  expect(wechatAdapter.whyUnrouted(at('wx0000000000000000'))).toMatchObject([
    { code: 'field.not_allowed', pointer: '/opened/appid', expected: 'wx0000000000000000' },
  ]);
  for (const bytes of [at(sample.decrypted.appid), at()]) expect(read(bytes).messages).toMatchObject([{ status: 'paid' }]);
});

test('a row of the list that waited for its shop names its order, and the detail is wanted', () => {
  const [row] = plain<{ readonly order_list: readonly object[] }>('samples/get_order_list.response.json').order_list;
  const bytes = Buffer.from(JSON.stringify(row));
  const subject = { ...PAID, id: 'MP20260222000000000731' };
  expect(wechatAdapter.routePush(bytes)).toEqual({ kind: 'orders', subjects: [subject], hasUnroutable: false });
  expect(read(bytes, subject)).toEqual({ messages: [], wants: ['detail'], problems: [] });
});

test('a message is read for its own order only', () => {
  expect(read(notification('transaction_success'), REFUNDED)).toEqual({ messages: [], wants: [], problems: [] });
  expect(read(notification('transaction_success'), { ...PAID, shop: '1900000002' })).toEqual({ messages: [], wants: [], problems: [] });
});
