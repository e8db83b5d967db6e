/** SQL of the overview: counts that open the list they count. All are kept, none is counted anew: the same rows that the list's own count reads. */
import type { Sql } from '#platform';

export interface Overview {
  readonly today: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byHour: readonly { readonly hour: string; readonly channel: string; readonly count: number }[];
  readonly held: Readonly<Record<string, number>>;
  readonly reviewsOpen: number;
  readonly deadLetters: number;
  readonly sources: readonly Source[];
}
export interface Source {
  readonly channel: string;
  readonly shop: string;
  readonly name: string | null;
  readonly connected: boolean;
  readonly today: number;
  readonly lastPlacedAt: string | null;
  /** When the newest order's first message was stored, and how long after it happened. */
  readonly lastReceivedAt: string | null;
  readonly lagMs: number | null;
}
const SOURCES_LIMIT = 200;
const MINE = `($1::text[] is null or channel || '/' || shop = any($1))`;

/** `shops` null = every shop; `dayStart` is today's first instant in +08:00, `chartStart` the first hour of the chart. */
export async function readOverview(sql: Sql, shops: readonly string[] | null, dayStart: string, chartStart: string): Promise<Overview> {
  const [cells, hours, counts, today, sources] = await Promise.all([
    sql.query<{ status: string; held: string[]; n: number }>(
      `select status, held, sum(orders)::int8 as n from order_counts where ${MINE} group by status, held`,
      [shops],
    ),
    sql.query<{ hour: string; channel: string; n: number }>(
      `select to_char(hour, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as hour, channel, sum(orders)::int8 as n from order_hours
       where hour >= $2::timestamptz and ${MINE} group by 1, 2 having sum(orders) > 0 order by 1, 2`,
      [shops, chartStart],
    ),
    // A letter that names neither order nor shop is shown only to those who have every shop.
    sql.query<{ reviews: number; letters: number }>(
      `select (select count(*) from review_cases where state = 'open' and ${MINE}) as reviews, (select count(*) from dead_letters d where state = 'open' and ($1::text[] is null or d.channel || '/' || d.shop = any ($1) or exists (
         select 1 from orders o where o.log_partition = d.log_partition and o.order_key = d.order_key and o.channel || '/' || o.shop = any ($1)))) + (select count(*) from write_backs where state = 'dead' and ${MINE}) as letters`,
      [shops],
    ),
    countToday(sql, shops, dayStart),
    readSources(sql, shops, dayStart),
  ]);
  return {
    ...sumsOf(cells.rows),
    today,
    byHour: hours.rows.map(({ n: count, ...row }) => ({ ...row, count })),
    reviewsOpen: counts.rows[0]?.reviews ?? 0,
    deadLetters: counts.rows[0]?.letters ?? 0,
    sources,
  };
}

function sumsOf(cells: readonly { status: string; held: readonly string[]; n: number }[]): Pick<Overview, 'byStatus' | 'held'> {
  const [byStatus, held]: Record<string, number>[] = [{}, {}];
  const add = (sums: Record<string, number> | undefined, name: string, n: number): void => {
    if (sums !== undefined && n > 0) sums[name] = (sums[name] ?? 0) + n;
  };
  for (const cell of cells) {
    add(byStatus, cell.status, cell.n);
    for (const kind of cell.held) add(held, kind, cell.n);
  }
  return { byStatus: byStatus ?? {}, held: held ?? {} };
}

async function countToday(sql: Sql, shops: readonly string[] | null, dayStart: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `select coalesce(sum(orders), 0)::int8 as n from order_hours where hour >= $2::timestamptz and ${MINE}`,
    [shops, dayStart],
  );
  return rows[0]?.n ?? 0;
}

/** Connected shops and those that orders came from all the same; the newest order of each, and the event that began it, are three looks into indexes. */
async function readSources(sql: Sql, shops: readonly string[] | null, dayStart: string): Promise<readonly Source[]> {
  const { rows } = await sql.query<Source>(
    `with heard as (select channel, shop from order_counts where ${MINE} group by channel, shop),
       today as (select channel, shop, sum(orders)::int8 as n from order_hours where hour >= $2::timestamptz and ${MINE} group by channel, shop),
       source as (
         select channel, shop, s.name, s.shop is not null as connected, coalesce(t.n, 0) as today
         from heard full join shops s using (channel, shop) left join today t using (channel, shop)
         where ${MINE} order by today desc, channel, shop limit ${SOURCES_LIMIT}
       )
     select source.*, to_char(last.placed_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "lastPlacedAt", to_char(e.recorded_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "lastReceivedAt",
       (extract(epoch from e.recorded_at - e.occurred_at) * 1000)::int8 as "lagMs"
     from source left join lateral (
       select log_partition, order_key, placed_at from order_list l where l.channel = source.channel and l.shop = source.shop order by placed_at desc, order_key desc limit 1
     ) as last on true
     left join orders o on o.log_partition = last.log_partition and o.order_key = last.order_key
     left join events e on e.log_partition = o.log_partition and e.position = o.first_position
     order by today desc, channel, shop`,
    [shops, dayStart],
  );
  return rows;
}

export const isThere = (sql: Sql): Promise<boolean> =>
  sql.query('select 1').then(
    () => true,
    () => false,
  );
