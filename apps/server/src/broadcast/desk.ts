/** What the pieces of one relay share: whom it serves, what waits, what is parked, and whether it goes on. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, Db, Log } from '#platform';
import type { Failure } from './attempt.ts';
import type { Breaker } from './breaker.ts';
import type { Chains } from './chains.ts';
import type { LogEvent } from './envelope.ts';
import type { Parked, ParkedList } from './parked.ts';
import { pauseAfter } from './ladder.ts';
import type { Recorder } from './recorder.ts';
import type { Secrets } from './secrets.ts';
import { type Hold, savePark } from './store.ts';
import type { Window } from './window.ts';

const RETRY_MS = 500;

export interface Target {
  readonly id: string;
  readonly url: string;
  readonly secrets: Secrets;
  readonly eventTypes: readonly string[] | null;
  readonly shops: readonly string[] | null;
  /** Top-level fields of the public state; null = all. */
  readonly fields: readonly string[] | null;
  /** Granted by an admin; mostly none. */
  readonly personalFields: readonly string[];
}
/** What decides who is told what. */
export type Audience = Omit<Target, 'secrets' | 'url'>;
export interface DeskDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** For pauses: a machine clock that jumps must neither stop nor flood an endpoint. */
  readonly steady: Clock;
  readonly log: Log;
  readonly reach: (point: string) => void;
}
export interface Failed extends Failure {
  /** Against the subject. A failure of the whole endpoint is the breaker's business: so at most those that opened it are parked. */
  readonly counts: boolean;
}
/** How a relay ends. `gone`: the receiver never wants to hear from us again. `fenced`: a later holder has this endpoint. */
export type Ending = 'stopped' | 'gone' | 'fenced';
export interface Desk extends DeskDeps {
  readonly target: Target;
  readonly hold: Hold;
  readonly window: Window;
  readonly chains: Chains;
  readonly parked: ParkedList;
  /** Subjects whose last comparison did not agree, as far as they are remembered. */
  readonly mismatched: Set<string>;
  readonly breaker: Breaker;
  /** What was delivered, until it is stored with the cursor. */
  readonly recorder: Recorder;
  readonly wants: (event: LogEvent) => boolean;
  /** Is its subject this target's business, whatever the event's type? */
  readonly isFor: (event: LogEvent) => boolean;
  /** May its state go out now? */
  readonly mayShow: (event: LogEvent) => boolean;
  /** One try; null when it was taken. Failed tries are stored, and the breaker knows of them. */
  readonly deliver: (event: LogEvent, attempt: number) => Promise<Failed | null>;
  readonly isEnding: () => boolean;
  readonly end: (why: Ending) => void;
  /** The loop looks again. */
  readonly wake: () => void;
}

/** Writes until the database takes it. False when the relay ends first: then nothing may count as settled that rests on it. */
export async function untilStored(
  desk: Pick<Desk, 'end' | 'isEnding' | 'log' | 'target'>,
  write: () => Promise<boolean>,
): Promise<boolean> {
  for (;;) {
    try {
      if (await write()) return true;
      desk.end('fenced');
    } catch (error) {
      desk.log.error('broadcast.not_stored', error, { endpointId: desk.target.id });
    }
    if (desk.isEnding()) return false;
    await pause(RETRY_MS);
  }
}

/** The next try of a subject that has failed `attempts` times; a failure of null only has it caught up, at once. */
export function parkedAt(desk: Desk, event: LogEvent, fromVersion: number, attempts: number, failure: Failure | null): Parked {
  const pause = failure === null ? 0 : pauseAfter(attempts, failure.retryAfterMs);
  const { partition, subjectKey } = event;
  if (pause === null) desk.log.warn('broadcast.dead_letter', { endpointId: desk.target.id, subject: subjectKey, version: fromVersion });
  return { partition, subjectKey, fromVersion, attempts, dueAt: desk.steady.now() + (pause ?? 0), dead: pause === null };
}

/** In memory at once, so that later events queue behind it; true when it is stored as well. */
export function park(desk: Desk, row: Parked, error: string): Promise<boolean> {
  desk.parked.put(row);
  return untilStored(desk, () => {
    const now = desk.clock.now();
    return savePark(desk.db, desk.hold, { ...row, nextAt: now + Math.max(0, row.dueAt - desk.steady.now()) }, now, error);
  });
}

/** A release lets go what was withheld from this version on; undefined for every other event. */
export function releasedFrom(event: LogEvent): number | undefined {
  if (event.type !== 'order.released' || event.withheld) return undefined;
  return (JSON.parse(event.detail) as { fromVersion?: number }).fromVersion;
}
