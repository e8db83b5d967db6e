/** A whole server and a simulated WeChat that lost its words about refunds: its list tells no change, and what it hides must be found all the same. */
import { wechatAdapter } from '@weir/connectors/wechat';
import { createWechat, wechatApp } from '@weir/sandbox/wechat';
import { afterEach, expect, test } from 'vitest';
import { hasty } from '../../../../tests/support/platforms.ts';
import { type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { manualClock } from '#platform';

const SHOP = '1900000001';
const START = Date.parse('2026-02-22T10:00:00+08:00');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let [house, platform]: [TestHouse?, Awaited<ReturnType<typeof createWechat>>?] = [];
afterEach(async () => {
  await house?.close();
  await platform?.close();
  [house, platform] = [undefined, undefined];
});

test('refunds of which no word came: of the whole money found within the hour, of a part of it within the day', async () => {
  const clock = manualClock(START);
  const app = wechatApp(7);
  let appId = '';
  const wechat = await createWechat({
    app,
    shop: SHOP,
    seed: 7,
    pushUrl: 'http://push.invalid/',
    clock: { now: () => clock.now(), sleep: async () => {} },
    fetch: async (url, init) => {
      const path = `/v1/intake/wechat/${appId}${new URL(url as string).search}`;
      const headers = { ...(init?.headers as Record<string, string>), authorization: '' };
      const answer = await (house as TestHouse).house.app.inject({ method: 'POST', url: path, headers, payload: init?.body as string });
      return new Response(answer.body, { status: answer.statusCode });
    },
  });
  platform = wechat;
  house = await testHouse({ clock, adapters: [hasty(wechatAdapter)], allowPrivateEndpoints: true });
  const { send } = house;
  appId = (await send('POST', '/v1/apps', { channel: 'wechat', ...app, name: 'app', baseUrl: wechat.url })).body.id;
  await send('POST', '/v1/shops', { channel: 'wechat', shop: SHOP, name: '小程序', app: appId });

  const held = async (id: string) => (await send('GET', `/v1/orders?channel=wechat&channelOrderId=${id}`)).body.items[0];
  const stateOf = async (id: string) => {
    const item = await held(id);
    return item && (await send('GET', `/v1/orders/${item.orderKey}`)).body;
  };
  const refunded = async (id: string): Promise<string> => (await stateOf(id))?.refunded;
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await wechat.mailbox.deliver();
  };

  /** Into the third hour, and from there on slowly: however long the sweeps take, the day is not over. */
  const onward = (): Promise<void> => pass(clock.now() - START < 130 * MINUTE ? 2 * MINUTE : SECOND);

  const [whole, shipped, part, complained] = Array.from({ length: 4 }, () => wechat.place()) as [string, string, string, string];
  for (const id of [whole, shipped, part, complained]) wechat.pay(id);
  await wechat.mailbox.deliver();
  clock.advance(MINUTE);
  for (const id of [whole, shipped, part, complained]) await waitUntil(`${id} is here`, async () => (await held(id))?.payment === 'full');
  wechat.ship(shipped, { carrier: 'YTO', trackingNumber: 'YT1' });
  await pass(2 * MINUTE);
  await waitUntil('its parcel is here', async () => (await held(shipped))?.status === 'shipped');

  wechat.misbehave({ lost: 1 });
  wechat.payBack(wechat.askRefund(whole));
  wechat.payBack(wechat.askRefund(shipped));
  wechat.payBack(wechat.askRefund(part, { fen: 123 }));
  await wechat.mailbox.deliver();
  wechat.misbehave({ lost: 0 });
  wechat.complain(complained);
  expect(await Promise.all([whole, shipped, part].map(refunded))).toEqual(['0.00', '0.00', '0.00']);

  for (const id of [whole, shipped])
    await waitUntil(`the hour’s sweep finds that all of ${id} went back`, async () => {
      await onward();
      return (await held(id))?.refund === 'full';
    });
  await waitUntil('and that a buyer complains', async () => {
    await onward();
    return (await stateOf(complained)).holds.some(({ why }: { why: string }) => why === 'in_complaint');
  });
  expect(clock.now() - START).toBeLessThan(12 * HOUR);
  expect(await refunded(part)).toBe('0.00');
  await pass(DAY);
  await waitUntil('the day’s sweep finds the part of it', async () => (await pass(SECOND), (await refunded(part)) === '1.23'));

  const versions = async () => Promise.all([whole, shipped, part].map(async (id) => (await stateOf(id)).version as number));
  const before = await versions();
  const { db } = house.house;
  const swept = async () => (await db.query<{ at: string }>('select deep_swept_at as at from pulls')).rows[0]?.at as string;
  const last = await swept();
  await pass(DAY);
  await waitUntil('a day later all is looked at again', async () => (await pass(SECOND), (await swept()) > last));
  await waitUntil('and every answer is worked', async () => (await db.query('select 1 from fetches')).rows.length === 0);
  expect(await versions(), 'and looking is no news').toEqual(before);
});
