import { expect, test } from 'vitest';
import { wordsOf } from '../words/words.ts';
import { actionsOf, holdReason, isReleasable, needsShipping, progressOf, shipReasons } from './view-model.ts';

const zh = wordsOf('zh');
const aLine = (status: 'packed' | 'shipped' | 'cancelled') => ({
  lineId: status,
  sku: 'A',
  title: '',
  quantity: 1,
  unitPrice: '1.00',
  discount: '0.00',
  status,
  shipped: 0,
});
const aShipment = { id: 's', carrier: 'SF', trackingNumber: '1', at: '2026-02-22T00:00:00Z', lines: [] };
const aHold = (kind: 'person' | 'incomplete' | 'review' | 'rule', why: string) => ({ id: kind, kind, why, since: '2026-02-22T00:00:00Z' });

test('part of an order that left is told as lines of lines, cancelled ones not counted', () => {
  expect(progressOf({ status: 'packed', lines: [aLine('packed'), aLine('shipped'), aLine('cancelled')] })).toEqual({ done: 1, all: 2 });
  expect(progressOf({ status: 'packed', lines: [aLine('packed')] })).toBeNull();
});
test('once a parcel left nothing is cancelled, once all left nothing is readdressed, and an ended order is left alone', () => {
  expect(actionsOf({ status: 'paid', shipments: [] })).toEqual(['hold', 'changeAddress', 'cancel']);
  expect(actionsOf({ status: 'packed', shipments: [aShipment] })).toEqual(['hold', 'changeAddress']);
  expect(actionsOf({ status: 'shipped', shipments: [] })).toEqual(['hold']);
  expect(actionsOf({ status: 'closed', shipments: [] })).toEqual([]);
});
test('a shipping deadline is shown only while there is something to ship', () => {
  expect([needsShipping({ status: 'packed' }), needsShipping({ status: 'shipped' }), needsShipping({ status: null })]).toEqual([
    true,
    false,
    false,
  ]);
});
test('the reasons against shipping are words, each once', () => {
  const mayShip = [
    { code: 'hold.person', detail: '买家要求' },
    { code: 'hold.person', detail: '再等等' },
    { code: 'order.not_paid', detail: 'awaiting_payment' },
  ];
  expect(shipReasons({ mayShip }, zh)).toEqual(['人工挂起', '待付款']);
});
test('a hold’s code is told in words, a person’s reason as it was written', () => {
  expect(holdReason(aHold('incomplete', 'order.no_detail_yet'), zh)).toBe('渠道的订单明细还没有到');
  expect(holdReason(aHold('person', '买家说先别发'), zh)).toBe('买家说先别发');
});
test('only holds that somebody placed are released here, not what a channel says of the order', () => {
  expect(isReleasable({ ...aHold('person', ''), who: 'mei' })).toBe(true);
  expect(isReleasable({ ...aHold('rule', 'order.address_wished'), who: 'douyin' })).toBe(true);
  expect((['rule', 'review', 'incomplete'] as const).map((kind) => isReleasable(aHold(kind, '')))).toEqual([false, false, false]);
});
