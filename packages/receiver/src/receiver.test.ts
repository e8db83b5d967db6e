/** The handler over HTTP: what it refuses, and that a failing effect undoes the delivery. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { memoryStore, type Order, receiver, stateDigest } from './index.ts';
import { sqliteStore } from './sqlite-store.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;
const body = (version: number, key = 'OW20260220008S1M', more: object = {}): string =>
  JSON.stringify({
    specversion: '1.0',
    id: `evt-${version}`,
    source: 'x',
    type: 'weir.order.changed',
    subject: key,
    time: '2026-02-20T12:22:08.000Z',
    sequence: String(version).padStart(10, '0'),
    data: { order: { orderKey: key, version, status: 'paid', lines: [] }, detail: {} },
    ...more,
  });
const signed = (id: string, text: string, secret = SECRET): Record<string, string> => {
  const at = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, text),
  };
};

test('over HTTP: a delivery is taken and answered with the digest, everything else is refused and says why', async () => {
  const problems: string[] = [];
  const receive = receiver({
    secret: () => [SECRET, OTHER],
    store: memoryStore(),
    onChange: () => {},
    onProblem: ({ why }) => void problems.push(why),
  });
  const server = createServer(receive);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const post = async (text: string, headers: Record<string, string>) => {
    const { status, headers: answered } = await fetch(url, { method: 'POST', body: text, headers });
    return [status, answered.get('weir-state-digest')?.split(':')[0] ?? null];
  };
  expect(await post(body(1), signed('d1', body(1)))).toEqual([200, '1']);
  expect(await post(body(2), signed('d2', body(2), OTHER))).toEqual([200, '2']);
  expect(await post(body(3), signed('d3', body(4)))).toEqual([401, null]);
  expect(await post(body(3), {})).toEqual([401, null]);
  for (const odd of ['{', '[]', '{"subject":1}', body(3, 'x', { sequence: '3' }), body(3, 'x', { subject: 'y' })])
    expect(await post(odd, signed('d4', odd))).toEqual([422, null]);
  expect((await fetch(url)).status).toBe(405);
  expect(problems).toEqual(['wrong_signature', 'missing_header', ...Array<string>(5).fill('not_an_event'), 'not_a_post']);
  const big = await fetch(url, { method: 'POST', body: 'x'.repeat(5 * 1024 * 1024) }).catch(() => null);
  expect(big === null || big.status === 413).toBe(true);
  expect(await post(body(3), signed('d5', body(3)))).toEqual([200, '3']);
  server.closeAllConnections();
  server.close();
});

test.each([
  ['memory', () => memoryStore()],
  ['SQLite', () => sqliteStore(':memory:')],
] as const)('on %s what onChange throws undoes the delivery, and it counts when it comes again', async (_, open) => {
  let [fails, calls] = [true, 0];
  const store = open() as ReturnType<typeof memoryStore>;
  const { take } = receiver({
    secret: SECRET,
    store,
    onChange: () => {
      calls++;
      if (fails) throw new Error('the ERP is away');
    },
  });
  const delivery = () => take(signed('d1', body(1)), Buffer.from(body(1)));
  expect((await delivery()).status).toBe(500);
  expect(await store.find('OW20260220008S1M')).toBeNull();
  fails = false;
  expect(await delivery()).toMatchObject({ status: 200, effect: 'changed' });
  expect(await delivery()).toMatchObject({ status: 200, effect: 'repeat' });
  expect(calls).toBe(2);
  await store.close();
});

test('on SQLite everything is there after a restart, and deliveries that come side by side count once each', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-receiver-'));
  const file = join(folder, 'orders.db');
  const open = (seen: string[]) => {
    const store = sqliteStore(file);
    store.close satisfies () => Promise<void>;
    const onChange = async ({ orderKey, version, tx }: { orderKey: string; version: number; tx: { exec(sql: string): void } }) => {
      await Promise.resolve();
      tx.exec('create table if not exists effects (text text)');
      tx.exec(`insert into effects values ('${orderKey} ${version}')`);
      seen.push(`${orderKey} ${version}`);
    };
    return { store, take: receiver({ secret: SECRET, store, onChange }).take };
  };
  const deliver = (take: ReturnType<typeof open>['take'], key: string, version: number) => {
    const text = body(version, key);
    return take(signed(`${key}-${version}`, text), Buffer.from(text));
  };
  const first: string[] = [];
  const before = open(first);
  const keys = ['A', 'B', 'C', 'D'];
  await Promise.all(keys.flatMap((key) => [deliver(before.take, key, 1), deliver(before.take, key, 1), deliver(before.take, key, 2)]));
  expect(first.toSorted()).toEqual(keys.flatMap((key) => [`${key} 1`, `${key} 2`]));
  await before.store.close();
  const second: string[] = [];
  const after = open(second);
  for (const key of keys) expect((await deliver(after.take, key, 2)).effect).toBe('repeat');
  expect((await after.store.find('A'))?.version).toBe(2);
  expect(second).toEqual([]);
  await after.store.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(['', 'whsec_', 'whsec_AAAA', 'whsec_!!!', undefined as unknown as string])(
  'a receiver without a secret (%j) is not made: it would believe everybody',
  (secret) => {
    expect(() => receiver({ secret, store: memoryStore(), onChange: () => {} })).toThrow(/environment variable/);
  },
);

test('secrets that a function gives are looked at each time: none is our fault, not the sender’s', async () => {
  const secrets: string[] = [];
  const problems: string[] = [];
  const { take } = receiver({
    secret: () => secrets,
    store: memoryStore(),
    onChange: () => {},
    onProblem: ({ why }) => void problems.push(why),
  });
  const forged = { ...signed('d1', body(1)), 'webhook-signature': `v1,${createHmac('sha256', '').update('x').digest('base64')}` };
  expect((await take(forged, Buffer.from(body(1)))).status).toBe(500);
  secrets.push(SECRET);
  expect((await take(signed('d1', body(1)), Buffer.from(body(1)))).status).toBe(200);
  expect(problems).toEqual(['no_secret']);
});

test('the digest is of what the store holds: one that lost the order says so', async () => {
  const kept = memoryStore();
  const losing: typeof kept = {
    ...kept,
    transaction: (key, work) => kept.transaction(key, (session) => work({ ...session, put: () => {} })),
  };
  const { take } = receiver({ secret: SECRET, store: losing, onChange: () => {} });
  expect((await take(signed('d1', body(1)), Buffer.from(body(1)))).headers).toEqual({});
});

test('the digest may be of the user’s own tables, inside the transaction and also for repeats', async () => {
  const own = new Map<string, Order>();
  const { take } = receiver({
    secret: SECRET,
    store: memoryStore(),
    onChange: ({ order }) => void (order && own.set(order.orderKey, { ...order, paid: '1.00' })),
    holds: ({ orderKey }) => own.get(orderKey) ?? null,
  });
  const wanted = {
    'weir-state-digest': stateDigest({ orderKey: 'OW20260220008S1M', version: 1, status: 'paid', lines: [], paid: '1.00' }),
  };
  for (const effect of ['changed', 'repeat'])
    expect(await take(signed('d1', body(1)), Buffer.from(body(1)))).toEqual({ status: 200, effect, headers: wanted });
});

test('on SQLite a look from outside, or from within onChange, waits for nothing and sees only what was kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-receiver-'));
  const store = sqliteStore(join(folder, 'orders.db'));
  const looks: (number | undefined)[] = [];
  const look = async (): Promise<void> => void looks.push((await store.find('OW20260220008S1M'))?.version);
  const { take } = receiver({ secret: SECRET, store, onChange: look });
  for (const version of [1, 2]) await take(signed(`d${version}`, body(version)), Buffer.from(body(version)));
  await look();
  expect(looks).toEqual([undefined, 1, 2]);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('on SQLite an onChange that ends the transaction is told off, for nothing could be undone any more', async () => {
  const store = sqliteStore(':memory:');
  const problems: string[] = [];
  const { take } = receiver({
    secret: SECRET,
    store,
    onChange: ({ tx }) => tx.exec('rollback'),
    onProblem: ({ why, error }) => void problems.push(`${why}: ${(error as Error).message}`),
  });
  expect((await take(signed('d1', body(1)), Buffer.from(body(1)))).status).toBe(500);
  expect(problems).toEqual(['failed: onChange ended the transaction of its delivery']);
  expect(await store.find('OW20260220008S1M')).toBeNull();
  await store.close();
});
