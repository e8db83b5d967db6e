/** SQL of what waits: messages behind the worker, cases, dead letters. */
import type { Sql } from '#platform';

export interface Backlog {
  readonly messages: number;
  /** By the database's clock; 0 when nothing waits. */
  readonly oldestSeconds: number;
  readonly reviewsOpen: number;
  readonly deadLettersOpen: number;
  readonly writeBacksDue: number;
}

/** The segment that holds the worker's position begins at or below it, so only whole segments are counted. */
export async function readBacklog(sql: Sql): Promise<Backlog> {
  const { rows } = await sql.query<Backlog>(
    `with done as (select (select min(position) from unnest(positions) as position) as position from leases where lease_id = 1),
     behind as (select coalesce(sum(entry_count), 0)::int8 as messages, min(received_at) as oldest from inbox, done where first_position > done.position)
     select messages, coalesce(greatest(extract(epoch from clock_timestamp() - oldest), 0), 0)::float8 as "oldestSeconds",
       (select count(*) from review_cases where state = 'open') as "reviewsOpen",
       (select count(*) from dead_letters where state = 'open') + (select count(*) from write_backs where state = 'dead') as "deadLettersOpen",
       (select count(*) from write_backs where state = 'due') as "writeBacksDue"
     from behind`,
  );
  return rows[0] as Backlog;
}
