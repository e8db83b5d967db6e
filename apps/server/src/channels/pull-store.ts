/** SQL of pulls and back-fills: how far each shop was walked. Times go in and out as milliseconds UTC. */
import type { Feed } from '@weir/connectors/adapter';
import type { LiveStatus } from '@weir/contract';
import type { Sql } from '#platform';

export interface PullRow {
  readonly channel: string;
  readonly shop: string;
  readonly feed: Feed;
  readonly cursorAt: number;
  /** Nothing from before was ever walked; null when it is not known. */
  readonly begunAt: number | null;
  readonly sweptAt: number | null;
  readonly deepSweptAt: number | null;
  readonly ranAt: number | null;
  readonly lastFrom: number | null;
  readonly lastTo: number | null;
  readonly lastRows: number | null;
  readonly usual: readonly number[];
  readonly lastError: string | null;
  readonly alarmAt: number | null;
  readonly alarmFrom: number | null;
  readonly alarmTo: number | null;
  readonly alarmRows: number | null;
  readonly alarmExpected: number | null;
}
const ms = (column: string, name: string): string => `(extract(epoch from ${column}) * 1000)::int8 as "${name}"`;
const PULL = `channel, shop, feed, ${ms('cursor_at', 'cursorAt')}, ${ms('begun_at', 'begunAt')},
  ${ms('swept_at', 'sweptAt')}, ${ms('deep_swept_at', 'deepSweptAt')}, ${ms('ran_at', 'ranAt')},
  ${ms('last_from', 'lastFrom')}, ${ms('last_to', 'lastTo')}, last_rows as "lastRows", usual, last_error as "lastError", ${ms('alarm_at', 'alarmAt')},
  ${ms('alarm_from', 'alarmFrom')}, ${ms('alarm_to', 'alarmTo')}, alarm_rows as "alarmRows", alarm_expected as "alarmExpected"`;
const at = (parameter: number): string => `to_timestamp($${parameter}::float8 / 1000)`;
const ROW = 'channel = $1 and shop = $2 and feed = $3';
export type PullName = readonly [channel: string, shop: string, feed: Feed];

/** The row; begun at `from` when there is none. */
export async function openPull(sql: Sql, name: PullName, from: number): Promise<PullRow> {
  const known = await findPull(sql, name);
  if (known !== null) return known;
  await sql.query(
    `insert into pulls (channel, shop, feed, cursor_at, begun_at) values ($1, $2, $3, ${at(4)}, ${at(4)}) on conflict do nothing`,
    [...name, from],
  );
  return (await findPull(sql, name)) as PullRow;
}
const findPull = async (sql: Sql, name: PullName): Promise<PullRow | null> =>
  (await sql.queryNamed<PullRow>('channels.find_pull', `select ${PULL} from pulls where ${ROW}`, name)).rows[0] ?? null;

export const listPulls = async (sql: Sql): Promise<PullRow[]> =>
  (await sql.query<PullRow>(`select ${PULL} from pulls order by channel, shop, feed`)).rows;

export interface Moved {
  readonly ranAt: number;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly usual: readonly number[];
}
/** Every page of the window is durable: the cursor moves, never back, and an alarm about the window is over. */
export async function moveCursor(sql: Sql, name: PullName, moved: Moved): Promise<void> {
  await sql.queryNamed(
    'channels.move_cursor',
    `update pulls set cursor_at = greatest(cursor_at, ${at(6)}), ran_at = ${at(4)}, last_from = ${at(5)}, last_to = ${at(6)}, last_rows = $7, usual = $8, last_error = null,
       alarm_at = null, alarm_from = null, alarm_to = null, alarm_rows = null, alarm_expected = null
     where ${ROW}`,
    [...name, moved.ranAt, moved.from, moved.to, moved.rows, moved.usual],
  );
}

/** Few rows: the cursor stays where it is. The first time of an alarm is kept. */
export async function raiseAlarm(
  sql: Sql,
  name: PullName,
  alarm: { readonly at: number; readonly from: number; readonly to: number; readonly rows: number; readonly expected: number },
): Promise<void> {
  await sql.query(
    `update pulls set ran_at = ${at(4)}, last_from = ${at(5)}, last_to = ${at(6)}, last_rows = $7, last_error = null,
       alarm_at = coalesce(alarm_at, ${at(4)}), alarm_from = ${at(5)}, alarm_to = ${at(6)}, alarm_rows = $7, alarm_expected = $8
     where ${ROW}`,
    [...name, alarm.at, alarm.from, alarm.to, alarm.rows, alarm.expected],
  );
}

/** A person says that few rows are right: the cursor moves on, and what is usual is learned anew. False when there is no alarm. */
export async function acceptAlarm(sql: Sql, name: PullName): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update pulls set cursor_at = greatest(cursor_at, alarm_to), usual = '{}', alarm_at = null, alarm_from = null, alarm_to = null, alarm_rows = null, alarm_expected = null
     where ${ROW} and alarm_at is not null`,
    name,
  );
  return rowCount === 1;
}

export async function notePullError(sql: Sql, name: PullName, ranAt: number, error: string): Promise<void> {
  await sql.query(`update pulls set ran_at = ${at(4)}, last_error = $5 where ${ROW}`, [...name, ranAt, error]);
}
export async function noteSweep(sql: Sql, name: PullName, sweptAt: number, isDeep: boolean): Promise<void> {
  await sql.query(`update pulls set swept_at = ${at(4)}, deep_swept_at = case when $5 then ${at(4)} else deep_swept_at end where ${ROW}`, [
    ...name,
    sweptAt,
    isDeep,
  ]);
}

/** Orders of the shop that we know to have been placed in the window, wherever we heard of them. */
export async function countPlaced(
  sql: Sql,
  { channel, shop }: Pick<PullRow, 'channel' | 'shop'>,
  from: number,
  to: number,
  alsoUnpaid: boolean,
): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `select count(*) as n from order_list where channel = $1 and shop = $2 and placed_at >= ${at(3)} and placed_at <= ${at(4)}
       and ($5 or status is distinct from 'awaiting_payment')`,
    [channel, shop, from, to, alsoUnpaid],
  );
  return rows[0]?.n ?? 0;
}

/** Paid for, and not out of the house: what may still be stopped. */
const STILL_HERE: readonly LiveStatus[] = ['paid', 'allocated', 'picked', 'packed'];
const LOOKS_AT_ONCE = 1_000;
/** Where the next page begins, newest order first; times as text, which loses no microsecond. */
export interface LookedTo {
  readonly placedAt: string;
  readonly orderKey: string;
}
/**
 * Queues a look, when nothing urgent waits, at a page of the orders that were placed since `from` and are still here; null when there are none any more. No message of the
 * inbox asks for it, so that it stands behind any hint.
 */
export async function queueLooks(
  sql: Sql,
  { channel, shop }: Pick<PullRow, 'channel' | 'shop'>,
  { from, now }: { readonly from: number; readonly now: number },
  before: LookedTo,
): Promise<LookedTo | null> {
  const { rows } = await sql.queryNamed<LookedTo>(
    'channels.queue_looks',
    `with page as (
       select log_partition, channel_order_id, placed_at, order_key from order_list
       where shop = $2 and channel = $1 and status = any($3) and placed_at >= ${at(4)} and (placed_at, order_key) < ($6::timestamptz, $7)
       order by placed_at desc, order_key desc limit $8
     ), queued as (
       insert into fetches (log_partition, channel, shop, id, wants, asked_at, next_at, idle)
       select log_partition, $1, $2, channel_order_id, '{detail}', 0, ${at(5)}, true from page
       on conflict on constraint fetches_pk do nothing
     )
     select placed_at::text as "placedAt", order_key as "orderKey" from page order by placed_at, order_key limit 1`,
    [channel, shop, STILL_HERE, from, now, before.placedAt, before.orderKey, LOOKS_AT_ONCE],
  );
  return rows[0] ?? null;
}
