/** What an endpoint knows of an order is what it was told of it, and no more. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { type BroadcastHouse, broadcastHouse, fresh } from './receiver.test-support.ts';

let house: BroadcastHouse;
beforeAll(async () => {
  house = await broadcastHouse();
});
afterEach(() => house.clear());
afterAll(() => house.close());

const known = async (key: string, endpoint: string) => {
  const { items } = (await house.send('GET', `/v1/orders/${key}/knowledge`)).body;
  const { version, wanted, latest, parked } = items.find((item: { endpoint: string }) => item.endpoint === endpoint);
  return { version, wanted, latest, parked };
};
const knows = (key: string, endpoint: string, wanted: object) =>
  waitUntil('it knows that', async () => {
    const now: Record<string, unknown> = await known(key, endpoint);
    return Object.entries(wanted).every(([name, value]) => now[name] === value);
  });

test('of an order from before its start an endpoint was told nothing, until the order changes', async () => {
  const order = fresh();
  const key = await house.push(order, 1);
  const { id, taken } = await house.receiver();
  const other = await house.push(fresh(), 1);
  await waitUntil('the other is told', () => taken.filter(({ subject }) => subject === other).length === 2);
  await knows(other, id, { version: 2, wanted: 2 });
  expect(await known(key, id)).toEqual({ version: 0, wanted: 0, latest: 2, parked: false });
  await house.push(order, 2);
  await knows(key, id, { version: 3, wanted: 3, latest: 3 });
});

test('only versions of the types that it wants count', async () => {
  const order = fresh();
  const { id, taken } = await house.receiver(undefined, { eventTypes: ['order.paid'] });
  const key = await house.push(order, 1);
  await house.push(order, 2);
  await waitUntil('it is told', () => taken.length === 1);
  await knows(key, id, { version: 2, wanted: 2, latest: 3 });
  expect(taken.map(({ type }) => type)).toEqual(['weir.order.paid']);
});

test('parked at its first wanted version it was told nothing', async () => {
  const { id, tries } = await house.receiver(() => 500, { eventTypes: ['order.paid'] });
  const key = await house.push(fresh(), 1);
  await waitUntil('it was tried', () => tries.length > 0);
  await knows(key, id, { version: 0, wanted: 2, parked: true });
  expect(await known(key, id)).toEqual({ version: 0, wanted: 2, latest: 2, parked: true });
});

test('what a replay sent counts', async () => {
  const key = await house.push(fresh(), 1);
  const { id, taken } = await house.receiver(undefined, { eventTypes: ['order.shipped'] });
  await house.send('POST', `/v1/endpoints/${id}:replay`, { keys: [key] });
  await waitUntil('the snapshot is told', () => taken.length === 1);
  await knows(key, id, { version: 2, wanted: 2, latest: 2 });
  expect(taken.map(({ type }) => type)).toEqual(['weir.order.snapshot']);
});

test('of an order that is held it knows that it is held, and all of it once that is over', async () => {
  const order = fresh();
  const { id, taken } = await house.receiver();
  const key = await house.push(order, 1);
  await house.push(order, 2, { payable: '1.00', paid: '1.00', payments: undefined });
  await waitUntil('it is held', () => taken.at(-1)?.type === 'weir.order.held');
  const { version } = taken.at(-1) as { version: number };
  await knows(key, id, { version });
  await house.push(order, 3);
  await waitUntil('all is told', async () => {
    const { version: has, latest } = await known(key, id);
    return has === latest && has > version;
  });
  expect((await known(key, id)).parked).toBe(false);
});
