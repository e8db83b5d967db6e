/** A list that is the app's and not the shop's: rows of other shops are in it, and none of them may vanish. */
import type { Row } from '@weir/connectors/adapter';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAKE, fakeAdapter, telling } from '../../../../tests/support/fake-channel.ts';
import { type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { taker } from './pull.ts';
import { createRemembered } from './walk.ts';

let house: TestHouse;
let [app, other] = ['', ''];
beforeAll(async () => {
  house = await testHouse({ adapters: [fakeAdapter()] });
  [app, other] = (await Promise.all(
    ['k1', 'k2'].map(async (key) => (await house.send('POST', '/v1/apps', { channel: FAKE, key, secret: 's', name: key })).body.id),
  )) as [string, string];
  await connect('mine', app);
});
afterAll(() => house.close());

const connect = (shop: string, through: string) => house.send('POST', '/v1/shops', { channel: FAKE, shop, name: shop, app: through });
const row = (shop: string, id: string, note?: string): Row => ({
  id: `${shop} ${id}`,
  subject: { kind: 'order', channel: FAKE, shop, id },
  bytes: telling(shop, [id], note),
});
const take = async (...rows: readonly Row[]): Promise<void> => {
  const { channels } = house.house;
  const line = await channels.clientOf(FAKE, 'mine');
  if (line === null) throw new Error('not connected');
  await taker(channels.desk, line, createRemembered())(rows);
};
const orders = async (shop: string): Promise<readonly string[]> =>
  (await house.send('GET', `/v1/orders?channel=${FAKE}&shop=${shop}`)).body.items.map(
    (item: { channelOrderId: string }) => item.channelOrderId,
  );
const cases = async (shop: string) =>
  (await house.send('GET', '/v1/reviews')).body.items.filter((item: { shop: string }) => item.shop === shop);

test('a row of a shop that nobody connected is one case, however often its order changes, and is worked once the shop is connected', async () => {
  await take(row('strange', '1'), row('strange', '2'), row('mine', '3'));
  await take(row('strange', '1', 'has changed'));
  await waitUntil('its own order is here', async () => (await orders('mine')).includes('3'));
  await waitUntil('both are with a person', async () => (await cases('strange')).length === 2);
  for (const each of await cases('strange'))
    expect(each).toMatchObject({ orderKey: null, problems: [{ code: 'shop.not_connected', reading: 'strange' }] });
  expect(await orders('strange')).toEqual([]);
  await connect('strange', app);
  for (const { id } of await cases('strange'))
    expect(await house.send('POST', `/v1/reviews/${id}:retry`, {})).toMatchObject({ status: 200, body: { result: 'changed' } });
  await waitUntil('both orders are here', async () => (await orders('strange')).length === 2);
});

test('a row of a shop that is walked by itself through the same app is that walk’s affair, and through another app it is a person’s', async () => {
  await connect('sister', app);
  await connect('cousin', other);
  await take(row('sister', '1'), row('cousin', '1'), row('mine', '4'));
  await waitUntil('its own order is here', async () => (await orders('mine')).includes('4'));
  await waitUntil('one is with a person', async () => (await cases('cousin')).length === 1);
  expect([await orders('sister'), await cases('sister'), await orders('cousin')]).toEqual([[], [], []]);
});
