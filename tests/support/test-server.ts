import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDb, silentLog, startEmbedded } from '../../apps/server/src/platform/index.ts';
import { startPostgres15 } from '../../tools/postgres15.mjs';

/** One server for a whole vitest run, with a template database that has every migration. */
export interface TestServer {
  readonly adminUrl: string;
  stop(): Promise<void>;
}

export const TEMPLATE = 'weir_template';
const MIGRATIONS = join(import.meta.dirname, '..', '..', 'database', 'migrations');
/** As many files at once as there are cores, each with a house or two and their pools. */
const SMALL = { shared_buffers: '64MB', max_wal_size: '1GB', max_connections: '400' } as const;

export async function startTestServer(kind: 'embedded' | 'postgres15'): Promise<TestServer> {
  const server = kind === 'embedded' ? await startOnTemporaryHome() : await startPostgres15();
  try {
    await makeTemplate(server.adminUrl);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function startOnTemporaryHome(): Promise<TestServer> {
  const home = mkdtempSync(join(tmpdir(), 'weir-test-'));
  const { adminUrl, stop } = await startEmbedded({ home, settings: SMALL, log: silentLog });
  return { adminUrl, stop: () => stop().finally(() => rmSync(home, { recursive: true, force: true })) };
}

/** Tests log in as the owner of their database, as Weir does: what only a superuser may do fails here too. */
export const OWNER = 'weir_test';

export function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.username = OWNER; // with the superuser's password
  url.pathname = `/${database}`;
  return url.href;
}

async function makeTemplate(adminUrl: string): Promise<void> {
  const admin = openDb({ url: adminUrl, max: 1, name: 'weir-test-template' });
  try {
    await admin.query(`create role ${OWNER} login password '${new URL(adminUrl).password}'`);
    await admin.query(`create database ${TEMPLATE} owner ${OWNER} encoding 'UTF8' template template0`);
  } finally {
    await admin.end();
  }
  const template = openDb({ url: urlOf(adminUrl, TEMPLATE), max: 1, name: 'weir-test-template' });
  await migrate(template, MIGRATIONS).finally(() => template.end());
}
