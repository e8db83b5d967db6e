/** SQL of choosing orders for a replay: from the oldest on, at most so many. */
import type { Sql } from '#platform';
import { ANY_HOLD, type ListFilter, NO_STATUS } from './list-filter.ts';

export interface Chosen {
  readonly partition: number;
  readonly key: string;
}
const DAY_MS = 86_400_000;
/** Positions hold the day of their record in their upper half. */
const positionOfDay = (ms: number): number => Math.floor(ms / DAY_MS) * 2 ** 32;

export interface Wanted {
  readonly filter: ListFilter;
  /** ISO texts, from ≤ t < to: by the order's newest state. */
  readonly paid: { readonly from?: string | undefined; readonly to?: string | undefined };
  /** Only these. */
  readonly keys?: readonly Chosen[] | undefined;
  /** ms, from ≤ t < to: only orders of which an event was recorded in it. */
  readonly changed?: { readonly from: number; readonly to: number } | undefined;
}

/** The first `limit` of those that all is true of, from the oldest placed on. `shops` as `channel/shop`; null = every shop. */
export async function chooseAmong(
  sql: Sql,
  { filter, paid, keys, changed }: Wanted,
  shops: readonly string[] | null,
  limit: number,
): Promise<Chosen[]> {
  const values: unknown[] = [];
  const put: Put = (value) => `$${values.push(value)}`;
  const among =
    keys !== undefined ? keysSource(keys, put) : changed !== undefined ? changedSource(changed.from, changed.to, put) : undefined;
  const source =
    among === undefined ? 'order_list o' : `(${among}) as u (p, k) join order_list o on o.log_partition = u.p and o.order_key = u.k`;
  const conditions = [
    ...conditionsOf(filter, put),
    ...(paid.from === undefined && paid.to === undefined ? [] : ['o.paid_at is not null']),
    ...(paid.from === undefined ? [] : [`o.paid_at >= ${put(paid.from)}::timestamptz`]),
    ...(paid.to === undefined ? [] : [`o.paid_at < ${put(paid.to)}::timestamptz`]),
    ...(shops === null ? [] : [`o.channel || '/' || o.shop = any(${put(shops)}::text[])`]),
  ];
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const { rows } = await sql.query<Chosen>(
    `select o.log_partition as partition, o.order_key as key from ${source} ${where} order by o.placed_at, o.order_key limit ${put(limit)}`,
    values,
  );
  return rows;
}

const keysSource = (keys: readonly Chosen[], put: Put): string =>
  `select * from unnest(${put(keys.map(({ partition }) => partition))}::smallint[], ${put(keys.map(({ key }) => key))}::text[])`;
/** A position's day is never before the day of its record, and may lie behind it: the clock may have been put back. */
const changedSource = (from: number, to: number, put: Put): string =>
  `select distinct p.partition, e.order_key from generate_series(0, 63) as p (partition) join events e on e.log_partition = p.partition
   where e.position >= ${put(positionOfDay(from))} and e.recorded_at >= to_timestamp(${put(from)}::float8 / 1000) and e.recorded_at < to_timestamp(${put(to)}::float8 / 1000)`;

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
