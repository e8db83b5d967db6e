/** SQL of what flows in and out by itself: pulls, fetches, write-back, heads of the audit. By the database's clock. */
import type { Sql } from '#platform';

export interface ChannelFlow {
  readonly channel: string;
  /** Of the shop and feed that is furthest behind. */
  readonly pullLagSeconds: number;
  readonly pullsFailing: number;
}
/** Of shops that are connected through an app; others are not pulled. */
export async function readChannelFlows(sql: Sql): Promise<ChannelFlow[]> {
  const { rows } = await sql.query<ChannelFlow>(
    `select channel, greatest(max(extract(epoch from clock_timestamp() - p.cursor_at)), 0)::float8 as "pullLagSeconds",
       count(*) filter (where p.last_error is not null) as "pullsFailing"
     from pulls p join shops s using (channel, shop) where s.app_id is not null group by channel order by channel`,
  );
  return rows;
}

export interface Flow {
  readonly fetchesDue: number;
  readonly fetchLateSeconds: number;
  readonly writeBackLagEvents: number;
  /** Since the cursor last moved; 0 when it stands beside the newest event. */
  readonly writeBackStillSeconds: number;
  /** Of what a channel has still to be told. */
  readonly writeBackOldestSeconds: number;
  readonly headsUnsent: number;
}
export async function readFlow(sql: Sql): Promise<Flow> {
  const { rows } = await sql.query<Flow>(
    `with behind as (
       select coalesce(sum(greatest(u.head - u.cursor, 0)), 0)::int8 as events, min(c.updated_at) as moved
       from consumers c, leases, unnest(leases.heads, c.positions) as u (head, cursor) where c.consumer = 'write-back' and lease_id = 1)
     select d.fetches as "fetchesDue", d.late as "fetchLateSeconds", behind.events as "writeBackLagEvents",
       case when behind.events > 0 then greatest(extract(epoch from clock_timestamp() - behind.moved), 0) else 0 end::float8 as "writeBackStillSeconds",
       coalesce((select greatest(max(extract(epoch from clock_timestamp() - since)), 0) from write_backs where state = 'due'), 0)::float8 as "writeBackOldestSeconds",
       (select count(*) from audit_heads where posted_at is null) as "headsUnsent"
     from behind, (select count(*) as fetches, coalesce(greatest(max(extract(epoch from clock_timestamp() - next_at)), 0), 0)::float8 as late
       from fetches where not dead and not idle and next_at <= clock_timestamp()) d`,
  );
  return rows[0] as Flow;
}
