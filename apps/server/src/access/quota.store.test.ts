import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import { auditWithin } from './quota.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
});
afterAll(() => base.drop());

const DAY_MS = 86_400_000;
const caller = { id: 'usr_quick', name: 'quick', role: 'warehouse' as const, shops: null };

test('however many come at once, no more pass than the quota allows; each is on record, and a day later there is room again', async () => {
  let now = Date.parse('2026-02-20T12:00:00Z');
  const deps = { db: base.db, clock: { now: () => now } } as Parameters<typeof auditWithin>[0];
  const knock = (who = caller.id) => auditWithin(deps, { ...caller, id: who }, ['knocked', null, {}], 3);
  const all = await Promise.all(Array.from({ length: 8 }, () => knock()));
  expect(all.toSorted()).toEqual([false, false, false, false, false, true, true, true]);
  const { rows } = await base.db.query("select what, count(*)::int as n from audit where who = 'usr_quick' group by what order by what");
  expect(rows).toEqual([
    { what: 'knocked', n: 3 },
    { what: 'knocked.over_quota', n: 5 },
  ]);
  expect(await knock('usr_other')).toBe(true);
  now += DAY_MS + 1;
  expect(await knock()).toBe(true);
});
