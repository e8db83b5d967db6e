import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import { type Keys, openKeys } from './keys.ts';

const JANUARY_28 = Date.UTC(2026, 0, 28, 11);
const JANUARY_30 = Date.UTC(2026, 0, 30);
const FEBRUARY_1 = Date.UTC(2026, 1, 1);
let database: TestDatabase;
let home: string;
beforeAll(async () => {
  database = await testDatabase();
  home = mkdtempSync(join(tmpdir(), 'weir-keys-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});

const KEY_ID_AT = 1;
const sealedWith = (keys: Keys): number => keys.box.seal(Buffer.from('x'), 'row').readUInt32BE(KEY_ID_AT);
const months = async (): Promise<string[]> =>
  (await database.db.query<{ month: string }>('select month from data_keys order by key_id')).rows.map(({ month }) => month);

test('a server that runs over the end of a month seals with the new key, and everybody has it before it is used', async () => {
  const keys = await openKeys(database.db, home, JANUARY_28);
  expect(await months()).toEqual(['2026-01']);
  const old = keys.box.seal(Buffer.from('january'), 'row');
  await keys.renew(JANUARY_30);
  expect(await months()).toEqual(['2026-01', '2026-02']);
  expect(sealedWith(keys)).toBe(old.readUInt32BE(KEY_ID_AT));
  const standby = await openKeys(database.db, home, JANUARY_30);
  await keys.renew(FEBRUARY_1);
  const fresh = keys.box.seal(Buffer.from('february'), 'row');
  expect(fresh.readUInt32BE(KEY_ID_AT)).not.toBe(old.readUInt32BE(KEY_ID_AT));
  expect(standby.box.open(fresh, 'row').toString()).toBe('february');
  expect(keys.box.open(old, 'row').toString()).toBe('january');
});

test('two servers that renew at once make one key', async () => {
  const [a, b] = [await openKeys(database.db, home, FEBRUARY_1), await openKeys(database.db, home, FEBRUARY_1)];
  const march = Date.UTC(2026, 2, 1);
  await Promise.all([a.renew(march), b.renew(march)]);
  expect((await months()).filter((month) => month === '2026-03')).toHaveLength(1);
  expect(sealedWith(a)).toBe(sealedWith(b));
});
