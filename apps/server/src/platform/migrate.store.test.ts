import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import { migrate, sqlstateOf, StartProblem } from './index.ts';

let base: TestDatabase;
let dir: string;
beforeEach(async () => {
  base = await testDatabase({ empty: true });
  dir = mkdtempSync(join(tmpdir(), 'weir-migrations-'));
  put('0001-first.sql', 'create table first (id int);\ninsert into first values (1);\n');
  put('0002-second.sql', 'alter table first add column name text;\n');
});
afterEach(async () => {
  rmSync(dir, { recursive: true });
  await base.drop();
});

const put = (name: string, text: string): void => writeFileSync(join(dir, name), text);
const tables = async (): Promise<unknown[]> =>
  (await base.db.query("select tablename from pg_tables where schemaname = 'public' order by 1")).rows.map((row) => row['tablename']);
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StartProblem)) throw new Error('expected a StartProblem', { cause: error });
  expect([error.zh, error.en].every((sentence) => sentence.length > 10 && !sentence.includes('\n'))).toBe(true);
  return error.code;
};

test('files are applied in order, once, and a second run changes nothing', async () => {
  expect(await migrate(base.db, dir)).toEqual({ from: 0, to: 2 });
  expect(await migrate(base.db, dir)).toEqual({ from: 2, to: 2 });
  expect((await base.db.query('select id, name from first')).rows).toEqual([{ id: 1, name: null }]);
  put('0003-third.sql', 'create table third (id int)');
  expect(await migrate(base.db, dir)).toEqual({ from: 2, to: 3 });
});

test('two servers that start at once apply each file once', async () => {
  const both = await Promise.all([migrate(base.db, dir), migrate(base.db, dir)]);
  expect(both.map(({ to }) => to)).toEqual([2, 2]);
  expect((await base.db.query('select count(*) as n from first')).rows).toEqual([{ n: 1 }]);
});

test('a landed file that reads differently is refused before anything is applied', async () => {
  await migrate(base.db, dir);
  put('0001-first.sql', 'create table first (id bigint);\n');
  put('0003-third.sql', 'create table third (id int)');
  expect(await codeOf(migrate(base.db, dir))).toBe('migration.changed');
  expect(await tables()).toEqual(['first', 'schema_migrations']);
});

test('other line ends are not a change', async () => {
  await migrate(base.db, dir);
  put('0001-first.sql', 'create table first (id int);\r\ninsert into first values (1);\r\n');
  expect(await migrate(base.db, dir)).toEqual({ from: 2, to: 2 });
});

test('a database that is ahead of the code is refused', async () => {
  await migrate(base.db, dir);
  rmSync(join(dir, '0002-second.sql'));
  expect(await codeOf(migrate(base.db, dir))).toBe('migration.newer');
});

test.each(['0004-gap.sql', '0002-twice.sql', '3-short.sql', '0003_underscore.sql'])('a file named %s is refused', async (name) => {
  put(name, 'select 1');
  expect(await codeOf(migrate(base.db, dir))).toBe('migration.name');
  expect(await tables()).toEqual([]);
});

test('a file that fails half way leaves the schema as the file before it left it', async () => {
  put('0003-broken.sql', 'create table third (id int);\ninsert into nowhere values (1);\n');
  const error = await migrate(base.db, dir).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'migration.failed', message: expect.stringContaining('0003-broken.sql, line 2') as string });
  expect(sqlstateOf(error)).toBe('42P01');
  expect(await tables()).toEqual(['first', 'schema_migrations']);
  put('0003-broken.sql', 'create table third (id int);\n');
  expect(await migrate(base.db, dir)).toEqual({ from: 2, to: 3 });
});
