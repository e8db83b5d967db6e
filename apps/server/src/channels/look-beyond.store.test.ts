/** A channel whose list is by time of payment and tells no change: what was paid for long ago and is still here is looked at every day. */
import { afterEach, expect, test } from 'vitest';
import { FAKE, fakeAdapter, telling } from '../../../../tests/support/fake-channel.ts';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { manualClock } from '#platform';

const START = Date.parse('2026-02-22T10:00:00+08:00');
const DAY = 86_400_000;
let house: TestHouse | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

test.each([
  ['that tells no change', true],
  ['that tells changes', false],
])('of a channel %s', async (_, tellsNoChange) => {
  const clock = manualClock(START);
  const asked: string[] = [];
  const adapter = fakeAdapter({
    ...(tellsNoChange ? { tellsNoChange } : {}),
    read: () => ({ messages: [], wants: [], problems: [] }),
    fetchDetail: async (_ask, { shop, id }) => {
      asked.push(id);
      return { ok: true, value: telling(shop, [id]) };
    },
  });
  house = await testHouse({ clock, adapters: [adapter] });
  const { send } = house;
  const { db } = house.house;
  const app = (await send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', name: 'app' })).body.id;
  for (const shop of ['1', '2']) await send('POST', '/v1/shops', { channel: FAKE, shop, name: shop, app });
  const place = async (channelOrderId: string, days: number, more: object = {}) => {
    const at = new Date(START - days * DAY).toISOString();
    const times = { placedAt: at, paidAt: at, modifiedAt: at };
    const order = neutralOrder({ channel: FAKE, shop: '1', channelOrderId, ...times, ...more });
    expect((await send('POST', '/v1/orders', order)).status).toBe(201);
  };
  await place('presale', 12);
  await place('also', 40);
  await place('shipped', 12, { status: 'shipped' });
  await place('closed', 12, { status: 'closed' });
  await place('unpaid', 12, { status: 'awaiting_payment', paid: '0.00', payments: [], paidAt: undefined });
  await place('ancient', 100);
  await place('new', 2);
  const sweptAt = async (): Promise<number> =>
    (
      await db.query<{ at: number }>(
        `select (extract(epoch from min(coalesce(deep_swept_at, 'epoch'))) * 1000)::int8 as at from pulls having count(*) = 2`,
      )
    ).rows[0]?.at ?? 0;
  await waitUntil('the first day is walked', async () => (await sweptAt()) >= START);
  clock.advance(DAY + 60_000);
  await waitUntil('the daily sweep is over', async () => (await sweptAt()) >= START + DAY);
  await waitUntil('and all looks are made', async () => (await db.query('select 1 from fetches')).rows.length === 0);
  expect(asked.toSorted()).toEqual(tellsNoChange ? ['also', 'presale'] : []);
});
