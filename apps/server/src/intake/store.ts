/** All SQL of the intake room: inbox, idempotency keys, lease, outcomes, dead letters. */
import { arrayOf, type Db, type Sql, type Step } from '#platform';
import { floorOf } from './positions.ts';

/**
 * A process that is stopped inside a transaction keeps its row locks, and with them the lease or the head of the inbox, from everybody else.
 * So the database ends such a transaction by itself; always true, and good for the rest of the transaction only.
 */
const IDLE_IN_TRANSACTION_MS = 3_000;
const LET_GO = `set_config('idle_in_transaction_session_timeout', '${IDLE_IN_TRANSACTION_MS}', true) <> ''`;

export interface Appended {
  readonly first: number;
  /** Last position before this append; a reader that knows it knows that it has seen everything. */
  readonly previous: number;
}

/** One statement: the head's lock is held until commit, so position order is commit order. */
export async function appendSegment(db: Sql, count: number, sealed: Buffer, receivedAt: number): Promise<Appended> {
  const { rows } = await db.queryNamed<{ first: number; previous: number }>(
    'intake.append',
    `with old as (select position from inbox_head for update),
     head as (update inbox_head set position = greatest(old.position, $1::bigint) + $2::int from old returning inbox_head.position, old.position as previous),
     segment as (insert into inbox (first_position, entry_count, received_at, sealed) select position - $2::int + 1, $2::int, to_timestamp($3::float8 / 1000), $4 from head)
     select position - $2::int + 1 as first, previous from head`,
    [floorOf(receivedAt), count, receivedAt, sealed],
  );
  return rows[0] as Appended;
}

export async function takePositions(tx: Sql, count: number, now: number): Promise<Appended> {
  const { rows } = await tx.queryNamed<Appended>(
    'intake.take_positions',
    `with old as (select position from inbox_head where ${LET_GO} for update)
     update inbox_head set position = greatest(old.position, $1::bigint) + $2::int from old
     returning inbox_head.position - $2::int + 1 as first, old.position as previous`,
    [floorOf(now), count],
  );
  return rows[0] as Appended;
}

export async function insertSegment(tx: Sql, first: number, count: number, sealed: Buffer, receivedAt: number): Promise<void> {
  await tx.queryNamed(
    'intake.insert_segment',
    'insert into inbox (first_position, entry_count, received_at, sealed) values ($1, $2, to_timestamp($3::float8 / 1000), $4)',
    [first, count, receivedAt, sealed],
  );
}

export interface KeyRow {
  readonly tokenId: string;
  readonly key: string;
  readonly inputHash: Buffer;
  readonly position: number;
}

/** Takes the keys that are free; answers for every wanted key who holds it now. */
export async function takeKeys(tx: Sql, wanted: readonly KeyRow[], now: number): Promise<KeyRow[]> {
  const columns = [wanted.map((k) => k.tokenId), wanted.map((k) => k.key)];
  await tx.queryNamed(
    'intake.take_keys',
    `insert into idempotency_keys (token_id, key, input_hash, position, created_at)
     select t, k, h, p, to_timestamp($5::float8 / 1000) from unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[]) as wanted (t, k, h, p)
     on conflict on constraint idempotency_keys_pk do nothing`,
    [...columns, wanted.map((k) => k.inputHash), wanted.map((k) => k.position), now],
  );
  const { rows } = await tx.queryNamed<KeyRow>(
    'intake.read_keys',
    `select token_id as "tokenId", key, input_hash as "inputHash", position from idempotency_keys
     join unnest($1::text[], $2::text[]) as wanted (t, k) on token_id = t and key = k`,
    columns,
  );
  return rows;
}

export async function forgetKeys(db: Sql, before: number): Promise<void> {
  await db.query('delete from idempotency_keys where created_at < to_timestamp($1::float8 / 1000)', [before]);
}

export interface SegmentRow {
  readonly first: number;
  readonly count: number;
  readonly sealed: Buffer;
}
/** Segments above `position`, oldest first. */
export async function readSegments(db: Sql, position: number, limit: number): Promise<SegmentRow[]> {
  const { rows } = await db.queryNamed<SegmentRow>(
    'intake.read_segments',
    'select first_position as first, entry_count as count, sealed from inbox where first_position > $1 order by first_position limit $2',
    [position, limit],
  );
  return rows;
}

/** The segment that holds `position`, or null when its day was dropped. */
export async function findSegment(db: Sql, position: number): Promise<SegmentRow | null> {
  const { rows } = await db.query<SegmentRow>(
    'select first_position as first, entry_count as count, sealed from inbox where first_position <= $1 order by first_position desc limit 1',
    [position],
  );
  const row = rows[0];
  return row && position < row.first + row.count ? row : null;
}

/** Hashes of the dropped segment that may have held `position`. */
export async function findPrints(db: Sql, position: number): Promise<{ readonly first: number; readonly prints: Buffer } | null> {
  const { rows } = await db.query<{ first: number; prints: Buffer }>(
    'select first_position as first, prints from raw_prints where first_position <= $1 order by first_position desc limit 1',
    [position],
  );
  return rows[0] ?? null;
}

export interface LeaseRow {
  readonly epoch: number;
  readonly positions: number[];
  /** The newest event of each partition. */
  readonly heads: number[];
  readonly serials: number[];
  /** The next event lies above it too; a restore raises it. */
  readonly eventFloor: number;
}
const LEASE_COLUMNS = 'epoch, positions, heads, serials, event_floor as "eventFloor"';

/**
 * Takes the lease when it is free, run out, or held by an earlier process of the same home; the database's clock decides. A process that
 * was stopped while it sent a batch may still hold row locks with half of it: the connections of the holder that is followed are ended first,
 * in the same statement, so that it cannot come back in between.
 */
export async function takeLease(db: Db, holder: string, home: string, ttlMs: number): Promise<LeaseRow | null> {
  const free = `lease_id = 1 and (until < clock_timestamp() or split_part(holder, ' ', 1) = $1)`;
  const { rows } = await db.query<LeaseRow>(
    `with ended as materialized (
       select pg_terminate_backend(pid) from pg_stat_activity, leases
       where ${free} and isfinite(until) and application_name = left('weir ' || holder, 63) and holder <> $2 and usename = current_user)
     update leases set holder = $2, epoch = epoch + 1, until = clock_timestamp() + $3::float8 * interval '1 ms'
     where ${free} and (select count(*) from ended) >= 0 returning ${LEASE_COLUMNS}`,
    [home, holder, ttlMs],
  );
  return rows[0] ?? null;
}

export async function renewLease(db: Sql, epoch: number, ttlMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update leases set until = clock_timestamp() + $2::float8 * interval '1 ms' where lease_id = 1 and epoch = $1`,
    [epoch, ttlMs],
  );
  return rowCount === 1;
}

export async function freeLease(db: Sql, epoch: number): Promise<void> {
  await db.query(`update leases set until = '-infinity' where lease_id = 1 and epoch = $1`, [epoch]);
}

/** The server's answer to a division by zero: how `advance` ends a batch whose worker is not the present holder. */
export const LEASE_LOST_STATE = '22012';

/** First step of each batch: only the present holder, at exactly the known positions, may go on; anybody else's whole batch is rolled back. */
export const advance = (before: LeaseRow, after: LeaseRow): Step => ({
  name: 'intake.advance',
  text: `with held as (
     update leases set positions = $3::bigint[], heads = $4::bigint[], serials = $5::bigint[]
     where lease_id = 1 and epoch = $1::bigint and positions = $2::bigint[]
     returning 1)
   select 1 / count(*) from held`,
  values: [
    before.epoch,
    arrayOf.int8(before.positions),
    arrayOf.int8(after.positions),
    arrayOf.int8(after.heads),
    arrayOf.int8(after.serials),
  ],
});

export const saveOutcomes = (first: number, last: number, body: Buffer): Step => ({
  name: 'intake.save_outcomes',
  text: 'insert into outcomes (last_position, first_position, body) values ($1::bigint, $2::bigint, $3::bytea)',
  values: [last, first, body],
});

/** Of the first batch that ends at `position` or behind it; null when nothing there is worked yet. */
export async function findOutcomes(db: Sql, position: number): Promise<{ first: number; body: Buffer } | null> {
  const { rows } = await db.queryNamed<{ first: number; body: Buffer }>(
    'intake.find_outcomes',
    'select first_position as first, body from outcomes where last_position >= $1 order by last_position limit 1',
    [position],
  );
  return rows[0] ?? null;
}

export const saveDeadLetter = (row: {
  readonly id: string;
  readonly position: number;
  readonly partition: number;
  readonly orderKey: string | null;
  readonly reason: string;
  readonly at: number;
  readonly sealed: Buffer;
}): Step => ({
  name: 'intake.save_dead_letter',
  text: `insert into dead_letters (id, position, log_partition, order_key, reason, created_at, sealed)
   values ($1::text, $2::bigint, $3::smallint, $4::text, $5::text, to_timestamp($6::float8 / 1000), $7::bytea) on conflict (id) do nothing`,
  values: [row.id, row.position, row.partition, row.orderKey, row.reason, row.at, row.sealed],
});

/** Last positions of the inbox and of every partition's events, and where the events go on. */
export async function readHeads(db: Sql): Promise<number[]> {
  const { rows } = await db.query<{ head: number }>(
    'select position as head from inbox_head union select distinct head from leases, unnest(event_floor || heads) as head',
  );
  return rows.map((row) => row.head);
}

/** Names of the day and month tables there are, and creating one. */
export async function listParts(db: Sql, parent: string): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    'select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass',
    [parent],
  );
  return rows.map((row) => row.name);
}
/** `parent` and `name` are our own words, `from` and `to` numbers: nothing of a stranger's stands in this text. */
export async function createPart(db: Db, parent: string, name: string, from: number, to: number): Promise<void> {
  await db.query(`create table if not exists ${name} partition of ${parent} for values from (${from}) to (${to})`);
}
