import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import type { Db } from '#platform';
import { appendAudit, type AuditRow } from './store.ts';

/** A session that is silent inside its transaction is ended after three seconds; then whoever waited goes on. */
const LIMIT_MS = 6_000;
let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
});
afterAll(() => base.drop());
const aRow = (what: string): AuditRow => ({
  process: 'p1',
  day: '2026-02-20',
  at: Date.parse('2026-02-20T12:00:00Z'),
  who: 'tok_test',
  what,
  subject: null,
  detail: '{}',
  chainOf: () => Buffer.alloc(32),
});

/** What a stopped process looks like: it has the lock of its chain, and sends the next statement only when it wakes. */
function stoppedBeforeInsert(db: Db, onStopped: () => void, woken: Promise<void>): Db {
  const isStopped = async (text: string): Promise<void> => {
    if (!text.startsWith('insert')) return;
    onStopped();
    await woken;
  };
  return {
    ...db,
    transaction: (run) =>
      db.transaction((tx) => run({ ...tx, query: async (text, values) => (await isStopped(text), tx.query(text, values)) })),
  };
}

test('a process that is stopped while it writes an audit record holds up nobody for long, and writes nothing when it wakes', async () => {
  const [stopped, woken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const late = appendAudit(stoppedBeforeInsert(base.db, stopped.resolve, woken.promise), aRow('too late'));
  await stopped.promise;
  const from = performance.now();
  await appendAudit(base.db, aRow('written'));
  expect(performance.now() - from).toBeLessThan(LIMIT_MS);
  woken.resolve();
  await expect(late).rejects.toMatchObject({ retry: true });
  const { rows } = await base.db.query<{ what: string; serial: number }>('select what, serial from audit');
  expect(rows).toEqual([{ what: 'written', serial: 1 }]);
});
