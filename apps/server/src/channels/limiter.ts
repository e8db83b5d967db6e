/** How fast one app may call for one shop. Runs on a steady clock: a machine clock that is put back must not stop the calls for hours. */
import type { Clock } from '#platform';

const FIRST_PAUSE_MS = 250;
const MOST_PAUSE_MS = 60_000;
const MOST_FAILURES = 16;

export interface Limiter {
  /** Resolves when the next call may go out. */
  turn(): Promise<void>;
  /** The platform said "slower", or was not there: the next calls wait, longer each time, until one succeeds. */
  failed(atLeastMs?: number): void;
  succeeded(): void;
}

export function createLimiter(callsPerSecond: number, steady: Clock, sleep: (ms: number) => Promise<unknown>): Limiter {
  const gapMs = 1_000 / callsPerSecond;
  let [nextAt, pausedUntil, failures] = [0, 0, 0];
  return {
    async turn() {
      const mine = Math.max(steady.now(), nextAt);
      nextAt = mine + gapMs;
      for (let wait = mine - steady.now(); wait > 0; wait = pausedUntil - steady.now()) await sleep(wait);
    },
    failed(atLeastMs = 0) {
      // Calls that were under way when the pause began fail for the same reason: that is one failure, not many.
      if (steady.now() < pausedUntil && atLeastMs === 0) return;
      // What a platform bans for an hour may be one call of many: whoever made it waits that long by itself, the line asks again sooner.
      const pause = Math.min(MOST_PAUSE_MS, Math.max(atLeastMs, FIRST_PAUSE_MS * 2 ** failures));
      failures = Math.min(failures + 1, MOST_FAILURES);
      pausedUntil = Math.max(pausedUntil, steady.now() + pause);
      nextAt = Math.max(nextAt, pausedUntil);
    },
    succeeded() {
      failures = 0;
    },
  };
}
