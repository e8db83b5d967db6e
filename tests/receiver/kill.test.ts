/** kill -9 between the effect and the answer: the effect is there once, on SQLite and on PostgreSQL. And PostgreSQL under several deliveries at once. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { receiver } from '@weir/receiver';
import { postgresStore } from '@weir/receiver/postgres';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../support/index.ts';

const SECRET = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;
const KINDS = ['sqlite', 'postgres'] as const;
let base: TestDatabase;
let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  base = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'weir-receiver-'));
  await base.db.query('create table effects (text text)');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await base.drop();
  rmSync(folder, { recursive: true, force: true });
});

const placeOf = (kind: (typeof KINDS)[number]): string => (kind === 'sqlite' ? join(folder, 'orders.db') : base.url);
async function effectsOf(kind: (typeof KINDS)[number], orderKey: string): Promise<number> {
  if (kind === 'postgres') return (await base.db.query('select 1 from effects where text = $1', [`${orderKey} 1`])).rowCount;
  const db = new DatabaseSync(placeOf(kind));
  const { n } = db.prepare('select count(*) as n from effects where text = ?').get(`${orderKey} 1`) as { n: number };
  db.close();
  return n;
}
async function start(kind: string, place: string, killAt: string): Promise<{ url: string; child: ChildProcess }> {
  const child = fork(join(import.meta.dirname, 'child.ts'), [kind, place, killAt], {
    env: { ...process.env, SECRET },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  const [port] = (await once(child, 'message')) as [number];
  return { url: `http://127.0.0.1:${port}/`, child };
}
const event = (orderKey: string, version: number, type = 'weir.order.created'): string =>
  JSON.stringify({
    specversion: '1.0',
    id: `${orderKey}-${version}`,
    source: 'x',
    type,
    subject: orderKey,
    time: '2026-02-20T12:22:08.000Z',
    sequence: String(version).padStart(10, '0'),
    data: { order: { orderKey, version, status: 'paid', lines: [] }, detail: {} },
  });
function signed(id: string, body: string): Record<string, string> {
  const at = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(SECRET).sign(id, at, body),
  };
}
const post = (url: string, orderKey: string): Promise<Response> => {
  const body = event(orderKey, 1);
  return fetch(url, { method: 'POST', body, headers: signed(`${orderKey}-1`, body) });
};

test.each(KINDS.flatMap((kind) => (['effect', 'commit'] as const).map((at) => [kind, at] as const)))(
  'on %s, killed after the %s and before the answer: the effect is there once',
  async (kind, killAt) => {
    if (kind === 'sqlite') new DatabaseSync(placeOf(kind)).exec('create table if not exists effects (text text)');
    const orderKey = `${kind}-${killAt}`;
    const first = await start(kind, placeOf(kind), killAt);
    const ended = once(first.child, 'exit');
    await expect(post(first.url, orderKey)).rejects.toThrow('fetch failed');
    expect((await ended)[1]).toBe('SIGKILL');
    expect(await effectsOf(kind, orderKey)).toBe(killAt === 'commit' ? 1 : 0);
    const second = await start(kind, placeOf(kind), 'never');
    const answer = await post(second.url, orderKey);
    expect([answer.status, await answer.text()]).toEqual([200, killAt === 'commit' ? 'repeat' : 'changed']);
    expect(answer.headers.get('weir-state-digest')).toMatch(/^1:[0-9a-f]{32}$/);
    expect(await effectsOf(kind, orderKey)).toBe(1);
  },
);

test('PostgreSQL: two receivers on one database, the same deliveries side by side: each counts once, in order for each order', async () => {
  const pools = [0, 1].map(() => new pg.Pool({ connectionString: base.url, max: 4 }));
  const seen: string[] = [];
  const takes = pools.map(
    (pool) =>
      receiver({
        secret: SECRET,
        store: postgresStore(pool),
        onChange: ({ orderKey, version }) => void seen.push(`${orderKey} ${version}`),
      }).take,
  );
  const keys = Array.from({ length: 6 }, (_, i) => `pg-${i}`);
  for (const version of [1, 2, 3])
    await Promise.all(
      keys.flatMap((key) =>
        takes.map((take) => {
          const body = event(key, version);
          return take(signed(`${key}-${version}`, body), Buffer.from(body));
        }),
      ),
    );
  expect(seen.length).toBe(18);
  for (const key of keys)
    expect(seen.filter((each) => each.startsWith(`${key} `))).toEqual([1, 2, 3].map((version) => `${key} ${version}`));
  await Promise.all(pools.map((pool) => pool.end()));
});

test('PostgreSQL: a statement that fails, and an onChange that goes on as if it had not, is no success', async () => {
  const pool = new pg.Pool({ connectionString: base.url, max: 2 });
  const problems: string[] = [];
  const store = postgresStore(pool);
  let fails = true;
  const { take } = receiver({
    secret: SECRET,
    store,
    onChange: async ({ tx }) => void (fails && (await tx.query('select 1 / 0').catch(() => {}))),
    onProblem: ({ why }) => void problems.push(why),
  });
  const body = event('pg-undone', 1);
  const deliver = () => take(signed('pg-undone-1', body), Buffer.from(body));
  expect([(await deliver()).status, problems, await store.find('pg-undone')]).toEqual([500, ['failed'], null]);
  fails = false;
  expect([(await deliver()).effect, (await store.find('pg-undone'))?.version]).toEqual(['changed', 1]);
  await pool.end();
});

interface Script {
  readonly name: string;
  readonly steps: readonly { webhookId: string; body: { subject: string }; effect: string; version: number; digest: string | null }[];
}
const { scripts } = JSON.parse(readFileSync(new URL('../../packages/receiver/vectors.json', import.meta.url), 'utf8')) as {
  scripts: Script[];
};
test.each(scripts)('PostgreSQL, published script: $name', async ({ name, steps }) => {
  const pool = new pg.Pool({ connectionString: base.url, max: 2 });
  const store = postgresStore(pool);
  const { take } = receiver({ secret: SECRET, store, onChange: () => {} });
  for (const { webhookId, body, effect, version } of steps) {
    const subject = `${name} ${body.subject}`;
    const text = JSON.stringify(body).replaceAll(body.subject, subject); // one database for all scripts
    const answer = await take(signed(`${name} ${webhookId}`, text), Buffer.from(text));
    expect([answer.effect, (await store.find(subject))?.version]).toEqual([effect, version]);
  }
  await pool.end();
});
