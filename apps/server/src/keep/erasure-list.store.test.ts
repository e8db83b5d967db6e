/** A person who was erased stays so, also when a backup from before it is put back. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { neutralOrder, testDatabase, type TestDatabase, waitUntil } from '../../../../tests/support/index.ts';
import { silentLog, systemClock } from '#platform';
import type { House } from '../main.ts';
import { listErasures } from './erasure-list.ts';
import { newTimeline } from './new-timeline.ts';

const MIGRATIONS = new URL('../../../../database/migrations', import.meta.url).pathname;
const ADMIN = 'weir_test_admin_token';
let database: TestDatabase;
let home: string;
let list: string;
let house: House;
beforeEach(async () => {
  database = await testDatabase();
  home = mkdtempSync(join(tmpdir(), 'weir-erasures-'));
  list = join(home, 'erasures.ndjson');
  house = await start();
});
afterEach(async () => {
  await house.stop();
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});
async function start(): Promise<House> {
  const { openHouse } = await import('../main.ts');
  return openHouse({ databaseUrl: database.url, home, adminToken: ADMIN, clock: systemClock, log: silentLog });
}
async function send(path: string, payload: object) {
  const answer = await house.app.inject({ method: 'POST', url: path, payload, headers: { authorization: `Bearer ${ADMIN}` } });
  return answer.json() as { orderKey: string };
}
const place = async (channelOrderId: string): Promise<string> => (await send('/v1/orders', neutralOrder({ channelOrderId }))).orderKey;
const read = async (key: string) =>
  (await house.app.inject({ url: `/v1/orders/${key}`, headers: { authorization: `Bearer ${ADMIN}` } })).json() as Record<string, unknown>;
/** Whole ones: the file may have been made a moment before its first line stands in it. */
const linesOf = (): string[] => (existsSync(list) ? readFileSync(list, 'utf8').split('\n').slice(0, -1) : []);

test('an erasure that somebody asked for stands in the file at once, without a word about the person', async () => {
  const key = await place('1');
  await send(`/v1/orders/${key}:erase`, { purpose: 'law', evenOpen: true });
  await waitUntil('it is listed', () => linesOf().length === 1);
  expect(JSON.parse(linesOf()[0] as string)).toEqual({
    weir: 'erasure',
    at: expect.any(String),
    channel: 'own',
    shop: 's1',
    channelOrderId: '1',
  });
  await send(`/v1/orders/${key}:erase`, { purpose: 'law', evenOpen: true });
  appendFileSync(list, '{"weir":"eras'); // a machine died in the middle of a line
  await send(`/v1/orders/${await place('2')}:erase`, { purpose: 'law', evenOpen: true });
  await waitUntil('the next one too', () => linesOf().length === 3);
  expect(linesOf()[2]).toContain('"channelOrderId":"2"');
});

test('what the file would not take waits for the next time', async () => {
  const key = await place('1');
  await house.worker.stop();
  await database.db.query(`insert into erasures_to_list values ('own', 's1', '1', now())`);
  await expect(listErasures(database.db, join(home, 'nowhere', 'list'))).rejects.toThrow('ENOENT');
  await listErasures(database.db, list);
  expect(linesOf()).toHaveLength(1);
  expect(key).toBeTruthy();
});

test('a restore erases again by the list before anything is told again, and names the orders that it does not know', async () => {
  const [gone, stays] = [await place('gone'), await place('stays')];
  await house.stop();
  const line = (channelOrderId: string, at: number): string =>
    `${JSON.stringify({ weir: 'erasure', at: new Date(at).toISOString(), channel: 'own', shop: 's1', channelOrderId })}\n`;
  const now = Date.now();
  writeFileSync(list, line('stays', now - 3 * 86_400_000) + line('gone', now) + '{"half' + '\n' + line('younger', now));
  const begun = await newTimeline({
    url: database.url,
    home,
    migrations: MIGRATIONS,
    clock: systemClock,
    backupAt: now,
    from: 'a backup',
    erasures: list,
  });
  expect(begun).toMatchObject({ retold: 2, erasedAgain: 1, erasedUnknown: ['own/s1/younger'] });
  house = await start();
  await waitUntil('both are told again', async () => {
    const { rows } = await database.db.query<{ n: number }>(`select count(*) as n from events where type = 'order.restored'`);
    return rows[0]?.n === 2;
  });
  const { rows } = await database.db.query<{ type: string }>(`select type from events where order_key = $1 order by version desc limit 2`, [
    gone,
  ]);
  expect(rows.map(({ type }) => type)).toEqual(['order.restored', 'order.erased']);
  expect(await read(gone)).toMatchObject({ personal: {}, erasedAt: expect.any(String) });
  expect(await read(stays)).toMatchObject({ personal: { receiver: expect.anything() } });
});
