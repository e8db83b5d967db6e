/**
 * When an endpoint as a whole does not answer, its breaker opens and its cursor stands still: a dead endpoint parks at most
 * FAILURES_TO_OPEN subjects. Pure; the clock is a steady one, so a machine clock that jumps neither stops nor floods an endpoint.
 */
import type { Clock } from '#platform';
import { probePause } from './ladder.ts';

/** Different subjects that fail with no success between them. */
export const FAILURES_TO_OPEN = 20;

export interface Breaker {
  isOpen(): boolean;
  /** Milliseconds until one delivery may be tried; 0 = now. Only of meaning while the breaker is open. */
  probeInMs(): number;
  /** Closes it, and answers the subjects whose failures had opened it: they go first. */
  succeeded(): readonly string[];
  /** The receiver was there and did not take it. */
  failed(subjectKey: string): void;
  /** Nobody was there at all. */
  unreachable(): void;
  probeFailed(): void;
  /** One delivery alone, before all others: for an endpoint that may well be dead still. */
  halfOpen(): void;
}

export function createBreaker(clock: Clock, onOpen: (why: string) => void): Breaker {
  const failing = new Set<string>();
  let [open, probes, probeAt] = [false, 0, 0];
  const pause = (): void => {
    probeAt = clock.now() + probePause(probes++);
  };
  const openIt = (why: string): void => {
    if (open) return;
    open = true;
    pause();
    onOpen(why);
  };
  return {
    isOpen: () => open,
    probeInMs: () => Math.max(0, probeAt - clock.now()),
    succeeded() {
      const goFirst = open ? [...failing] : [];
      failing.clear();
      [open, probes] = [false, 0];
      return goFirst;
    },
    failed(subjectKey) {
      if (open) return;
      failing.add(subjectKey);
      if (failing.size >= FAILURES_TO_OPEN) openIt(`${FAILURES_TO_OPEN} subjects in a row`);
    },
    unreachable: () => openIt('unreachable'),
    probeFailed: pause,
    halfOpen() {
      open = true;
      probeAt = clock.now();
    },
  };
}
