/** SQL of back-fills. Times go in and out as milliseconds UTC. */
import type { Sql } from '#platform';

export interface BackfillRow {
  readonly id: string;
  readonly channel: string;
  readonly shop: string;
  readonly fromAt: number;
  readonly toAt: number;
  readonly cursorAt: number;
  readonly orders: number;
  readonly lastError: string | null;
  readonly askedBy: string;
  readonly askedAt: number;
  readonly finishedAt: number | null;
}
const ms = (column: string, name: string): string => `(extract(epoch from ${column}) * 1000)::int8 as "${name}"`;
const ROW = `id, channel, shop, ${ms('from_at', 'fromAt')}, ${ms('to_at', 'toAt')}, ${ms('cursor_at', 'cursorAt')}, orders, last_error as "lastError", asked_by as "askedBy",
  ${ms('asked_at', 'askedAt')}, ${ms('finished_at', 'finishedAt')}`;
const at = (parameter: number): string => `to_timestamp($${parameter}::float8 / 1000)`;
const LIST_LIMIT = 200;

type New = Pick<BackfillRow, 'id' | 'channel' | 'shop' | 'fromAt' | 'toAt' | 'askedBy' | 'askedAt'>;
export async function addBackfill(sql: Sql, row: New): Promise<void> {
  await sql.query(
    `insert into backfills (id, channel, shop, from_at, to_at, cursor_at, asked_by, asked_at) values ($1, $2, $3, ${at(4)}, ${at(5)}, ${at(4)}, $6, ${at(7)})`,
    [row.id, row.channel, row.shop, row.fromAt, row.toAt, row.askedBy, row.askedAt],
  );
}

/** The newest first, of these shops (`channel/shop`; null = all). */
export const listBackfills = async (sql: Sql, shops: readonly string[] | null): Promise<BackfillRow[]> =>
  (
    await sql.query<BackfillRow>(
      `select ${ROW} from backfills where $1::text[] is null or (channel || '/' || shop) = any($1) order by asked_at desc, id limit ${LIST_LIMIT}`,
      [shops],
    )
  ).rows;

/** One that the platform refuses waits behind the others, and is tried again when they are done. */
export async function openBackfill(sql: Sql, channel: string, shop: string): Promise<BackfillRow | null> {
  const { rows } = await sql.query<BackfillRow>(
    `select ${ROW} from backfills where channel = $1 and shop = $2 and finished_at is null order by (last_error is not null), asked_at, id limit 1`,
    [channel, shop],
  );
  return rows[0] ?? null;
}

/** Everything placed before `cursorAt` is durable. */
export async function moveBackfill(sql: Sql, id: string, cursorAt: number, orders: number, finishedAt: number | null): Promise<void> {
  await sql.query(
    `update backfills set cursor_at = ${at(2)}, orders = orders + $3, last_error = null, finished_at = ${at(4)} where id = $1`,
    [id, cursorAt, orders, finishedAt],
  );
}
export async function noteBackfillError(sql: Sql, id: string, error: string): Promise<void> {
  await sql.query('update backfills set last_error = $2 where id = $1', [id, error]);
}
