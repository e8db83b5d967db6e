/** After a restore: a new timeline, and the orders of which the world may know more than we do are told again. */
import { audited, openAuditKey, openKeys, sealAuditWith } from '#access';
import { appendMessages, dayOf, floorOf, makeParts, type Message } from '#intake';
import { checkDatabase, type Clock, type Db, migrate, openDb } from '#platform';
import { readErasures } from './erasure-list.ts';
import { knownOf } from './erasure-store.ts';
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
const ERASE = Buffer.from(JSON.stringify({ verb: 'erase', evenOpen: true }));
/** The list's clock and the backup's may differ, and what is erased already stays so. */
const ERASED_BEFORE_MS = DAY_MS;
/** Of orders that the backup does not know. */
const UNKNOWN_SHOWN = 1_000;
const RETELL = Buffer.from(JSON.stringify({ verb: 'retell' }));

export interface TimelineBegun {
  readonly timeline: number;
  /** Orders that will be told again. */
  readonly retold: number;
  /** Orders of the list of erasures that were erased again, and those that this backup does not know; null: there was no list. */
  readonly erasedAgain: number | null;
  readonly erasedUnknown: readonly string[];
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
  /** The list of erasures. */
  readonly erasures?: string | null;
  readonly reach?: (point: string) => void;
}

/** Refuses (StartProblem) `restore.clock`: numbers come from the clock, so it may not be behind what is known. */
export function requireClock(now: number, newest: number): void {
  if (now + SKEW_MS < newest) throw problemOf('restore.clock', { now: new Date(now).toISOString() });
}

/** Refuses (StartProblem) `restore.clock`, and what a start refuses. One that was cut off may be begun again on the same data: it jumps once more and tells again. */
export async function newTimeline({
  url,
  home,
  migrations,
  clock,
  backupAt,
  from,
  erasures = null,
  reach = () => {},
}: Deps): Promise<TimelineBegun> {
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
    const { erasedAgain, erasedUnknown } = await eraseAgain({ db, keys }, erasures, backupAt, now);
    const floor = floorOf(dayOf(backupAt) * DAY_MS - RECENT_DAYS * DAY_MS);
    let [after, retold] = [FIRST_ORDER, 0];
    for (;;) {
      const page = await readUncertain(db, after, floor, AT_ONCE);
      if (page.length === 0) break;
      await appendMessages(
        { db, keys },
        page.map((order) => commandTo(order, RETELL, now)),
        now,
      );
      [after, retold] = [page.at(-1) as OrderName, retold + page.length];
    }
    const detail = { from, backupAt: new Date(backupAt).toISOString(), timeline, before, retold, erasedAgain };
    await audited(db, now, WHO, async (tx) => {
      await markLoading(tx, null);
      return [null, ['restored', null, detail]];
    });
    return { timeline, retold, erasedAgain, erasedUnknown, live: await countLive(db) };
  } finally {
    await db.end();
  }
}

/** Ahead of the telling, so that no subscriber hears of a person again. */
async function eraseAgain(
  to: Parameters<typeof appendMessages>[0] & { readonly db: Db },
  list: string | null,
  backupAt: number,
  now: number,
): Promise<Pick<TimelineBegun, 'erasedAgain' | 'erasedUnknown'>> {
  if (list === null) return { erasedAgain: null, erasedUnknown: [] };
  let erasedAgain = 0;
  const erasedUnknown: string[] = [];
  for await (const page of readErasures(list, backupAt - ERASED_BEFORE_MS)) {
    const known = await knownOf(to.db, page);
    if (known.length > 0)
      await appendMessages(
        to,
        known.map((order) => commandTo(order, ERASE, now)),
        now,
      );
    erasedAgain += known.length;
    const strange = page.filter((each) => !known.includes(each)).map(({ channel, shop, id }) => `${channel}/${shop}/${id}`);
    erasedUnknown.push(...strange.slice(0, UNKNOWN_SHOWN - erasedUnknown.length));
  }
  return { erasedAgain, erasedUnknown };
}

const commandTo = ({ channel, shop, id }: Pick<OrderName, 'channel' | 'shop' | 'id'>, bytes: Buffer, receivedAt: number): Message => ({
  kind: 'command',
  subject: { kind: 'order', channel, shop, id },
  bytes,
  by: `${WHO.id} ${WHO.name}`,
  receivedAt,
});
