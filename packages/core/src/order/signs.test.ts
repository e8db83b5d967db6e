import { expect, test } from 'vitest';
import { aReport, factsOf, minute, minuteText, reported } from './builders.ts';
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
