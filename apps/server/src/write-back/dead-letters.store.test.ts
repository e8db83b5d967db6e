/** Letters of messages that could not be worked on: who sees them, and when they are settled. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

const POISON = '毒';
let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
  const mutable = house.house.keys as { fingerprint: (text: string) => string };
  const { fingerprint } = house.house.keys;
  mutable.fingerprint = (text) => {
    if (text === JSON.stringify(POISON)) throw new Error('a mistake of our own');
    return fingerprint(text);
  };
});
afterAll(() => house.close());

test('a letter names its order, is shown to who works for its shop and to nobody of another, and is settled with its case', async () => {
  const sent = await house.send('POST', '/v1/orders', neutralOrder({ shop: 'tea', channelOrderId: 'p1', remark: POISON }));
  expect(sent.body).toMatchObject({ orderKey: expect.stringMatching(/^OW/) });
  const token = async (shop: string): Promise<string> =>
    (await house.send('POST', '/v1/tokens', { name: shop, role: 'operations', shops: [`own/${shop}`] })).body.token;
  const [ours, other] = [await token('tea'), await token('silk')];
  const seen = async (as?: string) => {
    const options = as === undefined ? {} : { token: as };
    const { items } = (await house.send('GET', '/v1/dead-letters?direction=in', undefined, options)).body;
    await waitUntil('the overview, which is kept for a moment, counts as many', async () => {
      const { deadLetters } = (await house.send('GET', '/v1/overview', undefined, options)).body;
      return deadLetters === items.length;
    });
    return items;
  };
  const letter = { orderKey: sent.body.orderKey, channel: 'own', shop: 'tea', cause: 'message.failed' };
  expect(await seen()).toEqual([expect.objectContaining(letter)]);
  expect(await seen(ours)).toEqual([expect.objectContaining(letter)]);
  expect(await seen(other)).toEqual([]);
  const [found] = (await house.send('GET', '/v1/reviews?state=open')).body.items;
  expect((await house.send('POST', `/v1/reviews/${found.id}:reject`, {})).status).toBe(200);
  expect(await seen()).toEqual([]);
  const { rows } = await house.house.db.query<{ state: string }>('select state from dead_letters');
  expect(rows).toEqual([{ state: 'settled' }]);
});
