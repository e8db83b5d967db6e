/** What a kind of subject registers in `main.ts`. The runner loads, folds and saves without knowing a business word. */
import type { Sql, Step } from '#platform';
import type { Entry } from './segment.ts';

/** What became of one entry; a person or a machine may be waiting for it. It holds no personal data. */
export interface Outcome {
  readonly position: number;
  readonly result: 'created' | 'changed' | 'unchanged' | 'needs_review' | 'refused' | 'failed' | 'void';
  readonly orderKey?: string;
  readonly version?: number;
  readonly problems?: readonly unknown[];
  readonly code?: string;
  readonly params?: Readonly<Record<string, string | number>>;
}
export interface EventRow {
  readonly partition: number;
  readonly position: number;
  readonly subjectKey: string;
  readonly version: number;
  readonly type: string;
  readonly withheld: boolean;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly cause: number;
  readonly by: string;
  /** JSON text. */
  readonly detail: string;
  readonly state: string;
}
/** Hands out what the partition's holder owns; taken back when the batch fails. */
export interface Issuer {
  eventPosition(partition: number): number;
  /** n-th serial of the partition, never the same twice. */
  serial(partition: number): number;
}
export interface Folded<After> {
  readonly after: After;
  readonly events: readonly EventRow[];
  readonly outcomes: readonly Outcome[];
  /** What was thrown over the entries whose outcome is `failed`, by position: for the log. */
  readonly thrown?: ReadonlyMap<number, unknown>;
}
export interface Kind<Before = unknown, After = unknown> {
  /** The subjects of `entries` as they are; `unsaved` is what the batch before this one is just storing, and newer than the database. */
  load(sql: Sql, entries: readonly Entry[], unsaved: After | undefined): Promise<Before>;
  /** Pure but for the box that seals. `poisoned` positions are not worked on: they become dead letters and hold their subject. */
  fold(before: Before, entries: readonly Entry[], issuer: Issuer, now: number, poisoned: ReadonlyMap<number, unknown>): Folded<After>;
  /** What stores it, in one transaction with events, outcomes and positions. */
  save(after: After): readonly Step[];
}
