import { inject } from 'vitest';
import { makeDatabase, type TestDatabase } from './database.ts';

export type { TestDatabase } from './database.ts';

/**
 * A fresh database of the server that this vitest run started. In a `*.store.test.ts` file the same test runs on the embedded PostgreSQL
 * and, in the project `store15`, on PostgreSQL 15. Call `drop()` in `afterAll`.
 */
export const testDatabase = (options: { readonly empty?: boolean } = {}): Promise<TestDatabase> =>
  makeDatabase(inject('postgresAdminUrl'), options);
