/**
 * Timelines. A restored house has forgotten what it said after its backup, and the world has not: from here on every number that it hands out lies above all that may have been
 * handed out before. All of them are drawn from the clock, so that a backup that is restored twice repeats nothing either. See docs/decisions/0011-timelines.md.
 */
const BEGIN_MS = Date.UTC(2026, 0, 1);
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const DAY_SIZE = 2 ** 32;

/** A house that was never restored. */
export const FIRST_TIMELINE = 1;
/** Under a clock that was put back a timeline still lies above the one that it knows of. */
const LEAST_STEP = 500;
/** More changes of one order than a restored house lives through before it is restored again. An `int` holds them until 2060. */
const VERSIONS_A_SECOND = 2;
/** More new orders of one partition than a second brings: 320 orders a second in all. */
const SERIALS_A_SECOND = 5;
const LEAST_SERIALS = 1_000_000;

const secondsAt = (now: number): number => Math.floor((now - BEGIN_MS) / SECOND_MS);

/** A timeline is named by the second in which it began. */
export const timelineAfter = (before: number, now: number): number => Math.max(secondsAt(now), before + LEAST_STEP);

/** Versions (of orders, addresses, bundles) that are counted on lie above it; new orders begin at 1 in every timeline, for their keys are new. */
export const counterFloorOf = (timeline: number): number => (timeline <= FIRST_TIMELINE ? 0 : timeline * VERSIONS_A_SECOND);

/** The counter after `value`; `floor` is that of the timeline. What was never counted begins at 1: nobody has seen it. */
export const nextCounter = (value: number, floor: number): number => (value === 0 ? 1 : Math.max(value, floor) + 1);

export const serialAfter = (before: number, now: number): number => Math.max(before + LEAST_SERIALS, secondsAt(now) * SERIALS_A_SECOND);

/** As many positions of today are passed over as the day is old: 50 thousand a second and partition. A log whose clock ran ahead goes on in the first day that lies above its head. */
export function positionAfter(before: number, now: number): number {
  const clock = Math.floor((now / DAY_MS) * DAY_SIZE);
  const daysAhead = Math.max(0, Math.floor((before - clock) / DAY_SIZE) + 1);
  return clock + daysAhead * DAY_SIZE;
}
