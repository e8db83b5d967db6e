/**
 * How often receivers' tokens are opened at a channel. The channel gives an app so many a day and takes the right away from those who ask for more, so each opening
 * is counted before the call, and one that is over the app's share is not asked for.
 */
import type { Asked, OpenedReceiver } from '@weir/connectors/adapter';
import type { Opened } from '#orders';
import type { Sql } from '#platform';

const BEIJING_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
/** Older days tell nobody anything. */
const KEPT_DAYS = 400;

/** Days of the platforms begin in Beijing. */
const dayOf = (now: number): string => new Date(now + BEIJING_MS).toISOString().slice(0, 10);
const untilMidnight = (now: number): number => DAY_MS - ((now + BEIJING_MS) % DAY_MS);

/** Counts one opening and makes it; what surely did not reach the channel is not counted. `perDay` null: no limit. */
export async function openWithin(
  sql: Sql,
  { appId, perDay, now }: { readonly appId: string; readonly perDay: number | null; readonly now: number },
  open: () => Promise<Asked<OpenedReceiver>>,
): Promise<Opened> {
  if (!(await take(sql, appId, dayOf(now), perDay))) return { ok: false, usedUp: { perDay: perDay ?? 0, againInMs: untilMidnight(now) } };
  const opened = await open();
  if (!opened.ok && !opened.failure.mayHaveHappened && opened.failure.class !== 'do_not') await giveBack(sql, appId, dayOf(now));
  return opened;
}

/** The row is the lock: of many who ask at once no more than the day's share go through. */
async function take(sql: Sql, appId: string, day: string, perDay: number | null): Promise<boolean> {
  const { rowCount } = await sql.query(
    `with old as (delete from openings where app_id = $1 and day < $2::date - $4::int)
     insert into openings as o (app_id, day, used) select $1, $2::date, 1 where $3::int is null or $3 > 0
     on conflict on constraint openings_pk do update set used = o.used + 1 where $3::int is null or o.used < $3`,
    [appId, day, perDay, KEPT_DAYS],
  );
  return rowCount === 1;
}
async function giveBack(sql: Sql, appId: string, day: string): Promise<void> {
  await sql.query('update openings set used = used - 1 where app_id = $1 and day = $2::date', [appId, day]);
}

/** Of today, by app. */
export async function readOpenings(sql: Sql, now: number): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ appId: string; used: number }>('select app_id as "appId", used from openings where day = $1::date', [
    dayOf(now),
  ]);
  return new Map(rows.map(({ appId, used }) => [appId, used]));
}
