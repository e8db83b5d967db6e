import { HOLD_KINDS, ORDER_STATUSES } from '@weir/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listOrders, type ListFilter } from '../../apps/server/src/orders/index.ts';
import { createListWorld } from '../../bench/src/list-orders.ts';
import { ADMIN, type TestHouse, testHouse } from '../support/index.ts';
import { type Plan, plansOf, rowsRead, walkPlans } from './plans.ts';

const ORDERS = 20_000;
const SHOPS = 200;
const PAGE = 50;
const DAY_MS = 86_400_000;
/** What a page may read: the newest orders once, and a page of every shop; of those that are held, all. */
const ROWS_READ = 4_000 + SHOPS * (PAGE + 1);
const now = Date.now();
const world = createListWorld(ORDERS, SHOPS, now);

let house: TestHouse;
let held: number;
beforeAll(async () => {
  house = await testHouse();
  await house.house.app.inject({
    method: 'POST',
    url: '/v1/orders:import',
    payload: Array.from({ length: ORDERS }, (_, n) => world.line(n)).join('\n'),
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${ADMIN}` },
  });
  await house.house.db.query('analyze');
  held = (await house.house.db.query<{ n: number }>(`select count(*) as n from order_list where held <> '{}'`)).rows[0]?.n ?? 0;
});
afterAll(() => house.close());

const placeOf = (n: number): ListFilter => {
  const [channel = '', shop = ''] = (world.shops[n] as string).split('/');
  return { channel, shop };
};
const iso = (ago: number): string => new Date(now - ago * DAY_MS).toISOString();
const SCOPES: readonly (readonly [name: string, shops: readonly string[] | null])[] = [
  ['every shop', null],
  ['the biggest shop', world.shops.slice(0, 1)],
  ['the smallest shop', world.shops.slice(-1)],
  ['20 shops', world.shops.filter((_, n) => n % 10 === 3)],
  ['150 small shops', world.shops.slice(-150)],
];
const PLACES: readonly ListFilter[] = [{}, { channel: 'jd' }, placeOf(0), placeOf(199)];
const STATES: readonly ListFilter[] = [
  {},
  ...[...ORDER_STATUSES, 'none'].map((status) => ({ status })),
  ...['any', ...HOLD_KINDS].map((held) => ({ held })),
  { status: 'completed', held: 'any' },
];
const TIMES: readonly ListFilter[] = [{}, { placedFrom: iso(2) }, { placedTo: iso(300) }, { placedFrom: iso(400), placedTo: iso(300) }];
const IDS: readonly ListFilter[] = [
  { channelOrderId: '4000000000000000007' },
  { trackingNumber: 'SF1000000000001' },
  { channelOrderId: 'none' },
];
const FILTERS: readonly ListFilter[] = [
  ...PLACES.flatMap((place) => STATES.flatMap((state) => TIMES.map((time) => ({ ...place, ...state, ...time })))),
  ...PLACES.flatMap((place) => IDS.map((id) => ({ ...place, ...id }))),
];

const CURSORS = [null, { placedAt: iso(100), orderKey: 'OW2026022000000' }];

test('there are more held orders than a page shows', () => {
  expect(held).toBeGreaterThan(PAGE);
});

describe.each(SCOPES)('for somebody of %s', (_, shops) => {
  const scope = shops === null ? null : new Set(shops);
  test('no filter makes a page read the table from end to end, or more of it than its shops and its page need', async () => {
    let asked = 0;
    for (const filter of FILTERS)
      for (const cursor of CURSORS) {
        const plans: Plan[] = [];
        await listOrders(plansOf(house.house.db, plans), { filter, scope }, PAGE, cursor);
        asked += plans.length;
        expect(
          faultsOf(plans.flatMap(walkPlans), filter.held === undefined ? ROWS_READ : held),
          JSON.stringify({ filter, cursor }),
        ).toEqual([]);
      }
    expect(asked).toBeGreaterThan(FILTERS.length / 4); // the rest is known to be empty without asking
  });
});

function faultsOf(nodes: readonly Plan[], mayRead: number): string[] {
  const whole = nodes.filter((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === 'order_list');
  const rows = rowsRead(nodes, 'order_list');
  return [...whole.map(() => 'reads order_list from end to end'), ...(rows > mayRead ? [`reads ${rows} rows of order_list`] : [])];
}
