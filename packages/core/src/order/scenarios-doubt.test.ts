/** Stories of one order. Each holds on every road through its facts: shuffled, doubled, with our own steps in between. */
import { expect, test } from 'vitest';
import { aLine, aPayment, aRefund, minute, minuteText, personHold, pushed, released, reviewHold, told } from './builders.ts';
import { type Fact, NO_FACTS, type OrderFacts, RANK } from './facts.ts';
import { record } from './record.ts';
import { view } from './view.ts';

import { holdIds, onEveryRoad } from './every-road.test-support.ts';

test('two values at one source time hold the order for review, and the same one stands whichever came first', () =>
  onEveryRoad(
    [
      told({ content: { remark: 'A' } }),
      told({ content: { address: 'address-B', remark: 'B' } }),
      told({ content: { address: 'address-C', remark: null } }),
      pushed({ at: minute(1), payments: { p1: aPayment('40.00') } }),
      pushed({ at: minute(1), payments: { p1: aPayment('60.00') } }),
    ],
    (order) => {
      expect(holdIds(order)).toEqual(['conflict:address', 'conflict:remark', 'conflict:payments.p1']);
      expect(order.view.holds).toMatchObject([{ kind: 'review', why: 'register.conflict', since: minuteText(0) }, {}, {}]);
      expect(order.facts.content.address).toMatchObject({ value: 'address-A', rivals: ['address-B', 'address-C'] });
    },
  ));

test('a conflict ends when a newer message speaks of the field', () =>
  onEveryRoad(
    [told({ content: { remark: 'A' } }), told({ content: { remark: 'B' } }), pushed({ at: minute(1), content: { remark: 'C' } })],
    (order) => expect(holdIds(order)).toEqual([]),
  ));

test('a conflict that a person accepted as it is holds no longer', () => {
  const rivals = [told({ content: { remark: 'A' } }), told({ content: { remark: 'B' } })];
  const fingerprint = JSON.stringify([minute(0), 'A', ['B']]);
  onEveryRoad([...rivals, { type: 'derived.accepted', id: 'conflict:remark', fingerprint }], (order) => expect(holdIds(order)).toEqual([]));
  onEveryRoad([...rivals, told({ content: { remark: 'C' } }), { type: 'derived.accepted', id: 'conflict:remark', fingerprint }], (order) =>
    expect(holdIds(order)).toEqual(['conflict:remark']),
  );
});

test('a status that advanced within one tick of the clock is the furthest one, and an ending beats it', () => {
  onEveryRoad([told(), pushed({ at: minute(1), status: 'packed' }), pushed({ at: minute(1), status: 'picked' })], ({ view }) =>
    expect(view).toMatchObject({ status: 'packed', holds: [] }),
  );
  onEveryRoad([told(), pushed({ at: minute(1), status: 'packed' }), pushed({ at: minute(1), status: 'closed' })], ({ view }) =>
    expect(view).toMatchObject({ status: 'closed', holds: [] }),
  );
});

test('blocked messages are superseded by a newer whole one, in any order, and a newer blocked one is not', () =>
  onEveryRoad(
    [told(), reviewHold('case-1', minute(1)), reviewHold('case-2', minute(2)), told({ at: minute(3) }), reviewHold('case-3', minute(4))],
    (order) => {
      expect(
        Object.values(order.facts.cases)
          .map(({ state }) => state)
          .sort(),
      ).toEqual(['open', 'superseded', 'superseded']);
      expect(holdIds(order)).toEqual(['case-3']);
    },
  ));

test('an order first seen blocked has no status; the corrected message gives it one', () => {
  onEveryRoad([reviewHold('case-1', minute(1)), reviewHold('case-2', minute(2))], (order) => {
    expect(order.view).toMatchObject({ status: null, payment: 'none', refund: 'none', lines: [], payable: '0.00' });
    expect(holdIds(order)).toEqual(['case-1', 'case-2', 'incomplete']);
  });
  onEveryRoad([reviewHold('case-1', minute(1)), told({ at: minute(3) })], (order) => {
    expect(order.view).toMatchObject({ status: 'paid', holds: [] });
  });
});

test('a partial message does not settle a blocked whole one', () =>
  onEveryRoad([told(), reviewHold('case-1', minute(1)), pushed({ at: minute(2), content: { remark: 'A' } })], (order) =>
    expect(holdIds(order)).toEqual(['case-1']),
  ));

test('money that went back in full before completion closes the order, shipped or not', () => {
  const refunds = [
    pushed({ at: minute(2), refunds: { r1: aRefund('60.00', 'done') } }),
    pushed({ at: minute(3), refunds: { r2: aRefund('40.00', 'done') } }),
  ];
  onEveryRoad([told(), ...refunds], ({ view }) =>
    expect(view).toMatchObject({ status: 'closed', refund: 'full', progress: { closed: 1 } }),
  );
  onEveryRoad([told({ status: 'shipped' }), ...refunds], ({ view }) => expect(view).toMatchObject({ status: 'closed', refund: 'full' }));
});

test('a completed order that is refunded later keeps its status', () =>
  onEveryRoad(
    [
      told(),
      told({ at: minute(1), status: 'completed' }),
      pushed({ at: minute(2), refunds: { r1: aRefund('60.00', 'done') } }),
      pushed({ at: minute(3), refunds: { r2: aRefund('40.00', 'done') } }),
    ],
    ({ view }) => expect(view).toMatchObject({ status: 'completed', refund: 'full', refunded: '100.00', holds: [] }),
  ));

test('warnings are those of the newest whole and of the newest partial message; at equal times all stay', () => {
  const [payer, modified, order] = ['discount.no_payer', 'time.no_modified_at', 'time.out_of_order'].map((code) => ({
    code,
    pointer: '/',
  }));
  if (!payer || !modified || !order) throw new Error('three warnings');
  onEveryRoad([pushed({ at: minute(1), warnings: [modified] }), told({ warnings: [payer] }), told({ warnings: [order] })], ({ view }) =>
    expect(view.warnings).toEqual([payer, order, modified]),
  );
  onEveryRoad([told({ warnings: [payer] }), told({ warnings: [] })], ({ view }) => expect(view.warnings).toEqual([payer]));
  onEveryRoad([told({ warnings: [payer] }), told({ at: minute(1) }), pushed({ warnings: [modified] })], ({ view }) =>
    expect(view.warnings).toEqual([modified]),
  );
});

test('the channel never pulls our own steps back', () =>
  onEveryRoad(
    [
      told(),
      { type: 'lines.moved', lines: ['L1'], to: 'allocated' },
      { type: 'lines.moved', lines: ['L1'], to: 'picked' },
      told({ at: minute(5), status: 'paid' }),
      pushed({ at: minute(6), status: 'awaiting_payment' }),
    ],
    ({ view }) => expect(view).toMatchObject({ status: 'picked', progress: { picked: 1 } }),
  ));

test('a newer word on the whole order moves a line whose own word is older, and never pulls it back', () => {
  const lines = [aLine(), aLine({ lineId: 'L2' })];
  const detail = told({ content: { lines }, lineStatus: { L1: 'packed', L2: 'paid' } });
  onEveryRoad([detail, pushed({ at: minute(1), status: 'delivered' })], ({ view }) =>
    expect(view).toMatchObject({ status: 'delivered', progress: { delivered: 2 } }),
  );
  onEveryRoad([detail, pushed({ at: minute(1), status: 'paid' })], ({ view }) =>
    expect(view).toMatchObject({ status: 'paid', progress: { packed: 1, paid: 1 } }),
  );
});

test('holds of people and rules last until each is released', () =>
  onEveryRoad(
    [told(), [personHold('h1'), released('h1')], personHold('h3'), personHold('h2', 'rule'), [personHold('h4'), released('h4')]],
    (order) => {
      expect(holdIds(order)).toEqual(['h2', 'h3']);
      expect(order.view.holds).toMatchObject([{ kind: 'rule', who: 'lin' }, { kind: 'person' }]);
    },
  ));

test('values of several messages that no longer add up hold the order', () => {
  onEveryRoad([told(), pushed({ at: minute(1), content: { payable: '90.00' } })], (order) =>
    expect(order.view.holds).toMatchObject([{ id: 'sum.after_merge', kind: 'review', why: 'sum.after_merge', since: minuteText(1) }]),
  );
  onEveryRoad([told({ rank: RANK.list }), pushed({ rank: RANK.detail, content: { payable: '90.00' } })], (order) =>
    expect(holdIds(order)).toEqual(['sum.after_merge']),
  );
  onEveryRoad(
    [
      told(),
      pushed({ at: minute(1), content: { payable: '90.00' } }),
      pushed({ at: minute(2), content: { discounts: [{ name: 'coupon', amount: '10.00', payer: 'shop' }] } }),
    ],
    (order) => expect(holdIds(order)).toEqual([]),
  );
});

test('an ending that the channel takes back by a newer word is over', () =>
  onEveryRoad([told(), pushed({ at: minute(1), status: 'closed' }), pushed({ at: minute(2), status: 'packed' })], ({ view }) =>
    expect(view).toMatchObject({ status: 'packed', holds: [] }),
  ));

const idOf = (fact: Fact): string => ('id' in fact ? fact.id : '');

test('of a source that never stops sending what may not pass, the newest twenty wait, whatever the order in which they came', () => {
  const cases = Array.from({ length: 150 }, (_, i) => reviewHold(`case-${String(i).padStart(3, '0')}`, minute(i)));
  const roads = [cases, cases.toReversed(), [...cases.slice(70), ...cases.slice(0, 70)], [...cases, ...cases]];
  const ends = roads.map((road) => [told({ at: minute(-1) }), ...road].reduce(record, NO_FACTS));
  const open = Object.entries((ends[0] as OrderFacts).cases).filter(([, known]) => known.state === 'open');
  expect(open.map(([id]) => id).sort()).toEqual(cases.slice(-20).map((each) => idOf(each)));
  for (const facts of ends)
    expect(holdIds({ facts, view: view(facts) })).toEqual(holdIds({ facts: ends[0] as OrderFacts, view: view(ends[0] as OrderFacts) }));
  for (const facts of ends) expect(Object.keys(facts.cases)).toHaveLength(120);
  for (const again of cases) expect(record(ends[0] as OrderFacts, again)).toBe(ends[0]);
});

test('of ever other values at one time twenty are kept: the same ones, whatever the order in which they came', () => {
  const values = Array.from({ length: 60 }, (_, i) => told({ content: { remark: `r${String(i).padStart(2, '0')}` } }));
  const ends = [values, values.toReversed(), [...values.slice(33), ...values.slice(0, 33)]].map((road) => road.reduce(record, NO_FACTS));
  for (const facts of ends) {
    expect(facts.content.remark).toMatchObject({ value: 'r00' });
    expect(facts.content.remark?.rivals).toEqual(Array.from({ length: 19 }, (_, i) => `r${String(i + 1).padStart(2, '0')}`));
    for (const again of values) expect(record(facts, again)).toBe(facts);
  }
});
