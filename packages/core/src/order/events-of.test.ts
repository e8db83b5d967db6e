import { EVENT_TYPES, type EventType } from '@weir/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { roadThrough, someFacts } from './arbitrary-facts.ts';
import { aLine, anOrder, aPayment, aRefund, aShipment, minute, personHold, pushed, released, reviewHold, told } from './builders.ts';
import { type OrderEvent, type Seen, eventsOf } from './events-of.ts';
import { type Fact, NO_FACTS, RANK } from './facts.ts';
import { isWithheld } from './holds.ts';
import { record } from './record.ts';
import { stateDigest } from './digest.ts';
import { view } from './view.ts';

const OPEN = { fromVersion: undefined, everOutward: true } as const;
const types = (events: readonly OrderEvent[]): EventType[] => events.map((event) => event.type);
const next = (before: Seen, ...facts: readonly Fact[]): Seen => {
  const all = facts.reduce(record, before.facts);
  return { facts: all, view: view(all) };
};
/** What one more fact yields on an order that is withheld from nobody. */
const yielded = (before: Seen, ...facts: readonly Fact[]): readonly OrderEvent[] => eventsOf(before, next(before, ...facts), OPEN);

describe('a new order', () => {
  test.each([
    ['awaiting_payment', ['order.created']],
    ['paid', ['order.created', 'order.paid']],
    ['packed', ['order.created', 'order.paid']],
    ['shipped', ['order.created', 'order.paid', 'order.shipped']],
    ['delivered', ['order.created', 'order.paid', 'order.shipped', 'order.delivered']],
    ['completed', ['order.created', 'order.paid', 'order.shipped', 'order.delivered', 'order.completed']],
    ['cancelled', ['order.created', 'order.cancelled']],
    ['closed', ['order.created', 'order.closed']],
  ] as const)('first seen as %s yields every milestone it has passed', (status, expected) => {
    expect(types(eventsOf(null, anOrder({ status }), OPEN))).toEqual(expected);
  });

  test('first seen blocked is created once, with its hold in its state, and nothing of it goes out', () => {
    const events = eventsOf(null, next({ facts: NO_FACTS, view: view(NO_FACTS) }, reviewHold('case-1')), {
      fromVersion: undefined,
      everOutward: false,
    });
    expect(events.map(({ type, withheld }) => [type, withheld])).toEqual([['order.created', true]]);
  });
});

describe('a changed order', () => {
  test('that nothing changed yields no event', () => {
    const order = anOrder();
    expect(yielded(order, told())).toEqual([]);
    expect(yielded(order, told({ at: minute(1) }))).toEqual([]);
  });

  test('an address that is told for the first time is no change of address', () => {
    const young = next({ facts: NO_FACTS, view: view(NO_FACTS) }, pushed({ at: minute(0), status: 'paid' }));
    const [first, ...others] = yielded(young, pushed({ at: minute(1), content: { address: 'A' } }));
    expect(first).toMatchObject({ type: 'order.changed', detail: { fields: ['receiver'] } });
    expect(others).toEqual([]);
  });
  test('an address change is an event of its own, whatever else changes with it', () => {
    expect(types(yielded(anOrder(), pushed({ at: minute(1), content: { address: 'B' } })))).toEqual(['order.address_changed']);
    expect(types(yielded(anOrder(), { type: 'address.corrected', at: minute(1), address: 'B', over: 'address-A' }))).toEqual([
      'order.address_changed',
    ]);
    expect(types(yielded(anOrder(), pushed({ at: minute(1), content: { address: null } })))).toEqual(['order.address_changed']);
    const moved = pushed({ at: minute(1), status: 'shipped', content: { address: 'B', remark: 'R' }, shipments: { s1: aShipment() } });
    expect(types(yielded(anOrder(), moved))).toEqual(['order.address_changed', 'order.changed', 'order.status_changed', 'order.shipped']);
  });

  test('order.changed names the fields, and never what a personal one holds', () => {
    const [event] = yielded(
      anOrder(),
      pushed({ at: minute(1), content: { remark: 'secret', buyer: 'secret', shipBy: '2026-02-21T00:00:00Z' } }),
    );
    expect(event).toEqual({ type: 'order.changed', detail: { fields: ['shipBy', 'buyer', 'remark'] }, withheld: false });
  });

  test('payment, refund, status and endings each have their event', () => {
    const unpaid = anOrder({ status: 'awaiting_payment' });
    expect(yielded(unpaid, pushed({ at: minute(1), payments: { p1: aPayment('100.00') } }))).toMatchObject([
      { type: 'order.paid' },
      { type: 'order.payment_changed', detail: { paid: '100.00', payment: 'full' } },
      { type: 'order.status_changed', detail: { from: 'awaiting_payment', to: 'paid' } },
    ]);
    expect(yielded(anOrder(), pushed({ at: minute(1), rank: RANK.detail, refunds: { r1: aRefund('30.00', 'done') } }))).toMatchObject([
      { type: 'order.refund_changed', detail: { refunded: '30.00', refund: 'partial' } },
    ]);
    expect(types(yielded(unpaid, { type: 'cancelled', at: minute(1) }))).toEqual(['order.status_changed', 'order.cancelled']);
    expect(yielded(anOrder(), { type: 'cancelled', at: minute(1) })).toMatchObject([
      {},
      { type: 'order.closed', detail: { from: 'paid' } },
    ]);
  });

  test('a line that moved alone is a change of status, also when progress counts the same as before', () => {
    const lines = ['L1', 'L2', 'L3'].map((lineId) => aLine({ lineId }));
    const order = anOrder({ content: { lines }, lineStatus: { L1: 'paid', L2: 'packed', L3: 'paid' } });
    const moved = pushed({ at: minute(1), lineStatus: { L2: 'paid', L3: 'packed' } });
    expect(next(order, moved).view.progress).toEqual(order.view.progress);
    expect(types(yielded(order, moved))).toEqual(['order.status_changed']);
    expect(types(yielded(order, { type: 'lines.moved', lines: ['L1'], to: 'allocated' }))).toEqual(['order.status_changed']);
  });

  test('milestones that a message jumps over are all told', () => {
    expect(types(yielded(anOrder(), pushed({ at: minute(1), status: 'completed' })))).toEqual([
      'order.status_changed',
      'order.shipped',
      'order.delivered',
      'order.completed',
    ]);
  });

  test('an ending that is taken back tells the milestones that are true again', () => {
    const paid = anOrder();
    const closed = next(paid, pushed({ at: minute(1), status: 'closed' }));
    const reopened = types(eventsOf(closed, paid, OPEN));
    expect(types(eventsOf(paid, closed, OPEN))).toContain('order.closed');
    expect(reopened).toEqual(['order.paid', 'order.status_changed']);
  });

  test('holds that came and went are named', () => {
    expect(yielded(anOrder(), personHold('h1'), personHold('h2', 'rule'))).toEqual([
      { type: 'order.held', detail: { kinds: ['person', 'rule'], ids: ['h1', 'h2'] }, withheld: false },
    ]);
    expect(yielded(anOrder({ holds: [personHold('h1')] }), released('h1'))).toEqual([
      { type: 'order.released', detail: { kinds: ['person'], ids: ['h1'] }, withheld: false },
    ]);
  });
});

describe('a withheld order', () => {
  const held = anOrder({ holds: [reviewHold('case-1')] });
  const change = pushed({ at: minute(2), content: { address: 'B' }, payments: { p1: aPayment('100.00') } });

  test('the hold itself goes to whoever already has a version, and to nobody else', () => {
    const came = (everOutward: boolean) => eventsOf(anOrder(), held, { fromVersion: undefined, everOutward });
    expect(came(true)).toMatchObject([{ type: 'order.held', withheld: false }]);
    expect(came(false)).toMatchObject([{ type: 'order.held', withheld: true }]);
  });

  test('everything else waits', () => {
    const events = eventsOf(held, next(held, change, personHold('h1')), { fromVersion: 3, everOutward: true });
    expect(events.map(({ type, withheld }) => [type, withheld])).toEqual([
      ['order.held', true], // something waits already: versions that arrive must increase
      ['order.address_changed', true],
      ['order.payment_changed', true],
    ]);
  });

  test('one of two reviews that ends releases nothing yet', () => {
    const two = next(held, reviewHold('case-2', minute(1)));
    const one = next(two, { type: 'case.closed', id: 'case-2', state: 'rejected' });
    expect(eventsOf(two, one, { fromVersion: 3, everOutward: true })).toEqual([
      { type: 'order.released', detail: { kinds: ['review'], ids: ['case-2'] }, withheld: true },
    ]);
  });

  test('a release says from which version on consumers must catch up, and comes before what the same message changed', () => {
    const events = eventsOf(held, next(held, told({ at: minute(3), content: { address: 'B' } })), { fromVersion: 3, everOutward: true });
    expect(events).toEqual([
      { type: 'order.released', detail: { fromVersion: 3, kinds: ['review'], ids: ['case-1'] }, withheld: false },
      { type: 'order.address_changed', detail: {}, withheld: false },
    ]);
  });

  test('an ending closes the hold and goes out', () => {
    const events = eventsOf(held, next(held, { type: 'cancelled', at: minute(2) }), { fromVersion: 3, everOutward: true });
    expect(types(events)).toEqual(['order.released', 'order.status_changed', 'order.closed']);
    expect(events.some(({ withheld }) => withheld)).toBe(false);
  });
});

describe('for any facts', () => {
  const road = someFacts.chain((chains) => roadThrough(chains));
  const since = fc.record({ fromVersion: fc.option(fc.nat(), { nil: undefined }), everOutward: fc.boolean() });
  const forEachStep = (
    look: (
      before: Seen | null,
      after: Seen,
      events: readonly OrderEvent[],
      known: { fromVersion: number | undefined; everOutward: boolean },
    ) => void,
  ) =>
    fc.assert(
      fc.property(road, since, (facts, known) => {
        let before: Seen | null = null;
        for (const fact of facts) {
          const after: Seen = next(before ?? { facts: NO_FACTS, view: view(NO_FACTS) }, fact);
          look(before, after, eventsOf(before, after, known), known);
          before = after;
        }
      }),
      { numRuns: 500 },
    );

  test('events come in the fixed order, each type at most once', () =>
    forEachStep((_, __, events) => {
      const places = events.map(({ type }) => EVENT_TYPES.indexOf(type));
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    }));

  test('while an order is withheld nothing but its first order.held goes out, and that only to whoever has a version; else all goes out', () =>
    forEachStep((_, after, events, { everOutward, fromVersion }) => {
      const withheld = isWithheld(after.view.holds);
      events.forEach((event, place) => {
        const isTold = event.type === 'order.held' && place === 0 && everOutward && fromVersion === undefined;
        expect(event.withheld).toBe(withheld && !isTold);
      });
    }));

  test('and never goes out behind one that waits: versions that arrive must increase', () =>
    forEachStep((_, __, events) => {
      const waits = events.map((event) => event.withheld);
      expect(waits).toEqual([...waits].sort((a, b) => Number(a) - Number(b)));
    }));

  test('no change that a receiver can see in its digest, its holds or its lists goes without an event', () =>
    forEachStep((before, after, events) => {
      if (before === null) return;
      const shown = ({ view: seen }: Seen) => {
        const { modifiedAt: _, holds, ...rest } = seen;
        return JSON.stringify([
          stateDigest({ ...seen, orderKey: 'K', version: 1, addressVersion: 1 }),
          rest,
          holds.map(({ id }) => id).sort(),
        ]);
      };
      expect(events.length > 0 || shown(before) === shown(after)).toBe(true);
    }));

  test('order.released with a version is told exactly when something was withheld and is no longer', () =>
    forEachStep((_, after, events, { fromVersion }) => {
      const release = events.find(({ type }) => type === 'order.released');
      const due = fromVersion !== undefined && !isWithheld(after.view.holds);
      expect(release?.detail['fromVersion']).toBe(due ? fromVersion : undefined);
    }));
});
