import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aMessage, roadThrough, someFacts } from './arbitrary-facts.ts';
import { aLine, aPayment, factsOf, minute, pushed, reported, reviewHold, told } from './builders.ts';
import { type Fact, NO_FACTS } from './facts.ts';
import { record } from './record.ts';
import { view } from './view.ts';

const twoRoads = someFacts.chain((chains) => fc.tuple(roadThrough(chains), roadThrough(chains)));

test('the same facts in any order, any number of times, are the same facts and the same view', () => {
  fc.assert(
    fc.property(twoRoads, ([one, other]) => {
      expect(factsOf(other)).toEqual(factsOf(one));
      expect(view(factsOf(other))).toEqual(view(factsOf(one)));
    }),
    { numRuns: 3_000 },
  );
});

test('a fact that is already known gives back the very same object, so that a repeat costs no version', () => {
  fc.assert(
    fc.property(
      someFacts.chain((chains) => roadThrough(chains)),
      (road) => {
        const known = factsOf(road);
        for (const fact of road) expect(record(known, fact)).toBe(known);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('facts that were stored as JSON and read back go on as if they had stayed in memory', () => {
  fc.assert(
    fc.property(
      someFacts.chain((chains) => roadThrough(chains)),
      (road) => {
        const reread = road.reduce((facts, fact) => JSON.parse(JSON.stringify(record(facts, fact))) as typeof facts, NO_FACTS);
        expect(reread).toEqual(factsOf(road));
        expect(view(reread)).toEqual(view(factsOf(road)));
      },
    ),
    { numRuns: 1_000 },
  );
});

test('recording changes nothing in the facts it was given', () => {
  fc.assert(
    fc.property(
      someFacts.chain((chains) => roadThrough(chains)),
      aMessage,
      (road, message) => {
        const known = factsOf(road);
        const before = structuredClone(known);
        record(known, reported(message));
        expect(known).toEqual(before);
      },
    ),
  );
});

test('an id that every JavaScript object answers to is an id like any other', () => {
  for (const id of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const known = factsOf([
      told({ status: 'awaiting_payment' }),
      pushed({ at: minute(1), payments: Object.fromEntries([[id, aPayment('100.00')]]) }),
    ]);
    expect(view(known)).toMatchObject({ payment: 'full', payments: [{ id, amount: '100.00' }], holds: [] });
    expect(view(factsOf([told({ content: { lines: [aLine({ lineId: id })] } })])).lines).toMatchObject([
      { lineId: id, status: 'paid', shipped: 0 },
    ]);
  }
});

test('a late repeat of an old whole message settles no blocked one at its very time', () => {
  const [whole, blocked] = [told(), reviewHold('case-1', minute(0))];
  expect(factsOf([whole, blocked, whole]).cases['case-1']?.state).toBe('open');
  expect(factsOf([whole, blocked, told({ at: minute(1) })]).cases['case-1']?.state).toBe('superseded');
});

test('a whole answer of a channel settles what that channel told before, whatever its time, and nobody else’s words', () => {
  const [theirs, own] = [reviewHold('theirs', minute(9), { heardAs: 1 }), reviewHold('own', minute(9))];
  const answered = (as: number): Fact => ({ type: 'answered', as });
  for (const facts of [
    [told(), theirs, own, answered(2)],
    [answered(2), own, theirs, told()],
  ])
    expect(factsOf(facts).cases).toMatchObject({ theirs: { state: 'superseded' }, own: { state: 'open' } });
  for (const facts of [
    [theirs, answered(1)],
    [answered(1), theirs],
  ])
    expect(factsOf(facts).cases['theirs']?.state).toBe('open'); // what was blocked in the very same answer
});

test('a blocked message at the very time of a whole one waits for a person when it comes second, and is superseded when it comes first', () => {
  const [blocked, whole] = [reviewHold('case-1', minute(0)), told({ at: minute(0) })];
  expect(factsOf([whole, blocked]).cases['case-1']?.state).toBe('open');
  expect(factsOf([blocked, whole]).cases['case-1']?.state).toBe('superseded');
});
