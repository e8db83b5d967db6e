/** When to ask a channel again. The dice keep a thousand rows that failed together from coming back together. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LADDER_MS = [
  2 * SECOND,
  10 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  ...Array.from({ length: 7 }, () => DAY),
];
const MOST_RETRY_AFTER_MS = DAY;
const JITTER = 0.2;

/** Pause after the n-th failed try (n ≥ 1), up to a fifth longer by the dice (0 to 1); null when our tries have ended. */
export function pauseAfter(attempts: number, dice: () => number, retryAfterMs = 0): number | null {
  const step = LADDER_MS[attempts - 1];
  return step === undefined ? null : Math.round(Math.max(step, Math.min(retryAfterMs, MOST_RETRY_AFTER_MS)) * (1 + JITTER * dice()));
}
