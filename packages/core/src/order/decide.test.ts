import { ENDED_STATUSES, LIVE_STATUSES, ORDER_STATUSES } from '@weir/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf } from './address.ts';
import { roadThrough, someFacts } from './arbitrary-facts.ts';
import {
  aLine,
  anOrder,
  aPayment,
  aPush,
  aRefund,
  aShipment,
  minute,
  minuteText,
  personHold,
  pushed,
  released,
  reported,
  reviewHold,
  seen,
  told,
} from './builders.ts';
import { decide, LINE_STEPS, mayShip, MOVES, type Step } from './decide.ts';
import type { Seen } from './events-of.ts';
import { type Fact, NO_FACTS } from './facts.ts';
import { record } from './record.ts';
import { view } from './view.ts';

const NOW = minute(60);
const move = (to: (typeof MOVES)[number], lines?: readonly string[]): Step => ({ verb: 'move', to, ...(lines ? { lines } : {}) });
const changeAddress = (address: string): Step => ({ verb: 'changeAddress', address });

/** The order after an accepted step. */
function after(order: Seen, step: Step, at = NOW): Seen {
  const decision = decide(order, step, at);
  if (!decision.ok) throw new Error(decision.code);
  const facts = decision.facts.reduce(record, order.facts);
  return { facts, view: view(facts) };
}

const HOLDS: Readonly<Record<string, Fact>> = {
  review: reviewHold('case-7'),
  person: personHold('h1'),
  rule: personHold('h2', 'rule'),
  channel_risk: pushed({ at: minute(1), content: { doNotShip: [{ kind: 'channel_risk', code: 'risk-7', since: minuteText(1) }] } }),
  after_sale: pushed({ at: minute(1), refunds: { r1: { amount: '10.00', status: 'requested', at: minuteText(1) } } }),
};

test('a held order refuses every step but its ending', () => {
  const beforeShipping = fc.constantFrom('awaiting_payment', 'paid', 'allocated', 'picked', 'packed');
  fc.assert(
    fc.property(beforeShipping, fc.constantFrom(...MOVES), fc.constantFrom(...Object.keys(HOLDS)), (status, to, kind) => {
      const held = anOrder({ status, holds: [HOLDS[kind] as Fact] });
      expect(held.view.holds.map((hold) => hold.kind)).toEqual([kind]);
      expect(decide(held, move(to), NOW)).toMatchObject({
        ok: false,
        code: 'order.is_held',
        params: { holds: expect.stringContaining(kind) },
      });
      expect(after(held, { verb: 'cancel' }).view.status).toBe(status === 'awaiting_payment' ? 'cancelled' : 'closed');
    }),
  );
});

test('an order of which only a deposit is paid, or whose detail is missing, is held like any other', () => {
  const deposit = anOrder({ status: 'paid', content: { paid: '0.00' }, payments: { p1: aPayment('30.00') } });
  expect(decide(deposit, move('allocated'), NOW)).toMatchObject({
    code: 'order.is_held',
    params: { holds: 'deposit (order.only_deposit_paid)' },
  });
  expect(decide(seen(pushed({ status: 'paid' })), move('allocated'), NOW)).toMatchObject({ code: 'order.is_held' });
});

test('the table of moves: from each status exactly the next step of our own, and no move into an ending', () => {
  const allowed = LIVE_STATUSES.flatMap((from) => {
    const order = anOrder({ status: from });
    return MOVES.filter((to) => decide(order, move(to), NOW).ok).map((to) => `${from} → ${to}`);
  });
  expect(allowed).toEqual(['paid → allocated', 'allocated → picked', 'picked → packed', 'packed → shipped']);
  for (const from of ENDED_STATUSES)
    expect(decide(anOrder({ status: from }), move('allocated'), NOW)).toEqual({
      ok: false,
      code: 'order.step_not_allowed',
      params: { lineId: 'L1', from, to: 'allocated' },
    });
});

test('the table of steps names every status, leads only forward, and an ending has no next step', () => {
  expect(Object.keys(LINE_STEPS).sort()).toEqual([...ORDER_STATUSES].sort());
  for (const from of ORDER_STATUSES)
    for (const to of LINE_STEPS[from]) expect(ORDER_STATUSES.indexOf(to)).toBeGreaterThan(ORDER_STATUSES.indexOf(from));
  for (const ended of ENDED_STATUSES) expect(LINE_STEPS[ended]).toEqual([]);
});

test('four moves take an order from paid to shipped, a line at a time or all at once', () => {
  let order = anOrder({ content: { lines: [aLine(), aLine({ lineId: 'L2' })] } });
  order = after(order, move('allocated'));
  order = after(order, move('picked', ['L1']));
  expect(order.view).toMatchObject({ status: 'allocated', progress: { picked: 1, allocated: 1 } });
  expect(decide(order, move('packed'), NOW)).toMatchObject({
    code: 'order.step_not_allowed',
    params: { lineId: 'L2', from: 'allocated', to: 'packed' },
  });
  order = after(after(after(order, move('picked', ['L2'])), move('packed')), move('shipped'));
  expect(order.view).toMatchObject({ status: 'shipped', progress: { shipped: 2 } });
});

test('a move of the whole order passes over a line that has ended', () => {
  const order = anOrder({ content: { lines: [aLine(), aLine({ lineId: 'L2' })] }, lineStatus: { L1: 'closed', L2: 'paid' } });
  expect(decide(order, move('allocated'), NOW)).toEqual({ ok: true, facts: [{ type: 'lines.moved', lines: ['L2'], to: 'allocated' }] });
  expect(decide(order, move('allocated', ['L1']), NOW)).toMatchObject({ code: 'order.step_not_allowed', params: { lineId: 'L1' } });
});

test('a refused move says which line and why', () => {
  expect(decide(anOrder(), move('allocated', ['L9']), NOW)).toEqual({ ok: false, code: 'order.line_not_found', params: { lineId: 'L9' } });
  expect(decide(seen(reviewHold('case-1')), move('allocated'), NOW)).toEqual({ ok: false, code: 'order.no_status', params: {} });
});

test('cancel is refused once anything has left, by whoever shipped it', () => {
  const partly = anOrder({ content: { lines: [aLine(), aLine({ lineId: 'L2' })] } });
  const byUs = { ...partly.facts, own: { L1: 'shipped' } as const };
  const orders = [
    anOrder({ status: 'shipped' }),
    anOrder({ status: 'completed' }),
    anOrder({ and: [pushed({ at: minute(1), shipments: { s1: aShipment([{ lineId: 'L1', quantity: 1 }]) } })] }),
    anOrder({ and: [pushed({ at: minute(-1), status: 'shipped' })] }),
    after(anOrder({ status: 'packed' }), move('shipped')),
    { facts: byUs, view: view(byUs) },
  ];
  for (const order of orders) expect(decide(order, { verb: 'cancel' }, NOW)).toEqual({ ok: false, code: 'order.has_shipped', params: {} });
});

test('cancel ends an order once; the second time it is refused', () => {
  const once = after(anOrder(), { verb: 'cancel' });
  expect(once.view.status).toBe('closed');
  expect(decide(once, { verb: 'cancel' }, NOW)).toMatchObject({ code: 'order.already_ended' });
  expect(decide(anOrder({ status: 'cancelled' }), { verb: 'cancel' }, NOW)).toMatchObject({ code: 'order.already_ended' });
});

test('a person releases what a person or a rule placed, once; review and derived holds end elsewhere', () => {
  const release = (holdId: string): Step => ({ verb: 'release', holdId, by: 'wang' });
  const held = anOrder({ holds: [personHold('h1'), personHold('h2', 'rule'), reviewHold('case-7'), HOLDS['channel_risk'] as Fact] });
  expect(after(held, release('h1')).view.holds.map(({ id }) => id)).not.toContain('h1');
  expect(after(held, release('h2')).facts.placedHolds['h2']).toMatchObject({ releasedBy: 'wang' });
  expect(decide(held, release('case-7'), NOW)).toEqual({ ok: false, code: 'hold.not_releasable', params: { kind: 'review' } });
  expect(decide(held, release('channel:channel_risk:risk-7'), NOW)).toEqual({
    ok: false,
    code: 'hold.not_releasable',
    params: { kind: 'channel_risk' },
  });
  expect(decide(after(held, release('h1')), release('h1'), NOW)).toEqual({ ok: false, code: 'hold.not_found', params: { holdId: 'h1' } });
  expect(decide(held, release('h9'), NOW)).toMatchObject({ code: 'hold.not_found' });
  expect(decide(held, release('constructor'), NOW)).toMatchObject({ code: 'hold.not_found' });
});

test('an after-sale that a person has looked at lets the order go, until something of its refunds is new', () => {
  const refund = (status: 'requested' | 'agreed'): Fact => pushed({ at: minute(1), refunds: { r1: aRefund('30.00', status) } });
  const sign = { kind: 'after_sale', code: 'trade_state_REFUND', since: minuteText(1) } as const;
  const held = anOrder({ content: { doNotShip: [sign] }, and: [refund('requested')] });
  expect(
    mayShip(held)
      .map(({ detail }) => detail)
      .sort(),
  ).toEqual(['order.refund_open', 'trade_state_REFUND']);
  const looked = after(after(held, { verb: 'release', holdId: 'channel:after_sale:trade_state_REFUND', by: 'wang' }), {
    verb: 'release',
    holdId: 'refund:r1',
    by: 'wang',
  });
  expect(mayShip(looked)).toEqual([]);
  const then = (fact: Fact) => mayShip({ view: view(record(looked.facts, fact)) });
  expect(then(pushed({ at: minute(2), content: { doNotShip: [{ ...sign, since: minuteText(2) }] } })), 'the same sign, said again').toEqual(
    [],
  );
  expect(then(refund('agreed')), 'the refund went on').toHaveLength(2);
});

test('a hold may be placed on any order and then stands among its holds', () => {
  const hold = { kind: 'person', who: 'wang', since: NOW, why: 'buyer asked to wait' } as const;
  for (const status of ORDER_STATUSES) {
    const held = after(anOrder({ status }), { verb: 'hold', id: 'h1', hold });
    expect(held.view.holds).toMatchObject([{ id: 'h1', kind: 'person', who: 'wang', why: 'buyer asked to wait' }]);
  }
});

test('the address is final once the order has shipped or ended', () => {
  const open = ORDER_STATUSES.filter((status) => decide(anOrder({ status }), changeAddress('P'), NOW).ok);
  expect(open).toEqual(['awaiting_payment', 'paid', 'allocated', 'picked', 'packed']);
  expect(decide(anOrder({ status: 'delivered' }), changeAddress('P'), NOW)).toEqual({
    ok: false,
    code: 'order.address_final',
    params: { status: 'delivered' },
  });
});

test('the last correction of an address wins, also within one tick and when a source clock runs ahead of ours', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -5, max: 5 }),
      fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 4 }),
      (ahead, ticks) => {
        let order = anOrder({ at: NOW + ahead * 60_000 });
        for (const [index, tick] of ticks.entries()) order = after(order, changeAddress(`P${index}`), NOW + tick);
        expect(addressOf(order.facts)).toBe(`P${ticks.length - 1}`);
        expect(order.view.holds).toEqual([]);
      },
    ),
  );
});

describe('an accepted step does what was asked, whatever else is known of the order', () => {
  const order = someFacts.chain((chains) => roadThrough(chains)).map((road) => seen(...road));
  const whenAccepted = (asked: fc.Arbitrary<Step>, look: (next: Seen, step: Step, added: readonly Fact[]) => void, numRuns = 300): void =>
    fc.assert(
      fc.property(order, asked, (before, step) => {
        const decision = decide(before, step, NOW);
        fc.pre(decision.ok);
        look(after(before, step), step, decision.facts);
      }),
      { numRuns },
    );

  test('a cancelled order has ended', () => {
    expect.hasAssertions();
    whenAccepted(fc.constant({ verb: 'cancel' }), ({ view: { status } }) => expect(['cancelled', 'closed']).toContain(status));
  });

  test('a corrected address is the address', () => {
    expect.hasAssertions();
    whenAccepted(fc.constant(changeAddress('P')), ({ facts }) => expect(addressOf(facts)).toBe('P'));
  });

  test('moved lines are where they were sent', () => {
    expect.hasAssertions();
    const allocated = fc.constantFrom(...MOVES).map((to) => move(to));
    const look = (next: Seen, step: Step, added: readonly Fact[]): void => {
      const moved = added.flatMap((fact) => (fact.type === 'lines.moved' ? fact.lines : []));
      const statuses = next.view.lines.filter(({ lineId }) => moved.includes(lineId)).map(({ status }) => status);
      expect(statuses).toEqual(moved.map(() => step.verb === 'move' && step.to));
    };
    whenAccepted(allocated, look, 80); // few orders can be moved: most of what is made is thrown away
  });
});

test('mayShip gives every reason at once, and none for an order that may go', () => {
  expect(mayShip(anOrder({ status: 'packed' }))).toEqual([]);
  expect(mayShip(anOrder({ status: 'awaiting_payment', holds: [personHold('h1'), reviewHold('case-7')] }))).toEqual([
    { code: 'hold.review', detail: 'sum.payable' },
    { code: 'hold.person', detail: 'asked by the buyer' },
    { code: 'order.not_paid', detail: 'awaiting_payment' },
  ]);
  expect(mayShip(anOrder({ status: 'closed' }))).toEqual([{ code: 'order.ended', detail: 'closed' }]);
  expect(mayShip({ view: view(NO_FACTS) }).map(({ code }) => code)).toEqual(['hold.incomplete', 'order.not_paid']);
});

test('a released hold lets the next step through', () => {
  const held = seen(told(), personHold('h1'), released('h1'), reported(aPush({ at: minute(1), content: { remark: 'A' } })));
  expect(decide(held, move('allocated'), NOW).ok).toBe(true);
});
