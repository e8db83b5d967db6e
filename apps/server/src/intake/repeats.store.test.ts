import { afterAll, beforeAll, expect, test } from 'vitest';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN, neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import type { House } from '../main.ts';
import { CommitUnknown, Fault, systemClock } from '#platform';
import { aGather } from './fault.test-support.ts';
import { createOutcomes } from './outcomes.ts';
import { createSubmit } from './submit.ts';

let house: TestHouse;
let other: House;
let otherHome: string;
beforeAll(async () => {
  house = await testHouse();
  otherHome = mkdtempSync(join(tmpdir(), 'weir-other-'));
  cpSync(join(house.home, 'root.key'), join(otherHome, 'root.key')); // one installation, two machines
  other = await house.another({ home: otherHome });
});
afterAll(async () => {
  await house.close();
  rmSync(otherHome, { recursive: true, force: true });
});

const postTo = async (server: House, order: unknown, key?: string) => {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${ADMIN}`,
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
  const response = await server.app.inject({ method: 'POST', url: '/v1/orders', payload: JSON.stringify(order), headers });
  return { status: response.statusCode, body: response.json(), retryAfter: response.headers['retry-after'] };
};
const countOf = async (id: string): Promise<{ orders: number; events: number }> => {
  const { rows } = await house.house.db.query<{ orders: number; events: number }>(
    `select count(distinct o.order_key) as orders, count(e.position) as events from orders o left join events e using (log_partition, order_key) where channel_order_id = $1`,
    [id],
  );
  return rows[0] as { orders: number; events: number };
};

test('only one of two servers works, the other stands by', async () => {
  await waitUntil('one works', () => house.house.worker.state().holds);
  expect(other.worker.state().holds).toBe(false);
});

test('the same Idempotency-Key twice at once on two servers has one effect and one answer', async () => {
  for (let i = 0; i < 10; i++) {
    const order = neutralOrder({ channelOrderId: `twice${i}` });
    const answers = await Promise.all([
      postTo(house.house, order, `k${i}`),
      postTo(other, order, `k${i}`),
      postTo(other, order, `k${i}`),
      postTo(house.house, order, `k${i}`),
    ]);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 201, body: { result: 'created', version: 2 } });
    expect(await countOf(`twice${i}`)).toEqual({ orders: 1, events: 2 });
  }
});

test('the same key with other content is refused on whichever server it comes second, and has no effect', async () => {
  const [one, two] = [neutralOrder({ channelOrderId: 'k1' }), neutralOrder({ channelOrderId: 'k2' })];
  const answers = await Promise.all([postTo(house.house, one, 'k-same'), postTo(other, two, 'k-same')]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 422]);
  expect(answers.find((answer) => answer.status === 422)?.body.code).toBe('request.key_reused');
  expect((await countOf('k1')).orders + (await countOf('k2')).orders).toBe(1);
});

test('the same order at once on two servers without a key is one order with one history', async () => {
  const order = neutralOrder({ channelOrderId: 'plain' });
  const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => postTo(i % 2 ? house.house : other, order)));
  expect(answers.filter((answer) => answer.body.result === 'created')).toHaveLength(1);
  expect(new Set(answers.map((answer) => answer.body.orderKey)).size).toBe(1);
  expect(await countOf('plain')).toEqual({ orders: 1, events: 2 });
});

/** Ends every connection that is just running a statement of ours which begins like `text`. */
const cut = async (text: string): Promise<number> =>
  (
    await house.house.db.query<{ n: number }>(
      `select count(pg_terminate_backend(pid)) as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' and query like $1`,
      [`${text}%`],
    )
  ).rows[0]?.n as number;

/** While the head of the inbox is locked every append hangs in the middle; then its connection is cut. */
async function appendAndCut(send: () => Promise<{ status: number; body: { code?: string }; retryAfter: unknown }>) {
  let coming: ReturnType<typeof send> | undefined;
  await house.house.db.transaction(async (tx) => {
    await tx.query('select position from inbox_head for update', []);
    coming = send();
    await waitUntil('an append was cut', async () => (await cut('with old as')) > 0);
  });
  return coming as ReturnType<typeof send>;
}

test('a connection cut in the middle of an append is answered 503 intake.not_stored with Retry-After, and a repeat is harmless', async () => {
  for (const [id, key] of [
    ['cut1', undefined],
    ['cut2', 'k-cut2'],
  ] as const) {
    const order = neutralOrder({ channelOrderId: id });
    expect(await appendAndCut(() => postTo(house.house, order, key))).toMatchObject({
      status: 503,
      retryAfter: '1',
      body: { code: 'intake.not_stored' },
    });
    const repeats = [await postTo(house.house, order, key), await postTo(house.house, order, key)];
    expect(repeats[0]?.status).toBe(201);
    expect(await countOf(id)).toEqual({ orders: 1, events: 2 });
  }
});

/** Commits, and then loses the answer: the worst that a COMMIT can do. */
test('a COMMIT that went through although nobody heard of it: 503, and the repeat finds one order', async () => {
  for (const key of [undefined, 'k-silent']) {
    const { db, keys } = house.house;
    const lost = async <T>(value: Promise<T>): Promise<T> => {
      await value;
      throw new CommitUnknown(new Fault('database.connection', { message: 'lost during COMMIT', retry: true }));
    };
    const deaf = {
      ...db,
      queryNamed: ((...call: Parameters<typeof db.queryNamed>) => lost(db.queryNamed(...call))) as typeof db.queryNamed,
      transaction: ((run) => lost(db.transaction(run))) as typeof db.transaction,
    };
    const order = neutralOrder({ channelOrderId: `silent-${key}` });
    const submit = createSubmit({ gather: aGather(deaf, keys, systemClock), outcomes: createOutcomes(db), clock: systemClock });
    const subject = { kind: 'order', channel: 'own', shop: 's1', id: `silent-${key}` } as const;
    const answer = await submit(
      { kind: 'order', subject, bytes: Buffer.from(JSON.stringify(order)) },
      { id: 'tok_admin', name: 'admin' },
      key,
    );
    expect(answer).toMatchObject({ kind: 'refused', code: 'intake.not_stored' });
    const repeat = await postTo(house.house, order, key);
    expect(repeat.body).toMatchObject({ result: key === undefined ? 'unchanged' : 'created', version: 2 });
    expect(await countOf(`silent-${key}`)).toEqual({ orders: 1, events: 2 });
  }
});

test('a repeat of a key on a server that stands by is answered from the log, long after its outcome', async () => {
  const order = neutralOrder({ channelOrderId: 'late' });
  const first = await postTo(house.house, order, 'k-late');
  await postTo(house.house, { ...order, remark: '换', modifiedAt: '2026-02-20T20:40:00+08:00' });
  expect(await postTo(other, order, 'k-late')).toEqual(first);
});
