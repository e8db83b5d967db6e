/** When to ask a channel again. The dice keep a thousand rows that failed together from coming back together. */
import { createLadder } from '#platform';

const ladder = createLadder([2, 10, 30]);
const JITTER = 0.2;

/** Pause after the n-th failed try (n ≥ 1), up to a fifth longer by the dice (0 to 1); null when our tries have ended. */
export function pauseAfter(attempts: number, dice: () => number, retryAfterMs?: number): number | null {
  const pause = ladder(attempts, retryAfterMs);
  return pause === null ? null : Math.round(pause * (1 + JITTER * dice()));
}
