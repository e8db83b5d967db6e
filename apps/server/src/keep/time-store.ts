/** SQL of how far time has come for sure: what is dropped for its age is dropped by it. */
import type { Sql } from '#platform';

/** A longer pause proves itself by what channels say, or by a person. Also how much too early something may go while a clock is ahead. */
export const MOST_PAUSE_MS = 7 * 86_400_000;

/**
 * Moves the proven time on, ms UTC: to `now` where that lies at most MOST_PAUSE_MS behind it, else to when the newest order was placed at a channel, by the
 * channel's clock. It never goes back.
 */
export async function proveTime(sql: Sql, now: number): Promise<number> {
  const { rows } = await sql.query<{ at: number }>(
    `with told as (select max(o.placed_at) as at from shops s cross join lateral
         (select placed_at from order_list l where l.shop = s.shop and l.channel = s.channel and placed_at <= to_timestamp($1::float8 / 1000) order by placed_at desc limit 1) o
       where s.app_id is not null),
     proven as (select greatest(i.time_proven_at, told.at) as at from installation i, told)
     update installation set time_proven_at =
       case when to_timestamp($1::float8 / 1000) - p.at <= $2::float8 * interval '1 millisecond' then greatest(p.at, to_timestamp($1::float8 / 1000)) else p.at end
     from proven p returning (extract(epoch from time_proven_at) * 1000)::int8 as at`,
    [now, MOST_PAUSE_MS],
  );
  return rows[0]?.at ?? now;
}

/** By a person's word. */
export const trustTime = async (sql: Sql, now: number): Promise<void> =>
  void (await sql.query('update installation set time_proven_at = to_timestamp($1::float8 / 1000)', [now]));

export async function readProvenTime(sql: Sql): Promise<number | null> {
  const { rows } = await sql.query<{ at: number }>('select (extract(epoch from time_proven_at) * 1000)::int8 as at from installation');
  return rows[0]?.at ?? null;
}
