/** The world's time: it flows with ours, passes when the script says so, and jumps. */
import type { Clock } from '../../apps/server/src/platform/index.ts';

export interface WorldClock extends Clock {
  /** Negative: the clock is put back, at most to `earliestMs`. */
  pass(ms: number): void;
  /** A hub's own clock, always so far from the world's. */
  skewed(byMs: number): Clock;
}

export function worldClock({ startMs, earliestMs }: { readonly startMs: number; readonly earliestMs: number }): WorldClock {
  const begun = performance.now();
  let added = 0;
  const now = (): number => Math.floor(startMs + (performance.now() - begun) + added);
  return {
    now,
    pass: (ms) => void (added += Math.max(ms, earliestMs - now())),
    skewed: (byMs) => ({ now: () => now() + byMs }),
  };
}
