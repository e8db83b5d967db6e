/** Once a day what has been kept for long enough goes: whole days of the logs, the people of orders that are long over, rows that are done. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Keys } from '#access';
import { appendMessages, dayOf, type Message, printsOf } from '#intake';
import { type Clock, type Db, Fault, type Log } from '#platform';
import {
  beginRun,
  countWaiting,
  dropPart,
  endRun,
  forgetOldRows,
  forgetPrints,
  forgetRuns,
  isHeardByAll,
  listBoundedParts,
  noteRun,
  OLD_ROWS,
  type OldOrder,
  type OldRows,
  readBusyPartitions,
  readLastRun,
  readOldOrders,
  readReached,
  readRawPage,
  readWorked,
  savePrints,
} from './retention-store.ts';
import { provenTime } from './proven-time.ts';
import type { KeepDays } from './settings.ts';
import { proveTime } from './time-store.ts';

const DAY_MS = 86_400_000;
const DAY_SIZE = 2 ** 32;
const ORDERS_AT_ONCE = 1_000;
const ROWS_AT_ONCE = 5_000;
/** Messages that wait for their work, beyond which no more commands are added to them. */
const MOST_WAITING = 2_000;
const WAIT_MS = 200;
/** Of a log or a job in one run; usually there is one. A long way is gone in many days, so that somebody may still notice. */
const DAYS_AT_ONCE = 31;
/** A run that failed is tried again after this long. */
const AGAIN_MS = 3_600_000;
const WHO = 'retention';

export interface RetentionDeps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'box' | 'fingerprint'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly days: KeepDays;
  /** Whether this process is the one that works. */
  readonly mayWork: () => boolean;
  readonly daysAtOnce?: number;
  /** Sweeps what erasing left for later. */
  readonly sweep: () => Promise<number>;
}
/** Tells how much is done so far; `reached` is the last day that is done. */
type Note = (removed: number, reached?: number) => Promise<void>;
type Job = (deps: RunDeps, note: Note) => Promise<void>;
/** `now`: the same for the whole run. */
type RunDeps = Required<RetentionDeps> & { readonly now: number };

const JOBS: Readonly<Record<string, Job>> = { raw: dropDays, personal: erasePeople, facts: forgetOrders, rows: forgetRows };

/** What is due of it, unless the clock is in doubt: what goes for its age cannot be brought back. Every job may be cut off and repeated. */
export async function keepRetention(deps: RetentionDeps): Promise<void> {
  const seen = deps.clock.now();
  const provenAt = deps.mayWork() ? await proveTime(deps.db, seen) : seen;
  if (provenTime(seen, provenAt).isDoubtful)
    return deps.log.warn('retention.clock_doubtful', { now: new Date(seen).toISOString(), provenAt: new Date(provenAt).toISOString() });
  for (const [name, job] of Object.entries(JOBS)) {
    if (!deps.mayWork()) return;
    const last = await readLastRun(deps.db, name);
    const pause = last?.isWhole === false ? AGAIN_MS : DAY_MS;
    const now = deps.clock.now();
    if (last !== null && now >= last.beganAt && now - last.beganAt < pause) continue;
    await runJob(deps, name, job, now);
  }
}

async function runJob({ daysAtOnce = DAYS_AT_ONCE, ...deps }: RetentionDeps, name: string, job: Job, beganAt: number): Promise<void> {
  const { db, clock, log } = deps;
  let removed = 0;
  await beginRun(db, name, beganAt);
  try {
    await job({ ...deps, daysAtOnce, now: beganAt }, async (more, reached) => {
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
async function dropDays(deps: RunDeps, note: Note): Promise<void> {
  const { db, now, days, mayWork, daysAtOnce } = deps;
  const floor = Math.min((dayOf(now) - days.keepRawDays) * DAY_SIZE, (await readWorked(db)) ?? Infinity);
  for (const parent of ['inbox', 'outcomes'])
    for (const part of (await listBoundedParts(db, parent)).slice(0, daysAtOnce)) {
      if (part.to > floor || !mayWork()) break;
      if (parent === 'inbox' && !(await keepPrints(deps, part.name))) return;
      await dropPart(db, part.name);
      await note(1);
    }
}

const SEGMENTS_AT_ONCE = 20;
/** What proves a message outlives it: a keyed hash of each. False when it was cut off; what is kept already stays as it is. */
async function keepPrints({ db, keys, mayWork }: RunDeps, part: string): Promise<boolean> {
  for (let after = -1; ; ) {
    if (!mayWork()) return false;
    const page = await readRawPage(db, part, after, SEGMENTS_AT_ONCE);
    if (page.length === 0) return true;
    await savePrints(
      db,
      page.map(({ first, receivedAt, sealed }) => ({ first, receivedAt, prints: printsOf(keys, sealed, first) })),
    );
    after = page.at(-1)?.first ?? after;
  }
}

/** An order is looked at on the day that lies `keepPersonalDays` after its last event: a command erases its person, as an administrator's would. */
async function erasePeople(deps: RunDeps, note: Note): Promise<void> {
  await commandOld(deps, note, { job: 'personal', keepDays: deps.days.keepPersonalDays, withPerson: true, command: { verb: 'erase' } });
}

/** Orders that are long over are forgotten but for their identity; then whole months of events go that every subscriber has heard. */
async function forgetOrders(deps: RunDeps, note: Note): Promise<void> {
  const { db, now, days, mayWork } = deps;
  const floor = (dayOf(now) - days.keepFactsDays) * DAY_SIZE;
  const wish = { job: 'facts', keepDays: days.keepFactsDays, withPerson: false, command: { verb: 'forget', before: floor } } as const;
  if (!(await commandOld(deps, note, wish))) return;
  for (const part of await listBoundedParts(db, 'events')) {
    if (part.to > floor || !mayWork()) break;
    if (!(await isHeardByAll(db, part))) continue;
    await dropPart(db, part.name);
    await note(1);
  }
  if (mayWork()) await note(await forgetPrints(db, floor));
}

interface OldWish {
  readonly job: string;
  readonly keepDays: number;
  /** Only orders that still hold a person. */
  readonly withPerson: boolean;
  readonly command: object;
}
/** A command to each ended order whose last event is older than `keepDays`, a day at a time; false when it was cut off, or goes on the next time. */
async function commandOld(deps: RunDeps, note: Note, { job, keepDays, withPerson, command }: OldWish): Promise<boolean> {
  const { db, clock, now, mayWork, daysAtOnce } = deps;
  const bytes = Buffer.from(JSON.stringify(command));
  const last = dayOf(now) - keepDays - 1;
  const first = (await firstDay(deps, job, last)) ?? last + 1;
  for (let day = first; day <= last; day++) {
    let told = 0;
    if (!mayWork() || day - first >= daysAtOnce) return false;
    for (const partition of await readBusyPartitions(db, day * DAY_SIZE, (day + 1) * DAY_SIZE))
      for (let after = day * DAY_SIZE - 1; ; ) {
        if (!(await isCalm(deps))) return false;
        const page = await readOldOrders(db, partition, after, (day + 1) * DAY_SIZE, withPerson, ORDERS_AT_ONCE);
        if (page.length === 0) break;
        await appendMessages(
          deps,
          page.map((order) => commandTo(order, bytes, clock.now())),
          clock.now(),
        );
        [after, told] = [(page.at(-1) as OldOrder).position, told + page.length];
      }
    await note(told, day);
  }
  return true;
}

/** Waits until the worker has come near: whoever tells of an order comes first. False when this process may not work any more. */
async function isCalm({ db, mayWork }: RunDeps): Promise<boolean> {
  while (mayWork() && (await countWaiting(db)) > MOST_WAITING) await sleep(WAIT_MS);
  return mayWork();
}

/** Where the last run ended; at first the oldest month that there is. A run that reached beyond `last` did so by a wrong clock, and does not count. */
async function firstDay({ db }: RunDeps, job: string, last: number): Promise<number | null> {
  const reached = await readReached(db, job, last);
  if (reached !== null) return reached + 1;
  const [oldest] = await listBoundedParts(db, 'events');
  const MONTH_DAYS = 31;
  return oldest === undefined ? null : Math.floor(oldest.to / DAY_SIZE) - MONTH_DAYS;
}

const commandTo = ({ channel, shop, id }: OldOrder, bytes: Buffer, receivedAt: number): Message => ({
  kind: 'command',
  subject: { kind: 'order', channel, shop, id },
  bytes,
  by: WHO,
  receivedAt,
});

const HOLDS_PERSONS: ReadonlySet<OldRows> = new Set(['review_cases', 'unrouted_cases', 'stray_letters']);
/** How long rows of each table are kept, in days. */
const daysOf = ({ keepWorkDays, keepPersonalDays }: KeepDays, table: OldRows): number =>
  table === 'sessions' ? 0 : HOLDS_PERSONS.has(table) ? keepPersonalDays : keepWorkDays;

async function forgetRows({ db, now, days, mayWork, sweep }: RunDeps, note: Note): Promise<void> {
  for (const table of Object.keys(OLD_ROWS) as OldRows[])
    for (let gone = ROWS_AT_ONCE; gone === ROWS_AT_ONCE && mayWork(); ) {
      gone = await forgetOldRows(db, table, now - daysOf(days, table) * DAY_MS, ROWS_AT_ONCE);
      if (gone > 0) await note(gone);
    }
  if (mayWork()) await note(await sweep());
}
