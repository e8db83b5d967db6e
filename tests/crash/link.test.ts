/** kill -9 between a queue's message being durable and its confirmation: it comes again, and nothing changes. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDb } from '../../apps/server/src/platform/index.ts';
import { FAKE, fakeAdapter, telling } from '../support/fake-channel.ts';
import { testHouse, waitUntil } from '../support/index.ts';

const CHILD = join(import.meta.dirname, 'link-child.ts');

test('a message that was durable and not confirmed when the server was killed comes again, and leaves the order as one that came once', async () => {
  const kept = new Map<string, string>();
  const given: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      if (request.url === '/confirm') for (const id of JSON.parse(body) as string[]) kept.delete(id);
      else given.push(...kept.keys());
      response.end(JSON.stringify(request.url === '/confirm' ? {} : [...kept].map(([id, text]) => ({ id, text }))));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const platform = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const house = await testHouse({ adapters: [fakeAdapter()] });
  const { id: app } = (await house.send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', name: 'app' })).body;
  await house.send('POST', '/v1/shops', { channel: FAKE, shop: '1', name: '店', app });
  await house.house.stop();
  const db = openDb({ url: house.url, max: 2, name: 'weir-test' });
  const children: ReturnType<typeof spawn>[] = [];
  const start = (...more: string[]): Promise<NodeJS.Signals | null> => {
    const child = spawn(process.execPath, [CHILD, house.url, house.home, platform, ...more], { stdio: ['pipe', 'inherit', 'inherit'] });
    children.push(child);
    return new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  };
  try {
    kept.set('m1', telling('1', ['twice']).toString());
    expect(await start('die')).toBe('SIGKILL');
    expect([...kept.keys()]).toEqual(['m1']);
    const stored = async (): Promise<number> =>
      (await db.query<{ n: number }>('select coalesce(sum(entry_count), 0)::int8 as n from inbox')).rows[0]?.n ?? 0;
    expect(await stored()).toBe(1);
    const ended = start();
    await waitUntil('it came again and is confirmed', () => kept.size === 0);
    kept.set('m2', telling('1', ['once']).toString());
    await waitUntil('the other is confirmed', () => kept.size === 0);
    expect(given.filter((id) => id === 'm1').length).toBeGreaterThanOrEqual(2);
    const orders = async () =>
      (
        await db.query<{ id: string; version: number; events: string[] }>(
          `select channel_order_id as id, version, array(select e.type from events e where e.order_key = o.order_key order by e.version) as events
           from orders o order by 1`,
        )
      ).rows;
    await waitUntil('both are worked', async () => (await orders()).length === 2);
    await waitUntil('and nothing waits', async () => {
      const { rows } = await db.query('select 1 from inbox_head, leases where inbox_head.position > leases.positions[1]');
      return rows.length === 0;
    });
    const [once, twice] = await orders();
    expect(await stored()).toBe(3);
    expect(twice).toMatchObject({ id: 'twice', version: once?.version, events: once?.events });
    children.at(-1)?.kill('SIGKILL');
    await ended;
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await db.end();
    server.close();
    await house.close();
  }
});
