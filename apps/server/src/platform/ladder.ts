/** Pauses between tries of what fails: short ones first, then daily for a week, then our tries have ended. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LATER_MS = [2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, ...Array.from({ length: 7 }, () => DAY)];
const MOST_RETRY_AFTER_MS = DAY;

/**
 * The pause after the n-th failed try (n ≥ 1), or null when there is none any more. `retryAfterMs`, what the other side asked for, may make it
 * longer, up to a day.
 */
export type Ladder = (attempts: number, retryAfterMs?: number | null) => number | null;

/** `firstSeconds`: the first steps, before two minutes. */
export function createLadder(firstSeconds: readonly number[]): Ladder {
  const steps = [...firstSeconds.map((seconds) => seconds * SECOND), ...LATER_MS];
  return (attempts, retryAfterMs) => {
    const step = steps[attempts - 1];
    return step === undefined ? null : Math.max(step, Math.min(retryAfterMs ?? 0, MOST_RETRY_AFTER_MS));
  };
}
