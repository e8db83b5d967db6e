/** A stop that is asked for while everything is going on: it ends by itself, soon, and nothing that was acknowledged is lost. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aMachine, type Machine, type Running, TOKEN } from '../crash/server.ts';
import { neutralOrder, testDatabase, type TestDatabase, waitUntil } from '../support/index.ts';
import { head } from './sockets.ts';

/** What an init system grants before it kills: deploy/weir.service. */
const STOP_LIMIT_MS = 60_000;
const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
let database: TestDatabase;
let machine: Machine;
let running: Running;
beforeAll(async () => {
  database = await testDatabase();
  machine = aMachine({ databaseUrl: database.url });
  running = await machine.start();
});
afterAll(async () => {
  await machine.remove();
  await database.drop();
});

test('SIGTERM with orders, an import, a live stream, a slow body and silent connections: ends with 0, and all that was acknowledged is there', async () => {
  const port = Number(new URL(running.url).port);
  const acknowledged: string[] = [];
  let isAsked = false;
  const sender = (async () => {
    for (let n = 0; ; n++) {
      const id = `sent-${n}`;
      const response = await fetch(`${running.url}/v1/orders`, {
        method: 'POST',
        headers,
        body: JSON.stringify(neutralOrder({ channelOrderId: id })),
      }).catch(() => null);
      if (response === null) return;
      if (response.status === 201) acknowledged.push(id);
      else if (isAsked && response.status === 503) return;
    }
  })();
  const stream = await fetch(`${running.url}/v1/stream`, { headers });
  const streamEnded = (async () => {
    for await (const _ of stream.body as unknown as AsyncIterable<Uint8Array>);
  })().catch(() => {});
  const silent = Array.from({ length: 20 }, () =>
    connect(port, '127.0.0.1')
      .on('error', () => {})
      .resume(),
  );
  const slow = connect(port, '127.0.0.1')
    .on('error', () => {})
    .resume();
  slow.write(head('POST', '/v1/orders', { ...headers, 'content-length': '1000' }));
  const importing = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/v1/orders:import',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
  });
  importing.on('error', () => {});
  importing.on('response', (response) => response.on('error', () => {}).resume());
  let line = 0;
  const feed = setInterval(
    () => importing.writable && importing.write(`${JSON.stringify(neutralOrder({ channelOrderId: `line-${++line}` }))}\n`),
    20,
  );
  await waitUntil('all of it goes on', () => acknowledged.length > 20 && line > 20);

  isAsked = true;
  const from = performance.now();
  running.kill('SIGTERM');
  const ended = await Promise.race([running.ended, new Promise<null>((resolve) => setTimeout(() => resolve(null), STOP_LIMIT_MS))]);
  clearInterval(feed);
  process.stdout.write(`stopped after ${Math.round(performance.now() - from)} ms with ${acknowledged.length} orders acknowledged\n`);
  expect(ended).toMatchObject({ code: 0, signal: null });
  await Promise.all([sender, streamEnded]);
  for (const socket of [...silent, slow]) socket.destroy();
  importing.destroy();

  running = await machine.start();
  const { rows } = await database.db.query<{ id: string }>(
    `select channel_order_id as id from orders where channel_order_id like 'sent-%'`,
  );
  const there = new Set(rows.map(({ id }) => id));
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
  running.kill('SIGTERM');
  await running.ended;
});
