import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

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

test('without its database it is not ready', async () => {
  await house.house.db.end();
  expect(await ready()).toMatchObject({ status: 503, body: { database: false } });
});
