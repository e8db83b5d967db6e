/** SQL of what channels are told. */
import type { WriteBackCause, WriteBackWhat } from '@weir/contract';
import type { PackIds } from '@weir/connectors/adapter';
import type { Db, Sql } from '#platform';
import type { Task } from './tasks.ts';

export const CONSUMER = 'write-back';

/** Shops that are connected through an app, and whether our key goes into their notes. */
export async function readTargets(sql: Sql): Promise<{ channel: string; shop: string; inNote: boolean }[]> {
  const { rows } = await sql.query<{ channel: string; shop: string; inNote: boolean }>(
    'select channel, shop, order_key_in_note as "inNote" from shops where app_id is not null limit 10000',
  );
  return rows;
}

/** Nobody is told anything: the cursor stays beside the newest event. False when a later holder has the consumer. */
export async function followHeads(sql: Sql, epoch: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    'update consumers set positions = heads, updated_at = now() from leases where lease_id = 1 and consumer = $1 and consumers.epoch = $2',
    [CONSUMER, epoch],
  );
  return rowCount === 1;
}

/** What must be told and how far the log was read: both or nothing. False when a later holder has the consumer. */
export async function saveTasks(
  db: Db,
  epoch: number,
  positions: readonly number[],
  tasks: readonly Task[],
  now: number,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx.query('update consumers set positions = $3, updated_at = now() where consumer = $1 and epoch = $2', [
      CONSUMER,
      epoch,
      positions,
    ]);
    if (rowCount !== 1) return false;
    if (tasks.length > 0) await tx.query(UPSERT, [JSON.stringify(tasks, asText), now]);
    return true;
  });
}
/** Halves of surrogate pairs and NULs fit no jsonb, and one of them would keep every shop waiting. What stands in their place the channel refuses, and a person sees it. */
const asText = (_: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value;
/** An order that must be told the same as before is left alone. */
const UPSERT = `insert into write_backs as w (log_partition, order_key, what, channel, shop, channel_order_id, version, wanted, next_at, since)
  select t."partition", t."orderKey", t.what, t.channel, t.shop, t."channelOrderId", t.version, t.wanted, to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000)
  from jsonb_to_recordset($1::jsonb) as t ("partition" smallint, "orderKey" text, what text, channel text, shop text, "channelOrderId" text, version int, wanted jsonb)
  on conflict on constraint write_backs_pk do update set version = excluded.version, wanted = excluded.wanted, state = 'due', attempts = 0,
    next_at = excluded.next_at, since = excluded.since, cause = null, code = null
  where excluded.version > w.version and excluded.wanted is distinct from w.wanted`;

export interface DueRow extends Task {
  readonly packIds: PackIds;
  readonly attempts: number;
}
/** Oldest first, at most `perShop` of each shop and none of the shops that are `busy`, each `channel/shop`: one that waits for its channel keeps nobody else waiting. */
export async function readDue(
  sql: Sql,
  now: number,
  busy: readonly string[],
  { perShop, most }: { readonly perShop: number; readonly most: number },
): Promise<DueRow[]> {
  const { rows } = await sql.queryNamed<DueRow>(
    'write_back.read_due',
    `select due.* from shops s cross join lateral (
       select log_partition as "partition", order_key as "orderKey", what, channel, shop, channel_order_id as "channelOrderId", version, wanted,
         pack_ids as "packIds", attempts, next_at
       from write_backs w where w.channel = s.channel and w.shop = s.shop and state = 'due' and next_at <= to_timestamp($1::float8 / 1000)
       order by next_at limit $2) due
     where s.channel || '/' || s.shop <> all ($4)
     order by next_at limit $3`,
    [now, perShop, most, busy],
  );
  return rows;
}

export interface Ended {
  readonly state: 'due' | 'done' | 'dead';
  readonly attempts: number;
  readonly nextAt: number;
  readonly cause: WriteBackCause | null;
  /** The channel's own code. */
  readonly code: string | null;
  readonly packIds: PackIds;
}
/** How a try ended. Was something else asked for meanwhile, only the channel's numbers are kept. False when a later holder has the consumer. */
export async function saveEnd(sql: Sql, epoch: number, row: DueRow, ended: Ended): Promise<boolean> {
  const { rowCount } = await sql.queryNamed(
    'write_back.save_end',
    `with mine as (select 1 from consumers where consumer = $1 and epoch = $2 for share)
     update write_backs as w set pack_ids = w.pack_ids || $7::jsonb,
       state = case when w.version = $6 then $8 else w.state end,
       attempts = case when w.version = $6 then $9::int else w.attempts end,
       next_at = case when w.version = $6 then to_timestamp($10::float8 / 1000) else w.next_at end,
       cause = case when w.version = $6 then $11 else w.cause end,
       code = case when w.version = $6 then $12 else w.code end
     from mine where log_partition = $3 and order_key = $4 and what = $5`,
    [
      CONSUMER,
      epoch,
      row.partition,
      row.orderKey,
      row.what,
      row.version,
      JSON.stringify(ended.packIds),
      ended.state,
      ended.attempts,
      ended.nextAt,
      ended.cause,
      ended.code,
    ],
  );
  return rowCount === 1;
}

/** A person asks for another try; false when there is no such letter. */
export async function reopen(sql: Sql, partition: number, orderKey: string, what: WriteBackWhat, now: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update write_backs set state = 'due', attempts = 0, next_at = to_timestamp($4::float8 / 1000)
     where log_partition = $1 and order_key = $2 and what = $3 and state = 'dead'`,
    [partition, orderKey, what, now],
  );
  return rowCount === 1;
}

/** What was put off beyond `latest` (both ms UTC) is due `now`: a clock that was ahead had set it. How many rows there were. */
export async function hurryWriteBacks(sql: Sql, now: number, latest: number): Promise<number> {
  const { rowCount } = await sql.query(
    `update write_backs set next_at = to_timestamp($1::float8 / 1000) where state = 'due' and next_at > to_timestamp($2::float8 / 1000)`,
    [now, latest],
  );
  return rowCount;
}

export interface ToldRow {
  readonly channel: string;
  readonly shop: string;
  readonly name: string;
  /** Null when it was told everything. */
  readonly openFrom: number | null;
  /** Of the oldest thing that it could not be told. */
  readonly cause: WriteBackCause | null;
}
/** Of one order: what its channel has been told, and from which version on it does not know. */
export async function readTold(sql: Sql, partition: number, orderKey: string): Promise<ToldRow[]> {
  const { rows } = await sql.query<ToldRow>(
    `select w.channel, w.shop, coalesce(s.name, w.shop) as name, min(w.version) filter (where w.state <> 'done') as "openFrom",
       (array_agg(w.cause order by w.version) filter (where w.state <> 'done' and w.cause is not null))[1] as cause
     from write_backs w left join shops s on s.channel = w.channel and s.shop = w.shop
     where w.log_partition = $1 and w.order_key = $2 group by 1, 2, 3`,
    [partition, orderKey],
  );
  return rows;
}
