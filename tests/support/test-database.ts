import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { openDb, type Db } from '../../apps/server/src/platform/index.ts';
import { OWNER, TEMPLATE, urlOf } from './test-server.ts';

export interface TestDatabase {
  readonly db: Db;
  readonly url: string;
  /** Ends the pool and removes the database, also when other connections are still open. */
  drop(): Promise<void>;
}

const CONNECTIONS = 10;

/**
 * A fresh database with every migration applied (a copy of the run's template, about 30 ms). In a `*.store.test.ts` file the same test
 * runs on the embedded PostgreSQL and, in the project `store15`, on PostgreSQL 15. Call `drop()` in `afterAll`.
 */
export async function testDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const adminUrl = inject('postgresAdminUrl');
  const name = `weir_test_${randomBytes(6).toString('hex')}`;
  const source = options.empty ? 'template0' : TEMPLATE;
  await asAdmin(adminUrl, `create database ${name} owner ${OWNER} encoding 'UTF8' template ${source}`);
  const url = urlOf(adminUrl, name);
  const db = openDb({ url, max: CONNECTIONS, name: 'weir-test' });
  const drop = async (): Promise<void> => {
    await asAdmin(adminUrl, `drop database if exists ${name} with (force)`);
    await db.end();
  };
  return { db, url, drop };
}

async function asAdmin(adminUrl: string, text: string): Promise<void> {
  const admin = openDb({ url: adminUrl, max: 1, name: 'weir-test-admin' });
  await admin.query(text).finally(() => admin.end());
}
