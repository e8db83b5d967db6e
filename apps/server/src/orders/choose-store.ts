/** SQL of choosing orders for a replay: from the oldest on, at most so many. */
import type { Sql } from '#platform';
import { ANY_HOLD, type ListFilter, NO_STATUS } from './list-filter.ts';

export interface Chosen {
  readonly partition: number;
  readonly key: string;
}
const DAY_MS = 86_400_000;
/** Positions hold the day of their record in their upper half. */
const positionOfDay = (ms: number, days = 0): number => (Math.floor(ms / DAY_MS) + days) * 2 ** 32;
const NEWEST = Number.MAX_SAFE_INTEGER;
const PARTITIONS = 'generate_series(0, 63) as p (partition)';

/** Orders of which an event was recorded in from ≤ t < to. A position's day is never before the day of its record. */
export async function changedBetween(sql: Sql, from: number, to: number, limit: number): Promise<Chosen[]> {
  const { rows } = await sql.query<Chosen>(
    `select distinct p.partition, e.order_key as key from ${PARTITIONS} join events e on e.log_partition = p.partition
     where e.position >= $1 and e.recorded_at >= to_timestamp($2::float8 / 1000) and e.recorded_at < to_timestamp($3::float8 / 1000) limit $4`,
    [positionOfDay(from), from, to, limit],
  );
  return rows;
}

/** Orders that are paid in from ≤ t < to by their newest state. The day before is looked at too: a channel's clock may be ahead of ours. */
export async function paidBetween(sql: Sql, from: number, to: number, limit: number): Promise<Chosen[]> {
  const { rows } = await sql.query<Chosen>(
    `select c.partition, c.key from (
       select distinct p.partition, e.order_key as key from ${PARTITIONS} join events e on e.log_partition = p.partition
       where e.position >= $1 and e.position < $2 and e.type = 'order.paid') as c
     cross join lateral (
       select (state->>'paidAt')::timestamptz as paid_at from events v where v.log_partition = c.partition and v.order_key = c.key order by version desc limit 1) as newest
     where newest.paid_at >= to_timestamp($3::float8 / 1000) and newest.paid_at < to_timestamp($4::float8 / 1000) limit $5`,
    [positionOfDay(from, -1), NEWEST, from, to, limit],
  );
  return rows;
}

/** `among` null = all orders. `shops` as `channel/shop`; null = every shop. */
export async function chooseAmong(
  sql: Sql,
  filter: ListFilter,
  among: readonly Chosen[] | null,
  shops: readonly string[] | null,
  limit: number,
): Promise<Chosen[]> {
  const values: unknown[] = [];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const source =
    among === null
      ? 'order_list o'
      : `unnest(${put(among.map(({ partition }) => partition))}::smallint[], ${put(among.map(({ key }) => key))}::text[]) as u (p, k)
         join order_list o on o.log_partition = u.p and o.order_key = u.k`;
  const conditions = [...conditionsOf(filter, put), ...(shops === null ? [] : [`o.channel || '/' || o.shop = any(${put(shops)}::text[])`])];
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const { rows } = await sql.query<Chosen>(
    `select o.log_partition as partition, o.order_key as key from ${source} ${where} order by o.placed_at, o.order_key limit ${put(limit)}`,
    values,
  );
  return rows;
}

type Put = (value: unknown) => string;
function conditionsOf(
  { channel, shop, status, held, placedFrom, placedTo, channelOrderId, trackingNumber }: ListFilter,
  put: Put,
): string[] {
  const when = (value: string | undefined, condition: (place: string) => string): string[] =>
    value === undefined ? [] : [condition(put(value))];
  return [
    ...when(channel, (at) => `o.channel = ${at}`),
    ...when(shop, (at) => `o.shop = ${at}`),
    ...(status === NO_STATUS ? ['o.status is null'] : when(status, (at) => `o.status = ${at}`)),
    ...(held === ANY_HOLD ? [`o.held <> '{}'`] : when(held, (at) => `${at} = any(o.held)`)),
    ...when(placedFrom, (at) => `o.placed_at >= ${at}::timestamptz`),
    ...when(placedTo, (at) => `o.placed_at < ${at}::timestamptz`),
    ...when(channelOrderId, (at) => `o.channel_order_id = ${at}`),
    ...when(
      trackingNumber,
      (at) => `(o.log_partition, o.order_key) in (select log_partition, order_key from tracking_index where tracking_number = ${at})`,
    ),
  ];
}
