/** Which orders a replay is about. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';
import { Fault } from '#platform';
import { chooseOrders } from './choose.ts';

const MIGRATIONS = join(import.meta.dirname, '..', '..', '..', '..', 'database', 'migrations');
let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const push = async (id: string, paidAt: string | undefined, more: object = {}): Promise<string> => {
  const payments = paidAt === undefined ? [] : [{ id: 'p1', amount: '114.00', at: paidAt, kind: 'full' }];
  const { body } = await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: id, paidAt, payments, ...more }));
  return body.orderKey as string;
};
const chosen = async (choice: Parameters<typeof chooseOrders>[1], shops: string[] | null = null, limit = 100): Promise<string[]> =>
  (await chooseOrders(house.house.db, choice, shops, limit)).map(({ key }) => key).toSorted();
const BETWEEN = { query: { paidFrom: '2025-03-01T20:00:00+08:00', paidTo: '2025-03-01T21:00:00+08:00' } };

test('paid between: also an order that was ended when we first saw it, and long after it was paid', async () => {
  const paidAt = '2025-03-01T20:30:00+08:00';
  const ended = { status: 'completed', completedAt: '2025-03-09T10:00:00+08:00', shippedAt: '2025-03-02T10:00:00+08:00' };
  const keys = [await push('ended', paidAt, ended), await push('goes-on', paidAt)];
  await push('later', '2025-03-01T21:00:00+08:00');
  await push('never', undefined, { status: 'awaiting_payment', paid: '0.00' });
  expect(await chosen(BETWEEN)).toEqual(keys.toSorted());
  expect(await chosen({ query: { paidTo: '2025-03-01T20:30:00+08:00' } })).toEqual([]);
  expect((await chosen({ query: { paidFrom: '2025-03-01T20:30:00+08:00' } })).length).toBe(3);
});

test('a house that has orders already knows when they were paid after the migration', async () => {
  const { db } = house.house;
  const times = async () => (await db.query('select order_key, paid_at from order_list order by order_key')).rows;
  const before = await times();
  const file = readdirSync(MIGRATIONS).find((name) => name.startsWith('0023')) as string;
  const fill = /^update order_list[^;]*;/m.exec(readFileSync(join(MIGRATIONS, file), 'utf8'))?.[0] as string;
  await db.query('update order_list set paid_at = null');
  await db.query(fill);
  expect(await times()).toEqual(before);
});

test('the limit counts what is left when shops and filters have spoken', async () => {
  const paidAt = '2025-04-01T20:30:00+08:00';
  const from = new Date(Date.now() - 1_000).toISOString();
  for (let n = 0; n < 5; n++) await push(`other-${n}`, paidAt, { shop: 'other' });
  const mine = await push('mine', paidAt, { shop: 'mine' });
  const range = { from, to: new Date(Date.now() + 1_000).toISOString() };
  expect(await chosen({ range }, ['own/mine'], 3)).toEqual([mine]);
  expect(await chosen({ query: { paidFrom: paidAt, shop: 'mine' } }, null, 3)).toEqual([mine]);
  expect((await chosen({ range }, null, 3)).length).toBe(3);
});

test('a range that cannot be searched in time says so', async () => {
  const slow = () => Promise.reject(new Fault('database.timeout', { message: 'PostgreSQL 57014', retry: true }));
  const range = { from: '2020-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' };
  await expect(chooseOrders({ query: slow, queryNamed: slow }, { range }, null, 10)).rejects.toMatchObject({ code: 'replay.too_wide' });
});
