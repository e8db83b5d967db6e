/** One consumer: reads the log behind its cursor and delivers, each subject in order, a failing subject parked while the others go on. */
import type { Clock, Db, Log } from '#platform';
import type { Attempted, Caller } from './attempt.ts';
import { bodyOf, type LogEvent, signedHeaders, webhookId } from './envelope.ts';
import { pauseAfter, probePause } from './ladder.ts';
import { deletePark, type ParkedRow, readCursor, readPage, readParked, readSubject, saveCursor, saveFailure, savePark } from './store.ts';

/** 64 partitions × this many: at most 1,024 events are in flight beyond the cursor. */
const PAGE_PER_PARTITION = 16;
const SUBJECTS_AT_ONCE = 64;
const PARKED_AT_ONCE = 20;
const FAILURES_TO_OPEN = 20;
const SUBJECT_EVENTS = 500;
const POLL_MS = 250;
const GONE = 410;

export interface Target {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly eventTypes: readonly string[] | null;
  readonly shops: readonly string[] | null;
}
export interface RelayDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly caller: Caller;
  /** Installation id, the `source` of every event. */
  readonly source: string;
  /** What this consumer is told of an event, or null when it is not meant for it. */
  readonly project: (event: LogEvent, target: Target) => object | null;
  /** The receiver said that it is gone for good: the endpoint is paused. */
  readonly onGone: (id: string) => Promise<void>;
  readonly reach: (point: string) => void;
  /** Told how each try ended, for whoever counts. */
  readonly attempted?: (endpointId: string, result: Attempted['kind']) => void;
}
export interface Relay {
  wake(): void;
  stop(): Promise<void>;
  state(): { readonly breakerOpen: boolean; readonly parked: number };
  readonly target: Target;
}
type Delivery = 'taken' | 'skipped' | { readonly failed: Attempted };

export function startRelay(deps: RelayDeps, target: Target): Relay {
  const parked = new Map<string, ParkedRow>();
  /** Newest position of a parked subject that the cursor has passed: catching up goes this far. */
  const passed = new Map<string, number>();
  let cursor: number[] = [];
  let page: LogEvent[] = [];
  let pageEnd: number[] | undefined;
  let [stopping, gone, failures, probes, openUntil] = [false, false, 0, 0, 0];
  let wake: () => void = () => {};
  let catching: Promise<void> | undefined;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const isOpen = (): boolean => openUntil > 0;
  const taken = (): void => {
    [failures, probes, openUntil] = [0, 0, 0];
  };
  const open = (why: string): void => {
    if (isOpen()) return;
    deps.log.warn('broadcast.breaker_opened', { endpointId: target.id, why });
    openUntil = deps.clock.now() + probePause(probes++);
  };

  const deliver = async (event: LogEvent, attempt: number): Promise<Delivery> => {
    const data = deps.project(event, target);
    if (data === null) return 'skipped';
    const now = deps.clock.now();
    const id = webhookId(event, target.id);
    const body = bodyOf(event, deps.source, data);
    const answer = await deps.caller.attempt(target.url, signedHeaders(id, target.secret, now, body), body, now);
    deps.attempted?.(target.id, answer.kind);
    deps.reach('broadcast.after_post');
    if (answer.kind === 'taken') {
      taken();
      return 'taken';
    }
    const [status, error] = answer.kind === 'refused' ? [answer.status, `http_${answer.status}`] : [null, answer.error];
    await saveFailure(deps.db, target.id, event, attempt, now, status, error, deps.clock.now() - now);
    if (status === GONE) gone = true;
    return { failed: answer };
  };

  const park = async (event: LogEvent, attempts: number, answer: Attempted | null): Promise<void> => {
    const now = deps.clock.now();
    const pause = attempts === 0 ? 0 : pauseAfter(attempts, answer?.kind === 'refused' ? answer.retryAfterMs : null);
    const row = {
      partition: event.partition,
      subjectKey: event.subjectKey,
      fromVersion: event.version,
      attempts,
      nextAt: now + (pause ?? 0),
      dead: pause === null,
    };
    parked.set(event.subjectKey, row);
    const error =
      answer === null
        ? 'released'
        : answer.kind === 'refused'
          ? `http_${answer.status}`
          : answer.kind === 'unreachable'
            ? answer.error
            : '';
    await savePark(deps.db, target.id, row, now, error);
  };

  /** Delivers what the page holds of one subject; what is left of it stays in the page when the breaker is open. */
  const workSubject = async (events: LogEvent[]): Promise<void> => {
    for (let event = events[0]; event !== undefined; event = events[0]) {
      if (isOpen() || stopping || gone) return;
      if (parked.has(event.subjectKey)) {
        passed.set(event.subjectKey, event.position);
        events.shift();
        continue;
      }
      const releasedFrom =
        event.type === 'order.released' && !event.withheld ? (JSON.parse(event.detail) as { fromVersion?: number }).fromVersion : undefined;
      if (releasedFrom !== undefined) {
        passed.set(event.subjectKey, event.position);
        await park({ ...event, version: releasedFrom }, 0, null);
        events.shift();
        continue;
      }
      const done: Delivery = event.withheld ? 'skipped' : await deliver(event, 1);
      if (typeof done !== 'string') {
        if (done.failed.kind === 'unreachable') return open(done.failed.error);
        if (gone || isOpen()) return; // tried when it opened: stays in the page, so at most FAILURES_TO_OPEN are parked
        passed.set(event.subjectKey, event.position);
        if (++failures >= FAILURES_TO_OPEN) open('20 subjects in a row');
        await park(event, 1, done.failed);
      }
      events.shift();
    }
  };

  const workPage = async (): Promise<boolean> => {
    if (page.length === 0) page = await readPage(deps.db, cursor, PAGE_PER_PARTITION);
    if (page.length === 0) return false;
    const chains = new Map<string, LogEvent[]>();
    for (const event of page) chains.set(event.subjectKey, [...(chains.get(event.subjectKey) ?? []), event]);
    const after = [...cursor];
    for (const event of page) after[event.partition] = Math.max(after[event.partition] as number, event.position);
    const waiting = [...chains.values()];
    await Promise.all(
      Array.from({ length: Math.min(SUBJECTS_AT_ONCE, waiting.length) }, async () => {
        for (let chain = waiting.pop(); chain !== undefined; chain = waiting.pop()) await workSubject(chain);
      }),
    );
    page = [...chains.values()].flat();
    if (page.length > 0) {
      pageEnd ??= after;
      return true;
    }
    cursor = pageEnd ?? after;
    pageEnd = undefined;
    deps.reach('broadcast.before_cursor');
    await saveCursor(deps.db, target.id, cursor);
    return true;
  };

  /** A parked subject: everything from its version on, in order, as far as the cursor has passed. */
  const catchUp = async (row: ParkedRow): Promise<void> => {
    let from = row.fromVersion;
    for (;;) {
      const upTo = passed.get(row.subjectKey) ?? cursor[row.partition] ?? 0;
      const events = await readSubject(deps.db, row.partition, row.subjectKey, from, upTo, SUBJECT_EVENTS);
      const releases = events.filter((event) => event.type === 'order.released' && !event.withheld);
      const letGo = (event: LogEvent): boolean =>
        !event.withheld ||
        releases.some(
          (each) =>
            each.version > event.version &&
            ((JSON.parse(each.detail) as { fromVersion?: number }).fromVersion ?? Infinity) <= event.version,
        );
      for (const event of events) {
        if (stopping || gone) return;
        const done = letGo(event) ? await deliver(event, row.attempts + 1) : 'skipped';
        if (typeof done !== 'string') {
          const same = event.version === row.fromVersion;
          await park(event, same ? row.attempts + 1 : 1, done.failed);
          if (done.failed.kind === 'unreachable') open(done.failed.error);
          return;
        }
        from = event.version + 1;
      }
      if (events.length === 0 && upTo === (passed.get(row.subjectKey) ?? upTo)) break;
    }
    parked.delete(row.subjectKey);
    passed.delete(row.subjectKey);
    await deletePark(deps.db, target.id, row.partition, row.subjectKey);
  };
  const catchUpDue = async (): Promise<void> => {
    const now = deps.clock.now();
    const due = [...parked.values()].filter((row) => !row.dead && row.nextAt <= now).slice(0, PARKED_AT_ONCE);
    await Promise.all(due.map(catchUp));
  };
  /** While the breaker is open one delivery is tried when its pause is over; its success closes the breaker, and the parked go first. */
  const probe = async (): Promise<void> => {
    const row = [...parked.values()].find((each) => !each.dead);
    const event = row
      ? (
          await readSubject(
            deps.db,
            row.partition,
            row.subjectKey,
            row.fromVersion,
            passed.get(row.subjectKey) ?? Number.MAX_SAFE_INTEGER,
            1,
          )
        )[0]
      : page[0];
    if (event === undefined) return taken();
    const done = event.withheld ? 'skipped' : await deliver(event, (row?.attempts ?? 0) + 1);
    if (typeof done !== 'string') {
      openUntil = deps.clock.now() + probePause(probes++);
      return;
    }
    taken();
    for (const each of parked.values()) if (!each.dead) parked.set(each.subjectKey, { ...each, nextAt: 0 });
    await catchUpDue();
  };

  const loop = async (): Promise<void> => {
    while (!stopping && !gone) {
      try {
        if (cursor.length === 0) {
          cursor = (await readCursor(deps.db, target.id)) ?? [];
          if (cursor.length === 0) return;
          for (const row of await readParked(deps.db, target.id)) parked.set(row.subjectKey, row);
        }
        if (isOpen()) {
          if (deps.clock.now() >= openUntil) await probe();
          else await sleep(Math.min(POLL_MS, openUntil - deps.clock.now()));
          continue;
        }
        catching ??= catchUpDue()
          .catch((error: unknown) => deps.log.error('broadcast.catch_up_failed', error, { endpointId: target.id }))
          .finally(() => (catching = undefined));
        if (!(await workPage())) {
          await catching;
          await sleep(POLL_MS);
        }
      } catch (error) {
        deps.log.error('broadcast.failed', error, { endpointId: target.id });
        await sleep(POLL_MS);
      }
    }
    await catching;
    if (gone) await deps.onGone(target.id);
  };
  const running = loop();
  return {
    target,
    wake: () => wake(),
    async stop() {
      stopping = true;
      wake();
      await running;
    },
    state: () => ({ breakerOpen: isOpen(), parked: parked.size }),
  };
}
