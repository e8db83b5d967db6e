/** What the sink of the bench `broadcast` is asked and what it answers. */
export interface SinkReport {
  readonly taken: number;
  readonly repeats: number;
  readonly outOfOrder: number;
  readonly subjects: number;
  /** When each event came first, by its id, ms on the wall clock; for endpoints that are timed. */
  readonly arrivals: readonly (readonly [id: string, at: number])[];
}
/** `report`: what each endpoint got; `bodies`: some bodies as they came. */
export type SinkQuestion = 'report' | 'bodies';

/** Endpoints from this number on are timed. */
export const TIMED_FROM = 100;
/** Endpoints from this number on are counted and not checked: the baseline sends the same bodies again and again. */
export const UNCHECKED_FROM = 200;
