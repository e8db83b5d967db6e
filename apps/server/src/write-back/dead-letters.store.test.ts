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

test('a message to an order that could not be read is tried again from its letter, as it came, once the order can be', async () => {
  const order = neutralOrder({ shop: 'tea', channelOrderId: 'u1' });
  const { orderKey } = (await house.send('POST', '/v1/orders', order)).body;
  const { db } = house.house;
  const { rows } = await db.query<{ facts: string }>('select facts::text as facts from orders where order_key = $1', [orderKey]);
  await db.query(`update orders set facts = 'null' where order_key = $1`, [orderKey]);
  const later = { ...order, remark: '改后的备注', modifiedAt: '2026-02-20T20:25:00+08:00' };
  expect((await house.send('POST', '/v1/orders', later)).body).toMatchObject({ result: 'needs_review', orderKey });
  const lettersNow = async () => (await house.send('GET', '/v1/dead-letters?direction=in')).body.items;
  expect(await lettersNow()).toMatchObject([{ orderKey, cause: 'message.failed', mayRetry: true }]);
  const [{ id }] = await lettersNow();
  const retry = (letter: string) => house.send('POST', `/v1/dead-letters/${letter}:retry`);
  expect((await retry(id)).status).toBe(200);
  await waitUntil('it failed again, and has one letter, a new one', async () => {
    const items = await lettersNow();
    return items.length === 1 && items[0].id !== id;
  });
  await db.query(`update orders set facts = $2 where order_key = $1`, [orderKey, rows[0]?.facts]);
  const [again] = await lettersNow();
  expect((await retry(again.id)).status).toBe(200);
  await waitUntil('the order has heard it', async () => (await house.send('GET', `/v1/orders/${orderKey}`)).body.version > 1);
  expect(await lettersNow()).toEqual([]);
  expect((await retry(again.id)).status).toBe(404);
});
