/** SQL of the times when this house was away. Times go in and out as milliseconds UTC. */
import type { Sql } from '#platform';

const at = (parameter: number): string => `to_timestamp($${parameter}::float8 / 1000)`;

/** "I live"; when the last time is longer ago than `awayMs`, that was a pause, and it is written down. Whether it was one. */
export async function beat(sql: Sql, now: number, awayMs: number): Promise<boolean> {
  const { rows } = await sql.query<{ pauses: number }>(
    `with last as (select alive_at from presence),
       pause as (insert into aways (from_at, to_at) select alive_at, ${at(1)} from last where ${at(1)} - alive_at > $2::float8 * interval '1 ms'
         on conflict (from_at) do nothing returning 1),
       alive as (insert into presence (alive_at) values (${at(1)}) on conflict (one_row) do update set alive_at = excluded.alive_at)
     select count(*) as pauses from pause`,
    [now, awayMs],
  );
  return (rows[0]?.pauses ?? 0) > 0;
}

/**
 * A pause is caught up when every pull of a connected shop has come past it without an alarm; it is complete when the messages that we had by then were worked and what
 * they hinted at was fetched. `pulls`: how many there must be.
 */
export async function completeAways(sql: Sql, now: number, pulls: number): Promise<void> {
  await sql.query(
    `update aways a set caught_up_position = (select position from inbox_head)
     where complete_at is null and caught_up_position is null
       and (select count(*) from pulls p join shops s using (channel, shop) where s.app_id is not null and p.cursor_at >= a.to_at and p.alarm_at is null) >= $1`,
    [pulls],
  );
  await sql.query(
    `update aways a set complete_at = ${at(1)}
     where complete_at is null and caught_up_position <= (select min(position) from leases, unnest(positions) as position)
       and not exists (select 1 from fetches f where not f.dead and not f.idle and f.asked_at <= a.caught_up_position)`,
    [now],
  );
}

export interface AwayRow {
  readonly fromAt: number;
  readonly toAt: number;
  readonly completeAt: number | null;
}
/** The last pause that began or ended after `since`, or is not complete yet. */
export async function findAway(sql: Sql, since: number): Promise<AwayRow | null> {
  const { rows } = await sql.query<AwayRow>(
    `select (extract(epoch from from_at) * 1000)::int8 as "fromAt", (extract(epoch from to_at) * 1000)::int8 as "toAt",
       (extract(epoch from complete_at) * 1000)::int8 as "completeAt"
     from aways where complete_at is null or complete_at >= ${at(1)} order by to_at desc limit 1`,
    [since],
  );
  return rows[0] ?? null;
}

export interface AwayOrder {
  readonly orderKey: string;
  readonly channel: string;
  readonly shop: string;
  readonly channelOrderId: string;
  readonly status: string | null;
  readonly shipBy: string | null;
}
const WHILE_AWAY = `placed_at >= ${at(1)} and placed_at < ${at(2)} and ($3::text[] is null or channel || '/' || shop = any($3))`;
const WAITS = `status in ('paid', 'allocated', 'picked', 'packed')`;

/** Orders that were placed meanwhile: how many, how many of them must leave before `soon`, and the most urgent ones that have not left. */
export async function readAwayOrders(
  sql: Sql,
  away: AwayRow,
  shops: readonly string[] | null,
  soon: number,
  limit: number,
): Promise<{ readonly orders: number; readonly soon: number; readonly items: readonly AwayOrder[] }> {
  const within = [away.fromAt, away.toAt, shops] as const;
  const counts = await sql.query<{ orders: number; soon: number }>(
    `select count(*) as orders, count(*) filter (where ${WAITS} and ship_by <= ${at(4)}) as soon from order_list where ${WHILE_AWAY}`,
    [...within, soon],
  );
  const { rows: items } = await sql.query<AwayOrder>(
    `select order_key as "orderKey", channel, shop, channel_order_id as "channelOrderId", status, to_char(ship_by at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "shipBy"
     from order_list where ${WHILE_AWAY} and ${WAITS} order by ship_by nulls last, order_key limit $4`,
    [...within, limit],
  );
  return { orders: counts.rows[0]?.orders ?? 0, soon: counts.rows[0]?.soon ?? 0, items };
}
