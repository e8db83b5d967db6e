/** The one who works: takes the lease, works what was appended in batches, and stands by while another holds it. */
import type { Keys } from '#access';
import { type Clock, createBell, Fault, isPartMissing, type Log } from '#platform';
import type { Handed } from './gather.ts';
import { createInboxReader, type NextEntries } from './inbox-reader.ts';
import type { Outcomes } from './outcomes.ts';
import { makeParts } from './parts.ts';
import { freeLease, type LeaseRow, renewLease, takeLease } from './store.ts';
import {
  type BatchDeps,
  isContentFault,
  LeaseLost,
  type Prepared,
  prepareBatch,
  storeBatch,
  workBatch,
  type Worked,
} from './work-batch.ts';

const LEASE_TTL_MS = 4_000;
const RENEW_MS = 1_000;
const STANDBY_POLL_MS = 250;
/** How often the log is looked at for what other processes appended. */
const FOREIGN_POLL_MS = 200;
const RETRY_FIRST_MS = 50;
const RETRY_MOST_MS = 5_000;

export interface Worker {
  handOver(handed: Handed): void;
  start(): void;
  /** Finishes the batch in hand and gives the lease away. */
  stop(): Promise<void>;
  /**
   * `position` is what is stored, not what is being decided. `isSure`: nobody else can have taken the lease yet, by our own steady clock. Storing needs no such
   * promise, it is fenced; a call to somebody outside is not.
   */
  state(): { readonly holds: boolean; readonly isSure: boolean; readonly epoch: number; readonly position: number };
}
interface Deps extends BatchDeps {
  readonly keys: Pick<Keys, 'box'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly outcomes: Outcomes;
  /** Told after each commit, e.g. to wake those who read events; `ms` is what storing the batch took. */
  readonly onWorked: (worked: Worked, ms: number) => void;
  /** `<home id> <process id>`: a new process of the same home takes its dead predecessor's lease at once. */
  readonly holder: string;
}
const positionOf = (lease: LeaseRow): number => Math.min(...lease.positions);

export function createWorker(deps: Deps): Worker {
  const reader = createInboxReader(deps, FOREIGN_POLL_MS);
  const bell = createBell();
  /** What is stored, and what will be when the batch that is under way is stored too. */
  let stored: LeaseRow | null = null;
  let lease: LeaseRow | null = null;
  let underWay: { readonly batch: Prepared; readonly done: Promise<void> } | undefined;
  /** When the request was sent to which the database last answered that the lease is ours. */
  let sureAt = -Infinity;
  /** The database said that somebody else has it. */
  let lostEpoch = 0;
  let stopping = false;
  let running: Promise<void> = Promise.resolve();

  const tell = (worked: Worked, started: number): void => {
    if (lease?.epoch === worked.lease.epoch) stored = worked.lease;
    for (const { entry, orderKey, error } of worked.failures)
      deps.log.error('message.failed', withoutWords(error), {
        position: entry.position,
        kind: entry.kind,
        channel: entry.subject.channel,
        orderKey,
      });
    deps.outcomes.tell(worked.outcomes);
    deps.onWorked(worked, performance.now() - started);
  };
  /** Waits for the batch under way. One that the database refuses for its content is worked again with care, and what was decided on top of it is void. */
  const settle = async (): Promise<void> => {
    if (underWay === undefined) return;
    const { batch, done } = underWay;
    underWay = undefined;
    try {
      await done;
    } catch (error) {
      if (!isContentFault(error)) throw error;
      const started = performance.now();
      const worked = await workBatch(deps, batch.before, batch.entries, batch.upTo, deps.clock.now());
      tell(worked, started);
      lease = worked.lease;
      reader.forget();
      throw new Redecide();
    }
  };
  /** While one batch is being stored the next one is decided on top of it: neither we nor the database wait for the other. */
  const prepare = async (next: NextEntries): Promise<Prepared | null> => {
    try {
      return await prepareBatch(deps, lease as LeaseRow, next.entries, next.upTo, deps.clock.now(), { unsaved: underWay?.batch.after });
    } catch (error) {
      if (!isContentFault(error)) throw error;
      await settle();
      const started = performance.now();
      tell(await workBatch(deps, lease as LeaseRow, next.entries, next.upTo, deps.clock.now()), started);
      lease = stored;
      return null;
    }
  };
  /** Nothing to decide: until something is handed over, or the batch under way is stored. */
  const rest = async (rings: number): Promise<void> => {
    const heard = bell.past(rings, FOREIGN_POLL_MS);
    if (underWay === undefined) return heard;
    const isStored = await Promise.race([
      heard.then(() => false),
      underWay.done.then(
        () => true,
        () => true,
      ),
    ]);
    if (isStored) await settle();
  };
  const workOnce = async (): Promise<void> => {
    const rings = bell.count();
    const next = await reader.next(positionOf(lease as LeaseRow));
    if (next === null) return rest(rings);
    const batch = await prepare(next);
    if (batch === null) return;
    await settle();
    lease = batch.lease;
    const started = performance.now();
    const done = storeBatch(deps, batch).then((worked) => tell(worked, started));
    done.catch(() => {}); // looked at by `settle`
    underWay = { batch, done };
  };
  const drop = (): void => {
    lease = stored = null;
    underWay = undefined;
    reader.forget();
  };
  const loop = async (): Promise<void> => {
    let pause = RETRY_FIRST_MS;
    while (!stopping) {
      try {
        if (lease?.epoch === lostEpoch) throw new LeaseLost();
        if (lease === null) {
          const askedAt = performance.now();
          lease = stored = await takeLease(deps.db, deps.holder, deps.holder.split(' ')[0] as string, LEASE_TTL_MS);
          if (lease === null) {
            await deps.outcomes.askLog();
            await bell.past(bell.count(), STANDBY_POLL_MS);
            continue;
          }
          sureAt = askedAt;
          deps.log.event('worker.lease_taken', { epoch: lease.epoch, position: positionOf(lease) });
          await deps.outcomes.askLog();
        }
        await workOnce();
        pause = RETRY_FIRST_MS;
      } catch (error) {
        if (error instanceof Redecide) continue;
        drop();
        if (error instanceof LeaseLost) {
          deps.log.warn('worker.lease_lost', {});
          continue;
        }
        deps.log.error('worker.batch_failed', error, { retryMs: pause });
        if (isPartMissing(error)) await makeParts(deps.db, deps.clock.now()).catch(() => {});
        await bell.past(bell.count(), pause);
        pause = Math.min(pause * 2, RETRY_MOST_MS);
      }
    }
    await settle().catch(() => {});
    if (lease !== null) await freeLease(deps.db, lease.epoch).catch(() => {});
  };
  const renew = async (): Promise<void> => {
    const held = lease;
    if (held === null) return;
    const askedAt = performance.now();
    const isOurs = await renewLease(deps.db, held.epoch, LEASE_TTL_MS).catch(() => null);
    if (isOurs === false) {
      lostEpoch = held.epoch;
      bell.ring();
    } else if (isOurs) sureAt = Math.max(sureAt, askedAt);
  };
  let renewing: NodeJS.Timeout | undefined;
  return {
    handOver(handed) {
      if (lease === null) return;
      reader.handOver(handed);
      bell.ring();
    },
    start() {
      running = loop();
      renewing = setInterval(() => void renew(), RENEW_MS);
    },
    async stop() {
      stopping = true;
      clearInterval(renewing);
      bell.ring();
      await running;
    },
    state: () => ({
      holds: lease !== null && lease.epoch !== lostEpoch,
      isSure: lease !== null && lease.epoch !== lostEpoch && performance.now() - sureAt < LEASE_TTL_MS,
      epoch: lease?.epoch ?? 0,
      position: stored === null ? 0 : positionOf(stored),
    }),
  };
}

/** Where it happened, and not what was said: a mistake of ours may quote the message. The database's own words are cleaned. */
function withoutWords(error: unknown): unknown {
  if (error instanceof Fault || !(error instanceof Error)) return error;
  const told = new Error('what it says is kept back, for it may quote the message', {
    cause: error.cause === undefined ? undefined : withoutWords(error.cause),
  });
  told.name = error.name;
  told.stack = (error.stack ?? '').replace(error.message, '');
  return told;
}

/** The batch under way was halved: what was decided on top of it is decided anew. */
class Redecide extends Error {}
