/** After a restore nothing is put off: what the channel told in the last week is asked for at once. */
import { afterEach, expect, test } from 'vitest';
import { FAKE, fakeAdapter } from '../../../../tests/support/fake-channel.ts';
import { type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { manualClock } from '#platform';
import { beginTimeline } from '#keep';

const START = Date.parse('2026-02-22T10:00:00+08:00');
const DAY = 86_400_000;
let house: TestHouse | undefined;
afterEach(() => house?.close());

test('a restored house sweeps the last week at once, not an hour and a day later', async () => {
  const clock = manualClock(START);
  let oldest = Number.POSITIVE_INFINITY;
  const plain = fakeAdapter();
  const adapter = fakeAdapter({
    listChanged: async (call, feed, shop, window, page) => {
      oldest = Math.min(oldest, window.from * 1_000);
      return plain.listChanged(call, feed, shop, window, page);
    },
  });
  house = await testHouse({ clock, adapters: [adapter] });
  const { send } = house;
  const { db } = house.house;
  const app = (await send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', name: 'app' })).body.id;
  await send('POST', '/v1/shops', { channel: FAKE, shop: '1', name: '1', app });
  const sweptAt = async (): Promise<number> =>
    (await db.query<{ at: number }>(`select (extract(epoch from min(deep_swept_at)) * 1000)::int8 as at from pulls`)).rows[0]?.at ?? 0;
  await waitUntil('the first pull has run', async () => (await sweptAt()) >= START);
  await db.query(`update pulls set begun_at = begun_at - interval '30 days'`); // an old shop
  await house.house.channels.stop();
  await house.house.worker.stop();
  oldest = Number.POSITIVE_INFINITY;
  clock.advance(1_000);
  await beginTimeline(db, clock.now(), clock.now());
  await house.another({ clock });
  await waitUntil('the sweep is over', async () => (await sweptAt()) === START + 1_000);
  expect(oldest).toBeLessThanOrEqual(clock.now() - 7 * DAY);
});
