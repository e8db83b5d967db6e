/** SQL of the doctor: facts about the database and about the house in it. It changes nothing. */
import type { Sql } from '#platform';

export interface HouseFacts {
  readonly holder: string | null;
  /** Until when the lease is held, in seconds from now by the database's clock; negative: it is over. */
  readonly leaseSeconds: number;
  readonly clockMs: number;
  /** How far time has come for sure, ms UTC. */
  readonly provenMs: number;
  readonly writeLagSeconds: number;
  readonly waiting: number;
  readonly deadIn: number;
  readonly deadOut: number;
  readonly reviews: number;
  /** Active ones that have something to tell and told nothing for a while. */
  readonly stillEndpoints: readonly string[];
  /** With orders that wait behind a failed delivery for longer than an hour. */
  readonly parkedEndpoints: readonly string[];
  readonly pullAlarms: number;
  readonly tokenErrors: readonly string[];
  /** Queues and sockets that have been down for long. */
  readonly linksDown: readonly string[];
  /** Connected shops of which nothing could be pulled for a day, with the feed. */
  readonly pullsStuck: readonly string[];
  /** Since write-back last came on although there is more; 0 when there is not. */
  readonly writeBackStillSeconds: number;
  readonly writeBacksOld: number;
  /** Signed three hours ago and sent nowhere since. */
  readonly headsUnsent: number;
  /** Jobs whose last run failed. */
  readonly retentionFailed: readonly string[];
  /** Of people and programs; what the database does for itself, and our own export and backup, take their time. */
  readonly oldestTransactionSeconds: number;
  readonly deadTuples: readonly string[];
  readonly databaseBytes: number;
}

/** Dead rows beyond this, and more than there are live ones: something keeps vacuum from its work. */
const DEAD_TUPLES = 200_000;
const LINK_DOWN = `interval '5 minutes'`;
const STILL = `interval '10 minutes'`;
const PULL_STUCK = `interval '1 day'`;
const TELLING_OLD = `interval '6 hours'`;
const SENDING_LATE = `interval '3 hours'`;
const MAY_TAKE_LONG = `'weir export', 'weir export load', 'weir backup', 'weir restore'`;

export async function readHouseFacts(sql: Sql): Promise<HouseFacts> {
  const { rows } = await sql.query<HouseFacts>(
    `with done as (select (select min(position) from unnest(positions) as position) as position from leases where lease_id = 1),
     behind as (select coalesce(sum(entry_count), 0)::int8 as waiting, min(received_at) as oldest from inbox, done where first_position > done.position)
     select (select holder from leases where lease_id = 1) as holder,
       (select case when isfinite(until) then extract(epoch from until - clock_timestamp()) else -1e9 end::float8 from leases where lease_id = 1) as "leaseSeconds",
       (extract(epoch from clock_timestamp()) * 1000)::float8 as "clockMs",
       coalesce((select extract(epoch from time_proven_at) * 1000 from installation), extract(epoch from clock_timestamp()) * 1000)::float8 as "provenMs",
       coalesce(greatest(extract(epoch from clock_timestamp() - oldest), 0), 0)::float8 as "writeLagSeconds", waiting,
       (select count(*) from dead_letters where state = 'open') as "deadIn",
       (select count(*) from write_backs where state = 'dead') as "deadOut",
       (select count(*) from review_cases where state = 'open') as reviews,
       array(select e.name from endpoints e join consumers c on c.consumer = e.id
         where e.state = 'active' and e.removed_at is null and c.updated_at < now() - ${STILL}
           and exists (select 1 from leases, unnest(heads, c.positions) as u (head, cursor) where lease_id = 1 and u.head > u.cursor)
         order by 1 limit 20) as "stillEndpoints",
       array(select e.name from endpoints e where e.removed_at is null
         and exists (select 1 from parked p where p.consumer = e.id and p.since < now() - interval '1 hour') order by 1 limit 20) as "parkedEndpoints",
       (select count(*) from pulls where alarm_at is not null) as "pullAlarms",
       array(select channel || '/' || shop from shops where token_error is not null order by 1 limit 20) as "tokenErrors",
       array(select a.channel || '/' || a.app_key || ' ' || l.kind from app_links l join apps a on a.id = l.app_id
         where l.down_since < now() - ${LINK_DOWN} order by 1 limit 20) as "linksDown",
       array(select p.channel || '/' || p.shop || ' ' || p.feed from pulls p join shops s using (channel, shop)
         where s.app_id is not null and p.last_error is not null and p.cursor_at < now() - ${PULL_STUCK} order by 1 limit 20) as "pullsStuck",
       coalesce((select extract(epoch from clock_timestamp() - c.updated_at) from consumers c where c.consumer = 'write-back'
         and exists (select 1 from leases, unnest(heads, c.positions) as u (head, cursor) where lease_id = 1 and u.head > u.cursor)), 0)::float8 as "writeBackStillSeconds",
       (select count(*) from write_backs where state = 'due' and since < now() - ${TELLING_OLD}) as "writeBacksOld",
       (select count(*) from audit_heads where posted_at is null and at < now() - ${SENDING_LATE}) as "headsUnsent",
       array(select job from (select distinct on (job) job, error from retention_runs order by job, began_at desc) last where error is not null) as "retentionFailed",
       coalesce((select max(extract(epoch from clock_timestamp() - xact_start))::float8 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
         and backend_type = 'client backend' and application_name not in (${MAY_TAKE_LONG})), 0)::float8 as "oldestTransactionSeconds",
       array(select relname::text from pg_stat_user_tables where n_dead_tup > ${DEAD_TUPLES} and n_dead_tup > n_live_tup order by n_dead_tup desc limit 10) as "deadTuples",
       pg_database_size(current_database())::float8 as "databaseBytes"
     from behind`,
  );
  return rows[0] as HouseFacts;
}

export interface LandedMigration {
  readonly version: number;
  readonly sha256: string;
}
/** Null when the database was never migrated. */
export async function readLanded(sql: Sql): Promise<LandedMigration[] | null> {
  const { rows: there } = await sql.query<{ there: boolean }>(`select to_regclass('schema_migrations') is not null as there`);
  if (!there[0]?.there) return null;
  return (await sql.query<LandedMigration>('select version, sha256 from schema_migrations order by version')).rows;
}

/** Which of these tables are there. */
export async function readTables(sql: Sql, names: readonly string[]): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>('select relname::text as name from pg_class where relname = any ($1::text[])', [
    names,
  ]);
  return rows.map(({ name }) => name);
}

export async function readKeyFacts(sql: Sql): Promise<{ readonly wrapped: Buffer; readonly months: readonly string[] } | null> {
  const { rows } = await sql.query<{ wrapped: Buffer; months: string[] }>(
    'select wrapped_secrets as wrapped, array(select month from data_keys order by key_id) as months from installation',
  );
  return rows[0] ?? null;
}
