/** After a restore: a new timeline, and the orders of which the world may know more than we do are told again. */
import { audited, openAuditKey, openKeys, sealAuditWith } from '#access';
import { appendMessages, dayOf, floorOf, makeParts, type Message } from '#intake';
import { checkDatabase, type Clock, migrate, openDb } from '#platform';
import { markLoading } from './export-store.ts';
import { problemOf } from './problems.ts';
import { beginTimeline, countLive, FIRST_ORDER, type LiveAgain, type OrderName, readNewest, readUncertain } from './timeline-store.ts';

/** An ended order is told again when it changed in so many days before the backup. */
const RECENT_DAYS = 35;
const DAY_MS = 86_400_000;
const AT_ONCE = 1_000;
/** More than a slow network or a summer's drift. */
const SKEW_MS = 60_000;
const WHO = { id: 'restore', name: 'weir restore' };
const RETELL = Buffer.from(JSON.stringify({ verb: 'retell' }));

export interface TimelineBegun {
  readonly timeline: number;
  /** Orders that will be told again. */
  readonly retold: number;
  readonly live: LiveAgain;
}
interface Deps {
  readonly url: string;
  readonly home: string;
  readonly migrations: string;
  readonly clock: Clock;
  readonly backupAt: number;
  /** Shown in the audit. */
  readonly from: string;
  readonly reach?: (point: string) => void;
}

/** Refuses (StartProblem) `restore.clock`: numbers come from the clock, so it may not be behind what is known. */
export function requireClock(now: number, newest: number): void {
  if (now + SKEW_MS < newest) throw problemOf('restore.clock', { now: new Date(now).toISOString() });
}

/** Refuses (StartProblem) `restore.clock`, and what a start refuses. One that was cut off may be begun again on the same data: it jumps once more and tells again. */
export async function newTimeline({ url, home, migrations, clock, backupAt, from, reach = () => {} }: Deps): Promise<TimelineBegun> {
  const db = openDb({ url, max: 2, name: 'weir restore', statementTimeoutMs: 0 });
  try {
    await checkDatabase(db);
    await migrate(db, migrations);
    const now = clock.now();
    requireClock(now, Math.max(backupAt, await readNewest(db)));
    const { before, timeline } = await beginTimeline(db, now, backupAt);
    reach('timeline.begun');
    await makeParts(db, now);
    const keys = await openKeys(db, home, now);
    sealAuditWith(db, (await openAuditKey(db, keys)).seal);
    const floor = floorOf(dayOf(backupAt) * DAY_MS - RECENT_DAYS * DAY_MS);
    let [after, retold] = [FIRST_ORDER, 0];
    for (;;) {
      const page = await readUncertain(db, after, floor, AT_ONCE);
      if (page.length === 0) break;
      await appendMessages(
        { db, keys },
        page.map((order) => retell(order, now)),
        now,
      );
      [after, retold] = [page.at(-1) as OrderName, retold + page.length];
    }
    const detail = { from, backupAt: new Date(backupAt).toISOString(), timeline, before, retold };
    await audited(db, now, WHO, async (tx) => {
      await markLoading(tx, null);
      return [null, ['restored', null, detail]];
    });
    return { timeline, retold, live: await countLive(db) };
  } finally {
    await db.end();
  }
}

const retell = ({ channel, shop, id }: OrderName, receivedAt: number): Message => ({
  kind: 'command',
  subject: { kind: 'order', channel, shop, id },
  bytes: RETELL,
  by: `${WHO.id} ${WHO.name}`,
  receivedAt,
});
