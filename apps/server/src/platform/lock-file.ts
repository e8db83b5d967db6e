import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { processFacts } from './process-facts.ts';

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

export type LockResult =
  | { readonly ok: true; readonly predecessor: number | null; release(): void }
  | { readonly ok: false; readonly holder: number };

const TRIES = 20;

/**
 * A lock that a dead process cannot keep: the file names pid and start time, so a pid that was given to somebody else does not count.
 * It appears by `link`, whole or not at all. A dead holder's file is moved aside by `rename`, which only one of two rivals can do.
 */
export function takeLockFile(path: string): LockResult {
  const own = JSON.stringify({ pid: process.pid, startedAt: processFacts(process.pid)?.startedAt ?? '' } satisfies Holder);
  let predecessor: number | null = null;
  for (let i = 0; i < TRIES; i += 1) {
    if (createWhole(path, own)) return { ok: true, predecessor, release: () => release(path, own) };
    const seen = readText(path);
    if (seen === null) continue;
    const holder = parseHolder(seen);
    if (holder !== null && isAlive(holder)) return { ok: false, holder: holder.pid };
    if (moveAside(path, seen)) predecessor = holder?.pid ?? null;
  }
  throw new Error(`the lock file ${path} changes hands too fast`);
}

function createWhole(path: string, content: string): boolean {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, content, { flag: 'wx', mode: 0o644 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** True when the dead holder's file is gone by our hand. If a rival had already put its own there, that one is put back. */
function moveAside(path: string, seen: string): boolean {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  const moved = readText(aside);
  if (moved !== seen && moved !== null) createWhole(path, moved);
  rmSync(aside, { force: true });
  return moved === seen;
}

function release(path: string, own: string): void {
  if (readText(path) === own) rmSync(path, { force: true });
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function parseHolder(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.startedAt === 'string' ? { pid: value.pid, startedAt: value.startedAt } : null;
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  const facts = processFacts(holder.pid);
  return facts !== null && !facts.zombie && facts.startedAt === holder.startedAt;
}
