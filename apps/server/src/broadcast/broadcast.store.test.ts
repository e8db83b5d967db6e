import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { type BroadcastHouse, broadcastHouse, fresh, inOrder } from './receiver.test-support.ts';

let house: BroadcastHouse;
beforeAll(async () => {
  house = await broadcastHouse();
});
afterAll(() => house.close());
afterEach(() => house.clear());
const receiver: BroadcastHouse['receiver'] = (...args) => house.receiver(...args);
const push: BroadcastHouse['push'] = (...args) => house.push(...args);
const statusOf: BroadcastHouse['statusOf'] = (id) => house.statusOf(id);

test('a delivery is a CloudEvent that the public Standard Webhooks library verifies, without a personal field', async () => {
  const { id, taken, secret } = await receiver();
  const key = await push(fresh(), 1);
  await waitUntil('both events', () => taken.length === 2);
  for (const { headers, body } of taken) {
    const event = new Webhook(secret).verify(body, headers) as Record<string, unknown>;
    expect(event).toMatchObject({
      specversion: '1.0',
      subject: key,
      source: house.house.keys.installationId,
      datacontenttype: 'application/json',
      data: { order: { orderKey: key, payable: '114.00' } },
    });
    expect(headers['content-type']).toBe('application/cloudevents+json');
    expect(headers['webhook-id']).toBe(`${event['id'] as string}.${id}`);
    expect(body).not.toMatch(/13800138000|三丰|科苑路|第 1 次/);
  }
  expect(taken.map(({ type, version }) => [type, version])).toEqual([
    ['weir.order.created', 1],
    ['weir.order.paid', 2],
  ]);
  const events = taken.map(({ body }) => JSON.parse(body) as Record<string, string>);
  const { rows } = await house.house.db.query<{ id: string; time: string; sequence: string }>(
    `select 'evt-' || log_partition || '-' || position as id, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as time, lpad(version::text, 10, '0') as sequence
     from events where order_key = $1 order by version`,
    [key],
  );
  expect(events.map(({ id: event, time, sequence }) => ({ id: event, time, sequence }))).toEqual(rows);
});

test('one failing order delays no other, and a receiver sees each order’s versions in order', async () => {
  const bad = fresh();
  let badKey = '';
  const { taken, tries, id } = await receiver(({ subject }) => (subject === badKey ? 500 : 200));
  badKey = await push(bad, 1);
  const others = Array.from({ length: 20 }, fresh);
  for (let round = 1; round <= 5; round++) await Promise.all([push(bad, round), ...others.map((each) => push(each, round))]);
  await waitUntil('all others', () => taken.length === 20 * 6);
  expect(inOrder(taken)).toBe(true);
  expect(taken.some(({ subject }) => subject === badKey)).toBe(false);
  expect(new Set(tries.filter(({ subject }) => subject === badKey).map(({ version }) => version))).toEqual(new Set([1]));
  expect(await statusOf(id)).toMatchObject({ parked: 1, state: 'active' });
});

test('an order for which our tries had ended is delivered after all when a person lets the endpoint go on', async () => {
  const { db } = house.house;
  const [bad, good] = [fresh(), fresh()];
  let refused = '';
  const { taken, tries, id } = await receiver(({ subject }) => (subject === refused ? 500 : 200));
  refused = await push(bad, 1);
  await waitUntil('it failed', () => tries.some(({ subject }) => subject === refused));
  await house.send('POST', `/v1/endpoints/${id}:pause`, {});
  await db.query('update parked set dead = true, next_at = now() where consumer = $1', [id]); // as eight days later
  await db.query(`update endpoints set state = 'active' where id = $1`, [id]);
  const key = refused;
  refused = '';
  await push(bad, 2);
  const goodKey = await push(good, 1);
  await waitUntil('the other order goes on', () => taken.some(({ subject }) => subject === goodKey));
  expect(await statusOf(id)).toMatchObject({ state: 'active', parked: 1, dead: 1 });
  expect(taken.some(({ subject }) => subject === key)).toBe(false);
  await house.send('POST', `/v1/endpoints/${id}:resume`, {});
  await waitUntil('all of it has come', () => taken.filter(({ subject }) => subject === key).length === 3);
  expect(inOrder(taken)).toBe(true);
  await waitUntil('nothing is parked', async () => (await statusOf(id))['parked'] === 0);
});

test('an order refused on the last step of the ladder is a dead letter: its later events wait, other orders go on', async () => {
  const bad = fresh();
  let refused = '';
  const { taken, tries, id } = await receiver(({ subject }) => (subject === refused ? 500 : 200));
  refused = await push(bad, 1);
  await waitUntil('it failed', async () => (await statusOf(id))['parked'] === 1);
  await house.send('POST', `/v1/endpoints/${id}:pause`, {});
  await house.house.db.query('update parked set attempts = 15, next_at = now() where consumer = $1', [id]); // as eight days later
  await house.house.db.query(`update endpoints set state = 'active' where id = $1`, [id]);
  await waitUntil('our tries have ended', async () => (await statusOf(id))['dead'] === 1);
  const before = tries.filter(({ subject }) => subject === refused).length;
  expect(before).toBe(2);
  await push(bad, 2);
  const other = await push(fresh(), 1);
  await waitUntil('the other order goes on', () => taken.filter(({ subject }) => subject === other).length === 2);
  await waitUntil('all of it is behind the cursor', async () => (await statusOf(id))['lag'] === 0);
  expect(tries.filter(({ subject }) => subject === refused)).toHaveLength(before);
  expect((await house.send('GET', `/v1/endpoints/${id}/parked`)).body.items).toMatchObject([
    { subjectKey: refused, fromVersion: 1, tries: 16, dead: true, nextAt: null },
  ]);
  expect(await statusOf(id)).toMatchObject({ state: 'active', parked: 1, dead: 1 });
});

test('an endpoint at which nobody listens parks nothing, and catches up in order by itself when somebody does again', async () => {
  const away = await receiver();
  await away.leave();
  const ids = Array.from({ length: 30 }, fresh);
  for (let round = 1; round <= 2; round++) await Promise.all(ids.map((each) => push(each, round)));
  await waitUntil('the breaker is open', async () => (await statusOf(away.id))['state'] === 'broken');
  const failed = async () =>
    (await house.send('GET', `/v1/endpoints/${away.id}/deliveries?outcome=failed&limit=200`)).body.items.length as number;
  const before = await failed();
  await waitUntil('it was tried again', async () => (await failed()) >= before + 2);
  expect(await statusOf(away.id)).toMatchObject({ state: 'broken', parked: 0, lastError: 'ECONNREFUSED' });
  await away.comeBack();
  await waitUntil('it has caught up', () => away.taken.length === 30 * 3);
  expect(inOrder(away.taken)).toBe(true);
  await waitUntil('nothing is behind', async () => (await statusOf(away.id))['lag'] === 0);
  expect(await statusOf(away.id)).toMatchObject({ state: 'active', parked: 0 });
});

test('a dead endpoint opens its breaker, parks at most twenty subjects, delays nobody, and catches up in order by itself', async () => {
  let isDead = true;
  const dead = await receiver(() => (isDead ? 503 : 200));
  const alive = await receiver();
  const ids = Array.from({ length: 60 }, fresh);
  for (let round = 1; round <= 3; round++) await Promise.all(ids.map((each) => push(each, round)));
  await waitUntil('the living endpoint has everything', () => alive.taken.length === 60 * 4);
  await waitUntil('the breaker is open', async () => (await statusOf(dead.id))['state'] === 'broken');
  expect((await statusOf(dead.id))['parked']).toBeLessThanOrEqual(20);
  isDead = false;
  await waitUntil('the dead one has caught up', () => dead.taken.length === 60 * 4);
  expect(inOrder(dead.taken)).toBe(true);
  await waitUntil('nothing is parked or behind', async () => {
    const { lag, parked } = await statusOf(dead.id);
    return lag === 0 && parked === 0;
  });
  expect(await statusOf(dead.id)).toMatchObject({ state: 'active' });
});

test('a repeat carries the same webhook-id as the first try', async () => {
  const failed = new Set<string>();
  const { taken, tries } = await receiver(({ id }) => (failed.has(id) ? 200 : (failed.add(id), 500)));
  await push(fresh(), 1);
  await waitUntil('the second try', () => taken.length >= 1);
  expect(tries[0]?.id).toBe(taken[0]?.id);
});

test('what is withheld is stepped over and comes in order when the order is released', async () => {
  const { taken } = await receiver();
  const id = fresh();
  const key = await push(id, 1);
  await push(id, 2, { payable: '1.00', paid: '1.00', payments: undefined });
  await push(id, 3, {
    partial: true,
    status: undefined,
    lines: undefined,
    discounts: undefined,
    shippingFee: undefined,
    payable: undefined,
    paid: undefined,
    refunded: undefined,
    placedAt: undefined,
    paidAt: undefined,
    payments: undefined,
  });
  const other = await push(fresh(), 1);
  await waitUntil('the other order', () => taken.filter(({ subject }) => subject === other).length === 2);
  const before = taken.filter(({ subject }) => subject === key);
  expect(before.at(-1)?.type).toBe('weir.order.held');
  expect(JSON.parse(before.at(-1)?.body ?? '{}')).toMatchObject({ data: { held: ['review'] } });
  await push(id, 4);
  const { body: shown } = await house.send('GET', `/v1/orders/${key}`);
  await waitUntil(
    'everything of the released order',
    () => taken.filter(({ subject }) => subject === key).at(-1)?.version === shown.version,
  );
  const versions = taken.filter(({ subject }) => subject === key).map(({ version }) => version);
  expect(versions).toEqual(Array.from({ length: shown.version as number }, (_, i) => i + 1));
});

test('410 pauses the endpoint', async () => {
  const { id } = await receiver(() => 410);
  await push(fresh(), 1);
  await waitUntil('paused', async () => (await statusOf(id))['state'] === 'gone');
  expect(await statusOf(id)).toMatchObject({ lastError: 'http_410', state: 'gone' });
});

test('an endpoint that never answers delays no other', async () => {
  await receiver(() => 'hang');
  const quick = await receiver();
  await Promise.all(Array.from({ length: 30 }, () => push(fresh(), 1)));
  await waitUntil('the quick one has all', () => quick.taken.length === 60);
  expect(inOrder(quick.taken)).toBe(true);
});

test('only the wanted event types and shops are told', async () => {
  const { taken } = await receiver(() => 200, { eventTypes: ['order.paid'], shops: ['own/only'] });
  await push(fresh(), 1);
  const key = await push(fresh(), 1, { shop: 'only' });
  await waitUntil('the one event', () => taken.length > 0);
  expect(taken.map(({ subject, type }) => [subject, type])).toEqual([[key, 'weir.order.paid']]);
});

test('which endpoint has which version is known for each order', async () => {
  const { id, taken } = await receiver();
  const key = await push(fresh(), 1);
  await waitUntil('delivered', () => taken.length === 2);
  const known = async () =>
    (await house.send('GET', `/v1/orders/${key}/knowledge`)).body.items.find((item: { endpoint: string }) => item.endpoint === id);
  await waitUntil('the cursor is saved', async () => (await known()).version === 2);
  expect(await known()).toEqual({ endpoint: id, name: 'test', version: 2, latest: 2, wanted: 2, parked: false, differs: false });
});
