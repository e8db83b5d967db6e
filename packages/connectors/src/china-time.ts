/** Times of Chinese platforms: seconds since 1970 on their wire, ISO 8601 with +08:00 on ours. */
const OFFSET_SECONDS = 8 * 3_600;
/** Up to the year 5138. Whoever writes more has written milliseconds, and is told so instead of being guessed at. */
export const MAX_EPOCH_SECONDS = 99_999_999_999;

/** "2026-02-22T09:06:30+08:00" of whole seconds from 1 to `MAX_EPOCH_SECONDS`. */
export const chinaTime = (epochSeconds: number): string =>
  `${new Date((epochSeconds + OFFSET_SECONDS) * 1_000).toISOString().slice(0, 19)}+08:00`;
