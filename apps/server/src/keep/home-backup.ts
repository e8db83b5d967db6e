/** The backup of one data directory, whether its server runs or not. */
import { join } from 'node:path';
import { rootKeyId, ROOT_KEY_FILE } from '#access';
import { adminUrlOf, type Clock, lockHome, type Log, startEmbedded, StartProblem } from '#platform';
import { type Backup, type BackupDeps, type HouseFacts, makeBackup } from './backup.ts';
import { readDatabaseFacts } from './house-store.ts';
import { problemOf } from './problems.ts';

export interface HomeBackupOptions extends Pick<BackupDeps, 'signal' | 'reach'> {
  readonly home: string;
  readonly to: string;
  readonly weirVersion: string;
  readonly clock: Clock;
}

export interface HomeBackup extends Backup {
  /** How far time has come for sure, ms UTC. */
  readonly provenAt: number;
}

/** The database of `adminUrl` is running. */
export async function backupRunning({ home, to, weirVersion, ...deps }: HomeBackupOptions, adminUrl: string): Promise<HomeBackup> {
  let provenAt = 0;
  const facts = async (): Promise<HouseFacts> => {
    const database = await readDatabaseFacts(databaseOf(adminUrl));
    const keyId = rootKeyId(join(home, ROOT_KEY_FILE));
    if (database === null || keyId === null) throw problemOf('backup.nothing', { folder: home });
    const { installationId, timeline, schemaVersion, postgresVersion } = database;
    provenAt = database.provenAt;
    return { installationId, timeline, schemaVersion, postgresVersion, weirVersion, rootKeyId: keyId };
  };
  return { ...(await makeBackup(to, { ...deps, adminUrl, facts })), provenAt };
}

/** Where a server runs, beside it; else the database is started for as long as it takes. */
export async function backupHome(options: HomeBackupOptions, log: Log): Promise<HomeBackup> {
  const { home } = options;
  if (adminUrlOf(home) === null) throw problemOf('backup.nothing', { folder: home });
  const lock = await lockHome(home).catch((error: unknown) => {
    if (error instanceof StartProblem && error.code === 'home.in_use') return null;
    throw error;
  });
  if (lock === null) return backupRunning(options, adminUrlOf(home) as string);
  try {
    const { adminUrl, stop } = await startEmbedded({ home, log });
    return await backupRunning(options, adminUrl).finally(stop);
  } finally {
    await lock.release();
  }
}

function databaseOf(adminUrl: string): string {
  const url = new URL(adminUrl);
  url.pathname = '/weir';
  return url.href;
}
