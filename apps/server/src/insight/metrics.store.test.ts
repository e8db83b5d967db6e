import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ROLES } from '@weir/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse({ allowPrivateEndpoints: true });
});
afterAll(() => house.close());

const scrape = async (token: string | null = ADMIN): Promise<{ status: number; text: string }> => {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const { statusCode, body } = await house.house.app.inject({ url: '/metrics', headers });
  return { status: statusCode, text: body };
};
/** A reading is kept for two seconds, so what is expected of it is waited for. */
const untilSaid = (wanted: RegExp): Promise<void> => waitUntil(`the metrics say ${wanted}`, async () => wanted.test((await scrape()).text));

test('only administrators and operations that are bound to no shop may read them', async () => {
  expect((await scrape(null)).status).toBe(401);
  for (const role of ROLES)
    for (const shops of [undefined, ['own/s1']]) {
      const { body } = await house.send('POST', '/v1/tokens', { name: role, role, ...(shops ? { shops } : {}) });
      const may = (role === 'admin' || role === 'operations') && shops === undefined;
      expect((await scrape(body.token)).status, `${role} ${shops?.join() ?? 'every shop'}`).toBe(may ? 200 : 403);
    }
});

test('what is worked, held, waited for and tried is counted', async () => {
  const receiver = createServer((_, response) => response.writeHead(204).end());
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const { body: endpoint } = await house.send('POST', '/v1/endpoints', { name: 'all', url });
  for (const id of ['m1', 'm2', 'm3']) await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: id }));
  await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'm3' }));
  await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'm4', payable: '1.00', paid: '1.00', payments: undefined }));
  await untilSaid(/^weir_messages_total\{result="created"\} 3$/m);
  await untilSaid(/^weir_messages_total\{result="unchanged"\} 1$/m);
  await untilSaid(/^weir_messages_total\{result="needs_review"\} 1$/m);
  await untilSaid(/^weir_http_request_seconds_count\{method="POST",path="\/v1\/orders",status="201"\} 3$/m);
  await untilSaid(/^weir_segment_messages_sum 5$/m);
  await untilSaid(/^weir_batch_messages_sum 5$/m);
  await untilSaid(/^weir_reviews_open 1$/m);
  await untilSaid(/^weir_dead_letters_open 0$/m);
  await untilSaid(/^weir_inbox_lag_messages 0$/m);
  await untilSaid(/^weir_lease_held 1$/m);
  await untilSaid(/^weir_postgresql_up 1$/m);
  await untilSaid(new RegExp(`^weir_delivery_attempts_total\\{endpoint="${endpoint.id}",result="taken"\\} [1-9]`, 'm'));
  await untilSaid(new RegExp(`^weir_delivery_lag_events\\{endpoint="${endpoint.id}"\\} 0$`, 'm'));
  expect((await scrape()).text).toMatch(/^weir_events_total [1-9]/m);
  receiver.closeAllConnections();
  receiver.close();
});

test('what flows in and out by itself shows where it stands still, by channel at most', async () => {
  const { db } = house.house;
  await db.query(
    `insert into apps (id, channel, app_key, wrapped_secret, name, created_at) values ('app_f', 'elsewhere', 'k', '\\x00', 'f', now())`,
  );
  await db.query(
    `insert into shops (channel, shop, name, app_id) values ('elsewhere', 'flow1', 'x', 'app_f'), ('elsewhere', 'flow2', 'x', 'app_f')`,
  );
  await db.query(
    `insert into pulls (channel, shop, feed, cursor_at, last_error) values ('elsewhere', 'flow1', 'orders', now() - interval '3 days', 'refused'), ('elsewhere', 'flow2', 'orders', now(), null)`,
  );
  await db.query(
    `insert into write_backs (log_partition, order_key, what, channel, shop, channel_order_id, version, wanted, next_at, since) values (1, 'x', 'ship', 'c', 's', '1', 1, '[]', now() + interval '1 day', now() - interval '2 hours')`,
  );
  await untilSaid(/^weir_pull_lag_seconds\{channel="elsewhere"\} 2592\d\d/m);
  await untilSaid(/^weir_pulls_failing\{channel="elsewhere"\} 1$/m);
  await untilSaid(/^weir_write_back_oldest_seconds 72\d\d/m);
  await untilSaid(/^weir_disk_free_bytes [1-9]\d+$/m);
  await untilSaid(/^weir_http_connections_limit 10000$/m);
  for (const name of ['weir_fetches_due', 'weir_fetch_late_seconds', 'weir_write_back_lag_events', 'weir_http_connections'])
    expect((await scrape()).text).toMatch(new RegExp(`^${name} \\d`, 'm'));
  await db.query(
    `delete from pulls where shop like 'flow%'; delete from shops where shop like 'flow%'; delete from apps where id = 'app_f'; delete from write_backs`,
  );
});

test('every line has the form that Prometheus reads, and none names a shop, an order or a person', async () => {
  const { text } = await scrape();
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) weir_\w+ .+|weir_\w+(\{\w+="[^"\n]*"(,\w+="[^"\n]*")*\})? -?(\d+(\.\d+)?(e-?\d+)?|NaN))$/);
  // The shop is called s1, and so may a piece of a random endpoint id be.
  expect(text.replaceAll(/ep_\w+/g, 'ep')).not.toMatch(/s1|OW2026|张|13800138000/);
});

test('messages that no one works show as lag with their age', async () => {
  await house.house.worker.stop();
  void house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'late' }));
  await untilSaid(/^weir_inbox_lag_messages 1$/m);
  expect((await scrape()).text).toMatch(/^weir_inbox_lag_seconds 0\.\d+|^weir_inbox_lag_seconds [1-9]/m);
});
