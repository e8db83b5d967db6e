/** The log of deliveries, through the door: what was taken and what failed, page by page, and one of them in full. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { type BroadcastHouse, broadcastHouse, fresh } from './receiver.test-support.ts';

let house: BroadcastHouse;
beforeAll(async () => {
  house = await broadcastHouse();
});
afterEach(() => house.clear());
afterAll(() => house.close());

interface Item {
  readonly id: string;
  readonly at: string;
  readonly subjectKey: string;
  readonly version: number;
  readonly type: string;
  readonly attempt: number;
  readonly outcome: string;
  readonly status: number | null;
}
const list = async (id: string, query = ''): Promise<{ items: Item[]; nextCursor: string | null }> =>
  (await house.send('GET', `/v1/endpoints/${id}/deliveries${query}`)).body;
const one = (id: string, delivery: string) => house.send('GET', `/v1/endpoints/${id}/deliveries/${delivery}`);
async function pages(id: string, query: string): Promise<Item[]> {
  const found: Item[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await list(id, `?${query}${cursor === null ? '' : `&cursor=${cursor}`}`);
    found.push(...page.items);
    if (page.nextCursor === null) return found;
    cursor = page.nextCursor;
  }
}
const listed = (id: string, many: number, query = '') =>
  waitUntil(`${many} are in the log`, async () => (await list(id, `?limit=200${query}`)).items.length >= many);

test('what was taken is in the log with its event, status and time; the request is made again from the log', async () => {
  const { id, taken } = await house.receiver(() => 202);
  const order = fresh();
  const key = await house.push(order, 1);
  await house.push(order, 2);
  await listed(id, 3);
  const { items } = await list(id);
  expect(items.map(({ subjectKey, version, outcome, status, attempt }) => [subjectKey, version, outcome, status, attempt])).toEqual(
    [3, 2, 1].map((version) => [key, version, 'delivered', 202, 1]),
  );
  const sent = taken[2];
  const { body } = await one(id, items[0]?.id ?? '');
  expect(body.request.body).toBe(sent?.body);
  expect(body.request.headers['webhook-id']).toBe(sent?.id);
  // Reckoned from when it ended and how long it took, each in whole milliseconds.
  expect(Math.abs(Number(body.request.headers['webhook-timestamp']) - Number(sent?.headers['webhook-timestamp']))).toBeLessThanOrEqual(1);
  expect(body).toMatchObject({ type: 'order.changed', hasAnswer: false, replay: null });
  expect(body.request.leftOut).toEqual(['webhook-signature']);
  expect(JSON.stringify(body)).not.toContain('v1,');
});

test('a failed try is there with its status; its answer is sealed and opened at a door that is audited', async () => {
  let refuse = true;
  const { id, taken } = await house.receiver((_, response) => {
    if (!refuse) return 200;
    refuse = false;
    response.writeHead(503, { 'retry-after': '1' }).end(`库存系统维护中 13800138000 ${'x'.repeat(3_000)}`);
    return 'hang';
  });
  await house.push(fresh(), 1);
  await waitUntil('it was taken in the end', () => taken.length === 2);
  await listed(id, 3);
  const failed = (await list(id, '?outcome=failed')).items;
  expect(failed.map(({ version, attempt, status }) => [version, attempt, status])).toEqual([[1, 1, 503]]);
  expect((await list(id, '?outcome=delivered')).items.map(({ version, attempt }) => [version, attempt])).toEqual([
    [2, 1],
    [1, 2],
  ]);
  const path = `/v1/endpoints/${id}/deliveries/${failed[0]?.id}`;
  const shown = (await house.send('GET', path)).body;
  expect(shown).toMatchObject({ hasAnswer: true, error: 'http_503' });
  expect(JSON.stringify(shown)).not.toContain('维护');
  const { answer } = (await house.send('POST', `${path}:revealAnswer`, {})).body;
  expect(answer).toContain('库存系统维护中');
  expect(Buffer.byteLength(answer)).toBeLessThanOrEqual(1_024);
  const { db } = house.house;
  const stored = await db.query<{ text: string }>('select f::text as text from failed_attempts f where consumer = $1', [id]);
  expect(stored.rows[0]?.text).not.toContain(Buffer.from('维护中').toString('hex'));
  const { rows } = await db.query(`select 1 from audit where what = 'endpoint.answer_revealed' and subject = $1`, [id]);
  expect(rows.length).toBe(1);
});

test('pages neither leave out nor repeat anything, whatever their size; an order and a time can be asked for', async () => {
  const failing = new Set<string>();
  const { id, taken, tries } = await house.receiver(({ subject, version }) =>
    version === 2 && !failing.has(subject) && failing.add(subject) ? 400 : 200,
  );
  const orders = Array.from({ length: 6 }, fresh);
  const keys: string[] = [];
  for (const order of orders) keys.push(await house.push(order, 1));
  for (const order of orders) await house.push(order, 2);
  await waitUntil('all taken', () => taken.length === 18);
  await listed(id, tries.length);
  const all = await pages(id, 'limit=200');
  expect(all.length).toBe(tries.length);
  for (const limit of [1, 2, 5, 7]) expect(await pages(id, `limit=${limit}`)).toEqual(all);
  expect(await pages(id, `limit=2&orderKey=${keys[3]}`)).toEqual(all.filter(({ subjectKey }) => subjectKey === keys[3]));
  expect(all.filter(({ subjectKey }) => subjectKey === keys[3]).length).toBe(4);
  const middle = all[9]?.at ?? '';
  expect((await pages(id, `limit=3&from=${encodeURIComponent(middle)}`)).map((item) => item.id)).toEqual(
    all.filter(({ at }) => at >= middle).map((item) => item.id),
  );
  expect((await pages(id, `limit=3&outcome=delivered&to=${encodeURIComponent(middle)}`)).map((item) => item.id)).toEqual(
    all.filter(({ at, outcome }) => outcome === 'delivered' && at < middle).map((item) => item.id),
  );
  expect((await list(id, '?orderKey=nobody')).items).toEqual([]);
});

test('a granted endpoint’s log shows no personal field, and says so', async () => {
  const { id, taken } = await house.receiver(() => 200, { personalFields: ['receiver.phone'] });
  await house.push(fresh(), 1);
  await listed(id, 2);
  expect(taken[0]?.body).toContain('13800138000');
  const { body } = await one(id, (await list(id)).items[0]?.id ?? '');
  expect(body.request.leftOut).toEqual(['webhook-signature', 'personal']);
  expect(JSON.stringify(body)).not.toContain('13800138000');
});

test('what is no delivery or no endpoint is not found; others than administrators may not look', async () => {
  const { id } = await house.receiver();
  await house.push(fresh(), 1);
  await listed(id, 2);
  const other = await house.receiver();
  const known = (await list(id)).items[0]?.id ?? '';
  for (const delivery of ['s-1-9999', 's-99-0', 'f-1', 'x', 's-1', '..']) expect((await one(id, delivery)).status).toBe(404);
  expect((await one(other.id, known)).body.code).toBe('delivery.not_found');
  expect((await house.send('GET', '/v1/endpoints/ep_none/deliveries')).body.code).toBe('endpoint.not_found');
  expect((await house.send('GET', `/v1/endpoints/${id}/deliveries?cursor=x`)).status).toBe(400);
  const { body } = await house.send('POST', '/v1/tokens', { name: 'ops', role: 'operations' });
  for (const path of [`/v1/endpoints/${id}/deliveries`, `/v1/endpoints/${id}/deliveries/${known}`])
    expect((await house.send('GET', path, undefined, { token: body.token })).status).toBe(403);
});

test('what the cursor has passed is in the log: a second house goes on with the next segment', async () => {
  const { id, taken } = await house.receiver();
  await house.push(fresh(), 1);
  await waitUntil('taken', () => taken.length === 2);
  await waitUntil('nothing is behind', async () => (await house.statusOf(id))['lag'] === 0);
  expect((await list(id)).items.length).toBe(2);
  await house.send('POST', `/v1/endpoints/${id}:pause`, {});
  await house.send('POST', `/v1/endpoints/${id}:resume`, {});
  await house.push(fresh(), 1);
  await listed(id, 4);
  expect(new Set((await list(id)).items.map((item) => item.id)).size).toBe(4);
});
