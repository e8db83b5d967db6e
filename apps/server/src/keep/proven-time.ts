/** Whether the clock may be believed when something is dropped for its age. Pure. */
import { MOST_PAUSE_MS } from './time-store.ts';

export interface ProvenTime {
  /** Nothing is older than it looks from here, ms UTC. */
  readonly at: number;
  /** The clock is so far ahead of it that a person must say which one is right. */
  readonly isDoubtful: boolean;
}
export function provenTime(now: number, provenAt: number): ProvenTime {
  const isDoubtful = now - provenAt > MOST_PAUSE_MS;
  return { at: isDoubtful ? provenAt : now, isDoubtful };
}
