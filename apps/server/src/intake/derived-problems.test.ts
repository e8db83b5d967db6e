import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

/** Problems that no message shows alone: each message is right, together they are not. */
let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());
const later = '2026-02-20T20:30:00+08:00';
const utc = new Date(later).toISOString();
const partial = (id: string, more: object) => ({
  schema: 1,
  channel: 'own',
  shop: 's1',
  channelOrderId: id,
  partial: true,
  modifiedAt: later,
  ...more,
});

async function problemsOf(id: string): Promise<{ code: string; severity: string; pointer: string; zh: string; en: string }[]> {
  const { orderKey } = (await house.send('GET', `/v1/orders?channelOrderId=${id}`)).body.items[0];
  expect((await house.send('GET', `/v1/orders/${orderKey}`)).body.holds.map((hold: { kind: string }) => hold.kind)).toContain('review');
  const { items } = (await house.send('GET', '/v1/reviews')).body as { items: { orderKey: string; problems: never[] }[] };
  return items.filter((item) => item.orderKey === orderKey).flatMap((item) => item.problems);
}

test('messages that are each right but do not add up together hold the order: sum.after_merge', async () => {
  await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'merge' }));
  await house.send('POST', '/v1/orders', partial('merge', { shippingFee: '9.00' }));
  expect(await problemsOf('merge')).toMatchObject([
    { code: 'sum.after_merge', severity: 'blocking', reading: '114.00', expected: '119.00' },
  ]);
});

test('two values with the same source time hold the order: register.conflict', async () => {
  await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'tie' }));
  await house.send('POST', '/v1/orders', partial('tie', { shipBy: '2026-02-22T20:00:00+08:00' }));
  await house.send('POST', '/v1/orders', partial('tie', { shipBy: '2026-02-23T20:00:00+08:00' }));
  expect(await problemsOf('tie')).toMatchObject([
    {
      code: 'register.conflict',
      severity: 'blocking',
      reading: '2026-02-22T20:00:00+08:00 | 2026-02-23T20:00:00+08:00',
      zh: expect.stringContaining(`应为${utc} 只有一个值；`) as string,
      en: expect.stringContaining(`expected one value at ${utc};`) as string,
    },
  ]);
});

test('of personal values that conflict only how many there are is told, and not even by their fingerprints', async () => {
  await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'shy' }));
  for (const remark of ['canary-1', 'canary-2', 'canary-3']) await house.send('POST', '/v1/orders', partial('shy', { remark }));
  expect(await problemsOf('shy')).toMatchObject([{ code: 'register.conflict', pointer: '/remark', reading: '*** | *** | ***' }]);
});
