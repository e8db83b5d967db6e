import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testDatabase } from '../support/index.ts';

const MIGRATIONS = join(import.meta.dirname, '..', '..', 'database', 'migrations');
const textOf = (name: string): string => {
  const file = readdirSync(MIGRATIONS).find((each) => each.endsWith(`-${name}.sql`));
  return readFileSync(join(MIGRATIONS, file as string), 'utf8');
};

test('a house that has orders already knows their counts and tracking numbers after the migration', async () => {
  const { db, drop } = await testDatabase({ empty: true });
  try {
    await db.query(textOf('first-schema'));
    const facts = JSON.stringify({
      shipments: { p1: { at: 1, rank: 3, value: { trackingNumber: 'SF1' } }, p2: { at: 1, rank: 3, value: { trackingNumber: 'SF2' } } },
    });
    await db.query(
      `insert into orders (log_partition, channel, shop, channel_order_id, order_key, version, address_version, bundle_version, ever_outward, first_position, last_position, facts)
       values (1, 'own', 's', '1', 'K1', 1, 0, 0, true, 1, 1, $1), (2, 'own', 's', '2', 'K2', 1, 0, 0, true, 1, 1, '{"shipments":{}}')`,
      [facts],
    );
    await db.query(
      `insert into order_list (log_partition, order_key, channel, shop, channel_order_id, status, payment, refund, held, payable, currency, line_count, title, placed_at)
       values (1, 'K1', 'own', 's', '1', 'shipped', 'full', 'none', '{}', 1, 'CNY', 1, 't', date_trunc('hour', now()) + interval '22 minutes'), (2, 'K2', 'own', 's', '2', null, 'none', 'none', '{review}', 1, 'CNY', 1, 't', date_trunc('hour', now()) + interval '59 minutes')`,
    );
    await db.query(textOf('order-list'));
    expect((await db.query('select channel, shop, status, held, orders from order_counts order by status')).rows).toEqual([
      { channel: 'own', shop: 's', status: 'none', held: ['review'], orders: 1 },
      { channel: 'own', shop: 's', status: 'shipped', held: [], orders: 1 },
    ]);
    expect(
      (await db.query(`select hour = (select date_trunc('hour', max(placed_at)) from order_list) as "isHour", orders from order_hours`))
        .rows,
    ).toEqual([{ isHour: true, orders: 2 }]);
    expect((await db.query('select tracking_number, order_key from tracking_index order by 1')).rows).toEqual([
      { tracking_number: 'SF1', order_key: 'K1' },
      { tracking_number: 'SF2', order_key: 'K1' },
    ]);
    await db.query('delete from order_list');
    expect((await db.query('select sum(orders) as n from order_counts union all select sum(orders) from order_hours')).rows).toEqual([
      { n: '0' },
      { n: '0' },
    ]);
  } finally {
    await drop();
  }
});
