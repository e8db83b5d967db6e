/** What is stored of a consumer becomes the desk that its relay works at. */
import { type Caller, type Failure, isAccepted } from './attempt.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import { createChains } from './chains.ts';
import { noteDigest, REMEMBERED } from './compare.ts';
import { readLastNumbers } from './deliveries-store.ts';
import { createSend, type Projection } from './send.ts';
import { type Desk, type DeskDeps, type Failed, type Target, untilStored } from './desk.ts';
import type { LogEvent } from './envelope.ts';
import { createParkedList, type ParkedList } from './parked.ts';
import { createRecorder } from './recorder.ts';
import { type FailedTry, type Hold, readMismatched, readParked, saveFailedTry, takeConsumer } from './store.ts';
import { answerPlace } from './one-delivery.ts';
import { createWindow } from './window.ts';

/** Events beyond the saved cursor: as many are sent again after a crash, at most. */
const WINDOW_EVENTS = 1_000;
/** One more stops the endpoint until some of them get through or a person removes it. */
const MOST_PARKED = 100_000;
const LONGEST_PAUSE_MS = 86_400_000;
const TOO_MANY = 429;
const GONE = 410;

export interface OpenDeps extends DeskDeps {
  readonly caller: Caller;
  readonly projection: Projection;
  /** Installation id, the `source` of every event. */
  readonly source: string;
  /** What a receiver answered may hold anything. */
  readonly seal: (answer: Buffer, place: string) => Buffer;
}
type Life = Pick<Desk, 'end' | 'isEnding' | 'wake'>;

/** Undefined when the consumer is not ours (any more), or the relay ends before it is read. */
export async function openDesk(deps: OpenDeps, target: Target, hold: Hold, life: Life): Promise<Desk | undefined> {
  const { db, clock, steady, log, reach } = deps;
  const parked = createParkedList(steady);
  const mismatched = new Set<string>();
  let saved: number[] | null = null;
  let last = { segment: 0, failed: 0 };
  const isOurs = await untilStored({ ...life, log, target }, async () => {
    saved = await takeConsumer(db, hold);
    if (saved !== null) {
      last = await readLastNumbers(db, hold.consumer);
      await fillParked(deps, hold, parked);
      for (const subjectKey of await readMismatched(db, hold.consumer, REMEMBERED)) mismatched.add(subjectKey);
    }
    return saved !== null;
  });
  if (!isOurs) return undefined;
  const warn = (why: string): void => log.warn('broadcast.breaker_opened', { endpointId: target.id, why });
  const breaker = createBreaker(steady, warn, parked.subjectKeys());
  let { failed } = last;
  const base = {
    db,
    clock,
    steady,
    log,
    reach,
    target,
    hold,
    parked,
    mismatched,
    breaker,
    recorder: createRecorder(steady, last.segment),
    ...life,
  };
  return {
    ...base,
    chains: createChains(),
    window: createWindow(saved ?? [], WINDOW_EVENTS),
    wants: (event) => deps.projection.wants(event, target),
    isFor: (event) => deps.projection.wants(event, { ...target, eventTypes: null }),
    mayShow: deps.projection.mayShow,
    deliver: createDeliver({ ...base, seal: deps.seal, nextFailed: () => ++failed }, createSend(deps, target), (event) =>
      deps.projection.digest(event, target),
    ),
  };
}

export const isFull = (desk: Desk | undefined): boolean => (desk?.parked.size ?? 0) >= MOST_PARKED;

async function fillParked({ db, clock, steady }: DeskDeps, { consumer }: Hold, parked: ParkedList): Promise<void> {
  for (const { nextAt, ...row } of await readParked(db, consumer, MOST_PARKED + WINDOW_EVENTS)) {
    const pauseMs = Math.min(Math.max(0, nextAt - clock.now()), LONGEST_PAUSE_MS);
    parked.put({ ...row, dueAt: steady.now() + pauseMs });
  }
}

type Around = Omit<Desk, 'chains' | 'window' | 'wants' | 'isFor' | 'mayShow' | 'deliver'> &
  Pick<OpenDeps, 'seal'> & { readonly nextFailed: () => number };

/** Around one try: what it means for the breaker and the log of deliveries, and the row of a failed one. */
function createDeliver(desk: Around, send: ReturnType<typeof createSend>, digestOf: (event: LogEvent) => string | null): Desk['deliver'] {
  const { breaker, clock, steady } = desk;
  return async (event, attempt) => {
    const [at, from, isProbe] = [clock.now(), steady.now(), breaker.isOpen()];
    const attempted = await send(event);
    const durationMs = Math.max(0, Math.round(steady.now() - from));
    if (isAccepted(attempted)) {
      const { partition, position, version, replay = 0 } = event;
      desk.recorder.took({ at: clock.now(), durationMs, status: attempted.status, attempt, partition, position, version, replay });
      succeeded(desk);
      if (attempted.digest !== null) await noteDigest(desk, event, attempted.digest, digestOf(event));
      return null;
    }
    if (desk.isEnding()) return { ...attempted, counts: false }; // we may have cut it off ourselves
    const failed = { ...attempted, counts: attempted.reached && !breaker.isOpen() && attempted.status !== GONE };
    tellBreaker(breaker, event.subjectKey, failed, isProbe);
    if (attempted.status === GONE) desk.end('gone');
    const row = failedTry(desk, event, attempted, { attempt, at, durationMs });
    await untilStored(desk, () => saveFailedTry(desk.db, desk.hold, row));
    return failed;
  };
}

function failedTry(
  { seal, nextFailed, target }: Around,
  event: LogEvent,
  failure: Failure,
  more: Pick<FailedTry, 'attempt' | 'at' | 'durationMs'>,
): FailedTry {
  const { subjectKey, version, partition, position, replay = null } = event;
  const { status, error, answer } = failure;
  const sealedAnswer = answer && seal(answer, answerPlace(target.id, { subjectKey, version, attempt: more.attempt }));
  return { id: nextFailed(), subjectKey, version, partition, position, replay, status, error, sealedAnswer, ...more };
}

function succeeded({ breaker, parked, wake }: Pick<Desk, 'breaker' | 'parked' | 'wake'>): void {
  const wasOpen = breaker.isOpen();
  parked.hasten(breaker.succeeded());
  if (wasOpen) wake();
}

function tellBreaker(breaker: Breaker, subjectKey: string, failed: Failed, isProbe: boolean): void {
  const waitMs = failed.retryAfterMs ?? 0;
  if (isProbe) breaker.probeFailed(waitMs);
  else if (!failed.reached) breaker.unreachable();
  else if (failed.counts && failed.status === TOO_MANY && waitMs > 0) breaker.asked(subjectKey, waitMs);
  else if (failed.counts) breaker.failed(subjectKey);
}
