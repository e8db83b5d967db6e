/** SQL of the list of erasures: which ones it does not hold yet, and which orders of it this database knows. */
import { partitionOf } from '@weir/contract/subject';
import type { Sql } from '#platform';

/** An order whose person somebody had erased. */
export interface Erasure {
  readonly channel: string;
  readonly shop: string;
  readonly id: string;
  /** ms UTC. */
  readonly at: number;
}
export async function readUnlisted(sql: Sql, limit: number): Promise<Erasure[]> {
  const { rows } = await sql.query<Erasure>(
    `select channel, shop, channel_order_id as id, (extract(epoch from at) * 1000)::int8 as at from erasures_to_list order by at, channel, shop, id limit $1`,
    [limit],
  );
  return rows;
}
export async function noteListed(sql: Sql, listed: readonly Erasure[]): Promise<void> {
  await sql.query(
    `delete from erasures_to_list e using unnest($1::text[], $2::text[], $3::text[]) as n (c, s, i) where e.channel = n.c and e.shop = n.s and e.channel_order_id = n.i`,
    [listed.map(({ channel }) => channel), listed.map(({ shop }) => shop), listed.map(({ id }) => id)],
  );
}

/** Those of which this database has the order. */
export async function knownOf(sql: Sql, erasures: readonly Erasure[]): Promise<Erasure[]> {
  const { rows } = await sql.query<{ n: number }>(
    `select n::int as n from unnest($1::smallint[], $2::text[], $3::text[], $4::text[]) with ordinality as w (p, c, s, i, n)
     where exists (select 1 from orders o where o.log_partition = w.p and o.channel = w.c and o.shop = w.s and o.channel_order_id = w.i)`,
    [
      erasures.map(({ channel, shop, id }) => partitionOf({ kind: 'order', channel, shop, id })),
      erasures.map(({ channel }) => channel),
      erasures.map(({ shop }) => shop),
      erasures.map(({ id }) => id),
    ],
  );
  return rows.map(({ n }) => erasures[n - 1] as Erasure);
}
