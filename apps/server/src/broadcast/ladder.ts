/** When to try again. */
import { createLadder } from '#platform';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Ten steps in the first day, then daily for seven days, then a dead letter. A receiver's Retry-After may make a step longer. */
export const pauseAfter = createLadder([5, 30]);
const PROBE_MS = [SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, MINUTE];
export const probePause = (failures: number): number => PROBE_MS[Math.min(failures, PROBE_MS.length - 1)] as number;

/** Retry-After in seconds or as an HTTP date → milliseconds from `now`, or null. */
export function retryAfterMs(header: string | string[] | undefined, now: number): number | null {
  if (typeof header !== 'string') return null;
  if (/^\d{1,7}$/.test(header)) return Number(header) * SECOND;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
