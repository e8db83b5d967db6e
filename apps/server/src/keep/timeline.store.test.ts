/** A new timeline in a house with subscribers: positions jump, and nobody waits for what lies in the gap. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { beginTimeline } from './timeline-store.ts';

let house: TestHouse;
let server: Server;
const told: string[] = [];
beforeAll(async () => {
  house = await testHouse({ allowPrivateEndpoints: true });
  server = createServer((request, response) => {
    request.on('data', (body: Buffer) => told.push((JSON.parse(body.toString()) as { subject: string }).subject));
    request.on('end', () => response.writeHead(200).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await house.close();
  server.closeAllConnections();
  server.close();
});
const push = async (id: string): Promise<string> =>
  (await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: id }))).body.orderKey;
const endpoint = async () => (await house.send('GET', '/v1/endpoints')).body.items[0];

test('after a restore with few orders an endpoint lags behind nothing and a replay ends, also where the cursor was behind at the backup', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const { id } = (await house.send('POST', '/v1/endpoints', { name: 'erp', url, startAt: 'earliest' })).body;
  const known = await push('known');
  await waitUntil('told', () => told.includes(known));
  await house.send('POST', `/v1/endpoints/${id}:pause`);
  const unheard = await push('unheard');
  await beginTimeline(house.house.db, Date.now(), Date.now());
  const fresh = await push('fresh');
  expect((await endpoint()).lag).toBeLessThan(10);
  await house.send('POST', `/v1/endpoints/${id}:resume`);
  await waitUntil('all are told', () => [unheard, fresh].every((key) => told.includes(key)));
  await waitUntil('it lags behind nothing', async () => (await endpoint()).lag === 0);
  const replay = (await house.send('POST', `/v1/endpoints/${id}:replay`, { keys: [known, unheard, fresh] })).body.id;
  const state = async () => (await house.send('GET', `/v1/endpoints/${id}/replays/${replay}`)).body;
  await waitUntil('the replay has ended', async () => (await state()).state === 'done');
  expect(await state()).toMatchObject({ orders: 3, sent: 3 });
});

test('events go on above the floor, and the floor of a second restore lies above the first', async () => {
  const floors: number[] = [];
  for (const id of ['a', 'b']) {
    await beginTimeline(house.house.db, Date.now(), Date.now());
    const { rows } = await house.house.db.query<{ floor: number; head: number }>(
      'select event_floor as floor, (select max(head) from unnest(heads) as head) as head from leases',
    );
    const [{ floor, head }] = rows as [{ floor: number; head: number }];
    expect(floor).toBeGreaterThan(Math.max(head, ...floors));
    floors.push(floor);
    const key = await push(`floor-${id}`);
    const { items } = (await house.send('GET', `/v1/orders/${key}/events`)).body;
    expect(items[0].position).toBeGreaterThan(floor);
  }
});
