/** Parcels of an order whose lines are told by nobody, or were told anew: a channel that knows a payment and no lines is the reason. */
import { expect, test } from 'vitest';
import { aLine, aShipment, minute, minuteText, pushed, seen, told, weShipped } from './builders.ts';
import { decideShip } from './decide-ship.ts';

const STAND_IN = { lines: [aLine({ lineId: 'pay-1', quantity: 1, unitPrice: '100.00' })] };
const REAL = { lines: [aLine({ lineId: 'L1' }), aLine({ lineId: 'L2', quantity: 1, unitPrice: '80.00' })] };
const standIn = told({ at: minute(0), content: STAND_IN });
const real = told({ at: minute(5), content: REAL });

test('a parcel without lines carries the lines of today, also when they were told after it left', () => {
  const left = pushed({ at: minute(2), shipments: { p1: aShipment() } });
  expect(seen(standIn, left).view).toMatchObject({ status: 'shipped', lines: [{ lineId: 'pay-1', shipped: 1 }] });
  expect(seen(standIn, left, real).view.lines).toMatchObject([
    { lineId: 'L1', status: 'shipped', shipped: 2 },
    { lineId: 'L2', status: 'shipped', shipped: 1 },
  ]);
});

test('two parcels without lines are one order that left, not two', () => {
  const both = { p1: aShipment(), p2: aShipment([], { trackingNumber: 'SF2' }) };
  expect(seen(real, pushed({ at: minute(6), shipments: both })).view.lines).toMatchObject([{ shipped: 2 }, { shipped: 1 }]);
  const one = { p1: aShipment([{ lineId: 'L1', quantity: 1 }]), p2: aShipment([], { trackingNumber: 'SF2' }) };
  expect(seen(real, pushed({ at: minute(6), shipments: one })).view.lines).toMatchObject([{ shipped: 2 }, { shipped: 1 }]);
});

test('a channel’s parcel of lines that the order does not have is shown, counts as having left, and moves no line', () => {
  const part = pushed({ at: minute(6), shipments: { p1: aShipment([{ lineId: 'unlisted', quantity: 1 }]) } });
  for (const order of [seen(standIn, part), seen(real, part)]) {
    expect(order.view).toMatchObject({ status: 'paid', shipments: [{ id: 'p1' }] });
    expect(order.facts.everShipped).toBe(true);
    expect(decideShip(order, [{ carrier: 'sf', trackingNumber: 'SF9' }], minute(7))).toMatchObject({ ok: true });
  }
});

test('what we shipped under a line that is gone since is not shipped a second time', () => {
  const ours = weShipped(minute(2), { a: aShipment([{ lineId: 'pay-1', quantity: 1 }], { at: minuteText(2) }) });
  const order = seen(standIn, ours, real);
  expect(order.view).toMatchObject({ status: 'shipped', lines: [{ shipped: 2 }, { shipped: 1 }] });
  expect(decideShip(order, [{ carrier: 'sf', trackingNumber: 'SF9' }], minute(7))).toMatchObject({ ok: false });
});
