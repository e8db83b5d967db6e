/** Replays, through the door: what is chosen, how fast it goes, that it never comes out of order, and what it steps over. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { neutralOrder, waitUntil } from '../../../../tests/support/index.ts';
import { type Arrival, type BroadcastHouse, broadcastHouse, fresh } from './receiver.test-support.ts';

let house: BroadcastHouse;
beforeAll(async () => {
  house = await broadcastHouse();
});
afterEach(() => house.clear());
afterAll(() => house.close());

const replay = (id: string, body: object, key?: string) =>
  house.send('POST', `/v1/endpoints/${id}:replay`, body, key === undefined ? {} : { headers: { 'idempotency-key': key } });
const shown = async (id: string, name: string) => (await house.send('GET', `/v1/endpoints/${id}/replays/${name}`)).body;
const done = (id: string, name: string) => waitUntil('the replay has ended', async () => (await shown(id, name)).state === 'done');
const snapshots = (arrivals: readonly Arrival[]) => arrivals.filter(({ type }) => type === 'weir.order.snapshot');
const orders = async (many: number, minutes = 1): Promise<string[]> => {
  const keys: string[] = [];
  for (let i = 0; i < many; i++) keys.push(await house.push(fresh(), minutes));
  return keys;
};
/** Over first arrivals of a subject versions increase; a snapshot tells the version before it once more, or a newer one. */
const inOrder = (arrivals: readonly Arrival[]): boolean => {
  const seen = new Map<string, number>();
  return arrivals.every(({ subject, version, type }) => {
    const before = seen.get(subject) ?? 0;
    seen.set(subject, version);
    return type === 'weir.order.snapshot' ? version >= before : version > before;
  });
};

test('chosen by key: a preview counts, the replay sends each once, with an id of its own and the newest state, and the log knows it', async () => {
  const { id, taken } = await house.receiver();
  const order = fresh();
  const key = await house.push(order, 1);
  await house.push(order, 2);
  const [other] = await orders(1);
  await waitUntil('told', () => taken.length === 5);
  const keys = [key, other, key, 'no-such-key'];
  const preview = (await replay(id, { keys, dryRun: true })).body;
  expect({ ...preview, first: preview.first.toSorted() }).toEqual({ orders: 2, first: [key, other].toSorted(), unknown: ['no-such-key'] });
  expect(snapshots(taken)).toEqual([]);
  const made = await replay(id, { keys });
  expect([made.status, made.body.orders, made.body.perSecond, made.body.unknown]).toEqual([202, 2, 50, ['no-such-key']]);
  await done(id, made.body.id);
  const [first] = snapshots(taken).filter(({ subject }) => subject === key);
  expect(first?.version).toBe(3);
  expect(first?.id).toBe(`${made.body.id}-${key}.${id}`);
  const [told, event] = [JSON.parse(first?.body ?? ''), JSON.parse(taken.findLast((each) => each.version === 3)?.body ?? '')];
  expect(told.data).toEqual({ order: event.data.order, detail: { replay: made.body.id } });
  expect(await shown(id, made.body.id)).toMatchObject({
    asked: { keys: 4, unknown: ['no-such-key'] },
    sent: 2,
    withheld: 0,
    failed: 0,
    waiting: 0,
  });
  const listed = () => house.send('GET', `/v1/endpoints/${id}/deliveries?orderKey=${key}`);
  await waitUntil('it is in the log', async () => (await listed()).body.items.length === 4);
  const [item] = (await listed()).body.items;
  expect(item).toMatchObject({ type: 'order.snapshot', replay: made.body.id, version: 3 });
  const { request } = (await house.send('GET', `/v1/endpoints/${id}/deliveries/${item.id}`)).body;
  expect([request.body, request.headers['webhook-id']]).toEqual([first?.body, first?.id]);
});

test('chosen by time of change, by the list’s filters and by time of payment; of the endpoint’s shops only', async () => {
  const from = new Date().toISOString();
  const wanted = (order: string, paidAt: string, shop: string) =>
    neutralOrder({ channelOrderId: order, shop, paidAt, payments: [{ id: 'p1', amount: '114.00', at: paidAt, kind: 'full' }] });
  const key = async (paidAt: string, shop: string): Promise<string> =>
    (await house.send('POST', '/v1/orders', wanted(fresh(), paidAt, shop))).body.orderKey;
  const early = await key('2026-03-01T20:05:00+08:00', 'replayed');
  const late = await key('2026-03-01T20:25:00+08:00', 'replayed');
  const after = await key('2026-03-01T20:30:00+08:00', 'replayed');
  const elsewhere = await key('2026-03-01T20:25:00+08:00', 'other');
  const to = new Date(Date.now() + 1_000).toISOString();
  const { id } = await house.receiver(undefined, { shops: ['own/replayed'] });
  const { id: all } = await house.receiver();
  const first = async (endpoint: string, body: object): Promise<string[]> =>
    (await replay(endpoint, { ...body, dryRun: true })).body.first.toSorted();
  const paid = { paidFrom: '2026-03-01T20:00:00+08:00', paidTo: '2026-03-01T20:30:00+08:00' };
  expect(await first(id, { query: paid })).toEqual([early, late].toSorted());
  expect(await first(all, { query: paid })).toEqual([early, late, elsewhere].toSorted());
  expect(await first(all, { query: { ...paid, shop: 'other', status: 'paid' } })).toEqual([elsewhere]);
  expect(await first(all, { query: { ...paid, status: 'shipped' } })).toEqual([]);
  expect(await first(id, { query: { shop: 'replayed' } })).toEqual([early, late, after].toSorted());
  expect(await first(id, { range: { from, to } })).toEqual([early, late, after].toSorted());
  expect(await first(all, { range: { from, to } })).toEqual([early, late, after, elsewhere].toSorted());
  expect(await first(all, { range: { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' } })).toEqual([]);
  const { body } = await replay(id, { keys: [elsewhere] });
  expect(body).toMatchObject({ orders: 0, unknown: [elsewhere] });
  expect((await shown(id, body.id)).state).toBe('done');
});

test('no faster than was asked for', async () => {
  const { id, tries } = await house.receiver();
  const keys = await orders(11);
  await waitUntil('told', () => tries.length === 22);
  const { body } = await replay(id, { keys, perSecond: 10 });
  await done(id, body.id);
  const sent = snapshots(tries);
  expect(sent.length).toBe(11);
  expect((sent[10]?.at ?? 0) - (sent[0]?.at ?? 0)).toBeGreaterThan(500);
});

test('beside live traffic of the same orders, some of it failing, nothing comes out of order and every order is told', async () => {
  let failures = 0;
  const { id, taken, tries } = await house.receiver(({ version, type }) => {
    if (type !== 'weir.order.snapshot' && version === 4 && failures < 5) return failures++, 500;
    return 200;
  });
  const ids = Array.from({ length: 30 }, fresh);
  const keys: string[] = [];
  for (const each of ids) keys.push(await house.push(each, 1));
  const live = Promise.all(ids.flatMap((each) => [2, 3, 4, 5].map((minutes) => house.push(each, minutes))));
  const first = (await replay(id, { keys, perSecond: 1_000 })).body.id;
  await live;
  const second = (await replay(id, { keys, perSecond: 1_000 })).body.id;
  await Promise.all([done(id, first), done(id, second)]);
  expect([(await shown(id, first)).sent, (await shown(id, second)).sent]).toEqual([30, 30]);
  expect(new Set(snapshots(taken).map((arrival) => arrival.id)).size).toBe(60);
  expect(inOrder(taken)).toBe(true);
  expect(tries.length).toBeGreaterThan(taken.length);
});

test('what waits for a person is stepped over and named; nothing of it is told', async () => {
  const { id, taken } = await house.receiver();
  const [held, plain] = [fresh(), fresh()];
  const key = await house.push(held, 1);
  await house.push(held, 2, { payable: '1.00', paid: '1.00', payments: undefined });
  const never = await house.push(fresh(), 1, { payable: '1.00', paid: '1.00', payments: undefined });
  const fine = await house.push(plain, 1);
  await waitUntil('told', () => taken.some(({ type }) => type === 'weir.order.held') && taken.some(({ subject }) => subject === fine));
  const { body } = await replay(id, { keys: [key, never, fine] });
  await done(id, body.id);
  expect(await shown(id, body.id)).toMatchObject({ sent: 1, withheld: 2, keys: { failed: [], outside: [] } });
  expect((await shown(id, body.id)).keys.withheld.toSorted()).toEqual([key, never].toSorted());
  expect(snapshots(taken).map(({ subject }) => subject)).toEqual([fine]);
});

test('a parked order waits for its failed delivery, the others go on; a snapshot that is refused is tried again', async () => {
  let [open, refusals] = [false, 0];
  const parked = fresh();
  const { id, taken } = await house.receiver(({ subject, version, type }) => {
    if (subject === key && version === 2 && !open) return 500;
    return type === 'weir.order.snapshot' && subject !== key && refusals++ === 0 ? 503 : 200;
  });
  let key = '';
  key = (
    await house.send(
      'POST',
      '/v1/orders',
      neutralOrder({ channelOrderId: parked, status: 'awaiting_payment', paid: '0.00', payments: [], paidAt: undefined }),
    )
  ).body.orderKey;
  await house.push(parked, 1);
  await waitUntil('it is parked', async () => (await house.statusOf(id))['parked'] === 1);
  const [other] = await orders(1);
  const { body } = await replay(id, { keys: [key, other] });
  await waitUntil('one waits', async () => (await shown(id, body.id)).waiting === 1);
  expect(snapshots(taken).some(({ subject }) => subject === key)).toBe(false);
  open = true;
  await waitUntil('the replay has ended', async () => (await shown(id, body.id)).state === 'done');
  expect(await shown(id, body.id)).toMatchObject({ sent: 2, waiting: 0 });
  expect(inOrder(taken)).toBe(true);
});

test('cancelled, nothing more is sent; an endpoint that pauses goes on afterwards', async () => {
  const { id, taken } = await house.receiver();
  const keys = await orders(12);
  await waitUntil('told', () => taken.length === 24);
  const { body } = await replay(id, { keys, perSecond: 1 });
  await waitUntil('it has begun', () => snapshots(taken).length > 0);
  expect((await house.send('POST', `/v1/endpoints/${id}/replays/${body.id}:cancel`)).status).toBe(200);
  expect((await house.send('POST', `/v1/endpoints/${id}/replays/${body.id}:cancel`)).body.code).toBe('replay.not_found');
  const another = (await replay(id, { keys, perSecond: 5 })).body.id;
  await waitUntil('the next one has begun', () => snapshots(taken).some((arrival) => arrival.id.startsWith(another)));
  await house.send('POST', `/v1/endpoints/${id}:pause`);
  await house.send('POST', `/v1/endpoints/${id}:resume`);
  await done(id, another);
  expect(snapshots(taken).filter((arrival) => arrival.id.startsWith(another)).length).toBe(12);
  const cancelled = await shown(id, body.id);
  expect(snapshots(taken).filter((arrival) => arrival.id.startsWith(body.id)).length).toBeLessThan(12);
  expect(cancelled.state).toBe('cancelled');
  const { items } = (await house.send('GET', `/v1/endpoints/${id}/replays?limit=1`)).body;
  expect(items.map((item: { id: string }) => item.id)).toEqual([another]);
});

test('what cannot be understood is refused with its place, five at once are enough, and only administrators may', async () => {
  const { id } = await house.receiver();
  const [key] = await orders(1);
  for (const body of [
    {},
    { keys: [key], query: { status: 'paid' } },
    { keys: [] },
    { query: {} },
    { query: { colour: 'red' } },
    { keys: [key], perSecond: 0 },
  ])
    expect([(await replay(id, body)).status, JSON.stringify(body)]).toEqual([400, JSON.stringify(body)]);
  const noDay = await replay(id, { range: { from: '2026-02-31T00:00:00Z', to: '2026-03-01T00:00:00Z' } });
  expect([noDay.status, noDay.body.problems[0].pointer]).toEqual([400, '/range/from']);
  for (const [pointer, body] of [
    ['/range/to', { range: { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' } }],
    ['/query/paidTo', { query: { paidFrom: '2026-03-02T00:00:00Z', paidTo: '2026-03-02T00:00:00+08:00' } }],
  ] as const) {
    const refused = await replay(id, body);
    expect([refused.status, refused.body.problems[0].pointer]).toEqual([400, pointer]);
  }
  expect((await replay('ep_none', { keys: [key] })).body.code).toBe('endpoint.not_found');
  await house.send('POST', `/v1/endpoints/${id}:pause`);
  for (let i = 0; i < 5; i++) expect((await replay(id, { keys: [key] })).status).toBe(202);
  expect((await replay(id, { keys: [key] })).body.code).toBe('replay.too_many_running');
  const other = await house.receiver();
  const { items } = (await house.send('GET', `/v1/endpoints/${id}/replays`)).body;
  expect(items.length).toBe(5);
  expect((await house.send('GET', `/v1/endpoints/${other.id}/replays/${items[0].id}`)).body.code).toBe('replay.not_found');
  const { body } = await house.send('POST', '/v1/tokens', { name: 'ops', role: 'operations' });
  const token = { token: body.token as string };
  expect((await house.send('POST', `/v1/endpoints/${id}:replay`, { keys: [key] }, token)).status).toBe(403);
  expect((await house.send('GET', `/v1/endpoints/${id}/replays`, undefined, token)).status).toBe(403);
});

test('asked twice with one key it runs once; with other content the key is refused, another caller or endpoint has its own', async () => {
  const { id, taken } = await house.receiver();
  const { id: other } = await house.receiver();
  const keys = await orders(2);
  await waitUntil('told', () => taken.length === 4);
  const body = { keys: [...keys, 'no-such-key'] };
  const [one, two] = await Promise.all([replay(id, body, 'k-1'), replay(id, body, 'k-1')]);
  expect([one.status, two.status, two.body]).toEqual([202, 202, one.body]);
  await done(id, one.body.id);
  expect((await replay(id, body, 'k-1')).body).toEqual(one.body);
  expect((await house.send('GET', `/v1/endpoints/${id}/replays`)).body.items.length).toBe(1);
  expect(await replay(id, { keys }, 'k-1')).toMatchObject({ status: 422, body: { code: 'request.key_reused' } });
  expect((await replay(other, { keys }, 'k-1')).body.id).not.toBe(one.body.id);
  expect((await replay(id, body, ' ')).status).toBe(400);
  await house.house.db.query(`update replays set made_at = made_at - interval '25 hours' where id = $1`, [one.body.id]);
  expect((await replay(id, { keys }, 'k-1')).status).toBe(202);
  expect(snapshots(taken).filter((arrival) => arrival.id.startsWith(one.body.id)).length).toBe(2);
});

test('also when they are asked for at once no more than five run', async () => {
  const { id } = await house.receiver();
  const keys = await orders(1);
  await house.send('POST', `/v1/endpoints/${id}:pause`);
  const asked = await Promise.all(Array.from({ length: 9 }, () => replay(id, { keys })));
  expect(asked.filter(({ status }) => status === 202).length).toBe(5);
});

test('what is on its way when a replay is cancelled is counted', async () => {
  let isOpen = false;
  const waiting: (() => void)[] = [];
  const { id, taken, tries } = await house.receiver(({ type }, response) => {
    if (type !== 'weir.order.snapshot' || isOpen) return 200;
    waiting.push(() => response.writeHead(200).end());
    return 'hang';
  });
  const keys = await orders(4);
  await waitUntil('told', () => taken.length === 8);
  const { body } = await replay(id, { keys, perSecond: 1_000 });
  await waitUntil('all are on their way', () => snapshots(tries).length === 4);
  await house.send('POST', `/v1/endpoints/${id}/replays/${body.id}:cancel`);
  isOpen = true;
  for (const answer of waiting) answer();
  await waitUntil('they are counted', async () => (await shown(id, body.id)).sent === 4);
  expect(await shown(id, body.id)).toMatchObject({ state: 'cancelled', waiting: 0 });
});
