import { PERMISSIONS } from '@weir/contract/permissions';
import { expect, test } from 'vitest';
import { ADDRESSES, actsOf, isNamed, whyStill } from './view-model.ts';

test('what goes on can be paused, what stands can be let go on, what is parked can be delivered now, and all can be changed', () => {
  expect(actsOf({ state: 'active', parked: 0 })).toEqual(['pause', 'change', 'rotate', 'remove']);
  expect(actsOf({ state: 'broken', parked: 20 })).toEqual(['deliverNow', 'pause', 'change', 'rotate', 'remove']);
  for (const state of ['paused', 'gone'] as const) expect(actsOf({ state, parked: 3 })).toEqual(['resume', 'change', 'rotate', 'remove']);
});

test('each act is one of the matrix', () => {
  expect(Object.values(ADDRESSES).filter((address) => !Object.hasOwn(PERMISSIONS, address))).toEqual([]);
});

test('a replay that runs and does not move says why, one that has ended says nothing', () => {
  const running = { state: 'running' } as const;
  for (const state of ['paused', 'broken', 'gone', 'full'] as const) expect(whyStill(running, { state, lag: 0 })).toBe(state);
  expect(whyStill(running, { state: 'active', lag: 12 })).toBe('behind');
  expect(whyStill(running, { state: 'active', lag: 0 })).toBeNull();
  expect(whyStill(running, { state: 'active', lag: null })).toBeNull();
  expect(whyStill({ state: 'done' }, { state: 'paused', lag: 0 })).toBeNull();
});

test('an endpoint is removed by its whole name only', () => {
  expect(isNamed(' ERP ', 'ERP')).toBe(true);
  for (const typed of ['', ' ', 'erp', 'ER']) expect(isNamed(typed, 'ERP')).toBe(false);
  expect(isNamed('', '')).toBe(false);
});
