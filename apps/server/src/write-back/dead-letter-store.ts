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
  /** The channel's own id of an order that we may not hold yet. */
  readonly channelOrderId: string | null;
  readonly what: string;
  readonly cause: string;
  readonly code: string | null;
  readonly attempts: number;
  /** A message that no review case is about: nobody else decides about it. */
  readonly isAlone: boolean;
}
/** Of a letter `d` of a message. Where a case is about it, it is settled with that case. */
const IS_ALONE = `d.subject is null and not exists (select 1 from review_cases c where c.log_partition = d.log_partition and c.cause = d.position and c.state = 'open')`;
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
    `select id, direction, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, ${PLACE} as place, "orderKey", channel, shop, "channelOrderId", what, cause, code, attempts, "isAlone" from (
       select d.id, 'in' as direction, d.created_at as at, d.order_key as "orderKey", coalesce(o.channel, d.channel) as channel, coalesce(o.shop, d.shop) as shop, d.subject as "channelOrderId",
         case when d.subject is null then 'message' else 'fetch' end as what, d.reason as cause, d.words as code, 0 as attempts,
         ${IS_ALONE} as "isAlone"
       from dead_letters d left join orders o on o.log_partition = d.log_partition and o.order_key = d.order_key where d.state = 'open'
       union all
       select 'wb_' || order_key || '_' || what, 'out', since, order_key, channel, shop, null, what, coalesce(cause, 'refused'), code, attempts, false
       from write_backs where state = 'dead') as letters
     where ($1::text is null or direction = $1) and ($2::text[] is null or channel || '/' || shop = any ($2))
       and ($3::int8 is null or (${PLACE}, id) < ($3, $4::text))
     order by at desc, id desc limit $5`,
    [direction, shops, before?.[0] ?? null, before?.[1] ?? null, limit],
  );
  return rows;
}

/** Which fetch a letter is about; null when there is no such letter any more. */
export async function findFetchLetter(
  sql: Sql,
  id: string,
): Promise<{ readonly channel: string; readonly shop: string; readonly subject: string } | null> {
  const { rows } = await sql.query<{ channel: string; shop: string; subject: string }>(
    `select channel, shop, subject from dead_letters where id = $1 and state = 'open' and subject is not null`,
    [id],
  );
  return rows[0] ?? null;
}

/** The message that a letter is about, where no case is; null when there is no such letter any more. */
export async function findMessageLetter(
  sql: Sql,
  id: string,
): Promise<{ readonly position: number; readonly channel: string | null; readonly shop: string | null } | null> {
  const { rows } = await sql.query<{ position: number; channel: string | null; shop: string | null }>(
    `select d.position, coalesce(o.channel, d.channel) as channel, coalesce(o.shop, d.shop) as shop
     from dead_letters d left join orders o on o.log_partition = d.log_partition and o.order_key = d.order_key
     where d.id = $1 and d.state = 'open' and ${IS_ALONE}`,
    [id],
  );
  return rows[0] ?? null;
}

export async function settleLetter(sql: Sql, id: string): Promise<boolean> {
  const { rowCount } = await sql.query(`update dead_letters set state = 'settled' where id = $1 and state = 'open'`, [id]);
  return rowCount === 1;
}
