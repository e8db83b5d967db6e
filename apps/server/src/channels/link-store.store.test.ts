import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../tests/support/index.ts';
import { type Db, openDb } from '#platform';
import { forgetOthers, listDown, listLinks, noteBegun, noteDown, noteHeard, noteUp, savePermit, savePermitError } from './link-store.ts';
import { saveApp, saveShop } from './store.ts';

const NAME = ['app_1', 'socket'] as const;
let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await testDatabase();
  db = openDb({ url: database.url, max: 2, name: 'weir-test' });
  await saveApp(
    db,
    { id: 'app_1', channel: 'fake', appKey: 'k', name: 'app', baseUrl: null, wrappedSecret: Buffer.from('s1'), wrappedSettings: null },
    0,
  );
  await saveShop(db, { channel: 'fake', shop: '1', name: '店', appId: 'app_1', credentials: Buffer.from('c1') });
});
afterAll(async () => {
  await db.end();
  await database.drop();
});
const epochNow = async (): Promise<number> => (await db.query<{ epoch: number }>('select epoch from leases')).rows[0]?.epoch ?? -1;

test('a link is up or down since when it became so, and whoever lost the lease changes nothing', async () => {
  const mine = await epochNow();
  await noteDown(db, NAME, mine, 500, 'not begun');
  expect(await listLinks(db)).toEqual([]);
  await noteBegun(db, NAME, mine, 1_000);
  await noteDown(db, NAME, mine, 2_000, 'closed_1006');
  expect(await listLinks(db)).toEqual([
    { appId: 'app_1', kind: 'socket', upSince: null, downSince: 1_000, lastMessageAt: null, lastError: 'closed_1006' },
  ]);
  await noteUp(db, NAME, mine - 1, 3_000);
  await noteHeard(db, NAME, mine - 1, 3_000);
  expect((await listLinks(db))[0]).toMatchObject({ upSince: null, lastMessageAt: null });
  expect(await listDown(db, 1_000, null)).toEqual([
    { app: 'app_1', channel: 'fake', name: 'app', kind: 'socket', since: 1_000, lastError: 'closed_1006' },
  ]);
  expect(await listDown(db, 999, null)).toEqual([]);
  expect((await listDown(db, 1_000, ['fake/1'])).length).toBe(1);
  expect(await listDown(db, 1_000, ['fake/2', 'other/1'])).toEqual([]);
  await noteUp(db, NAME, mine, 4_000);
  await noteHeard(db, NAME, mine, 5_000);
  expect(await listLinks(db)).toEqual([
    { appId: 'app_1', kind: 'socket', upSince: 4_000, downSince: null, lastMessageAt: 5_000, lastError: 'closed_1006' },
  ]);
  await noteDown(db, NAME, mine, 6_000, null);
  expect((await listLinks(db))[0]).toMatchObject({ upSince: null, downSince: 6_000, lastError: 'closed_1006' });
  await noteBegun(db, ['app_1', 'queue'], mine, 7_000);
  await forgetOthers(db, 'app_1', ['queue'], mine - 1);
  expect((await listLinks(db)).length).toBe(2);
  await forgetOthers(db, 'app_1', ['queue'], mine);
  expect((await listLinks(db)).map(({ kind }) => kind)).toEqual(['queue']);
});

test('an answer to older credentials permits nothing', async () => {
  const permitted = async () =>
    (await db.query<{ at: string | null; error: string | null }>('select permitted_at as at, permit_error as error from shops')).rows[0];
  const asked = { channel: 'fake', shop: '1', credentials: Buffer.from('c1'), wrappedSecret: Buffer.from('s1') };
  await savePermitError(db, asked, 'not yet');
  expect(await permitted()).toEqual({ at: null, error: 'not yet' });
  for (const older of [{ credentials: Buffer.from('c0') }, { credentials: null }, { wrappedSecret: Buffer.from('s0') }])
    await savePermit(db, { ...asked, ...older }, 0);
  expect(await permitted()).toEqual({ at: null, error: 'not yet' });
  await savePermit(db, asked, 0);
  expect(await permitted()).toMatchObject({ at: expect.anything(), error: null });
  await saveShop(db, { channel: 'fake', shop: '1', name: 'renamed' });
  expect((await permitted())?.at).not.toBeNull();
  await saveShop(db, { channel: 'fake', shop: '1', name: 'renamed', appId: 'app_1', credentials: Buffer.from('c2') });
  expect((await permitted())?.at).toBeNull();
});
