/**
 * When an endpoint as a whole does not answer, its breaker opens and its cursor stands still: a dead endpoint parks at most
 * FAILURES_TO_OPEN subjects. Pure; the clock is a steady one, so a machine clock that jumps neither stops nor floods an endpoint.
 */
import type { Clock } from '#platform';
import { probePause } from './ladder.ts';

/** Different subjects that fail with no success between them. */
export const FAILURES_TO_OPEN = 20;
/** Different subjects for which the receiver asked us to slow down, with no success between them: one alone may be that order's own trouble. */
export const ASKED_TO_OPEN = 3;
/** What a receiver asks for is heeded for so long; then one delivery asks again. */
const LONGEST_ASKED_MS = 3_600_000;

export interface Breaker {
  isOpen(): boolean;
  /** Milliseconds until one delivery may be tried; 0 = now. Only of meaning while the breaker is open. */
  probeInMs(): number;
  /** Closes it, and answers the subjects whose failures had opened it: they go first. */
  succeeded(): readonly string[];
  /** The receiver was there and did not take it. */
  failed(subjectKey: string): void;
  /** The receiver was there and asked us to come back later (429 with Retry-After). */
  asked(subjectKey: string, waitMs: number): void;
  /** Nobody was there at all. */
  unreachable(): void;
  /** `waitMs`: what the receiver asked for, 0 = nothing. */
  probeFailed(waitMs?: number): void;
}

/**
 * `failedBefore`: the subjects that are parked when it begins. Until something is taken they count, or a dead endpoint would park as many again after each start;
 * with enough of them one delivery goes alone, before all others.
 */
export function createBreaker(clock: Clock, onOpen: (why: string) => void, failedBefore: Iterable<string> = []): Breaker {
  const [failing, asking] = [new Set(failedBefore), new Set<string>()];
  let [open, probes, probeAt] = [failing.size >= FAILURES_TO_OPEN, 0, clock.now()];
  const pause = (waitMs = 0): void => {
    probeAt = clock.now() + Math.max(probePause(probes++), Math.min(waitMs, LONGEST_ASKED_MS));
  };
  const openIt = (why: string, waitMs = 0): void => {
    if (open) return;
    open = true;
    pause(waitMs);
    onOpen(why);
  };
  const failed = (subjectKey: string): void => {
    if (open) return;
    failing.add(subjectKey);
    if (failing.size >= FAILURES_TO_OPEN) openIt(`${FAILURES_TO_OPEN} subjects in a row`);
  };
  return {
    isOpen: () => open,
    probeInMs: () => Math.max(0, probeAt - clock.now()),
    succeeded() {
      const goFirst = open ? [...failing] : [];
      failing.clear();
      asking.clear();
      [open, probes] = [false, 0];
      return goFirst;
    },
    failed,
    asked(subjectKey, waitMs) {
      asking.add(subjectKey);
      failed(subjectKey);
      if (asking.size >= ASKED_TO_OPEN) openIt('asked to wait', waitMs);
    },
    unreachable: () => openIt('unreachable'),
    probeFailed: pause,
  };
}
