/** A whole server whose clock is behind, and a simulated platform: what seemed to lie in the future waits for nobody once the clock is right. */
import { wechatAdapter } from '@weir/connectors/wechat';
import { createWechat, wechatApp } from '@weir/sandbox/wechat';
import { afterEach, expect, test } from 'vitest';
import { type DouyinHouse, douyinHouse, signed } from '../../../../tests/support/douyin.ts';
import { hasty } from '../../../../tests/support/platforms.ts';
import { type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { manualClock } from '#platform';

const SHOP = '1900000001';
const START = Date.parse('2026-02-22T10:00:00+08:00');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let douyin: DouyinHouse | undefined;
let [house, platform]: [TestHouse?, Awaited<ReturnType<typeof createWechat>>?] = [];
afterEach(async () => {
  await house?.close();
  await platform?.close();
  await douyin?.close();
  douyin = undefined;
  [house, platform] = [undefined, undefined];
});

test('WeChat: what was held because our clock was an hour behind is let go by the next whole answer', async () => {
  const [ours, theirs] = [manualClock(START), manualClock(START)];
  const app = wechatApp(7);
  platform = await createWechat({ app, shop: SHOP, seed: 7, clock: { now: theirs.now, sleep: async () => {} } });
  house = await testHouse({ clock: ours, adapters: [hasty(wechatAdapter)], allowPrivateEndpoints: true });
  const { send } = house;
  const appId = (await send('POST', '/v1/apps', { channel: 'wechat', ...app, name: 'app', baseUrl: platform.url })).body.id;
  await send('POST', '/v1/shops', { channel: 'wechat', shop: SHOP, name: '小程序', app: appId });
  const id = platform.place();
  platform.pay(id);
  const held = async () => (await send('GET', `/v1/orders?channel=wechat&channelOrderId=${id}`)).body.items[0];
  const cases = async () =>
    (await send('GET', '/v1/reviews?state=any&limit=200')).body.items as { state: string; problems: { code: string }[] }[];
  const pass = (ms: number): void => [ours, theirs].forEach((clock) => clock.advance(ms));
  pass(2 * MINUTE);
  await waitUntil('its payment is here', async () => (await held())?.payment === 'full');

  theirs.advance(3 * HOUR);
  ours.advance(2 * HOUR);
  platform.ship(id, { carrier: 'YTO', trackingNumber: 'YT1' });
  await waitUntil('the sweep finds that it will be shipped in an hour', async () => (await held()).held[0] === 'review');
  expect((await cases()).flatMap(({ problems }) => problems.map(({ code }) => code))).toContain('time.in_future');

  theirs.advance(25 * HOUR);
  ours.set(theirs.now());
  await waitUntil('the daily look lets it go', async () => (pass(MINUTE), (await held()).held.length === 0));
  expect(await held()).toMatchObject({ status: 'shipped', payment: 'full' });
  expect(new Set((await cases()).map(({ state }) => state))).toEqual(new Set(['superseded']));
});

test('Douyin: an answer from our future about an order that is known already is asked for again by itself, and the order goes on', async () => {
  const [ours, theirs] = [manualClock(START), manualClock(START)];
  const pushes: string[] = [];
  douyin = await douyinHouse({
    clock: ours,
    platformClock: theirs,
    orderKeyInNote: false,
    road: (body, deliver) => (pushes.push(body), deliver(body)),
  });
  const { douyin: shop, order, deliver, settled, differences, house: here } = douyin;
  const id = shop.place();
  shop.pay(id);
  await deliver();
  await settled();
  expect((await order(id)).holds).toEqual([]);

  // The clock is put back, and the same push comes once more: it asks, and the answer has the very time of what is known.
  ours.set(START - 2 * HOUR);
  const [body] = pushes.slice(-1) as [string];
  await here.app.inject({ method: 'POST', url: `/v1/intake/douyin/${douyin.appId}`, headers: signed(body), payload: body });
  await waitUntil('it is held', async () => (await order(id)).holds.length > 0);
  ours.set(theirs.now());
  await waitUntil('it is let go', async () => (ours.advance(MINUTE), theirs.advance(MINUTE), (await order(id)).holds.length === 0));
  expect(await differences()).toEqual([]);
  const { items } = (await douyin.send('GET', '/v1/reviews?state=any&limit=200')).body as { items: { state: string }[] };
  expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['superseded']));
});
