/** A backup becomes a house again, in an empty data directory and in a new timeline. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Clock, lockHome, type Log, placeCluster, startEmbedded } from '#platform';
import { ROOT_KEY_FILE, rootKeyId } from '#access';
import { ERASURES_FILE } from './erasure-list.ts';
import { fsyncPath, writeDurably } from './files.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { newTimeline, type TimelineBegun } from './new-timeline.ts';
import { problemOf } from './problems.ts';
import { readBackup } from './verify.ts';

const MARK = 'restoring.json';
/** What may lie in a data directory that is to be filled. */
const MAY_BE_THERE: ReadonlySet<string> = new Set([ROOT_KEY_FILE, 'weir.lock']);

export interface RestoreOptions {
  readonly from: string;
  readonly home: string;
  /** Copied into the data directory when it has none. */
  readonly rootKey?: string | undefined;
  /** The list of erasures; the one that lies beside the backup unless said. */
  readonly erasures?: string | undefined;
  readonly migrations: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Named points at which a test may stop the process. */
  readonly reach?: (point: string) => void;
}
export interface Restored extends TimelineBegun {
  readonly manifest: Manifest;
}

/** Refuses (StartProblem) a data directory of which a restore was begun and never ended: `home.half_restored`. */
export function refuseHalfRestored(home: string): void {
  const file = join(home, MARK);
  if (!existsSync(file)) return;
  throw problemOf('home.half_restored', { folder: resolve(home), from: fromOf(readFileSync(file, 'utf8')) });
}
function fromOf(text: string): string {
  try {
    return (JSON.parse(text) as { from: string }).from;
  } catch {
    return '?';
  }
}

/** Refuses (StartProblem): `restore.*`, `backup.none`, `backup.damaged`, and what a start refuses. */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const home = resolve(options.home);
  const { log, clock, migrations, reach = () => {} } = options;
  const from = resolve(options.from);
  const manifest = readManifest(from);
  const erasures = erasuresOf(options.erasures, from);
  const lock = await lockHome(home);
  try {
    refuseFull(home);
    takeRootKey(home, options.rootKey, manifest);
    writeDurably(join(home, MARK), JSON.stringify({ from, begunAt: new Date(clock.now()).toISOString() }));
    fsyncPath(home);
    await placeCluster(home, (folder) => unpack(from, folder));
    reach('restore.placed');
    const { url, stop } = await startEmbedded({ home, log });
    try {
      const begun = await newTimeline({ url, home, migrations, clock, backupAt: Date.parse(manifest.startedAt), from, erasures });
      reach('restore.new_timeline');
      await stop();
      rmSync(join(home, MARK));
      fsyncPath(home);
      return { manifest, ...begun };
    } finally {
      await stop();
    }
  } finally {
    await lock.release();
  }
}

function erasuresOf(given: string | undefined, backup: string): string | null {
  if (given !== undefined && !existsSync(given)) throw problemOf('restore.no_erasures', { file: given });
  const beside = join(dirname(backup), ERASURES_FILE);
  return given ?? (existsSync(beside) ? beside : null);
}

function refuseFull(home: string): void {
  refuseHalfRestored(home);
  const there = readdirSync(home).filter((name) => !MAY_BE_THERE.has(name));
  if (there.length > 0) throw problemOf('restore.not_empty', { folder: home, what: there.slice(0, 3).join(', ') });
}

function takeRootKey(home: string, given: string | undefined, manifest: Manifest): void {
  const file = join(home, ROOT_KEY_FILE);
  const source = existsSync(file) ? file : given;
  const id = source === undefined ? null : rootKeyId(source);
  if (id === null || source === undefined) throw problemOf('restore.no_root_key', { folder: home });
  if (id !== manifest.rootKeyId) throw problemOf('restore.wrong_root_key');
  if (source === file) return;
  copyFileSync(source, file);
  chmodSync(file, 0o600);
  fsyncPath(file);
}

/** The files of the backup, each compared with the manifest as it is written. */
async function unpack(from: string, folder: string): Promise<void> {
  let file: Awaited<ReturnType<typeof open>> | undefined;
  const close = async (): Promise<void> => {
    await file?.close();
    file = undefined;
  };
  try {
    await readBackup(from, {
      begin: async ({ name, kind }) => {
        await close();
        const path = join(folder, name);
        if (kind === 'link') throw problemOf('backup.damaged', { folder: from, what: name }); // we make no tablespaces
        mkdirSync(kind === 'folder' ? path : dirname(path), { recursive: true, mode: 0o700 });
        if (kind === 'file') file = await open(path, 'wx', 0o600);
      },
      body: async (bytes) => {
        await file?.writeFile(bytes);
      },
    });
  } finally {
    await close();
  }
}
