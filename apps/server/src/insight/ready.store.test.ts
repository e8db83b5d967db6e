import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ADMIN, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

const MONTH_MS = 40 * 86_400_000;
let house: TestHouse;
let later = 0;
beforeAll(async () => {
  house = await testHouse({ clock: { now: () => Date.now() + later } });
});
afterAll(() => house.close());
const ready = () => house.send('GET', '/readyz', undefined, { token: null });

test('says that it works, that the keys are those of this month, and how much disk is left', async () => {
  await waitUntil('it works', async () => (await ready()).body.worker === 'working');
  expect(await ready()).toMatchObject({
    status: 200,
    body: { database: true, keys: true, disk: { freeBytes: expect.any(Number), isLow: expect.any(Boolean) }, backup: null },
  });
});

test('a stranger is not told how many messages there were', async () => {
  expect((await ready()).body).not.toHaveProperty('position');
  expect((await house.send('GET', '/readyz')).body.position).toEqual(expect.any(Number));
});

test('a standby is ready too, and says what it is', async () => {
  const other = await house.another();
  const { statusCode, body } = await other.app.inject({ url: '/readyz' });
  expect({ statusCode, ...JSON.parse(body) }).toMatchObject({ statusCode: 200, worker: 'standing by', keys: true });
});

test('a month whose key nobody took up shows, and is mended by the upkeep', async () => {
  later = MONTH_MS;
  expect((await ready()).body).toMatchObject({ keys: false });
  await house.house.keys.renew(Date.now() + later);
  expect((await ready()).body).toMatchObject({ keys: true });
});

test('a data directory that is gone shows as no disk', async () => {
  rmSync(house.home, { recursive: true });
  expect((await ready()).body).toMatchObject({ database: true, disk: null });
});

test('strangers who ask again and again ask the database once a second', async () => {
  let asked = 0;
  const { db } = house.house;
  const { query } = db;
  const counted = vi.spyOn(db, 'query').mockImplementation(async (text, values) => {
    if (text === 'select 1') asked++;
    return query(text, values);
  });
  await Promise.all(Array.from({ length: 50 }, ready));
  for (let n = 0; n < 50; n++) await ready();
  expect(asked).toBeLessThanOrEqual(2);
  counted.mockRestore();
});

test('while all connections are in use it says so, soon, and the metrics do', async () => {
  const { db } = house.house;
  const { query, stats } = db;
  const isAsked = (text: string): boolean => text === 'select 1' || text.includes('"oldestSeconds"');
  vi.spyOn(db, 'query').mockImplementation((text, values) => (isAsked(text) ? new Promise(() => {}) : query(text, values)));
  vi.spyOn(db, 'stats').mockImplementation(() => ({ ...stats(), waiting: 1 }));
  await waitUntil('it says that it is busy', async () => (await ready()).body.busy === true);
  expect(await ready()).toMatchObject({ status: 503, body: { database: false, busy: true } });
  const from = performance.now();
  const { body } = await house.house.app.inject({ url: '/metrics', headers: { authorization: `Bearer ${ADMIN}` } });
  expect(body).toMatch(/^weir_database_busy 1$/m);
  expect(performance.now() - from).toBeLessThan(10_000);
  vi.restoreAllMocks();
});

test('without its database it is not ready', async () => {
  await waitUntil('it is ready again', async () => (await ready()).status === 200);
  await house.house.db.end();
  await waitUntil('it is not ready', async () => (await ready()).status === 503);
  expect(await ready()).toMatchObject({ status: 503, body: { database: false, busy: false } });
});
