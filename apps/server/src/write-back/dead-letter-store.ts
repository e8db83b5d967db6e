/** SQL of the list of dead letters: messages that could not be worked on (in) and changes that a channel would not take (out). */
import type { Sql } from '#platform';

export interface DeadLetterRow {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly at: string;
  /** Microseconds since 1970: where the next page begins. */
  readonly place: number;
  readonly orderKey: string | null;
  readonly channel: string | null;
  readonly shop: string | null;
  readonly what: string;
  readonly cause: string;
  readonly code: string | null;
  readonly attempts: number;
}
const PLACE = '(extract(epoch from at) * 1000000)::int8';

/** Newest first. `shops`: only of these ("channel/shop"); null = all. `before`: place and id of the last row of the page before. */
export async function listDeadLetters(
  sql: Sql,
  {
    direction,
    shops,
    before,
    limit,
  }: {
    readonly direction: string | null;
    readonly shops: readonly string[] | null;
    readonly before: readonly [place: string, id: string] | null;
    readonly limit: number;
  },
): Promise<DeadLetterRow[]> {
  const { rows } = await sql.query<DeadLetterRow>(
    `select id, direction, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, ${PLACE} as place, "orderKey", channel, shop, what, cause, code, attempts from (
       select d.id, 'in' as direction, d.created_at as at, d.order_key as "orderKey", o.channel, o.shop, 'message' as what, d.reason as cause, null as code, 0 as attempts
       from dead_letters d left join orders o on o.log_partition = d.log_partition and o.order_key = d.order_key where d.state = 'open'
       union all
       select 'wb_' || order_key || '_' || what, 'out', since, order_key, channel, shop, what, coalesce(cause, 'refused'), code, attempts
       from write_backs where state = 'dead') as letters
     where ($1::text is null or direction = $1) and ($2::text[] is null or channel || '/' || shop = any ($2))
       and ($3::int8 is null or (${PLACE}, id) < ($3, $4::text))
     order by at desc, id desc limit $5`,
    [direction, shops, before?.[0] ?? null, before?.[1] ?? null, limit],
  );
  return rows;
}
