/** Times of Chinese platforms: seconds since 1970 or Beijing text on their wire, ISO 8601 with +08:00 on ours. */
import { parseInstant } from '@weir/core';

const OFFSET_SECONDS = 8 * 3_600;
/** Up to the year 5138. Whoever writes more has written milliseconds, and is told so instead of being guessed at. */
export const MAX_EPOCH_SECONDS = 99_999_999_999;

/** "2026-02-22T09:06:30+08:00" of whole seconds from 1 to `MAX_EPOCH_SECONDS`. */
export const chinaTime = (epochSeconds: number): string =>
  `${new Date((epochSeconds + OFFSET_SECONDS) * 1_000).toISOString().slice(0, 19)}+08:00`;

const BEIJING = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
/** Seconds since 1970 of "2026-02-22 09:06:30", a clock on a wall in Beijing; null for anything else, and for a day that does not exist. */
export function readBeijing(text: string): number | null {
  const at = BEIJING.test(text) ? parseInstant(`${text.replace(' ', 'T')}+08:00`) : null;
  return at === null || at <= 0 ? null : at / 1_000;
}
/** "2026-02-22 09:06:30": as such platforms want to be asked. */
export const beijingText = (epochSeconds: number): string => chinaTime(epochSeconds).slice(0, 19).replace('T', ' ');
