import { LIVE_STATUSES, ORDER_STATUSES, OrderState } from '@weir/contract';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { roadThrough, someFacts } from './arbitrary-facts.ts';
import {
  aLine,
  anOrder,
  aPayment,
  aRefund,
  aShipment,
  factsOf,
  minute,
  minuteText,
  personHold,
  pushed,
  reviewHold,
  seen,
  told,
  weShipped,
} from './builders.ts';
import { stateOf, stateText, view } from './view.ts';

const someOrder = someFacts.chain((chains) => roadThrough(chains)).map((road) => seen(...road));

test('every state that facts can lead to is one that the wire contract describes', () => {
  const identity = { orderKey: 'DY2026022200872A', channel: 'douyin', shop: '4463798', channelOrderId: '6917529027641081856' };
  const counters = { version: 1, addressVersion: 1, bundleVersion: 1 };
  fc.assert(
    fc.property(someOrder, ({ view }) => {
      const state = JSON.parse(JSON.stringify(stateOf(identity, counters, view))) as unknown;
      expect([...Value.Errors(OrderState, state)]).toEqual([]);
      expect(JSON.parse(stateText(identity, counters, JSON.stringify(view)))).toEqual(state);
    }),
    { numRuns: 500 },
  );
});

test('progress counts every line once, and the order stands where its least advanced live line stands', () => {
  fc.assert(
    fc.property(someOrder, ({ view }) => {
      expect(Object.values(view.progress).reduce((sum, count) => sum + count, 0)).toBe(view.lines.length);
      const live = view.lines.map(({ status }) => LIVE_STATUSES.indexOf(status as never)).filter((rank) => rank >= 0);
      fc.pre(live.length > 0);
      expect(view.status).toBe(LIVE_STATUSES[Math.min(...live)]);
    }),
    { numRuns: 500 },
  );
});

test('an ended order has no review and no incomplete hold: its ending goes out', () => {
  fc.assert(
    fc.property(someOrder, ({ view }) => {
      fc.pre(view.status === 'cancelled' || view.status === 'closed');
      expect(view.holds.filter(({ kind }) => kind === 'review' || kind === 'incomplete')).toEqual([]);
    }),
    { numRuns: 100 },
  );
  const closed = anOrder({ status: 'closed', holds: [reviewHold('case-1'), personHold('h1')] });
  expect(closed.view.holds.map(({ id }) => id)).toEqual(['h1']);
  expect(seen(pushed({ status: 'cancelled' })).view).toMatchObject({ status: 'cancelled', holds: [] });
});

test.each(ORDER_STATUSES)('an order that its channel calls %s, and nothing else known, is just that', (status) => {
  const { view } = anOrder({ status });
  expect(view).toMatchObject({ status, holds: [], progress: { [status]: 1 } });
});

test('an ending before payment is cancelled, after payment closed, whatever word the channel has for it', () => {
  expect(anOrder({ status: 'awaiting_payment', and: [pushed({ at: minute(1), status: 'closed' })] }).view.status).toBe('cancelled');
  expect(anOrder({ status: 'paid', and: [pushed({ at: minute(1), status: 'cancelled' })] }).view.status).toBe('closed');
  expect(anOrder({ status: 'awaiting_payment', and: [{ type: 'cancelled', at: minute(1) }] }).view.status).toBe('cancelled');
  expect(anOrder({ status: 'paid', and: [{ type: 'cancelled', at: minute(1) }] }).view.status).toBe('closed');
});

test('when every line has ended, so has the order', () => {
  const both = { L1: 'closed', L2: 'cancelled' } as const;
  const { view } = anOrder({ content: { lines: [aLine(), aLine({ lineId: 'L2' })] }, lineStatus: both });
  expect(view).toMatchObject({ status: 'closed', progress: { closed: 1, cancelled: 1 } });
});

test.each([
  ['0.00', 'awaiting_payment', 'none'],
  ['0.01', 'awaiting_payment', 'deposit'],
  ['99.99', 'paid', 'deposit'],
  ['100.00', 'paid', 'full'],
  ['100.01', 'paid', 'full'],
] as const)('%s paid of 100.00 while %s is payment %s', (paid, status, payment) => {
  expect(anOrder({ status, content: { paid } }).view.payment).toBe(payment);
});

test('paid is the further of the sum of payments and the figure the channel tells', () => {
  const payments = { p1: aPayment('30.00'), p2: aPayment('30.00') };
  expect(anOrder({ payments, content: { paid: '50.00' } }).view.paid).toBe('60.00');
  expect(anOrder({ payments, content: { paid: '100.00' } }).view.paid).toBe('100.00');
});

test.each([
  [{}, 'none'],
  [{ r1: aRefund('10.00', 'requested') }, 'requested'],
  [{ r1: aRefund('10.00', 'agreed') }, 'requested'],
  [{ r1: aRefund('10.00', 'refused'), r2: aRefund('10.00', 'withdrawn') }, 'none'],
  [{ r1: aRefund('10.00', 'done'), r2: aRefund('10.00', 'requested') }, 'partial'],
  [{ r1: aRefund('10.00', 'done'), r2: aRefund('90.00', 'done') }, 'full'],
] as const)('refunds %j make refund %s', (refunds, refund) => {
  expect(anOrder({ refunds }).view.refund).toBe(refund);
});

test('an open refund of a line that has left does not hold what is still here', () => {
  const lines = [aLine(), aLine({ lineId: 'L2' })];
  const order = anOrder({
    content: { lines },
    shipments: { s1: aShipment([{ lineId: 'L1', quantity: 2 }]) },
    refunds: { r1: aRefund('10.00', 'requested', { lineId: 'L1' }) },
  });
  expect(order.view.holds).toEqual([]);
});

test('the signs of a channel not to ship are holds, for an order or for a line, until a newer message takes them away', () => {
  const signs = [
    { kind: 'channel_risk', code: 'risk-7', since: minuteText(0) },
    { kind: 'after_sale', code: 'as-1', lineId: 'L1', since: minuteText(0) },
  ] as const;
  const order = anOrder({ content: { doNotShip: signs } });
  expect(order.view.holds).toEqual([
    { id: 'channel:channel_risk:risk-7', kind: 'channel_risk', since: minuteText(0), why: 'risk-7' },
    { id: 'channel:after_sale:as-1:L1', kind: 'after_sale', since: minuteText(0), why: 'as-1', lineId: 'L1' },
  ]);
  expect(seen(told({ content: { doNotShip: signs } }), told({ at: minute(1), content: { doNotShip: [] } })).view.holds).toEqual([]);
});

test('the state shows no fingerprint of a person and no internal of a register', () => {
  const { view } = anOrder({ content: { address: 'secret-a', buyer: 'secret-b', remark: 'secret-c' } });
  expect(JSON.stringify(view)).not.toMatch(/secret|rank|rivals/);
});

test('a channel that names a line in its last parcel only counts no piece of ours a second time', () => {
  const two = told({ content: { lines: [aLine({ quantity: 2 })] } });
  const ours = weShipped(minute(1), { p1: aShipment([{ lineId: 'L1', quantity: 1 }], { trackingNumber: 'OURS' }) });
  const theirs = pushed({ at: minute(2), shipments: { s1: aShipment([{ lineId: 'L1', quantity: 2 }], { trackingNumber: 'THEIRS' }) } });
  for (const facts of [
    [two, ours, theirs],
    [theirs, ours, two],
  ]) {
    const shown = view(factsOf(facts));
    expect(shown.lines).toMatchObject([{ quantity: 2, shipped: 2, status: 'shipped' }]);
    expect(shown.shipments.map(({ trackingNumber }) => trackingNumber)).toEqual(['OURS', 'THEIRS']);
  }
});
