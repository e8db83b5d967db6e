import { HOLD_KINDS, ORDER_STATUSES } from '@weir/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createListWorld, trackingNumberOf } from '../../../../bench/src/list-orders.ts';
import { ADMIN, neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

const ORDERS = 1_500;
const SHOPS = 40;
const DAY_MS = 86_400_000;
const now = Date.now();
const world = createListWorld(ORDERS, SHOPS, now);
const iso = (at: number): string => new Date(at).toISOString();

/** What the list may say of an order, read plainly. */
interface Row {
  readonly key: string;
  readonly channel: string;
  readonly shop: string;
  readonly status: string | null;
  readonly held: readonly string[];
  readonly at: string;
}
type Filter = Readonly<Record<string, string>>;
interface Scope {
  readonly name: string;
  readonly shops: readonly string[] | null;
}

let house: TestHouse;
let rows: readonly Row[];
const tokens = new Map<string, string>();
const SCOPES: readonly Scope[] = [
  { name: 'every shop', shops: null },
  { name: 'the biggest shop', shops: world.shops.slice(0, 1) },
  { name: 'a tiny shop', shops: world.shops.slice(-1) },
  { name: 'some shops', shops: world.shops.filter((_, n) => n % 8 === 0) },
  { name: 'most shops', shops: world.shops.filter((_, n) => n % 4 !== 0) },
  { name: 'a shop without orders', shops: ['own/nowhere'] },
];

beforeAll(async () => {
  house = await testHouse();
  const lines = Array.from({ length: ORDERS }, (_, n) => world.line(n)).join('\n');
  await house.house.app.inject({
    method: 'POST',
    url: '/v1/orders:import',
    payload: lines,
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${ADMIN}` },
  });
  rows = (
    await house.house.db.query<Row>(
      `select order_key as key, channel, shop, status, held, to_char(placed_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from order_list order by placed_at desc, order_key desc`,
    )
  ).rows;
  for (const { name, shops } of SCOPES) {
    const made = await house.send('POST', '/v1/tokens', { name, role: 'customer_service', ...(shops ? { shops } : {}) });
    tokens.set(name, made.body.token);
  }
});
afterAll(() => house.close());

const answers = (row: Row, filter: Filter, { shops }: Scope): boolean =>
  (shops === null || shops.includes(`${row.channel}/${row.shop}`)) &&
  (filter.channel === undefined || filter.channel === row.channel) &&
  (filter.shop === undefined || filter.shop === row.shop) &&
  (filter.status === undefined || filter.status === (row.status ?? 'none')) &&
  (filter.held === undefined || (filter.held === 'any' ? row.held.length > 0 : row.held.includes(filter.held))) &&
  (filter.placedFrom === undefined || row.at >= filter.placedFrom) &&
  (filter.placedTo === undefined || row.at < filter.placedTo);

async function pages(filter: Filter, scope: Scope, limit: number): Promise<string[]> {
  const keys: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ ...filter, limit: String(limit), ...(cursor === '' ? {} : { cursor }) });
    const { body } = await house.send('GET', `/v1/orders?${query}`, undefined, { token: tokens.get(scope.name) as string });
    keys.push(...body.items.map((item: { orderKey: string }) => item.orderKey));
    cursor = body.nextCursor;
  }
  return keys;
}
const counted = async (filter: Filter, scope: Scope): Promise<unknown> =>
  (await house.send('GET', `/v1/orders:count?${new URLSearchParams(filter)}`, undefined, { token: tokens.get(scope.name) as string })).body;

const [biggest = ''] = world.shops;
const [channel = '', shop = ''] = biggest.split('/');
const FILTERS: readonly Filter[] = [
  {},
  { channel: 'pinduoduo' },
  { channel, shop },
  { shop },
  { channel: 'own', shop },
  ...[...ORDER_STATUSES, 'none'].map((status) => ({ status })),
  ...['any', ...HOLD_KINDS].map((held) => ({ held })),
  { channel: 'jd', status: 'completed' },
  { channel, shop, status: 'closed' },
  { status: 'completed', held: 'any' },
  { channel, shop, held: 'rule' },
  { placedFrom: iso(now - 30 * DAY_MS) },
  { placedTo: iso(now - 400 * DAY_MS), status: 'completed' },
  { placedFrom: iso(now - 300 * DAY_MS), placedTo: iso(now - 200 * DAY_MS), channel: 'taobao' },
  { placedFrom: iso(Math.floor(now / 3_600_000) * 3_600_000 - 2 * DAY_MS) },
  { placedFrom: iso(now + DAY_MS) },
];

describe.each(SCOPES)('to somebody of $name', (scope) => {
  test.each(FILTERS)('the list and its count are exactly the orders that fit %j', async (filter) => {
    const expected = rows.filter((row) => answers(row, filter, scope)).map(({ key }) => key);
    expect(await pages(filter, scope, 200)).toEqual(expected);
    expect(await counted(filter, scope)).toEqual({ count: expected.length, isExact: true });
  });
});

test('the world has what the promises above are about', () => {
  expect(rows).toHaveLength(ORDERS);
  for (const status of ['completed', 'closed', 'cancelled', 'delivered'])
    expect(rows.filter((row) => row.status === status).length).toBeGreaterThan(5);
  expect(rows.some((row) => row.held.includes('rule'))).toBe(true);
});

test('pages of any size meet without a gap or a double', async () => {
  for (const scope of SCOPES.slice(0, 5))
    for (const filter of [{}, { status: 'cancelled' }]) {
      const expected = rows.filter((row) => answers(row, filter, scope)).map(({ key }) => key);
      expect(await pages(filter, scope, 7)).toEqual(expected);
    }
});

test('every number of the overview is the count of the list that it opens', async () => {
  for (const scope of SCOPES) {
    const overview = (await house.send('GET', '/v1/overview', undefined, { token: tokens.get(scope.name) as string })).body;
    for (const [status, count] of Object.entries(overview.byStatus))
      expect(await counted({ status }, scope)).toEqual({ count, isExact: true });
    for (const [held, count] of Object.entries(overview.held)) expect(await counted({ held }, scope)).toEqual({ count, isExact: true });
    for (const bar of overview.byHour) {
      const filter = { channel: bar.channel, placedFrom: bar.hour, placedTo: iso(Date.parse(bar.hour) + 3_600_000) };
      expect(await counted(filter, scope)).toEqual({ count: bar.count, isExact: true });
    }
    const since = { placedFrom: iso(Math.floor((Date.parse(overview.asOf) + 8 * 3_600_000) / DAY_MS) * DAY_MS - 8 * 3_600_000) };
    expect(await counted(since, scope)).toEqual({ count: overview.today, isExact: true });
    for (const source of overview.sources.slice(0, 10))
      expect(await counted({ channel: source.channel, shop: source.shop, ...since }, scope)).toEqual({
        count: source.today,
        isExact: true,
      });
  }
});

test('a source says when its newest order was heard of, and how late', async () => {
  const at = Date.now() - 90_000;
  const said = { channel: 'own', shop: 'late', placedAt: iso(at), paidAt: iso(at), modifiedAt: iso(at), payments: undefined };
  await house
    .send('POST', '/v1/tokens', { name: 'late', role: 'operations', shops: ['own/late'] })
    .then(({ body }) => tokens.set('late', body.token));
  await house.send('POST', '/v1/orders', neutralOrder(said));
  const { sources } = (await house.send('GET', '/v1/overview', undefined, { token: tokens.get('late') as string })).body;
  expect(sources).toHaveLength(1);
  expect(sources[0].lagMs).toBeGreaterThanOrEqual(90_000);
  expect(sources[0].lagMs).toBeLessThan(120_000);
  expect(Date.parse(sources[0].lastReceivedAt)).toBeGreaterThan(at + 80_000);
});

test('the counts follow what happens to orders', async () => {
  const order = JSON.parse(world.line(ORDERS - 1)) as Record<string, string>;
  const filter = { channel: order['channel'] as string, shop: order['shop'] as string, held: 'person' };
  const [everything] = SCOPES as [Scope];
  const found = await house.send('GET', `/v1/orders?channelOrderId=${order['channelOrderId']}`);
  const path = `/v1/orders/${found.body.items[0].orderKey}`;
  expect(await counted(filter, everything)).toEqual({ count: 0, isExact: true });
  await house.send('POST', `${path}:hold`, { why: 'count me' });
  expect(await counted(filter, everything)).toEqual({ count: 1, isExact: true });
  const { holds } = (await house.send('GET', path)).body;
  await house.send('POST', `${path}:release`, { holdId: holds.find((hold: { kind: string }) => hold.kind === 'person').id });
  expect(await counted(filter, everything)).toEqual({ count: 0, isExact: true });
  const { rows: wrong } = await house.house.db.query(
    `select * from order_counts full join (select channel, shop, coalesce(status, 'none') as status, held, count(*) as n from order_list group by 1, 2, 3, 4) l
       using (channel, shop, status, held) where coalesce(orders, 0) <> coalesce(n, 0)`,
  );
  expect(wrong).toEqual([]);
});

test("an order is found by its platform's id and by a tracking number, by those who may see its shop", async () => {
  const row = rows.find(({ status }) => status === 'completed') as Row;
  const n = Array.from({ length: ORDERS }, (_, each) => each).find((each) => {
    const line = JSON.parse(world.line(each)) as { shop: string; channel: string; placedAt: string };
    return line.shop === row.shop && line.channel === row.channel && line.placedAt.slice(0, 19) === row.at.slice(0, 19);
  }) as number;
  const { channelOrderId } = JSON.parse(world.line(n)) as { channelOrderId: string };
  for (const filter of [{ channelOrderId }, { trackingNumber: trackingNumberOf(n) }]) {
    for (const scope of SCOPES) {
      const mine = scope.shops === null || scope.shops.includes(`${row.channel}/${row.shop}`);
      expect(await pages(filter, scope, 50)).toEqual(mine ? [row.key] : []);
      expect(await counted(filter, scope)).toEqual({ count: mine ? 1 : 0, isExact: true });
    }
    expect(await pages({ ...filter, status: 'paid' }, SCOPES[0] as Scope, 50)).toEqual([]);
  }
});

test('what cannot be a filter is refused by its name, in both languages, without quoting it', async () => {
  for (const [query, pointer] of [
    ['status=payed', '/status'],
    ['held=maybe', '/held'],
    ['placedFrom=2026-02-20', '/placedFrom'],
    ['placedTo=yesterday', '/placedTo'],
    ['phone=13800138000', '/?'],
    ['shop=a&shop=b', '/shop'],
    ['channel=', '/channel'],
    ['shop=a%00b', '/shop'],
    ['cursor=13800138000', '/cursor'],
    ['cursor=2026-02-20T00:00:00Z|OW20260220000000', '/cursor'],
  ] as const) {
    const { status, body } = await house.send('GET', `/v1/orders?${query}`);
    expect({ query, status, pointer: body.problems?.[0].pointer }).toEqual({ query, status: 400, pointer });
    expect(body.problems[0].zh).not.toBe(body.problems[0].en);
    expect(JSON.stringify(body)).not.toMatch(/13800138000|payed|yesterday/);
  }
});
