import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import { openWithin, readOpenings } from './openings-store.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
  await base.db.query(
    `insert into apps (id, channel, app_key, name, wrapped_secret, created_at) values ('app_1', 'taobao', 'k', 'app', '', now())`,
  );
});
afterAll(() => base.drop());

const opened = async () => ({ ok: true, value: { name: '张三' } }) as const;
const within = (at: string, perDay: number | null) => openWithin(base.db, { appId: 'app_1', perDay, now: Date.parse(at) }, opened);

test('the day is Beijing’s: what is used up begins anew at its midnight, and days of long ago are forgotten', async () => {
  expect(await within('2025-01-01T00:00:00+08:00', 1)).toMatchObject({ ok: true });
  expect(await within('2026-02-22T22:00:00+08:00', 1)).toMatchObject({ ok: true });
  expect(await within('2026-02-22T23:00:00+08:00', 1)).toEqual({ ok: false, usedUp: { perDay: 1, againInMs: 3_600_000 } });
  expect(await within('2026-02-22T23:59:59.999+08:00', 1)).toEqual({ ok: false, usedUp: { perDay: 1, againInMs: 1 } });
  expect(await readOpenings(base.db, Date.parse('2026-02-22T15:00:00Z'))).toEqual(new Map([['app_1', 1]]));
  expect(await readOpenings(base.db, Date.parse('2026-02-22T16:00:00Z'))).toEqual(new Map());
  expect(await within('2026-02-23T00:00:00+08:00', 1)).toMatchObject({ ok: true });
  const { rows } = await base.db.query<{ day: string }>('select day from openings order by day');
  expect(rows.map(({ day }) => day)).toEqual(['2026-02-22', '2026-02-23']);
});
