/** The one who works: takes the lease, works what was appended in batches, and stands by while another holds it. */
import type { Keys } from '#access';
import type { Clock, Log } from '#platform';
import type { Handed } from './gather.ts';
import { SEGMENT_SEAL } from './gather.ts';
import type { Outcomes } from './outcomes.ts';
import { decodeSegment, type Entry } from './segment.ts';
import { freeLease, type LeaseRow, readSegments, renewLease, takeLease } from './store.ts';
import { type BatchDeps, LeaseLost, workBatch, type Worked } from './work-batch.ts';

const LEASE_TTL_MS = 4_000;
const RENEW_MS = 1_000;
const STANDBY_POLL_MS = 250;
/** How often the log is looked at for what other processes appended. */
const FOREIGN_POLL_MS = 200;
const BATCH_ENTRIES = 1_000;
const READ_SEGMENTS = 20;
/** Segments kept in memory for the worker of the same process; above it they are read back from the log. */
const TAIL_SEGMENTS = 64;
const RETRY_FIRST_MS = 50;
const RETRY_MOST_MS = 5_000;

export interface Worker {
  handOver(handed: Handed): void;
  start(): void;
  /** Finishes the batch in hand and gives the lease away. */
  stop(): Promise<void>;
  state(): { readonly holds: boolean; readonly epoch: number; readonly position: number };
}
interface Deps extends BatchDeps {
  readonly keys: Pick<Keys, 'box'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly outcomes: Outcomes;
  /** Told after each commit, e.g. to wake those who read events. */
  readonly onWorked: (worked: Worked) => void;
  /** `<home id> <process id>`: a new process of the same home takes its dead predecessor's lease at once. */
  readonly holder: string;
}

export function createWorker(deps: Deps): Worker {
  const tail: Handed[] = [];
  let lease: LeaseRow | null = null;
  let stopping = false;
  let wake: () => void = () => {};
  let signalled = false;
  let running: Promise<void> = Promise.resolve();
  /** On the steady clock: a machine clock that is put back must not make us blind for hours. */
  let readLogAt = 0;

  /** Ends early when something was handed over, also just before. */
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (signalled) {
        signalled = false;
        resolve();
        return;
      }
      const timer = setTimeout(resolve, ms);
      wake = () => {
        wake = () => {};
        signalled = false;
        clearTimeout(timer);
        resolve();
      };
    });
  const position = (): number => Math.min(...(lease as LeaseRow).positions);

  /** What follows our position: from memory when nothing foreign lies between, else from the log. */
  const nextEntries = async (): Promise<{ entries: Entry[]; upTo: number } | null> => {
    const done = position();
    while (tail[0] && tail[0].last <= done) tail.shift();
    if (tail[0]?.previous === done) {
      const entries: Entry[] = [];
      let upTo = done;
      while (tail[0]?.previous === upTo && entries.length + tail[0].entries.length <= BATCH_ENTRIES) {
        const { entries: more, last } = tail.shift() as Handed;
        entries.push(...more);
        upTo = last;
      }
      return { entries, upTo };
    }
    if (tail.length === 0 && performance.now() < readLogAt) return null;
    return readLog(done);
  };
  const readLog = async (done: number): Promise<{ entries: Entry[]; upTo: number } | null> => {
    const rows = await readSegments(deps.db, done, READ_SEGMENTS);
    const entries: Entry[] = [];
    for (const row of rows) {
      if (entries.length > 0 && entries.length + row.count > BATCH_ENTRIES) break;
      entries.push(...decodeSegment(deps.keys.box.open(row.sealed, SEGMENT_SEAL), row.first));
    }
    if (entries.length > 0) return { entries, upTo: (entries.at(-1) as Entry).position };
    readLogAt = performance.now() + FOREIGN_POLL_MS;
    return null;
  };
  const workOnce = async (): Promise<boolean> => {
    const next = await nextEntries();
    if (next === null) return false;
    const worked = await workBatch(deps, lease as LeaseRow, next.entries, next.upTo, deps.clock.now());
    lease = worked.lease;
    deps.outcomes.tell(worked.outcomes);
    deps.onWorked(worked);
    return true;
  };
  const drop = (): void => {
    lease = null;
    tail.length = 0;
    readLogAt = 0;
  };
  const loop = async (): Promise<void> => {
    let pause = RETRY_FIRST_MS;
    while (!stopping) {
      try {
        if (lease === null) {
          lease = await takeLease(deps.db, deps.holder, deps.holder.split(' ')[0] as string, LEASE_TTL_MS);
          if (lease === null) {
            await deps.outcomes.askLog();
            await sleep(STANDBY_POLL_MS);
            continue;
          }
          deps.log.event('worker.lease_taken', { epoch: lease.epoch, position: position() });
          await deps.outcomes.askLog();
        }
        if (!(await workOnce())) await sleep(FOREIGN_POLL_MS);
        pause = RETRY_FIRST_MS;
      } catch (error) {
        if (error instanceof LeaseLost) deps.log.warn('worker.lease_lost', {});
        else {
          deps.log.error('worker.batch_failed', error, { retryMs: pause });
          await sleep(pause);
          pause = Math.min(pause * 2, RETRY_MOST_MS);
        }
        drop();
      }
    }
    if (lease !== null) await freeLease(deps.db, lease.epoch).catch(() => {});
  };
  const renew = async (): Promise<void> => {
    const held = lease;
    if (held === null) return;
    if (!(await renewLease(deps.db, held.epoch, LEASE_TTL_MS).catch(() => true))) wake();
  };
  let renewing: NodeJS.Timeout | undefined;
  return {
    handOver(handed) {
      if (lease === null) return;
      if (tail.length < TAIL_SEGMENTS) tail.push(handed);
      readLogAt = 0;
      signalled = true;
      wake();
    },
    start() {
      running = loop();
      renewing = setInterval(() => void renew(), RENEW_MS);
    },
    async stop() {
      stopping = true;
      clearInterval(renewing);
      wake();
      await running;
    },
    state: () => ({ holds: lease !== null, epoch: lease?.epoch ?? 0, position: lease === null ? 0 : position() }),
  };
}
