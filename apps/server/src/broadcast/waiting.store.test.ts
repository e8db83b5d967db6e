/** What waits at an endpoint is listed with its reason, and goes now when a person says that the receiver is mended. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { failureWords } from './failure-words.ts';
import { type BroadcastHouse, broadcastHouse, fresh } from './receiver.test-support.ts';

let house: BroadcastHouse;
beforeAll(async () => {
  house = await broadcastHouse();
});
afterEach(() => house.clear());
afterAll(() => house.close());

const parked = async (id: string, query = '') => (await house.send('GET', `/v1/endpoints/${id}/parked${query}`)).body;
const auditOf = async (id: string, what: string): Promise<unknown> => {
  const { rows } = await house.house.db.query<{ detail: string }>('select detail from audit where subject = $1 and what = $2', [id, what]);
  return rows.map(({ detail }) => JSON.parse(detail) as unknown);
};

test.each([
  ['active', false],
  ['paused', true],
])('an order at the step of 12 h goes at once when an endpoint that is %s is let go on', async (_, isPaused) => {
  let isMended = false;
  const { id, taken } = await house.receiver(() => (isMended ? 200 : 503));
  const key = await house.push(fresh(), 1);
  await waitUntil('it is parked', async () => (await parked(id)).items.length === 1);
  const [row] = (await parked(id)).items;
  expect(row).toMatchObject({ subjectKey: key, fromVersion: 1, tries: 1, dead: false, error: 'http_503', why: { zh: '对方回答 503' } });
  expect(Date.parse(row.nextAt)).toBeGreaterThan(Date.parse(row.since));
  await house.send('POST', `/v1/endpoints/${id}:pause`);
  await house.house.db.query(`update parked set next_at = now() + interval '12 hours', attempts = 8 where consumer = $1`, [id]);
  if (!isPaused) await house.house.db.query(`update endpoints set state = 'active' where id = $1`, [id]);
  isMended = true;
  await house.send('POST', `/v1/endpoints/${id}:resume`);
  await waitUntil('it is told', () => taken.length === 2);
  await waitUntil('it waits no more', async () => (await parked(id)).items.length === 0);
});

test('what is parked comes page by page, the oldest first, and of no endpoint there is none', async () => {
  const { id } = await house.receiver();
  await house.send('POST', `/v1/endpoints/${id}:pause`); // or its relay, which has nothing to tell of these, may find them on its start and let them go
  await house.house.db.query(
    `insert into parked (consumer, log_partition, order_key, from_version, attempts, next_at, since, last_error, dead)
     select $1, n, 'OW' || n, 1, 3, now(), '2026-02-20T10:00:00Z'::timestamptz + (n / 2) * interval '1 minute', 'ECONNREFUSED', n = 3 from generate_series(1, 5) as n`,
    [id],
  );
  const [first, keys] = [await parked(id, '?limit=2'), [] as string[]];
  expect(first.items.map((item: { subjectKey: string }) => item.subjectKey)).toEqual(['OW1', 'OW2']);
  for (let page = first; ; page = await parked(id, `?limit=2&cursor=${page.nextCursor}`)) {
    keys.push(
      ...page.items.map(
        (item: { subjectKey: string; nextAt: string | null }) => `${item.subjectKey}${item.nextAt === null ? ' dead' : ''}`,
      ),
    );
    if (page.nextCursor === null) break;
  }
  expect(keys).toEqual(['OW1', 'OW2', 'OW3 dead', 'OW4', 'OW5']);
  expect((await house.send('GET', '/v1/endpoints/ep_none/parked')).body.code).toBe('endpoint.not_found');
});

test('mismatches come page by page, the newest first', async () => {
  const { id } = await house.receiver();
  await house.house.db.query(
    `insert into digest_mismatches (consumer, log_partition, order_key, version, ours, theirs, since, at)
     select $1, n, 'OW' || n, 1, '1:a', '1:b', now(), '2026-02-20T10:00:00Z'::timestamptz + (n / 2) * interval '1 minute' from generate_series(1, 5) as n`,
    [id],
  );
  const keys: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await house.send('GET', `/v1/endpoints/${id}/mismatches?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    keys.push(...body.items.map((item: { subjectKey: string }) => item.subjectKey));
    cursor = body.nextCursor;
  }
  expect(keys).toEqual(['OW5', 'OW4', 'OW3', 'OW2', 'OW1']);
});

test('the audit knows what was made, and the state before each change; the query of an address is in none of it', async () => {
  const more = { url: 'http://127.0.0.1:9/hook?token=s3cret', eventTypes: ['order.paid'], shops: ['own/s1'], fields: ['status'] };
  const { id } = await house.receiver(undefined, more);
  for (const verb of ['pause', 'resume', 'remove']) await house.send('POST', `/v1/endpoints/${id}:${verb}`);
  expect(await auditOf(id, 'endpoint.created')).toEqual([
    { after: { ...more, name: 'test', url: 'http://127.0.0.1:9/hook?…', startAt: 'now', personalFields: [] } },
  ]);
  expect(await auditOf(id, 'endpoint.pause')).toEqual([{ before: { state: 'active' }, after: { state: 'paused' } }]);
  expect(await auditOf(id, 'endpoint.resume')).toEqual([{ before: { state: 'paused' }, after: { state: 'active' } }]);
  expect(await auditOf(id, 'endpoint.remove')).toEqual([{ before: { state: 'active' }, after: { state: 'removed' } }]);
});

test('an endpoint that cannot be stored leaves no grant behind', async () => {
  const count = async () => (await house.house.db.query(`select 1 from audit where what = 'personal.granted'`)).rowCount;
  const before = await count();
  await house.house.db.query(`alter table endpoints add constraint no_more check (name <> 'never')`);
  await expect(house.receiver(undefined, { name: 'never', personalFields: ['remark'] })).rejects.toThrow('no endpoint');
  await house.house.db.query('alter table endpoints drop constraint no_more');
  expect(await count()).toBe(before);
});

test('only an administrator sees the query of an address; who is bound to some shops sees counts of their orders only', async () => {
  const { id, tries } = await house.receiver(() => 422);
  await house.house.db.query(`update endpoints set url = url || '?token=s3cret' where id = $1`, [id]);
  await house.push(fresh(), 1);
  await waitUntil('it is parked', async () => tries.length > 0 && (await house.statusOf(id))['parked'] === 1);
  const seenBy = async (role: string, shops?: string[]) => {
    const { body } = await house.send('POST', '/v1/tokens', { name: role, role, ...(shops ? { shops } : {}) });
    const token = { token: body.token as string };
    const lists = [
      (await house.send('GET', '/v1/endpoints', undefined, token)).body.items,
      (await house.send('GET', '/v1/overview', undefined, token)).body.endpoints,
    ];
    return lists.map((items: { id: string }[]) => items.find((item) => item.id === id));
  };
  expect(await seenBy('admin')).toMatchObject(
    Array(2).fill({ url: expect.stringMatching(/\/hook\?token=s3cret$/), parked: 1, lag: expect.any(Number) }),
  );
  expect(await seenBy('owner')).toMatchObject(
    Array(2).fill({ url: expect.stringMatching(/\/hook\?…$/), parked: 1, lag: expect.any(Number) }),
  );
  expect(await seenBy('owner', ['own/elsewhere'])).toMatchObject(
    Array(2).fill({ parked: 0, lag: null, oldestParkedSince: null, lastError: null }),
  );
  expect(await seenBy('owner', ['own/s1'])).toMatchObject(Array(2).fill({ parked: 1, lag: null }));
});

test('every failure has words in both languages', () => {
  expect(failureWords('http_500').en).toBe('it answered 500');
  expect(failureWords('EHOSTUNREACH')).toEqual({ zh: '连接失败（EHOSTUNREACH）', en: 'the connection failed (EHOSTUNREACH)' });
});
