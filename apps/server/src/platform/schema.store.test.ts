import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dumpSchema } from '../../../../tools/gen/schema.ts';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import { migrate } from './migrate.ts';

const DATABASE = join(import.meta.dirname, '..', '..', '..', '..', 'database');
const read = (path: string): string => readFileSync(join(DATABASE, path), 'utf8');
const opened: TestDatabase[] = [];
const database = async (options: { empty?: boolean } = {}): Promise<TestDatabase> => {
  const made = await testDatabase(options);
  opened.push(made);
  return made;
};
afterAll(async () => {
  for (const { drop } of opened) await drop();
});

const countsOf = async ({ db }: TestDatabase): Promise<Readonly<Record<string, number>>> => {
  const { rows: tables } = await db.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
  );
  const counts: [string, number][] = [];
  for (const { name } of tables) counts.push([name, (await db.query<{ n: number }>(`select count(*) as n from ${name}`)).rows[0]?.n ?? 0]);
  return Object.fromEntries(counts);
};

test('database/schema.sql is what the migrations make, on every PostgreSQL that Weir runs on (if not: npm run gen)', async () => {
  const fresh = await database();
  expect(read('schema.sql')).toContain(await dumpSchema(fresh.db));
});

test('the written schema is SQL that makes the very same database', async () => {
  const loaded = await database({ empty: true });
  await loaded.db.query(read('schema.sql'));
  expect(read('schema.sql')).toContain(await dumpSchema(loaded.db));
});

test('a database of the first landed schema, with rows in every table, is brought to the newest one and loses none', async () => {
  const [old, fresh] = [await database({ empty: true }), await database()];
  await old.db.query(read('schema/0001.sql'));
  const before = await countsOf(old);
  expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([]);
  const { from, to } = await migrate(old.db, join(DATABASE, 'migrations'));
  expect([from, to]).toEqual([1, (await countsOf(fresh))['schema_migrations']]);
  expect(await dumpSchema(old.db)).toBe(await dumpSchema(fresh.db));
  const after = await countsOf(old);
  for (const [name, count] of Object.entries(before)) expect(after[name] ?? 0, name).toBeGreaterThanOrEqual(count);
});

test.each([
  ['a column', 'alter table shops add column color text'],
  ['a type', 'alter table shops alter column name type varchar(50)'],
  ['a default', `alter table shops alter column name set default 'x'`],
  ['a constraint', 'alter table shops add constraint shops_named check (length(name) > 0)'],
  ['an index', 'create index shops_name on shops (name)'],
  ['a storage form', 'alter table inbox alter column sealed set storage extended'],
  ['a trigger', 'drop trigger order_list_changed on order_list'],
  ['a function', 'create or replace function count_orders() returns trigger language plpgsql as $$ begin return null; end $$'],
  ['an option', 'alter table orders set (fillfactor = 90)'],
])('the dump notices a difference in %s', async (_, change) => {
  const fresh = await database();
  const before = await dumpSchema(fresh.db);
  await fresh.db.query(change);
  expect(await dumpSchema(fresh.db)).not.toBe(before);
});

test('the dump refuses what it cannot write down', async () => {
  const fresh = await database();
  await fresh.db.query('create view named as select name from shops');
  await expect(dumpSchema(fresh.db)).rejects.toThrow('relation named');
});
