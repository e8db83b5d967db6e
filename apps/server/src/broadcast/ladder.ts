/** When to try again. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Ten steps in the first day, then daily for seven days, then a dead letter. */
const LADDER_MS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  DAY,
  DAY,
  DAY,
  DAY,
  DAY,
  DAY,
];
const PROBE_MS = [SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, MINUTE];
const MOST_RETRY_AFTER_MS = DAY;

/** Pause after the n-th failed try (n ≥ 1), or null when our tries have ended. A receiver's Retry-After may make it longer. */
export function pauseAfter(attempts: number, retryAfterMs: number | null): number | null {
  const step = LADDER_MS[attempts - 1];
  return step === undefined ? null : Math.max(step, Math.min(retryAfterMs ?? 0, MOST_RETRY_AFTER_MS));
}
export const probePause = (failures: number): number => PROBE_MS[Math.min(failures, PROBE_MS.length - 1)] as number;

/** Retry-After in seconds or as an HTTP date → milliseconds from `now`, or null. */
export function retryAfterMs(header: string | string[] | undefined, now: number): number | null {
  if (typeof header !== 'string') return null;
  if (/^\d{1,7}$/.test(header)) return Number(header) * SECOND;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
