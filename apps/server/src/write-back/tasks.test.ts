import { expect, test } from 'vitest';
import type { LogEvent } from '#broadcast';
import { tasksOf } from './tasks.ts';

const TARGETS = new Map([
  ['douyin/1', { inNote: true }],
  ['douyin/"odd"', { inNote: false }],
]);
const parcel = (id: string, more: object = {}) => ({ id, carrier: 'sf', trackingNumber: `N-${id}`, at: '', lines: [], ...more });
/** As the log holds it: whose order first. */
const event = (version: number, state: object, more: Partial<LogEvent> = {}): LogEvent => ({
  partition: 3,
  position: version,
  subjectKey: 'K',
  version,
  type: 'order.changed',
  withheld: false,
  occurredAt: '',
  detail: '{}',
  state: JSON.stringify({
    orderKey: 'K',
    channel: 'douyin',
    shop: '1',
    channelOrderId: 'c',
    version,
    status: 'paid',
    lines: [],
    shipments: [],
    ...state,
  }),
  ...more,
});
const own = (id: string) => parcel(id, { own: true });

test('only our own parcels are told, as the newest state holds them, counted from the first version that says so', () => {
  const tasks = tasksOf(
    [
      event(1, { shipments: [parcel('theirs')], status: 'shipped' }),
      event(2, { shipments: [own('a'), parcel('theirs')], status: 'shipped' }),
      event(4, { shipments: [own('a'), own('b')], status: 'shipped' }),
      event(5, { shipments: [own('a'), own('b')], status: 'delivered' }),
      event(3, { shipments: [own('a')], status: 'shipped' }),
    ],
    TARGETS,
  );
  expect(tasks).toMatchObject([{ what: 'ship', version: 4, partition: 3, wanted: [{ id: 'a' }, { id: 'b' }] }]);
});

test('the key goes into the note of an order on its way: paid and not yet out', () => {
  const what = (status: string | null) => tasksOf([event(1, { status })], TARGETS).map((task) => task.what);
  expect(['paid', 'allocated', 'picked', 'packed'].map(what)).toEqual([['remark'], ['remark'], ['remark'], ['remark']]);
  expect([null, 'awaiting_payment', 'shipped', 'completed', 'cancelled', 'closed'].flatMap(what)).toEqual([]);
});

test('a withheld event, another shop and a shop that wants no note ask for nothing', () => {
  expect(tasksOf([event(1, {}, { withheld: true })], TARGETS)).toEqual([]);
  expect(tasksOf([event(1, { shop: '2', shipments: [own('a')] })], TARGETS)).toEqual([]);
  expect(tasksOf([event(1, { shop: '"odd"' })], TARGETS)).toEqual([]);
  expect(tasksOf([event(1, { shop: '"odd"', shipments: [own('a')] })], TARGETS)).toMatchObject([{ what: 'ship', shop: '"odd"' }]);
});

test('the last of our parcels is marked when nothing is left to leave: lines that ended wait for nobody', () => {
  const wanted = (lines: readonly object[]) =>
    tasksOf([event(1, { shipments: [own('a'), own('b')], status: 'shipped', lines })], TARGETS)[0]?.wanted.map(
      (each) => each.isLast ?? false,
    );
  const whole = { lineId: '1', status: 'shipped', quantity: 2, shipped: 2 };
  expect(wanted([whole])).toEqual([false, true]);
  expect(wanted([whole, { lineId: '2', status: 'paid', quantity: 2, shipped: 1 }])).toEqual([false, false]);
  expect(wanted([whole, { lineId: '2', status: 'closed', quantity: 1, shipped: 0 }])).toEqual([false, true]);
});

test('what lies in a parcel is told in words, as far as its lines have any', () => {
  const lines = [
    { lineId: '1', title: '龙井', status: 'shipped', quantity: 2, shipped: 2 },
    { lineId: '2', title: '', status: 'paid', quantity: 1, shipped: 0 },
  ];
  const packed = {
    ...own('a'),
    lines: [
      { lineId: '1', quantity: 2 },
      { lineId: '2', quantity: 1 },
      { lineId: 'gone', quantity: 1 },
    ],
  };
  const wanted = tasksOf([event(1, { shipments: [packed, own('b')], status: 'paid', lines })], TARGETS)[0]?.wanted;
  expect(wanted?.map((each) => each.contents)).toEqual(['龙井*2', undefined]);
});
