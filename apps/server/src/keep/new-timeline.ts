/** After a restore: a new timeline, and the orders of which the world may know more than we do are told again. */
import { audit, openAuditKey, openKeys, sealAuditWith } from '#access';
import { appendMessages, dayOf, floorOf, makeParts, type Message } from '#intake';
import { checkDatabase, type Clock, migrate, openDb } from '#platform';
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
}

/** Refuses (StartProblem) `restore.clock`, and what a start refuses. Not to be repeated on the same data; a half done one is begun anew from the backup. */
export async function newTimeline({ url, home, migrations, clock, backupAt, from }: Deps): Promise<TimelineBegun> {
  const db = openDb({ url, max: 2, name: 'weir restore', statementTimeoutMs: 0 });
  try {
    await checkDatabase(db);
    await migrate(db, migrations);
    const now = clock.now();
    if (now + SKEW_MS < Math.max(backupAt, await readNewest(db))) throw problemOf('restore.clock', { now: new Date(now).toISOString() });
    const { before, timeline } = await beginTimeline(db, now, backupAt);
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
    await audit(db, now, WHO, 'restored', null, { from, backupAt: new Date(backupAt).toISOString(), timeline, before, retold });
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
