/** SQL of the overview: counts that open the list they count. */
import type { Sql } from '#platform';

export interface Overview {
  readonly today: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byHour: readonly { readonly hour: string; readonly channel: string; readonly count: number }[];
  readonly held: Readonly<Record<string, number>>;
  readonly reviewsOpen: number;
  readonly deadLetters: number;
  readonly sources: readonly {
    readonly channel: string;
    readonly shop: string;
    readonly name: string | null;
    readonly connected: boolean;
    readonly today: number;
    readonly lastPlacedAt: string | null;
  }[];
}
const SOURCES_LIMIT = 200;

/** `shops` null = every shop; `dayStart` is today's first instant in +08:00. */
export async function readOverview(sql: Sql, shops: readonly string[] | null, dayStart: string): Promise<Overview> {
  const mine = `($1::text[] is null or (channel || '/' || shop) = any($1))`;
  const byStatus = await sql.query<{ status: string | null; n: number }>(
    `select status, count(*) as n from order_list where ${mine} group by status`,
    [shops],
  );
  const byHour = await sql.query<{ hour: string; channel: string; n: number }>(
    `select to_char(date_trunc('hour', placed_at), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as hour, channel, count(*) as n from order_list
     where placed_at >= now() - interval '24 hours' and ${mine} group by 1, 2 order by 1, 2`,
    [shops],
  );
  const held = await sql.query<{ kind: string; n: number }>(
    `select kind, count(*) as n from order_list, unnest(held) as kind where held <> '{}' and ${mine} group by kind`,
    [shops],
  );
  const counts = await sql.query<{ reviews: number; letters: number }>(
    `select (select count(*) from review_cases where state = 'open' and ${mine}) as reviews, (select count(*) from dead_letters where state = 'open') as letters`,
    [shops],
  );
  const sources = await sql.query<{
    channel: string;
    shop: string;
    name: string | null;
    connected: boolean;
    today: number;
    last: string | null;
  }>(
    `select channel, shop, s.name, s.shop is not null as connected, coalesce(t.n, 0)::int8 as today, to_char(t.last, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last
     from (select channel, shop, count(*) as n, max(placed_at) as last from order_list where placed_at >= $2::timestamptz group by channel, shop) t
     full join shops s using (channel, shop) where ${mine} order by today desc, channel, shop limit ${SOURCES_LIMIT}`,
    [shops, dayStart],
  );
  return {
    today: sources.rows.reduce((sum, row) => sum + row.today, 0),
    byStatus: Object.fromEntries(byStatus.rows.map((row) => [row.status ?? 'none', row.n])),
    byHour: byHour.rows.map((row) => ({ hour: row.hour, channel: row.channel, count: row.n })),
    held: Object.fromEntries(held.rows.map((row) => [row.kind, row.n])),
    reviewsOpen: counts.rows[0]?.reviews ?? 0,
    deadLetters: counts.rows[0]?.letters ?? 0,
    sources: sources.rows.map(({ last, ...row }) => ({ ...row, lastPlacedAt: last })),
  };
}

export const isThere = (sql: Sql): Promise<boolean> =>
  sql.query('select 1').then(
    () => true,
    () => false,
  );
