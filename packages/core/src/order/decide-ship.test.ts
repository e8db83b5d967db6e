import { expect, test } from 'vitest';
import { aLine, aShipment, anOrder, factsOf, minute, minuteText, personHold, pushed, told } from './builders.ts';
import { decide } from './decide.ts';
import { MAX_NUMBERS_OF_PARCEL, type ShipParcel } from './decide-ship.ts';
import type { Seen } from './events-of.ts';
import type { OrderFacts } from './facts.ts';
import { record } from './record.ts';
import { view } from './view.ts';

const LINES = [aLine(), aLine({ lineId: 'L2', sku: 'CUP', quantity: 1 })];
const two = (and: Parameters<typeof anOrder>[0] = {}): Seen => anOrder({ content: { lines: LINES }, ...and });
const sf = (trackingNumber: string, more: Partial<ShipParcel> = {}): ShipParcel => ({ carrier: 'sf', trackingNumber, ...more });
const seenOf = (facts: OrderFacts): Seen => ({ facts, view: view(facts) });
const ask = (order: Seen, ...parcels: ShipParcel[]) => decide(order, { verb: 'ship', parcels }, minute(10));
function ship(order: Seen, ...parcels: ShipParcel[]): Seen {
  const decision = ask(order, ...parcels);
  if (!decision.ok) throw new Error(decision.code);
  return seenOf(decision.facts.reduce(record, order.facts));
}
const code = (order: Seen, ...parcels: ShipParcel[]): string | null => {
  const decision = ask(order, ...parcels);
  return decision.ok ? null : decision.code;
};

test('without lines a parcel holds every piece that has not left, and the order has shipped', () => {
  const order = ship(two(), sf('SF1'));
  expect(order.view).toMatchObject({
    status: 'shipped',
    shipments: [
      {
        id: 'SF1',
        own: true,
        at: minuteText(10),
        lines: [
          { lineId: 'L1', quantity: 2 },
          { lineId: 'L2', quantity: 1 },
        ],
      },
    ],
    lines: [{ shipped: 2 }, { shipped: 1 }],
  });
});

test('pieces of a line leave in several parcels; the line has shipped with its last piece', () => {
  const first = ship(two(), sf('SF1', { lines: [{ lineId: 'L1', quantity: 1 }] }));
  expect(first.view).toMatchObject({ status: 'paid', lines: [{ status: 'paid', shipped: 1 }, { status: 'paid' }] });
  const second = ship(first, sf('SF2', { lines: [{ lineId: 'L1', quantity: 1 }] }), sf('SF3', { lines: [{ lineId: 'L2', quantity: 1 }] }));
  expect(second.view).toMatchObject({ status: 'shipped', progress: { shipped: 2 } });
});

test('a repeat adds no fact, with and without its id', () => {
  const order = ship(two(), sf('SF1', { id: 'p1' }));
  expect(ask(order, sf('SF1', { id: 'p1' }))).toEqual({ ok: true, facts: [] });
  expect(ask(order, sf('SF1'))).toEqual({ ok: true, facts: [] });
});

test('the same id with another number corrects it: the old parcel is counted no more, also while a channel still tells of it', () => {
  const echo = pushed({ at: minute(11), shipments: { sf_SF1: aShipment([], { trackingNumber: 'sf1 ' }) } });
  const shipped = ship(two(), sf('SF1', { id: 'p1' }));
  const echoed = seenOf(record(shipped.facts, echo));
  expect(echoed.view.shipments.map((parcel) => parcel.id)).toEqual(['p1']);
  const corrected = ship(echoed, sf('SF2', { id: 'p1' }));
  expect(corrected.view).toMatchObject({
    shipments: [{ id: 'p1', trackingNumber: 'SF2', former: ['SF1'] }],
    lines: [{ shipped: 2 }, { shipped: 1 }],
  });
  const told = record(corrected.facts, pushed({ at: minute(12), shipments: { sf_SF2: aShipment([], { trackingNumber: 'SF2' }) } }));
  expect(view(told).shipments).toHaveLength(1);
  expect(ship(corrected, sf('SF1', { id: 'p1' })).view.shipments).toMatchObject([{ id: 'p1', trackingNumber: 'SF1' }]);
});

test('a hold refuses what would leave, but not the right number of what has left', () => {
  expect(code(two({ holds: [personHold('h')] }), sf('SF1'))).toBe('order.is_held');
  const shipped = ship(two(), sf('SF1', { id: 'p1', lines: [{ lineId: 'L1', quantity: 1 }] }));
  const held = seenOf(record(shipped.facts, personHold('h')));
  expect(ship(held, sf('SF2', { id: 'p1' })).view.shipments).toMatchObject([{ trackingNumber: 'SF2' }]);
  expect(code(held, sf('SF2', { id: 'p1', lines: [{ lineId: 'L1', quantity: 2 }] }))).toBe('order.is_held');
});

test('nothing leaves unpaid, ended, unknown, twice, or more than there is; all parcels or none', () => {
  expect(code(two({ status: 'awaiting_payment' }), sf('SF1'))).toBe('order.not_paid');
  expect(code(two({ status: 'closed' }), sf('SF1'))).toBe('order.already_ended');
  expect(code(two(), sf('SF1', { lines: [{ lineId: 'L9', quantity: 1 }] }))).toBe('order.line_not_found');
  expect(code(two(), sf('SF1', { lines: [{ lineId: 'L1', quantity: 3 }] }))).toBe('order.too_many_pieces');
  expect(
    code(
      two(),
      sf('SF1', {
        lines: [
          { lineId: 'L2', quantity: 1 },
          { lineId: 'L2', quantity: 1 },
        ],
      }),
    ),
  ).toBe('order.too_many_pieces');
  expect(code(two(), sf('SF1'), sf('SF2'))).toBe('order.nothing_to_ship');
  expect(code(ship(two(), sf('SF1', { id: 'p1' })), sf('sf1', { id: 'p2' }))).toBe('order.tracking_number_known');
  expect(code(two(), sf('SF1', { at: '2026-02-30T10:00:00Z' }))).toBe('order.impossible_ship_time');
  expect(code(two(), sf('SF1', { at: minuteText(21) }))).toBe('order.impossible_ship_time');
  expect(code(two(), sf('SF1', { at: minuteText(-1) }))).toBe('order.impossible_ship_time');
  expect(code(two(), sf('SF1', { at: minuteText(3) }))).toBeNull();
  const ended = two({ lineStatus: { L1: 'closed' } });
  expect(code(ended, sf('SF1', { lines: [{ lineId: 'L1', quantity: 1 }] }))).toBe('order.step_not_allowed');
  expect(ship(ended, sf('SF1')).view.shipments).toMatchObject([{ lines: [{ lineId: 'L2', quantity: 1 }] }]);
});

test('a channel that told of the parcel first does not make its pieces leave twice', () => {
  const order = two({
    and: [pushed({ at: minute(1), shipments: { sf_SF1: aShipment([{ lineId: 'L1', quantity: 2 }], { trackingNumber: 'SF1' }) } })],
  });
  expect(ship(order, sf('SF1', { lines: [{ lineId: 'L1', quantity: 2 }] })).view.lines).toMatchObject([{ shipped: 2 }, { shipped: 0 }]);
  expect(code(order, sf('SF2', { lines: [{ lineId: 'L1', quantity: 1 }] }))).toBe('order.too_many_pieces');
});

test('a number is corrected a limited number of times', () => {
  let order = ship(two(), sf('N0', { id: 'p1' }));
  for (let i = 1; i < MAX_NUMBERS_OF_PARCEL; i++) order = ship(order, sf(`N${i}`, { id: 'p1' }));
  expect(code(order, sf('N-last', { id: 'p1' }))).toBe('order.too_many_corrections');
  expect(code(order, sf('N0', { id: 'p1' }))).toBeNull();
});

test('a parcel that the newest list of a channel names no more is gone; an older list takes nothing away', () => {
  const list = (at: number, ...numbers: string[]) =>
    told({
      at: minute(at),
      content: { lines: LINES },
      listsShipments: true,
      shipments: Object.fromEntries(numbers.map((trackingNumber) => [trackingNumber, aShipment([], { trackingNumber })])),
    });
  const numbers = (...facts: Parameters<typeof factsOf>[0]) => view(factsOf(facts)).shipments.map((each) => each.trackingNumber);
  expect(numbers(list(1, 'SF1'), list(2, 'SF2'))).toEqual(['SF2']);
  expect(numbers(list(2, 'SF2'), list(1, 'SF1'))).toEqual(['SF2']);
  expect(numbers(list(2, 'SF2'), list(2, 'SF1'))).toEqual(['SF1', 'SF2']);
  expect(numbers(list(1, 'SF1'), pushed({ at: minute(3), shipments: { SF3: aShipment([], { trackingNumber: 'SF3' }) } }))).toEqual([
    'SF1',
    'SF3',
  ]);
  const ours = ship(two(), sf('SF1', { id: 'p1' }));
  expect(numbersAfter(ours, list(11, 'SF1'), list(12, 'SF9'))).toEqual(['SF9']);
  expect(numbersAfter(ours, list(11, 'SF1'), list(12))).toEqual(['SF1']);
  expect(numbersAfter(ours, list(12))).toEqual(['SF1']);
});
const numbersAfter = (order: Seen, ...facts: Parameters<typeof factsOf>[0]): string[] =>
  view(facts.reduce(record, order.facts)).shipments.map((each) => each.trackingNumber);

test('what others say has left leaves in no parcel of ours, also where they name no parcel; the number of theirs may be reported', () => {
  const half = two({ lineStatus: { L1: 'shipped' } });
  expect(ship(half, sf('SF1')).view.shipments).toMatchObject([{ lines: [{ lineId: 'L2', quantity: 1 }] }]);
  expect(code(ship(half, sf('SF1')), sf('SF2'))).toBe('order.nothing_to_ship');
  expect(code(half, sf('SF1', { lines: [{ lineId: 'L1', quantity: 1 }] }))).toBe('order.too_many_pieces');
  for (const status of ['shipped', 'completed'] as const) expect(code(two({ status }), sf('SF1'))).toBe('order.nothing_to_ship');
  const theirs = two({ status: 'shipped', shipments: { sf_SF1: aShipment([], { trackingNumber: 'SF1' }) } });
  expect(ship(theirs, sf('SF1')).view.shipments).toMatchObject([{ own: true, lines: [{ quantity: 2 }, { quantity: 1 }] }]);
});
