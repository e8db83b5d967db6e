/** What a refund hides of an order, and what its list tells. */
import { describe, expect, test } from 'vitest';
import { wechatAdapter } from './adapter.ts';
import { anOrder, aPayment, factsIn, notification, parcel, readDetail, recorded, seenOf, shipping } from './detail.test-support.ts';
import { NOW, PAID } from './world.test-support.ts';

describe('money that went back after the goods had left', () => {
  const all = { shipping: shipping({ shipping_list: [parcel('YT1')] }) };
  const refunded = readDetail(anOrder(5, all), aPayment({ trade_state: 'REFUND' }), NOW + 2e8);
  test.each([
    ['received', anOrder(4, all), 'completed'],
    ['on its way', anOrder(2, all), 'shipped'],
    ['not seen before', null, 'shipped'],
  ])('%s: the order stays as far as it was seen to come', (_, before, status) => {
    const seen = before === null ? [] : [['detail', readDetail(before, aPayment(), NOW + 1e8)] as const];
    expect(seenOf(recorded(...seen, ['detail', refunded]))).toMatchObject({ status, shippedAt: '2026-02-22T15:12:00+08:00', holds: [] });
  });
  describe.each([
    ['in a parcel', all, 1_771_744_320_000],
    ['without one', {}, 1_771_723_825_000],
  ])('%s', (_, order, newest) => {
    const lagging = readDetail(anOrder(4, order), aPayment(), newest - 52_000);
    const row = wechatAdapter.read('list', Buffer.from(JSON.stringify(anOrder(4, order))), PAID);
    test.each([
      ['answer', ['detail', lagging]],
      ['row', ['list', row]],
    ] as const)('and the %s that knew it as received, asked for while our clock was behind theirs, stands', (_name, before) => {
      const after = readDetail(anOrder(5, order), aPayment({ trade_state: 'REFUND' }), NOW + 2e8);
      const again = { messages: after.messages.filter((message) => message.status !== undefined) }; // of long ago, so they count as settled
      const facts = recorded(before, ['detail', after], ['settled', again]);
      expect(facts.live?.value).toBe('completed');
      expect(seenOf(facts).status).toBe('completed');
    });
  });
  test('fetched by the buyer: it had left all the same', () => {
    const fetched = { shipping: shipping({ logistics_type: 4, shipping_list: [{ upload_time: 1_771_744_320 }] }) };
    expect(seenOf(recorded(['detail', readDetail(anOrder(5, fetched), aPayment({ trade_state: 'REFUND' }), NOW + 2e8)]))).toMatchObject({
      status: 'shipped',
    });
  });
  test('and a row of the list says of it that its money went back, and no less of how far it came', () => {
    const row = wechatAdapter.read('list', Buffer.from(JSON.stringify(anOrder(5, all))), PAID);
    expect(row).toMatchObject({ paidBack: true, messages: [{ shipments: [{ trackingNumber: 'YT1' }] }] });
    expect(row.messages[0]).not.toHaveProperty('status');
  });
});

describe('refunds that were listed', () => {
  const page = (...refunds: readonly (readonly [string, string, string?])[]) =>
    Object.fromEntries(
      refunds.flatMap(([status, fee, time], i) => [
        [`refund_id_${i}`, `5030000222202602220000000002${i}`],
        [`refund_status_${i}`, status],
        [`refund_fee_${i}`, fee],
        ...(time === undefined ? [] : [[`refund_success_time_${i}`, time]]),
      ]),
    );
  const read = (...pages: readonly unknown[]) => {
    const bytes = JSON.stringify({ askedAt: NOW, payment: aPayment({ trade_state: 'REFUND' }), order: anOrder(1), refunds: pages });
    return wechatAdapter.read('detail', Buffer.from(bytes), PAID);
  };
  test('are told with their states; what has no time of its own has that of the payment', () => {
    expect(
      factsIn(read(page(['SUCCESS', '4900', '2026-02-22 10:15:41'], ['PROCESSING', '100'], ['REFUNDCLOSE', '5'], ['CHANGE', '6']))).refunds,
    ).toEqual([
      { id: '50300002222026022200000000020', amount: '49.00', status: 'done', at: '2026-02-22T10:15:41+08:00' },
      { id: '50300002222026022200000000021', amount: '1.00', status: 'agreed', at: '2026-02-22T09:30:25+08:00' },
      { id: '50300002222026022200000000022', amount: '0.05', status: 'withdrawn', at: '2026-02-22T09:30:25+08:00' },
      { id: '50300002222026022200000000023', amount: '0.06', status: 'agreed', at: '2026-02-22T09:30:25+08:00' },
    ]);
  });
  test('make up for a notification that was lost, and are the same refund as the one it told', () => {
    const listed = read(page(['SUCCESS', '23800', '2026-02-22 10:15:41'])).messages;
    expect(seenOf(recorded(['detail', listed]))).toMatchObject({ status: 'closed', refund: 'full', refunded: '238.00' });
    const push = notification('refund_success', {
      out_trade_no: PAID.id,
      refund_id: '50300002222026022200000000020',
      amount: { refund: 23_800 },
    });
    expect(seenOf(recorded(['push', wechatAdapter.read('push', push, PAID).messages], ['detail', listed])).refunds).toHaveLength(1);
  });
  test('are older than the answer that lists them, also where our clock is behind: what its notification held back, the answer lets go', () => {
    const push = notification('refund_success', {
      out_trade_no: PAID.id,
      success_time: '2026-02-22T10:15:41+08:00',
      amount: { refund: 100 },
    });
    const told = wechatAdapter.read('push', push, PAID);
    expect(told.messages).toMatchObject([{ modifiedAt: '2026-02-22T10:15:41+08:00', doNotShip: [{ code: 'trade_state_REFUND' }] }]);
    const order = anOrder(2, { shipping: shipping({ shipping_list: [parcel('YT1', { upload_time: 1_771_725_000 })] }) });
    const refunds = [page(['SUCCESS', '100', '2026-02-22 10:15:41'])];
    const bytes = JSON.stringify({ askedAt: Date.parse('2026-02-22T10:14:00+08:00'), payment: aPayment(), order, refunds });
    const answer = wechatAdapter.read('detail', Buffer.from(bytes), PAID);
    expect(seenOf(recorded(['push', told], ['detail', answer])).holds).toEqual([]);
    expect(seenOf(recorded(['detail', answer], ['push', told])).holds).toEqual([]);
  });
  test('a state that no table holds, an amount that is none, a page that is none', () => {
    expect(read(page(['NEW', '1']))).toMatchObject({
      messages: [],
      problems: [{ code: 'channel.unmapped_code', pointer: '/refunds/0/refund_status_0' }],
    });
    expect(read(page(['SUCCESS', '1.5']))).toMatchObject({ messages: [], problems: [{ pointer: '/refunds/0/refund_fee_0' }] });
    expect(read(page(['SUCCESS', '1', 'soon']))).toMatchObject({ messages: [], problems: [{ code: 'time.not_zoned' }] });
    expect(factsIn(read())).not.toHaveProperty('refunds');
  });
});
