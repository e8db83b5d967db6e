import type { OrderState, StoredEvent } from '@weir/contract';
import { expect, test } from 'vitest';
import { wordsOf } from '../words/words.ts';
import { clockText, timelineOf } from './timeline.ts';

const zh = wordsOf('zh');
const line = {
  lineId: 'L1',
  sku: 'A',
  title: '被子',
  quantity: 2,
  unitPrice: '57.00',
  discount: '0.00',
  status: 'awaiting_payment',
  shipped: 0,
} as const;
const aState = (parts: Partial<OrderState> = {}): OrderState => ({
  orderKey: 'DY2026022200872A',
  version: 1,
  channel: 'douyin',
  shop: '7',
  channelOrderId: '69',
  status: 'awaiting_payment',
  payment: 'none',
  refund: 'none',
  currency: 'CNY',
  payable: '114.00',
  paid: '0.00',
  refunded: '0.00',
  shippingFee: '0.00',
  discounts: [],
  addressVersion: 1,
  bundleVersion: 1,
  lines: [line],
  progress: {},
  payments: [],
  refunds: [],
  shipments: [],
  holds: [],
  warnings: [],
  ...parts,
});
const anEvent = (version: number, parts: Partial<StoredEvent> = {}): StoredEvent => ({
  position: version,
  type: 'order.changed',
  version,
  occurredAt: '2026-02-21T19:15:20.000Z',
  recordedAt: '2026-02-21T19:15:21.000Z',
  withheld: false,
  cause: version,
  by: 'douyin',
  detail: {},
  state: aState({ version }),
  ...parts,
});
const paid = aState({ status: 'paid', payment: 'full', paid: '114.00', lines: [{ ...line, status: 'paid' }] });

test('one message that became several events is one entry, and says what it changed from what to what', () => {
  const entries = timelineOf(
    [
      anEvent(1, { type: 'order.created' }),
      anEvent(2, { type: 'order.paid', cause: 9, state: paid }),
      anEvent(3, { type: 'order.payment_changed', cause: 9, state: paid }),
      anEvent(4, { type: 'order.status_changed', cause: 9, state: paid }),
    ],
    zh,
  );
  expect(entries.map(({ versions, types }) => [versions, types])).toEqual([
    [[1, 1], ['order.created']],
    [[2, 4], ['order.paid']],
  ]);
  expect(entries[1]?.changes.map(({ label, before, after }) => [label, before, after])).toEqual([
    ['状态', '待付款', '已付款'],
    ['已付', '¥0.00', '¥114.00'],
    ['付款', '未付款', '已付清'],
  ]);
});
test('an address change tells its version and never its text', () => {
  const [, entry] = timelineOf([anEvent(1), anEvent(2, { type: 'order.address_changed', state: aState({ addressVersion: 2 }) })], zh);
  expect(entry?.changes).toEqual([{ id: 'address', label: '收货地址', before: '第 1 版地址', after: '第 2 版地址' }]);
});
test('a hold that came and a parcel that left are told with their names', () => {
  const held = aState({
    holds: [{ id: 'h1', kind: 'person', since: '2026-02-21T19:15:20Z', why: '买家要求', who: '张三' }],
    shipments: [{ id: 's1', carrier: 'SF', trackingNumber: 'SF1234', at: '2026-02-21T19:15:20Z', lines: [] }],
  });
  const [, entry] = timelineOf([anEvent(1), anEvent(2, { state: held })], zh);
  expect(entry?.changes.map(({ label, after }) => [label, after])).toEqual([
    ['包裹', 'SF SF1234'],
    ['挂起', '人工挂起'],
  ]);
});
test('a hold with which an order came is told with its creation', () => {
  const held = aState({ holds: [{ id: 'incomplete', kind: 'incomplete', since: '2026-02-21T19:15:20Z', why: 'order.no_detail_yet' }] });
  const [created] = timelineOf([anEvent(1, { state: held })], zh);
  expect(created?.changes.at(-1)).toEqual({ id: 'hold.incomplete', label: '挂起', before: null, after: '等待明细' });
});
test('part of a line that left is told, though the order has the same status', () => {
  const partly = aState({ lines: [{ ...line, shipped: 1 }] });
  const [, entry] = timelineOf([anEvent(1), anEvent(2, { state: partly })], zh);
  expect(entry?.changes[0]).toMatchObject({ label: '行 L1', before: '已发 0/2', after: '已发 1/2' });
});
test('our clock is shown beside theirs only where the two differ', () => {
  const [same, late] = timelineOf([anEvent(1), anEvent(2, { recordedAt: '2026-02-21T19:45:20.000Z' })], zh);
  expect(same?.lagMs).toBeNull();
  expect(late?.lagMs).toBe(30 * 60_000);
});
test('what was recorded before it happened says so, and which clock is ahead', () => {
  const recordedAt = '2026-02-21T19:15:20.000Z';
  expect(clockText({ recordedAt, lagMs: null }, zh)).toBeNull();
  expect(clockText({ recordedAt, lagMs: 30 * 60_000 }, zh)).toBe('我们记录于 2026-02-22 03:15:20 +08:00（晚 30 min）');
  expect(clockText({ recordedAt, lagMs: -30 * 60_000 }, zh)).toBe(
    '我们记录于 2026-02-22 03:15:20 +08:00，比来源说的时间还早 30 min：对方的时钟快了',
  );
});
test('events come in the order in which they became true, however the pages came', () => {
  expect(timelineOf([anEvent(3), anEvent(1), anEvent(2)], zh).map(({ id }) => id)).toEqual(['1', '2', '3']);
});
