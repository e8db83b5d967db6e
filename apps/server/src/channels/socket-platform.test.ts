/** A whole server and a simulated Pinduoduo, whose messages come over its socket only. */
import { afterEach, expect, test } from 'vitest';
import { pinduoduoAdapter } from '@weir/connectors/pinduoduo';
import { whereItDiffers } from '@weir/sandbox/market';
import { createPinduoduo, pinduoduoApp } from '@weir/sandbox/pinduoduo';
import { type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { manualClock } from '#platform';

const SHOP = '900000001';
const START = Date.parse('2026-02-22T10:00:00+08:00');
const MINUTE = 60_000;
let [house, platform]: [TestHouse?, Awaited<ReturnType<typeof createPinduoduo>>?] = [];
afterEach(async () => {
  await house?.close();
  await platform?.close();
  [house, platform] = [undefined, undefined];
});

test('what the socket tells is here at once; what it lost is found by the pull, which reads the list from its end', async () => {
  const clock = manualClock(START);
  const app = pinduoduoApp(7);
  const pinduoduo = await createPinduoduo({ app, shop: SHOP, seed: 7, clock: { now: () => clock.now(), sleep: async () => {} } });
  platform = pinduoduo;
  const hasty = { ...pinduoduoAdapter, limits: { ...pinduoduoAdapter.limits, callsPerSecond: 2_000 } };
  house = await testHouse({ clock, adapters: [hasty], allowPrivateEndpoints: true });
  const { send } = house;
  const registered = { channel: 'pinduoduo', key: app.key, secret: app.secret, name: 'app', baseUrl: pinduoduo.url };
  const { id } = (await send('POST', '/v1/apps', registered)).body;
  await send('POST', '/v1/shops', { channel: 'pinduoduo', shop: SHOP, name: '拼多多店', app: id, credentials: { code: 'consent' } });
  const link = async () => (await send('GET', '/v1/apps')).body.items[0].links[0];
  await waitUntil('the socket stands', async () => (await link())?.upSince !== null);

  const differences = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const [orderId, truth] of pinduoduo.truth()) {
      const listed = (await send('GET', `/v1/orders?channel=pinduoduo&channelOrderId=${orderId}`)).body.items[0];
      const held = listed && (await send('GET', `/v1/orders/${listed.orderKey}`)).body;
      const said = held === undefined ? (truth.stage === 'unpaid' ? '' : 'not here') : whereItDiffers(held, truth);
      if (said !== '') found.push(`${orderId}: ${said}`);
    }
    return found;
  };
  const live = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const order = pinduoduo.place();
      if (i % 4 > 0) pinduoduo.pay(order);
    }
  };
  live(8);
  await pinduoduo.mailbox.deliver();
  await waitUntil('all of it is confirmed', () => pinduoduo.mailbox.waiting() === 0);
  await waitUntil('what was told is here', async () => (await differences()).length === 0);
  pinduoduo.misbehave({ lost: 1 });
  live(120); // more than a page
  await pinduoduo.mailbox.deliver();
  expect((await differences()).length).toBeGreaterThan(0);
  await waitUntil('the pull found the rest', async () => {
    clock.advance(2 * MINUTE);
    return (await differences()).length === 0;
  });
  expect((await send('GET', '/v1/pulls')).body.items.filter((pull: { alarm: unknown }) => pull.alarm !== null)).toEqual([]);
});
