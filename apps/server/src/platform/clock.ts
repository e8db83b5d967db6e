/** The only source of time inside the house, so that a year of deadlines can be tested in a second. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Milliseconds since some moment, for pauses: it never jumps, whatever happens to the machine's clock. */
export const steadyClock: Clock = { now: () => performance.now() };

export interface ManualClock extends Clock {
  set(nowMs: number): void;
  advance(byMs: number): void;
}

/** A clock that moves only when told to; a negative `advance` is a clock that jumps back. */
export function manualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    set: (next) => {
      nowMs = next;
    },
    advance: (byMs) => {
      nowMs += byMs;
    },
  };
}

/** A machine that corrects its clock by less than this has not put it back. */
const LEAP_MS = 5_000;

/** Answers whether `clock` was put back since it was last asked; asked often, it misses no more of that than the time between. */
export function createLeapWatch(clock: Clock): () => boolean {
  let last = clock.now();
  return () => {
    const now = clock.now();
    const wasPutBack = last - now > LEAP_MS;
    last = now;
    return wasPutBack;
  };
}
