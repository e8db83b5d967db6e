/** SQL of retention. Every statement is bounded: a page of rows, or one day's table. */
import type { Db, Sql } from '#platform';

const at = (parameter: number): string => `to_timestamp($${parameter}::float8 / 1000)`;

export interface LastRun {
  /** ms UTC. */
  readonly beganAt: number;
  readonly isWhole: boolean;
}
export async function readLastRun(sql: Sql, job: string): Promise<LastRun | null> {
  const { rows } = await sql.query<LastRun>(
    `select (extract(epoch from began_at) * 1000)::int8 as "beganAt", ended_at is not null and error is null as "isWhole"
     from retention_runs where job = $1 order by began_at desc limit 1`,
    [job],
  );
  return rows[0] ?? null;
}
export interface RunShown {
  readonly job: string;
  readonly beganAt: string;
  readonly endedAt: string | null;
  readonly removed: number;
  readonly error: string | null;
}
const ISO = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;
export async function listRuns(sql: Sql, limit: number): Promise<RunShown[]> {
  const { rows } = await sql.query<RunShown>(
    `select job, to_char(began_at at time zone 'UTC', ${ISO}) as "beganAt", to_char(ended_at at time zone 'UTC', ${ISO}) as "endedAt", removed, error
     from retention_runs order by began_at desc, job limit $1`,
    [limit],
  );
  return rows;
}
/** The last day up to `most` that any run of the job has done. */
export async function readReached(sql: Sql, job: string, most: number): Promise<number | null> {
  const { rows } = await sql.query<{ reached: number | null }>(
    'select max(reached) as reached from retention_runs where job = $1 and reached <= $2',
    [job, most],
  );
  return rows[0]?.reached ?? null;
}
export async function beginRun(sql: Sql, job: string, now: number): Promise<void> {
  await sql.query(`insert into retention_runs (job, began_at) values ($1, ${at(2)}) on conflict do nothing`, [job, now]);
}
export async function noteRun(sql: Sql, job: string, beganAt: number, removed: number, reached: number | null): Promise<void> {
  await sql.query(`update retention_runs set removed = $3, reached = coalesce($4::int, reached) where job = $1 and began_at = ${at(2)}`, [
    job,
    beganAt,
    removed,
    reached,
  ]);
}
export async function endRun(sql: Sql, job: string, beganAt: number, now: number, error: string | null): Promise<void> {
  await sql.query(`update retention_runs set ended_at = ${at(3)}, error = $4 where job = $1 and began_at = ${at(2)}`, [
    job,
    beganAt,
    now,
    error,
  ]);
}
const RUNS_KEPT = 400;
export async function forgetRuns(sql: Sql, job: string): Promise<void> {
  await sql.query(
    `delete from retention_runs where job = $1 and reached is distinct from (select max(reached) from retention_runs where job = $1)
       and began_at < (select min(began_at) from (select began_at from retention_runs where job = $1 order by began_at desc limit $2) as newest)`,
    [job, RUNS_KEPT],
  );
}

export interface Part {
  readonly name: string;
  /** Positions below it are in this table or an older one. */
  readonly to: number;
}
/** The parts of a log, oldest first. */
export async function listBoundedParts(sql: Sql, parent: string): Promise<Part[]> {
  const { rows } = await sql.query<Part>(
    `select c.relname as name, substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''?(\\d+)')::int8 as "to"
     from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass order by 2`,
    [parent],
  );
  return rows;
}
/** Up to here every message was worked; null: all that there are. */
export async function readWorked(sql: Sql): Promise<number | null> {
  const { rows } = await sql.query<{ worked: number | null }>(
    `select case when min(done) < (select position from inbox_head) then min(done) end as worked from leases, unnest(positions) as done`,
  );
  return rows[0]?.worked ?? null;
}
/** Messages that were stored and not worked yet. */
export async function countWaiting(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    'select coalesce(sum(entry_count), 0)::int8 as n from inbox where first_position > (select min(done) from leases, unnest(positions) as done)',
  );
  return rows[0]?.n ?? 0;
}
/** Waits a moment for its lock and no longer: whoever appends comes first, and the next run tries again. `name` is one that the catalogue told us. */
export async function dropPart(db: Db, name: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`set local lock_timeout = '2s'`);
    await tx.query(`drop table ${name}`);
  });
}

/** Segments of one day of the inbox behind `after`. `part` is a name that the catalogue told us. */
export async function readRawPage(
  sql: Sql,
  part: string,
  after: number,
  limit: number,
): Promise<{ readonly first: number; readonly receivedAt: number; readonly sealed: Buffer }[]> {
  const { rows } = await sql.query<{ first: number; receivedAt: number; sealed: Buffer }>(
    `select first_position as first, (extract(epoch from received_at) * 1000)::int8 as "receivedAt", sealed from ${part}
     where first_position > $1 order by first_position limit $2`,
    [after, limit],
  );
  return rows;
}
export async function savePrints(
  sql: Sql,
  segments: readonly { readonly first: number; readonly receivedAt: number; readonly prints: Buffer }[],
): Promise<void> {
  await sql.query(
    `insert into raw_prints (first_position, received_at, prints)
     select f, to_timestamp(r::float8 / 1000), p from unnest($1::bigint[], $2::bigint[], $3::bytea[]) as n (f, r, p) on conflict on constraint raw_prints_pk do nothing`,
    [segments.map(({ first }) => first), segments.map(({ receivedAt }) => receivedAt), segments.map(({ prints }) => prints)],
  );
}
/** Of messages older than the facts that came of them. */
export const forgetPrints = async (sql: Sql, before: number): Promise<number> =>
  (await sql.query('delete from raw_prints where first_position < $1', [before])).rowCount;

/** Whether no consumer has to read the part's events any more: not one that is behind, and not one of which an order is parked in it. */
export async function isHeardByAll(sql: Sql, { name, to }: Part): Promise<boolean> {
  const { rows } = await sql.query<{ heard: boolean }>(
    `select not exists (select 1 from consumers c, leases l, unnest(c.positions, l.heads) as u (cursor, head) where l.lease_id = 1 and cursor < least(head, $1::int8 - 1))
       and not exists (select 1 from parked p join ${name} e on e.log_partition = p.log_partition and e.order_key = p.order_key and e.version >= p.from_version) as heard`,
    [to],
  );
  return rows[0]?.heard ?? false;
}

/** Partitions with an event in the range. */
export async function readBusyPartitions(sql: Sql, from: number, to: number): Promise<number[]> {
  const { rows } = await sql.query<{ p: number }>(
    `select p from generate_series(0, 63) as p where exists (select 1 from events where log_partition = p and position >= $1 and position < $2)`,
    [from, to],
  );
  return rows.map(({ p }) => p);
}

export interface OldOrder {
  readonly position: number;
  readonly channel: string;
  readonly shop: string;
  readonly id: string;
}
/** Ended orders of a partition (with `withPerson` only those that still hold a person), of which the last event lies behind `after` and before `to`. */
export async function readOldOrders(
  sql: Sql,
  partition: number,
  after: number,
  to: number,
  withPerson: boolean,
  limit: number,
): Promise<OldOrder[]> {
  const { rows } = await sql.query<OldOrder>(
    `select e.position, o.channel, o.shop, o.channel_order_id as id
     from events e join orders o on o.log_partition = e.log_partition and o.order_key = e.order_key and o.last_position = e.position
       join order_list l on l.log_partition = o.log_partition and l.order_key = o.order_key
     where e.log_partition = $1 and e.position > $2 and e.position < $3 and (not $5 or o.bundle is not null) and l.status in ('completed', 'cancelled', 'closed')
     order by e.position limit $4`,
    [partition, after, to, limit, withPerson],
  );
  return rows;
}

/** Rows whose time has passed, by table; each statement takes at most `limit` of them, and is repeated until it finds fewer. */
export const OLD_ROWS = {
  sessions: `delete from sessions where ctid = any(array(select ctid from sessions where until < ${at(1)} limit $2))`,
  write_backs: `delete from write_backs where ctid = any(array(select ctid from write_backs where state = 'done' and since < ${at(1)} limit $2))`,
  imports: `delete from imports where id = any(array(select id from imports where finished_at < ${at(1)} limit $2))`,
  backfills: `delete from backfills where id = any(array(select id from backfills where finished_at < ${at(1)} limit $2))`,
  aways: `delete from aways where from_at = any(array(select from_at from aways where complete_at < ${at(1)} limit $2))`,
  dead_letters: `delete from dead_letters where id = any(array(select id from dead_letters where state <> 'open' and created_at < ${at(1)} limit $2))`,
  /** Messages of no order of ours that nobody has judged for so long: nobody will, and somebody's data lies in them. */
  unrouted_cases: `update review_cases set sealed = null, state = 'rejected', closed_at = now(), closed_by = 'retention'
    where ctid = any(array(select ctid from review_cases where order_key = 'unrouted' and state = 'open' and opened_at < ${at(1)} limit $2))`,
  stray_letters: `update dead_letters set sealed = '', state = 'erased' where id = any(array(select id from dead_letters where order_key is null and state = 'open' and created_at < ${at(1)} limit $2))`,
  /** Messages that were judged: the case stays as a record, what it kept of a person does not. */
  review_cases: `update review_cases set sealed = null where ctid = any(array(select ctid from review_cases where sealed is not null and state <> 'open' and closed_at < ${at(1)} limit $2))`,
} as const;
export type OldRows = keyof typeof OLD_ROWS;

export async function forgetOldRows(sql: Sql, table: OldRows, before: number, limit: number): Promise<number> {
  return (await sql.query(OLD_ROWS[table], [before, limit])).rowCount;
}
