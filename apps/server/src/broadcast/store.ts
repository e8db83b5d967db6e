/** All SQL of the broadcast room. */
import type { Sql } from '#platform';
import type { LogEvent } from './envelope.ts';

export interface EndpointRow {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly state: string;
  readonly eventTypes: readonly string[] | null;
  readonly shops: readonly string[] | null;
  /** Top-level fields of the public state; null = all. */
  readonly fields: readonly string[] | null;
  readonly personalFields: readonly string[];
  readonly wrappedSecret: Buffer;
  /** The secrets before, the last one first, and until when each is live. */
  readonly wrappedOldSecrets: readonly Buffer[];
  readonly oldSecretsUntil: readonly number[];
  /** When a person last let it go on; who delivers under an older one begins again. */
  readonly revivedAt?: number | null;
}
const ENDPOINT =
  'id, name, url, state, event_types as "eventTypes", shops, fields, personal_fields as "personalFields", wrapped_secret as "wrappedSecret", old_secrets as "wrappedOldSecrets", array(select (extract(epoch from until) * 1000)::int8 from unnest(old_secrets_until) with ordinality as u (until, place) order by place) as "oldSecretsUntil", (extract(epoch from revived_at) * 1000)::int8 as "revivedAt"';

export async function readEndpoints(sql: Sql): Promise<EndpointRow[]> {
  return (await sql.query<EndpointRow>(`select ${ENDPOINT} from endpoints where removed_at is null order by created_at limit 1000`)).rows;
}

/** A new consumer starts behind the newest event, or before the first one that is still kept; a partition that keeps none has nothing to tell. */
export async function insertEndpoint(
  tx: Sql,
  row: Omit<EndpointRow, 'state' | 'wrappedOldSecrets' | 'oldSecretsUntil' | 'revivedAt'>,
  fromEarliest: boolean,
): Promise<void> {
  await tx.query(
    `insert into endpoints (id, name, url, event_types, shops, fields, personal_fields, wrapped_secret) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [row.id, row.name, row.url, row.eventTypes, row.shops, row.fields, row.personalFields, row.wrappedSecret],
  );
  await tx.query(
    `insert into consumers (consumer, positions, began)
     select $1, start, start from leases, lateral (select case when $2 then array(
       select coalesce((select min(position) - 1 from events where log_partition = u.place - 1), u.head)
       from unnest(heads) with ordinality as u (head, place) order by u.place) else heads end as start) as s where lease_id = 1`,
    [row.id, fromEarliest],
  );
}
const BEFORE = 'before as (select name, url, state from endpoints where id = $1 and removed_at is null for update)';
/** Answers the state before; null when there is no such endpoint. */
export async function setEndpointState(sql: Sql, id: string, state: string): Promise<string | null> {
  const { rows } = await sql.query<{ state: string }>(
    `with ${BEFORE} update endpoints set state = $2 from before where id = $1 returning before.state`,
    [id, state],
  );
  return rows[0]?.state ?? null;
}
export type Changeable = Pick<EndpointRow, 'name' | 'url'>;
/** That it was gone was said at the address before. Answers what was; null: there is no such endpoint. */
export async function changeEndpoint(tx: Sql, id: string, { name, url }: Partial<Changeable>): Promise<Changeable | null> {
  const { rows } = await tx.query<Changeable>(
    `with ${BEFORE}
     update endpoints e set name = coalesce($2, e.name), url = coalesce($3, e.url),
       state = case when e.state = 'gone' and coalesce($3, e.url) <> e.url then 'active' else e.state end
     from before where e.id = $1 returning before.name, before.url`,
    [id, name ?? null, url ?? null],
  );
  return rows[0] ?? null;
}
/** All that is parked is due now; what was given up has a whole ladder before it. */
export async function reviveParked(tx: Sql, id: string, now: number): Promise<void> {
  const { rowCount } = await tx.query(
    `update parked set dead = false, attempts = case when dead then 0 else attempts end, next_at = to_timestamp($2::float8 / 1000)
     where consumer = $1 and (dead or next_at > to_timestamp($2::float8 / 1000))`,
    [id, now],
  );
  if (rowCount !== 0) await tx.query('update endpoints set revived_at = to_timestamp($2::float8 / 1000) where id = $1', [id, now]);
}
/** With the last one at most so many of the secrets before stay live, the oldest of them: a receiver that never heard of those between holds one of these. */
const OLD_SECRETS = 3;
/** The secret before stays live until `oldUntil`, each one before it for its own time. `oldUntil` null: all of them end now. Answers how many are live; null: there is no such endpoint. */
export async function rotateSecret(
  tx: Sql,
  id: string,
  wrappedSecret: Buffer,
  { now, oldUntil }: { readonly now: number; readonly oldUntil: number | null },
): Promise<number | null> {
  const { rows } = await tx.query<{ live: number }>(
    `with locked as (select * from endpoints where id = $1 and removed_at is null for update),
     known as (
       select 0 as place, wrapped_secret as secret, to_timestamp($3::float8 / 1000) as until from locked
       union all
       select place, secret, until from locked, unnest(old_secrets, old_secrets_until) with ordinality as u (secret, until, place) where until > to_timestamp($4::float8 / 1000)),
     kept as (
       select * from known where $3::float8 is not null and (place = 0 or place in (select place from known where place > 0 order by place desc limit ${OLD_SECRETS})))
     update endpoints e set wrapped_secret = $2,
       old_secrets = array(select secret from kept order by place), old_secrets_until = array(select until from kept order by place)
     from locked where e.id = locked.id returning 1 + cardinality(e.old_secrets) as live`,
    [id, wrappedSecret, oldUntil, now],
  );
  return rows[0]?.live ?? null;
}
/** Answers the state before; null when there is no such endpoint. */
export async function removeEndpoint(tx: Sql, id: string): Promise<string | null> {
  const { rows } = await tx.query<{ state: string }>(
    `with ${BEFORE} update endpoints set removed_at = now() from before where id = $1 returning before.state`,
    [id],
  );
  await tx.query('delete from consumers where consumer = $1', [id]);
  await tx.query('delete from parked where consumer = $1', [id]);
  await tx.query('delete from digest_mismatches where consumer = $1', [id]);
  await tx.query('delete from delivery_segments where consumer = $1', [id]);
  await tx.query(`update replays set state = 'cancelled', waiting = 0, ended_at = now() where consumer = $1 and state = 'running'`, [id]);
  await tx.query('delete from failed_attempts where consumer = $1', [id]);
  return rows[0]?.state ?? null;
}

/**
 * Takes the consumer for the holder of the lease in its `epoch`. From now on nothing that an earlier holder still writes is taken: it may
 * have been stopped for hours and know nothing of what was told since. Null: a later holder has it, or it is gone.
 */
export async function takeConsumer(sql: Sql, { consumer, epoch }: Hold): Promise<number[] | null> {
  const { rows } = await sql.query<{ positions: number[] }>(
    'update consumers set epoch = $2 where consumer = $1 and epoch <= $2 returning positions',
    [consumer, epoch],
  );
  return rows[0]?.positions ?? null;
}
/** A consumer as one holder has it; every write below changes nothing, and says so, when another one has it. */
export interface Hold {
  readonly consumer: string;
  readonly epoch: number;
}
export const MINE = 'mine as (select 1 from consumers where consumer = $1 and epoch = $2 for share)';

export async function saveCursor(sql: Sql, { consumer, epoch }: Hold, positions: readonly number[]): Promise<boolean> {
  const { rowCount } = await sql.queryNamed(
    'broadcast.save_cursor',
    'update consumers set positions = $3, updated_at = now() where consumer = $1 and epoch = $2',
    [consumer, epoch, positions],
  );
  return rowCount === 1;
}

/** Newest position of each partition of the log. */
export async function readHeads(sql: Sql): Promise<number[]> {
  const { rows } = await sql.queryNamed<{ heads: number[] }>('broadcast.read_heads', 'select heads from leases where lease_id = 1');
  return rows[0]?.heads ?? [];
}

export const EVENT = `log_partition as partition, position, order_key as "subjectKey", version, type, withheld, occurred_at as "occurredAt", detail, state`;

/** The next events behind a cursor: at most `perPartition` of each partition that has news. */
export async function readPage(sql: Sql, cursor: readonly number[], perPartition: number): Promise<LogEvent[]> {
  const { rows } = await sql.queryNamed<LogEvent>(
    'broadcast.read_page',
    `with news as (
       select (u.place - 1)::smallint as p, u.cursor from leases, unnest(heads, $1::bigint[]) with ordinality as u (head, cursor, place)
       where lease_id = 1 and u.head > u.cursor)
     select e.* from news cross join lateral (
       select ${EVENT} from events where log_partition = news.p and position > news.cursor order by position limit $2) e`,
    [cursor, perPartition],
  );
  return rows;
}

/** Null when the log does not have it (any more). */
export async function readEvent(sql: Sql, partition: number, position: number): Promise<LogEvent | null> {
  const { rows } = await sql.query<LogEvent>(`select ${EVENT} from events where log_partition = $1 and position = $2`, [
    partition,
    position,
  ]);
  return rows[0] ?? null;
}

/** A subject's events in version order, up to the position that the consumer's cursor has passed. */
export async function readSubject(
  sql: Sql,
  partition: number,
  subjectKey: string,
  fromVersion: number,
  upTo: number,
  limit: number,
): Promise<LogEvent[]> {
  const { rows } = await sql.queryNamed<LogEvent>(
    'broadcast.read_subject',
    `select ${EVENT} from events where log_partition = $1 and order_key = $2 and version >= $3 and position <= $4 order by version limit $5`,
    [partition, subjectKey, fromVersion, upTo, limit],
  );
  return rows;
}

export interface ParkedRow {
  readonly partition: number;
  readonly subjectKey: string;
  readonly fromVersion: number;
  readonly attempts: number;
  readonly nextAt: number;
  readonly dead: boolean;
}
export async function readParked(sql: Sql, consumer: string, limit: number): Promise<ParkedRow[]> {
  const { rows } = await sql.query<ParkedRow>(
    `select log_partition as partition, order_key as "subjectKey", from_version as "fromVersion", attempts, (extract(epoch from next_at) * 1000)::int8 as "nextAt", dead
     from parked where consumer = $1 order by since limit $2`,
    [consumer, limit],
  );
  return rows;
}
export async function savePark(sql: Sql, { consumer, epoch }: Hold, row: ParkedRow, at: number, error: string): Promise<boolean> {
  const { rowCount } = await sql.queryNamed(
    'broadcast.save_park',
    `with ${MINE}
     insert into parked as p (consumer, log_partition, order_key, from_version, attempts, next_at, since, last_error, dead)
     select $1, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000), $9, $10 from mine
     on conflict on constraint parked_pk do update set from_version = excluded.from_version, attempts = excluded.attempts,
       next_at = excluded.next_at, last_error = excluded.last_error, dead = excluded.dead`,
    [consumer, epoch, row.partition, row.subjectKey, row.fromVersion, row.attempts, row.nextAt, at, error, row.dead],
  );
  return rowCount === 1;
}
export async function deletePark(sql: Sql, { consumer, epoch }: Hold, partition: number, subjectKey: string): Promise<boolean> {
  const { rows } = await sql.queryNamed<{ isMine: boolean }>(
    'broadcast.delete_park',
    `with ${MINE},
     gone as (delete from parked where consumer = $1 and log_partition = $3 and order_key = $4 and exists (select 1 from mine))
     select exists (select 1 from mine) as "isMine"`,
    [consumer, epoch, partition, subjectKey],
  );
  return rows[0]?.isMine ?? false;
}

export interface FailedTry {
  /** Counts up per consumer. */
  readonly id: number;
  readonly subjectKey: string;
  readonly version: number;
  readonly attempt: number;
  readonly at: number;
  readonly status: number | null;
  readonly error: string;
  readonly durationMs: number;
  /** Where the event stands in the log. */
  readonly partition: number;
  readonly position: number;
  /** Of which replay it was a snapshot. */
  readonly replay: number | null;
  readonly sealedAnswer: Buffer | null;
}
/** May be repeated. */
export async function saveFailedTry(sql: Sql, { consumer, epoch }: Hold, failed: FailedTry): Promise<boolean> {
  const { rowCount } = await sql.queryNamed(
    'broadcast.save_failed_try',
    `with ${MINE}
     insert into failed_attempts (consumer, at, order_key, version, attempt, status, error, duration_ms, log_partition, position, replay, sealed_answer, id)
     select $1, to_timestamp($3::float8 / 1000), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 from mine
     on conflict on constraint failed_attempts_pk do update set at = excluded.at`,
    [
      consumer,
      epoch,
      failed.at,
      failed.subjectKey,
      failed.version,
      failed.attempt,
      failed.status,
      failed.error,
      failed.durationMs,
      failed.partition,
      failed.position,
      failed.replay,
      failed.sealedAnswer,
      failed.id,
    ],
  );
  return rowCount === 1;
}
export interface MismatchRow {
  readonly partition: number;
  readonly subjectKey: string;
  readonly version: number;
  /** `<version>:<digest>` each. */
  readonly ours: string;
  readonly theirs: string;
  readonly at: number;
}
/** The first time is kept while they disagree. */
export async function saveMismatch(sql: Sql, { consumer, epoch }: Hold, row: MismatchRow): Promise<boolean> {
  const { rowCount } = await sql.queryNamed(
    'broadcast.save_mismatch',
    `with ${MINE}
     insert into digest_mismatches (consumer, log_partition, order_key, version, ours, theirs, since, at)
     select $1, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), to_timestamp($8::float8 / 1000) from mine
     on conflict on constraint digest_mismatches_pk do update set version = excluded.version, ours = excluded.ours, theirs = excluded.theirs, at = excluded.at`,
    [consumer, epoch, row.partition, row.subjectKey, row.version, row.ours, row.theirs, row.at],
  );
  return rowCount === 1;
}
export async function deleteMismatch(sql: Sql, { consumer, epoch }: Hold, partition: number, subjectKey: string): Promise<boolean> {
  const { rows } = await sql.queryNamed<{ isMine: boolean }>(
    'broadcast.delete_mismatch',
    `with ${MINE},
     gone as (delete from digest_mismatches where consumer = $1 and log_partition = $3 and order_key = $4 and exists (select 1 from mine))
     select exists (select 1 from mine) as "isMine"`,
    [consumer, epoch, partition, subjectKey],
  );
  return rows[0]?.isMine ?? false;
}
export async function readMismatched(sql: Sql, consumer: string, limit: number): Promise<string[]> {
  const { rows } = await sql.query<{ key: string }>('select order_key as key from digest_mismatches where consumer = $1 limit $2', [
    consumer,
    limit,
  ]);
  return rows.map(({ key }) => key);
}
export interface Mismatch {
  readonly subjectKey: string;
  readonly version: number;
  readonly ours: string;
  readonly theirs: string;
  readonly since: string;
  readonly at: string;
}
const instant = (column: string): string => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** Newest first, behind `after`. */
export async function readMismatches(
  sql: Sql,
  consumer: string,
  after: { readonly at: number; readonly subjectKey: string } | null,
  limit: number,
): Promise<Mismatch[]> {
  const { rows } = await sql.query<Mismatch>(
    `select order_key as "subjectKey", version, ours, theirs, ${instant('since')} as since, ${instant('d.at')} as at from digest_mismatches d
     where consumer = $1 and ($2::float8 is null or (d.at, order_key) < (to_timestamp($2::float8 / 1000), $3)) order by d.at desc, order_key desc limit $4`,
    [consumer, after?.at ?? null, after?.subjectKey ?? '', limit],
  );
  return rows;
}

export interface ConsumerStatus {
  readonly id: string;
  /** Null for whoever is bound to some shops: the cursor is one over all of them. */
  readonly lag: number | null;
  readonly parked: number;
  readonly dead: number;
  readonly mismatches: number;
  readonly oldestParkedSince: string | null;
  readonly lastError: string | null;
}
/** Is it about an order of the shops that are asked about? */
const inShops = (row: string): string =>
  `${row}.consumer = c.consumer and ($1::text[] is null or exists (select 1 from orders o where o.log_partition = ${row}.log_partition and o.order_key = ${row}.order_key and o.channel || '/' || o.shop = any($1)))`;
/**
 * Behind by how many events (within a day, and since the last restore, positions of a partition count up by one), and what is parked; of orders of `shops` (`channel/shop`)
 * only, unless that is null.
 */
export async function readStatus(sql: Sql, shops: readonly string[] | null): Promise<ConsumerStatus[]> {
  const { rows } = await sql.query<ConsumerStatus>(
    `select c.consumer as id,
       case when $1::text[] is null then
         (select coalesce(sum(u.head - greatest(u.cursor, u.head & ~4294967295, case when u.head > event_floor then event_floor else 0 end)), 0)::int8
          from leases, unnest(heads, c.positions) as u (head, cursor) where lease_id = 1 and u.head > u.cursor) end as lag,
       (select count(*) from parked p where ${inShops('p')}) as parked,
       (select count(*) from parked p where ${inShops('p')} and dead) as dead,
       (select count(*) from digest_mismatches d where ${inShops('d')}) as mismatches,
       (select to_char(min(since), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from parked p where ${inShops('p')}) as "oldestParkedSince",
       case when $1::text[] is null then (select error from failed_attempts f where f.consumer = c.consumer order by at desc limit 1) end as "lastError"
     from consumers c order by c.consumer`,
    [shops],
  );
  return rows;
}
