import { expect, test } from 'vitest';
import { aReport, factsOf, minute, minuteText, reported } from './builders.ts';
import { ADDRESS_WISHED } from './facts.ts';
import { view } from './view.ts';

const sign = (since: number, more: object = {}) =>
  ({ kind: 'after_sale', lineId: 'L1', code: 'after_sale_status_7', since: minuteText(since), ...more }) as const;
const told = (at: number, ...signs: ReturnType<typeof sign>[]) => reported(aReport({ at: minute(at), content: { doNotShip: signs } }));
const holds = (...facts: Parameters<typeof factsOf>[0]) => view(factsOf(facts)).holds.map(({ kind, since }) => [kind, since]);

test('the same sign of one moment, known since two times, is one hold since the earlier one, in any order', () => {
  const both = [['after_sale', minuteText(1)]];
  expect(holds(told(5, sign(5)), told(5, sign(1)))).toEqual(both);
  expect(holds(told(5, sign(1)), told(5, sign(5)))).toEqual(both);
  expect(holds(told(5, sign(1)), told(5, sign(5)), told(5, sign(3)))).toEqual(both);
});

test('another sign of the same moment is a conflict all the same, and a later word decides', () => {
  const other = told(5, sign(1, { code: 'after_sale_status_6' }));
  expect(holds(told(5, sign(5)), other).some(([kind]) => kind === 'review')).toBe(true);
  expect(holds(told(5, sign(5)), other, told(5, sign(1)), told(6, sign(6)))).toEqual([['after_sale', minuteText(6)]]);
});

test('what the shop’s own system says of shipping and what the channel says end each for itself, and the same of both is one hold', () => {
  const own = (at: number, ...signs: ReturnType<typeof sign>[]) => reported(aReport({ at: minute(at), content: { shopSigns: signs } }));
  const other = sign(2, { code: 'buyer_applied_refund' });
  expect(holds(own(5, other), told(6))).toEqual([['after_sale', minuteText(2)]]);
  expect(holds(own(5, sign(2)), told(6, sign(1)))).toEqual([['after_sale', minuteText(1)]]);
  expect(holds(own(5, other), told(6), own(7))).toEqual([]);
});

test('what a channel asks a person for holds the order in any order of telling, until it is released, or the order leaves or ends', () => {
  const paid = reported(aReport({ at: minute(1), status: 'paid' }));
  const wish = (why: string) => ({ type: 'hold.placed', id: 'w', hold: { kind: 'rule', who: 'douyin', since: minute(2), why } }) as const;
  const held = [['rule', minuteText(2)]];
  const wished = wish(ADDRESS_WISHED);
  const [left, ended] = (['shipped', 'cancelled'] as const).map((status) => reported(aReport({ at: minute(3), status })));
  expect(holds(paid, wished)).toEqual(held);
  expect(holds(wished, paid, wished)).toEqual(held);
  expect(holds(paid, wished, { type: 'hold.released', id: 'w', by: 'p' }, wished)).toEqual([]);
  for (const end of [left, ended] as const) {
    expect(holds(paid, wished, end as typeof paid)).toEqual([]);
    expect(holds(end as typeof paid, wished, paid)).toEqual([]);
    expect(holds(paid, wish('of a rule'), end as typeof paid)).toEqual(held);
  }
});
