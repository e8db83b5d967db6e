/** SQL of a restore: the jump of every number that the world may have seen, and which orders must be told again. */
import { positionAfter, serialAfter, timelineAfter } from '@weir/core';
import type { Db, Sql } from '#platform';

/** Changes that the channel wrote down late, or by another clock. */
const OVERLAP_MS = 300_000;
/** Swept so long ago: every sweep is due. A time that is missing would read as a shop whose first pull is still to come. */
const LONG_AGO_MS = 7 * 86_400_000;
const ENDED = ['completed', 'cancelled', 'closed'];

interface Heads {
  readonly positions: number[];
  /** The newest event, or where the events go on if that lies above it. */
  readonly head: number;
  readonly serials: number[];
  readonly inbox: number;
  readonly timeline: number;
}

/** All in one transaction. `now` must not lie behind anything that was handed out before; `backupAt`: what channels changed since then is asked for again. */
export async function beginTimeline(
  db: Db,
  now: number,
  backupAt: number,
): Promise<{ readonly before: number; readonly timeline: number }> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<Heads>(
      `select l.positions, (select max(head) from unnest(l.event_floor || l.heads) as head) as head, l.serials, i.position as inbox, n.timeline from leases l, inbox_head i, installation n where l.lease_id = 1`,
    );
    const was = rows[0] as Heads;
    const [timeline, inbox] = [timelineAfter(was.timeline, now), positionAfter(was.inbox, now)];
    // A partition that has worked everything goes along; what was stored and not worked still lies behind the others.
    const positions = was.positions.map((position) => (position >= was.inbox ? inbox : position));
    await tx.query('update installation set timeline = $1', [timeline]);
    await tx.query('update inbox_head set position = $1', [inbox]);
    await tx.query(
      `update leases set holder = null, until = '-infinity', epoch = epoch + 1, positions = $1, event_floor = $2, serials = $3 where lease_id = 1`,
      [positions, positionAfter(was.head, now), was.serials.map((serial) => serialAfter(serial, now))],
    );
    await tx.query('delete from sessions');
    // It may have been cancelled since; who wants it asks again.
    await tx.query(`update review_runs set state = 'cancelled', finished_at = to_timestamp($1::float8 / 1000) where finished_at is null`, [
      now,
    ]);
    await tx.query(
      `update pulls set cursor_at = least(cursor_at, to_timestamp($1::float8 / 1000)),
         swept_at = case when swept_at is not null then to_timestamp($2::float8 / 1000) end,
         deep_swept_at = case when deep_swept_at is not null then to_timestamp($2::float8 / 1000) end`,
      [backupAt - OVERLAP_MS, now - LONG_AGO_MS],
    );
    return { before: was.timeline, timeline };
  });
}

/** When something was last written down here, ms UTC: a clock that says less than that is wrong. */
export async function readNewest(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ at: number | null }>(
    `select (extract(epoch from greatest((select max(alive_at) from presence), (select max(received_at) from inbox where first_position > (select position from inbox_head) - 100000))) * 1000)::int8 as at`,
  );
  return rows[0]?.at ?? 0;
}

export interface OrderName {
  readonly partition: number;
  readonly channel: string;
  readonly shop: string;
  readonly id: string;
}
export const FIRST_ORDER: OrderName = { partition: -1, channel: '', shop: '', id: '' };

/** Orders behind `after` that somebody may have been told more of than we remember: those that go on, and those that changed since `floor`, a position. */
export async function readUncertain(sql: Sql, after: OrderName, floor: number, limit: number): Promise<OrderName[]> {
  const { rows } = await sql.query<OrderName>(
    `select o.log_partition as partition, o.channel, o.shop, o.channel_order_id as id
     from orders o join order_list l using (log_partition, order_key)
     where (o.log_partition, o.channel, o.shop, o.channel_order_id) > ($1, $2, $3, $4)
       and (l.status is null or l.status <> all($5) or o.last_position >= $6)
     order by o.log_partition, o.channel, o.shop, o.channel_order_id limit $7`,
    [after.partition, after.channel, after.shop, after.id, ENDED, floor, limit],
  );
  return rows;
}
export interface LiveAgain {
  readonly tokens: number;
  readonly people: number;
  readonly endpoints: number;
}
/** What a revocation or a removal after the backup would have ended, and lives again. */
export async function countLive(sql: Sql): Promise<LiveAgain> {
  const { rows } = await sql.query<LiveAgain>(
    `select (select count(*) from tokens where revoked_at is null) as tokens, (select count(*) from people) as people,
       (select count(*) from endpoints where removed_at is null) as endpoints`,
  );
  return rows[0] as LiveAgain;
}
