/** A backup a day while the server runs, old ones removed, and for whoever watches: when the last good one was made. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, type Log, StartProblem } from '#platform';
import type { Backup } from './backup.ts';
import { provenTime } from './proven-time.ts';
import { listBackups, pruneBackups } from './shelf.ts';

const EVERY_MS = 86_400_000;
const LOOK_MS = 60_000;
const AGAIN_MS = 1_800_000;

export interface BackupState {
  /** Begin of the newest backup in the folder, ms UTC. */
  readonly at: number | null;
  /** The last try failed, and none has succeeded since. */
  readonly isFailing: boolean;
}
export interface Daily {
  state(): BackupState;
  /** One that is under way is given up, and nothing of it stays. */
  stop(): Promise<void>;
}
interface Deps {
  readonly dir: string;
  readonly keepMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly make: (signal: AbortSignal) => Promise<Backup>;
  /** How far time has come for sure, ms UTC: a clock that is ahead makes no backup old. */
  readonly provenAt: () => Promise<number>;
}

export function startDaily({ dir, keepMs, clock, log, make, provenAt }: Deps): Daily {
  const stopping = new AbortController();
  const { signal } = stopping;
  const newest = (): number | null => {
    const [last] = listBackups(dir);
    return last === undefined ? null : Date.parse(last.manifest.startedAt);
  };
  let [at, failedAt] = [newest(), null as number | null];
  const isDue = (now: number): boolean =>
    (failedAt === null || Math.abs(now - failedAt) >= AGAIN_MS) && (at === null || Math.abs(now - at) >= EVERY_MS);
  const makeOne = async (): Promise<void> => {
    try {
      const { folder, manifest } = await make(signal);
      [at, failedAt] = [Date.parse(manifest.startedAt), null];
      const removed = pruneBackups(dir, provenTime(clock.now(), await provenAt()).at - keepMs);
      log.event('backup.made', { folder, bytes: manifest.data.size, removed: removed.length });
    } catch (error) {
      if (signal.aborted) return;
      failedAt = clock.now();
      if (error instanceof StartProblem) log.warn('backup.failed', { code: error.code, why: error.en });
      else log.error('backup.failed', error, { dir });
    }
  };
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      if (isDue(clock.now())) await makeOne();
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  };
  const running = loop();
  return {
    state: () => ({ at, isFailing: failedAt !== null }),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
