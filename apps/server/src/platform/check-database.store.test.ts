import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import { checkDatabase, openDb, type Db } from './index.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase({ empty: true });
});
afterAll(() => base.drop());

/** The real server, except that it says something else about one of its settings. */
function claiming(name: string, value: string): Db {
  return {
    ...base.db,
    query: async <R>(text: string, values?: readonly unknown[]) => {
      const { rows, rowCount } = await base.db.query<{ name: string; value: string }>(text, values);
      return { rows: rows.map((row) => (row.name === name ? { name, value } : row)) as R[], rowCount };
    },
  };
}

test('a safe server is accepted and says its version', async () => {
  const facts = await checkDatabase(base.db);
  expect(facts.version).toMatch(/^(15|18)\./);
  expect(facts.settings).toMatchObject({ fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' });
});

test('synchronous_commit = off of the real server is refused', async () => {
  // In this database only: the tests of other files log in as the same role.
  const set = (how: string) => base.db.query(`alter database "${new URL(base.url).pathname.slice(1)}" ${how}`);
  await set('set synchronous_commit = off');
  const fresh = openDb({ url: base.url, max: 1, name: 'unsafe' });
  try {
    const refused = { code: 'database.unsafe', zh: expect.stringContaining('synchronous_commit') as string };
    await expect(checkDatabase(fresh)).rejects.toMatchObject(refused);
  } finally {
    await fresh.end();
    await set('reset synchronous_commit');
  }
});

test.each([
  ['fsync', 'off', 'database.unsafe'],
  ['full_page_writes', 'off', 'database.unsafe'],
  ['server_version_num', '149999', 'database.too_old'],
  ['server_encoding', 'SQL_ASCII', 'database.encoding'],
])('a server with %s = %s is refused as %s', async (name, value, code) => {
  await expect(checkDatabase(claiming(name, value))).rejects.toMatchObject({ name: 'StartProblem', code });
});

test.each([
  ['password', 'wrong', 'database.login'],
  ['pathname', '/no_such_database', 'database.login'],
  ['port', '1', 'database.unreachable'],
])('a database url with another %s is refused as a sentence', async (part, value, code) => {
  const other = openDb({ url: Object.assign(new URL(base.url), { [part]: value }).href, max: 1, name: 'elsewhere' });
  await expect(checkDatabase(other)).rejects.toMatchObject({ name: 'StartProblem', code });
  await other.end();
});
