/** A bench is believed only because it looks at what it left and at what it ran on: both looks are tried on a house that is not as it should be. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BenchHouse, refuseUnsafe, startHouse } from '../../bench/src/house.ts';
import { importLines } from '../../bench/src/import-lines.ts';
import { createTraffic } from '../../bench/src/orders.ts';
import { readBack } from '../../bench/src/read-back.ts';

const MESSAGES = 300;
const traffic = createTraffic(1);
let house: BenchHouse;
let db: pg.Client;
beforeAll(async () => {
  house = await startHouse();
  db = new pg.Client(house.databaseUrl);
  await db.connect();
  let sent = 0;
  await importLines(house, () => (sent++ < MESSAGES ? traffic.next() : null));
});
afterAll(async () => {
  await db?.end();
  await house?.stop();
});

const sent = () => ({ messages: MESSAGES, orders: traffic.orders(), newest: traffic.newest });
const restored = async (spoil: string, mend: string, look: () => Promise<void>): Promise<void> => {
  await db.query(spoil);
  try {
    await look();
  } finally {
    await db.query(mend);
  }
};

it('what is as it was sent passes', () => expect(readBack(house, sent())).resolves.toBeUndefined());

it('a message that is nowhere is missed', () =>
  expect(readBack(house, { ...sent(), messages: MESSAGES + 1 })).rejects.toThrow('are there'));

it('an order that holds the content of another is noticed', () =>
  restored(
    `create temporary table kept as select order_key, facts from orders;
     update orders set facts = (select facts from kept order by order_key limit 1) where order_key = (select order_key from kept order by order_key desc limit 1)`,
    'update orders o set facts = kept.facts from kept where kept.order_key = o.order_key; drop table kept',
    () => expect(readBack(house, sent())).rejects.toThrow('is not what was sent'),
  ));

it('an order that stayed behind its newest message is noticed', () =>
  expect(readBack(house, { ...sent(), newest: (id) => new Date(Date.parse(traffic.newest(id)) + 1).toISOString() })).rejects.toThrow(
    'is not what was sent',
  ));

it('an order that its phone does not find is noticed', () =>
  restored(
    'create temporary table kept as select * from blind_index; delete from blind_index',
    'insert into blind_index select * from kept; drop table kept',
    () => expect(readBack(house, sent())).rejects.toThrow('is not found by its phone'),
  ));

it.each(['fsync', 'synchronous_commit', 'full_page_writes'])('with %s off nothing is measured', async (name) => {
  await expect(refuseUnsafe(house.databaseUrl)).resolves.toBeUndefined();
  const url = new URL(house.databaseUrl);
  // Whoever connects may turn off only one of them himself; the others are those of the server, here told by a view of the same name.
  if (name === 'synchronous_commit') url.searchParams.set('options', '-c synchronous_commit=off');
  else {
    await db.query(
      `create schema if not exists told; create or replace view told.pg_settings as select name, case name when '${name}' then 'off' else setting end as setting from pg_catalog.pg_settings`,
    );
    url.searchParams.set('options', '-c search_path=told,pg_catalog');
  }
  await expect(refuseUnsafe(url.href)).rejects.toThrow(`${name} is off`);
});
