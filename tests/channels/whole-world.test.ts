/** Every channel at once through a whole house: people live on the platforms, a warehouse ships through the API, and in the end both sides hold the same. */
import { setTimeout as pause } from 'node:timers/promises';
import { compareDay, connectBooth, heal, openStand, type Stand, startLife, startWarehouse } from '@weir/sandbox/stand';
import { afterEach, expect, test } from 'vitest';
import { ADAPTERS } from '../../apps/server/src/main.ts';
import { manualClock } from '../../apps/server/src/platform/index.ts';
import { ADMIN, type TestHouse, testHouse, waitUntil } from '../support/index.ts';
import { hasty } from '../support/platforms.ts';

const START = Date.parse('2026-02-22T10:00:00+08:00');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** A lost word about a part of the money is found by the look of every day; all else by that of every hour. */
const QUARTERS = 4 * 50;
const BREATH_MS = 1_000;
const LEAST_STEPS = 60;
const MOST_STEPS = 600;
const MOODS = { duplicates: 0.2, reorder: 0.1, lost: 0.05, throttled: 0.02, serverErrors: 0.02, lostAnswers: 0.02, tokenExpiry: 0.01 };
let [house, stand]: [TestHouse?, Stand?] = [];
afterEach(async () => {
  await house?.close();
  await stand?.close();
  [house, stand] = [undefined, undefined];
});

test('a busy afternoon on four platforms ends with every order right and every parcel told', async () => {
  const clock = manualClock(START);
  const here = await testHouse({ clock, adapters: ADAPTERS.map(hasty), allowPrivateEndpoints: true });
  house = here;
  const baseUrl = await here.house.app.listen({ port: 0, host: '127.0.0.1' });
  const world = await openStand({ seed: 11, clock: { now: () => clock.now(), sleep: async () => {} } });
  stand = world;
  for (const booth of world.booths) await connectBooth(booth, baseUrl, async (path, body) => (await here.send('POST', path, body)).body);
  const lives = world.booths.map(({ platform }, nth) => startLife(platform, { seed: 40 + nth, ratePerSecond: 0 }));
  const warehouses = world.booths.map(({ known: { channel, carriers }, platform: { shop } }, nth) =>
    startWarehouse({ baseUrl, token: ADMIN, channel, shop, carrier: carriers[0], seed: nth, everyMs: 0 }),
  );
  const links = async (): Promise<{ upSince: string | null }[]> =>
    (await here.send('GET', '/v1/apps')).body.items.flatMap((app: { links: { upSince: string | null }[] }) => app.links);
  await waitUntil(
    'every queue and socket stands',
    async () => (await links()).length > 1 && (await links()).every(({ upSince }) => upSince !== null),
    30_000,
  );

  for (const { platform } of world.booths) platform.misbehave(MOODS);
  const parcels = (): readonly number[] => warehouses.map(({ counts }) => counts.parcels);
  for (let step = 0; step < LEAST_STEPS || (step < MOST_STEPS && parcels().includes(0)); step++) {
    for (const life of lives) life.step();
    clock.advance(5 * SECOND);
    if (step >= LEAST_STEPS) await pause(50);
    if (step % 5 === 4) for (const warehouse of warehouses) await warehouse.step();
  }
  expect(parcels()).not.toContain(0);
  for (const { platform } of world.booths) heal(platform);
  const read = async <T>(path: string): Promise<T | null> => {
    const { status, body } = await here.send('GET', path);
    return status === 200 ? (body as T) : null;
  };
  let wrong = await compareDay(world, read);
  // Pulls each minute, and the sweep of every hour; time must not run away from whoever walks after it.
  for (let quarter = 0; quarter < QUARTERS && wrong.length > 0; quarter++) {
    clock.advance(15 * MINUTE);
    await pause(BREATH_MS);
    wrong = await compareDay(world, read, wrong);
    if (wrong.length === 0) wrong = await compareDay(world, read);
  }
  expect(wrong).toEqual([]);

  const untold = async (): Promise<string[]> =>
    world.booths.flatMap(({ known, platform }, nth) => {
      const there = new Map(platform.shown(10_000).map(({ id, parcels }) => [id, parcels.map(({ trackingNumber }) => trackingNumber)]));
      const sent = warehouses[nth]?.sent() ?? [];
      return sent
        .filter(({ channelOrderId, trackingNumber }) => !there.get(channelOrderId)?.includes(trackingNumber))
        .map(({ channelOrderId }) => `${known.channel} ${channelOrderId}`);
    });
  /** Refused there for a reason that a person must settle, in words. */
  const dead = async (): Promise<string[]> => {
    const { rows } = await here.house.db.query<{ name: string }>(
      `select channel || ' ' || channel_order_id as name from write_backs where what = 'ship' and state = 'dead'`,
    );
    return rows.map(({ name }) => name);
  };
  await waitUntil(
    'every parcel is told, or waits for a person with its cause',
    async () => {
      clock.advance(MINUTE);
      const waiting = new Set(await dead());
      return (await untold()).every((each) => waiting.has(each));
    },
    180_000,
  );
}, 900_000);
