import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartProblem } from './faults.ts';
import { takeLockFile, type LockResult } from './lock-file.ts';

export interface HomeLock {
  /** Pid of a holder that died without releasing: its lease may be taken at once. */
  readonly predecessor: number | null;
  release(): Promise<void>;
}

const LOCK_NAME = 'weir.lock';

/** Makes the data directory if needed and takes it for this process. Refuses (StartProblem) `home.in_use`, `home.not_writable`, `disk.full`. */
export async function lockHome(home: string): Promise<HomeLock> {
  const lock = lockIn(home, LOCK_NAME);
  return { predecessor: lock.predecessor, release: async () => lock.release() };
}

/** The same for one part of the data directory. */
export function lockIn(home: string, name: string): Extract<LockResult, { ok: true }> {
  const dir = resolve(home);
  const lock = guard(dir, () => {
    mkdirSync(dir, { recursive: true, mode: 0o711 }); // others may pass through (the database's own user must), not look inside
    return takeLockFile(join(dir, name));
  });
  if (lock.ok) return lock;
  throw new StartProblem('home.in_use', {
    zh: `数据目录 ${dir} 正被另一个 Weir 使用（进程 ${lock.holder}）：请先停止它，或用 WEIR_HOME 指定另一个目录`,
    en: `The data directory ${dir} is in use by another Weir (process ${lock.holder}): stop that one first, or choose another directory with WEIR_HOME`,
  });
}

/** Turns what the file system says about the data directory into a sentence. */
export function guard<T>(dir: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw homeProblem(dir, error) ?? error;
  }
}

export function homeProblem(dir: string, error: unknown): StartProblem | null {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(dir);
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS' && code !== 'ENOTDIR') return null;
  const owner = ownerOf(dir);
  return new StartProblem(
    'home.not_writable',
    {
      zh: `数据目录 ${dir} 不可写${owner === null ? '' : `（属于用户 ${owner}）`}：请用创建它的用户运行，或用 WEIR_HOME 指定另一个目录`,
      en: `The data directory ${dir} cannot be written${owner === null ? '' : ` (it belongs to user ${owner})`}: run as the user who made it, or choose another directory with WEIR_HOME`,
    },
    error,
  );
}

export function diskFull(dir: string): StartProblem {
  return new StartProblem('disk.full', {
    zh: `磁盘已满，数据目录 ${dir} 写不下：请腾出空间后再启动`,
    en: `The disk of the data directory ${dir} is full: make room, then start again`,
  });
}

function ownerOf(dir: string): number | null {
  try {
    return statSync(dir).uid;
  } catch {
    return null;
  }
}
