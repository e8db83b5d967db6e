/** One backup from its begin to its name: written under another one, made durable, read back, and only then called a backup. */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Clock, takeLockFile } from '#platform';
import { withBaseBackup } from './base-backup.ts';
import { fsyncPath, writeDurably } from './files.ts';
import { DATA_FILE, FORM, type Manifest, MANIFEST_FILE, manifestText } from './manifest.ts';
import { packTar } from './pack.ts';
import { problemOf } from './problems.ts';
import { readBackup } from './verify.ts';

/** What only the house knows. */
export type HouseFacts = Pick<Manifest, 'installationId' | 'timeline' | 'schemaVersion' | 'weirVersion' | 'postgresVersion' | 'rootKeyId'>;
export interface BackupDeps {
  readonly adminUrl: string;
  readonly clock: Clock;
  readonly facts: () => Promise<HouseFacts>;
  /** Gives it up; nothing of it stays. */
  readonly signal?: AbortSignal;
  /** Named points at which a test may stop the process. */
  readonly reach?: (point: string) => void;
}
export interface Backup {
  readonly folder: string;
  readonly manifest: Manifest;
}

const UNFINISHED = /^\.weir-.*\.part$/;
const LOCK = '.weir-backup.lock';
const stampOf = (now: number): string => new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
const isoOf = (now: number): string => new Date(now).toISOString();

/** Online; takes from the database what a standby would take. Refuses (StartProblem) `backup.busy`; throws Faults of database and disk. */
export async function makeBackup(dir: string, deps: BackupDeps): Promise<Backup> {
  const root = resolve(dir);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const lock = takeLockFile(join(root, LOCK));
  if (!lock.ok) throw problemOf('backup.busy', { folder: root, pid: lock.holder });
  try {
    for (const name of readdirSync(root)) if (UNFINISHED.test(name)) rmSync(join(root, name), { recursive: true, force: true });
    return await write(root, deps);
  } finally {
    lock.release();
  }
}

async function write(root: string, { adminUrl, clock, facts, signal, reach = () => {} }: BackupDeps): Promise<Backup> {
  const startedAt = clock.now();
  const name = `weir-${stampOf(startedAt)}Z`;
  const draft = join(root, `.${name}.part`);
  mkdirSync(draft, { mode: 0o700 });
  try {
    const house = await facts();
    const { files, data, range } = await withBaseBackup(adminUrl, signal, async (backup) => {
      reach('backup.begun');
      const packed = await packTar(backup.tar, join(draft, DATA_FILE));
      return { ...packed, range: backup.range() };
    });
    const manifest: Manifest = {
      form: FORM,
      startedAt: isoOf(startedAt),
      finishedAt: isoOf(clock.now()),
      ...house,
      ...range,
      data: { name: DATA_FILE, ...data },
      files,
    };
    writeDurably(join(draft, MANIFEST_FILE), manifestText(manifest));
    fsyncPath(join(draft, DATA_FILE));
    fsyncPath(draft);
    reach('backup.written');
    await readBackup(draft, {}, signal);
    const folder = join(root, name);
    renameSync(draft, folder);
    fsyncPath(root);
    return { folder, manifest };
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}
