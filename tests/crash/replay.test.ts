/** SIGKILL in the middle of a replay: it goes on where it was, and what is sent again carries the same webhook-id. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, waitUntil } from '../support/index.ts';
import { aMachine, type Machine, TOKEN } from './server.ts';

const ORDERS = 240;
const PER_SECOND = 60;

let machine: Machine;
let server: Server;
/** webhook-id of each snapshot, as often as it came. */
const came: string[] = [];
let events = 0;
beforeAll(async () => {
  machine = aMachine();
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => void (body += part.toString()));
    request.on('end', () => {
      if ((JSON.parse(body) as { type: string }).type === 'weir.order.snapshot') came.push(request.headers['webhook-id'] as string);
      else events++;
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await machine.remove();
});

async function ask<T>(url: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

test('a replay survives kill -9 twice: every order is told, at most those since the last save twice, under the same id', async () => {
  let running = await machine.start();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { id } = await ask<{ id: string }>(running.url, '/v1/endpoints', { name: 'replayed', url });
  const keys: string[] = [];
  for (let i = 0; i < ORDERS; i++)
    keys.push((await ask<{ orderKey: string }>(running.url, '/v1/orders', neutralOrder({ channelOrderId: `r${i}` }))).orderKey);
  await waitUntil('all events are told', () => events >= 2 * ORDERS, 120_000);
  const { id: replay } = await ask<{ id: string }>(running.url, `/v1/endpoints/${id}:replay`, { keys, perSecond: PER_SECOND });
  for (const share of [1 / 3, 2 / 3]) {
    await waitUntil(`${share} of it came`, () => new Set(came).size >= ORDERS * share, 120_000);
    running.kill('SIGKILL');
    await running.ended;
    running = await machine.start();
  }
  const state = () => ask<{ state: string; sent: number }>(running.url, `/v1/endpoints/${id}/replays/${replay}`);
  await waitUntil('it is done', async () => (await state()).state === 'done', 120_000);
  expect((await state()).sent).toBe(ORDERS);
  expect([...new Set(came)].toSorted()).toEqual(keys.map((key) => `${replay}-${key}.${id}`).toSorted());
  // What the cursor had passed when it died is in the log of deliveries.
  const logged = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    type Page = { items: { subjectKey: string; version: number; type: string }[]; nextCursor: string | null };
    const page: Page = await ask(running.url, `/v1/endpoints/${id}/deliveries?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`);
    for (const { subjectKey, version, type } of page.items) if (type !== 'order.snapshot') logged.add(`${subjectKey} ${version}`);
    cursor = page.nextCursor;
  }
  expect(logged.size).toBe(2 * ORDERS);
  const again = came.length - ORDERS;
  process.stdout.write(`  replay of ${ORDERS} orders, killed twice: ${again} told twice\n`);
  // Saved each second, and at most so many are under way when it dies: with room for a machine that was slow to save.
  expect(again).toBeLessThan(ORDERS);
});
