/** Once a day what has been kept for long enough goes: whole days of the logs, the people of orders that are long over, rows that are done. */
import type { Keys } from '#access';
import { appendMessages, dayOf, type Message } from '#intake';
import { type Clock, type Db, Fault, type Log } from '#platform';
import {
  beginRun,
  dropPart,
  endRun,
  forgetOldRows,
  forgetRuns,
  listBoundedParts,
  noteRun,
  OLD_ROWS,
  type OldOrder,
  type OldRows,
  readBusyPartitions,
  readLastRun,
  readOldOrders,
  readReached,
  readWorked,
} from './retention-store.ts';
import type { KeepDays } from './settings.ts';

const DAY_MS = 86_400_000;
const DAY_SIZE = 2 ** 32;
const ORDERS_AT_ONCE = 1_000;
const ROWS_AT_ONCE = 5_000;
/** A run that failed is tried again after this long. */
const AGAIN_MS = 3_600_000;
const ERASE = Buffer.from(JSON.stringify({ verb: 'erase' }));
const WHO = 'retention';

export interface RetentionDeps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'box'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly days: KeepDays;
  /** Whether this process is the one that works. */
  readonly mayWork: () => boolean;
  /** Sweeps what erasing left for later. */
  readonly sweep: () => Promise<number>;
}
/** Tells how much is done so far; `reached` is the last day that is done. */
type Note = (removed: number, reached?: number) => Promise<void>;
type Job = (deps: RetentionDeps, note: Note) => Promise<void>;

const JOBS: Readonly<Record<string, Job>> = { raw: dropDays, personal: erasePeople, rows: forgetRows };

/** What is due of it. Every job may be cut off and repeated. */
export async function keepRetention(deps: RetentionDeps): Promise<void> {
  for (const [name, job] of Object.entries(JOBS)) {
    if (!deps.mayWork()) return;
    const last = await readLastRun(deps.db, name);
    const pause = last?.isWhole === false ? AGAIN_MS : DAY_MS;
    const now = deps.clock.now();
    if (last !== null && now >= last.beganAt && now - last.beganAt < pause) continue;
    await runJob(deps, name, job, now);
  }
}

async function runJob(deps: RetentionDeps, name: string, job: Job, beganAt: number): Promise<void> {
  const { db, clock, log } = deps;
  let removed = 0;
  await beginRun(db, name, beganAt);
  try {
    await job(deps, async (more, reached) => {
      removed += more;
      await noteRun(db, name, beganAt, removed, reached ?? null);
    });
    await endRun(db, name, beganAt, clock.now(), null);
    await forgetRuns(db, name);
    log.event('retention.ran', { job: name, removed });
  } catch (error) {
    log.error('retention.failed', error, { job: name, removed });
    await endRun(db, name, beganAt, clock.now(), error instanceof Fault ? error.code : 'fault').catch(() => {});
  }
}

/** Days of inbox and outcomes. Never one in which a message still waits for its work; what a case or dead letter needs it keeps itself. */
async function dropDays({ db, clock, days, mayWork }: RetentionDeps, note: Note): Promise<void> {
  const floor = Math.min((dayOf(clock.now()) - days.keepRawDays) * DAY_SIZE, (await readWorked(db)) ?? Infinity);
  for (const parent of ['inbox', 'outcomes'])
    for (const part of await listBoundedParts(db, parent)) {
      if (part.to > floor || !mayWork()) break;
      await dropPart(db, part.name);
      await note(1);
    }
}

/** An order is looked at on the day that lies `keepPersonalDays` after its last event: a command erases its person, as an administrator's would. */
async function erasePeople(deps: RetentionDeps, note: Note): Promise<void> {
  const { db, clock, days, mayWork } = deps;
  const last = dayOf(clock.now()) - days.keepPersonalDays - 1;
  for (let day = (await firstDay(deps)) ?? last + 1; day <= last; day++) {
    let erased = 0;
    if (!mayWork()) return;
    for (const partition of await readBusyPartitions(db, day * DAY_SIZE, (day + 1) * DAY_SIZE))
      for (let after = day * DAY_SIZE - 1; ; ) {
        if (!mayWork()) return;
        const page = await readOldOrders(db, partition, after, (day + 1) * DAY_SIZE, ORDERS_AT_ONCE);
        if (page.length === 0) break;
        await appendMessages(
          deps,
          page.map((order) => eraseOf(order, clock.now())),
          clock.now(),
        );
        [after, erased] = [(page.at(-1) as OldOrder).position, erased + page.length];
      }
    await note(erased, day);
  }
}

/** Where the last run ended; at first the oldest month that there is. */
async function firstDay({ db }: RetentionDeps): Promise<number | null> {
  const reached = await readReached(db, 'personal');
  if (reached !== null) return reached + 1;
  const [oldest] = await listBoundedParts(db, 'events');
  const MONTH_DAYS = 31;
  return oldest === undefined ? null : Math.floor(oldest.to / DAY_SIZE) - MONTH_DAYS;
}

const eraseOf = ({ channel, shop, id }: OldOrder, receivedAt: number): Message => ({
  kind: 'command',
  subject: { kind: 'order', channel, shop, id },
  bytes: ERASE,
  by: WHO,
  receivedAt,
});

/** How long rows of each table are kept, in days. */
const daysOf = ({ keepWorkDays, keepPersonalDays }: KeepDays, table: OldRows): number =>
  table === 'sessions' ? 0 : table === 'review_cases' ? keepPersonalDays : keepWorkDays;

async function forgetRows({ db, clock, days, mayWork, sweep }: RetentionDeps, note: Note): Promise<void> {
  for (const table of Object.keys(OLD_ROWS) as OldRows[])
    for (let gone = ROWS_AT_ONCE; gone === ROWS_AT_ONCE && mayWork(); ) {
      gone = await forgetOldRows(db, table, clock.now() - daysOf(days, table) * DAY_MS, ROWS_AT_ONCE);
      if (gone > 0) await note(gone);
    }
  if (mayWork()) await note(await sweep());
}
