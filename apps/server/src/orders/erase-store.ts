/** SQL of erasing: what lay beside an order of its person, gone in the batch's transaction, and what is left to be swept. */
import { arrayOf, type Sql, type Step } from '#platform';

/** An order that was erased by this batch, or before and touched by it: a message that came meanwhile may lie beside it once more. */
export interface ErasedRow {
  readonly partition: number;
  readonly orderKey: string;
  readonly isNow: boolean;
  /** By a person or a token. What went because its time had come goes again by itself. */
  readonly isAsked: boolean;
  /** Index entries that the bundle still knew; older ones are swept (`sweepPhones`). */
  readonly tokens: readonly Buffer[];
}
type Where = readonly [partitions: Buffer, keys: Buffer];
const NAMED = 'unnest($1::smallint[], $2::text[]) as n (p, k)';
const named = (name: string, text: string, [partitions, keys]: Where): Step => ({
  name: `orders.${name}`,
  text,
  values: [partitions, keys],
});

const whereOf = (rows: readonly ErasedRow[]): Where => [
  arrayOf.int2(rows.map((row) => row.partition)),
  arrayOf.text(rows.map((row) => row.orderKey)),
];

export function saveErased(erased: readonly ErasedRow[], now: number): readonly Step[] {
  if (erased.length === 0) return [];
  const where = whereOf(erased);
  const known = erased.flatMap(({ partition, orderKey, tokens }) => tokens.map((token) => ({ partition, orderKey, token })));
  return [
    {
      name: 'orders.erase_blind',
      text: `delete from blind_index b using unnest($1::bytea[], $2::smallint[], $3::text[]) as n (t, p, k) where b.token = n.t and b.log_partition = n.p and b.order_key = n.k`,
      values: [
        arrayOf.bytes(known.map((row) => row.token)),
        arrayOf.int2(known.map((row) => row.partition)),
        arrayOf.text(known.map((row) => row.orderKey)),
      ],
    },
    named(
      'erase_letters',
      `update dead_letters d set sealed = '', state = 'erased' from ${NAMED} where d.log_partition = n.p and d.order_key = n.k and d.state <> 'erased'`,
      where,
    ),
    named(
      'erase_cases',
      `update review_cases r set sealed = null from ${NAMED} where r.log_partition = n.p and r.order_key = n.k and r.sealed is not null`,
      where,
    ),
    forgetAnswers(where[1]),
    {
      name: 'orders.note_erased',
      text: `insert into erasures (log_partition, order_key, at) select p, k, to_timestamp($3::float8 / 1000) from ${NAMED} on conflict on constraint erasures_pk do nothing`,
      values: [...whereOf(erased.filter((row) => row.isNow)), now],
    },
    {
      name: 'orders.erasures_to_list',
      text: `insert into erasures_to_list (channel, shop, channel_order_id, at) select o.channel, o.shop, o.channel_order_id, to_timestamp($3::float8 / 1000)
        from ${NAMED} join orders o on o.log_partition = n.p and o.order_key = n.k on conflict on constraint erasures_to_list_pk do nothing`,
      values: [...whereOf(erased.filter((row) => row.isNow && row.isAsked)), now],
    },
  ];
}

/** What receivers answered to failed deliveries of these orders may hold anything of them. */
export const forgetAnswers = (keys: Buffer): Step => ({
  name: 'orders.forget_answers',
  text: `update failed_attempts f set sealed_answer = null from unnest($1::text[]) as n (k) where f.order_key = n.k and f.sealed_answer is not null`,
  values: [keys],
});

export interface Reached {
  readonly orderKey: string;
  readonly channel: string;
  readonly shop: string;
  readonly id: string;
  readonly isEnded: boolean;
}
/** Orders of a phone that were not erased, in a steady order behind `after`. */
export async function readOrdersOfPhone(
  sql: Sql,
  token: Buffer,
  scope: ReadonlySet<string> | null,
  after: string,
  limit: number,
): Promise<Reached[]> {
  const { rows } = await sql.query<Reached>(
    `select l.order_key as "orderKey", channel, shop, channel_order_id as id, coalesce(status in ('completed', 'cancelled', 'closed'), false) as "isEnded"
     from blind_index b join order_list l using (log_partition, order_key)
     where token = $1 and l.order_key > $3 and ($2::text[] is null or (channel || '/' || shop) = any($2))
       and not exists (select 1 from erasures e where e.log_partition = b.log_partition and e.order_key = b.order_key)
     order by l.order_key limit $4`,
    [token, scope === null ? null : [...scope], after, limit],
  );
  return rows;
}

const SWEPT_AT_ONCE = 1_000;
/** Entries of phones that erased orders had before their last one, a page of orders at a time. Answers how many orders are done. */
export async function sweepPhones(sql: Sql): Promise<number> {
  let done = 0;
  for (let page = SWEPT_AT_ONCE; page === SWEPT_AT_ONCE; done += page) page = await sweepPage(sql, SWEPT_AT_ONCE);
  return done;
}
async function sweepPage(sql: Sql, most: number): Promise<number> {
  const { rows } = await sql.query<{ done: number }>(
    `with old as materialized (select log_partition, order_key from erasures limit $1),
       swept as (delete from blind_index b using old where b.log_partition = old.log_partition and b.order_key = old.order_key),
       done as (delete from erasures e using old where e.log_partition = old.log_partition and e.order_key = old.order_key returning 1)
     select count(*) as done from done`,
    [most],
  );
  return rows[0]?.done ?? 0;
}
