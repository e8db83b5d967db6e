/** Positions: max(head's day, today) × 2^32 + counter. A position names its day, so that a day's table can be dropped whole. */
const DAY_MS = 86_400_000;
const DAY_SIZE = 2 ** 32;
export const dayOf = (now: number): number => Math.floor(now / DAY_MS);
/** The lowest position of the day of `now`; positions of that day lie above it. */
export const floorOf = (now: number): number => dayOf(now) * DAY_SIZE;
export const dayOfPosition = (position: number): number => Math.floor(position / DAY_SIZE);
/** The next position of a log whose last one is `head`. */
export const nextPosition = (head: number, now: number): number => Math.max(head, floorOf(now)) + 1;
