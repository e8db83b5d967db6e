/** SQL of the order list: a closed list of filters, keyset paging, never a scan beyond its limit. */
import type { Sql } from '#platform';

export interface ListItem {
  readonly orderKey: string;
  readonly channel: string;
  readonly shop: string;
  readonly channelOrderId: string;
  readonly status: string | null;
  readonly payment: string;
  readonly refund: string;
  readonly held: readonly string[];
  readonly payable: string;
  readonly currency: string;
  readonly lineCount: number;
  readonly title: string;
  readonly shipBy: string | null;
  readonly placedAt: string;
}
export const LIST_FILTERS = ['channel', 'shop', 'status', 'held', 'placedFrom', 'placedTo', 'channelOrderId'] as const;
export type ListFilter = { readonly [K in (typeof LIST_FILTERS)[number]]?: string };

const COLUMNS = `order_key as "orderKey", channel, shop, channel_order_id as "channelOrderId", status, payment, refund, held, payable::text as payable, currency, line_count as "lineCount",
  title, to_char(ship_by, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "shipBy", to_char(placed_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "placedAt"`;

/** `shops` null = every shop. The cursor is the last row's `placedAt|orderKey`. */
export async function listOrders(
  sql: Sql,
  filter: ListFilter,
  shops: ReadonlySet<string> | null,
  limit: number,
  cursor: string | undefined,
): Promise<{ items: ListItem[]; nextCursor: string | null }> {
  const [where, values]: [string[], unknown[]] = [[], []];
  const add = (clause: (place: string) => string, value: unknown): void => {
    values.push(value);
    where.push(clause(`$${values.length}`));
  };
  if (filter.channel !== undefined) add((at) => `channel = ${at}`, filter.channel);
  if (filter.shop !== undefined) add((at) => `shop = ${at}`, filter.shop);
  if (filter.status !== undefined) add((at) => `status = ${at}`, filter.status);
  if (filter.channelOrderId !== undefined) add((at) => `channel_order_id = ${at}`, filter.channelOrderId);
  if (filter.held === 'any') where.push(`held <> '{}'`);
  else if (filter.held !== undefined) add((at) => `held <> '{}' and ${at} = any(held)`, filter.held);
  if (filter.placedFrom !== undefined) add((at) => `placed_at >= ${at}::timestamptz`, filter.placedFrom);
  if (filter.placedTo !== undefined) add((at) => `placed_at < ${at}::timestamptz`, filter.placedTo);
  if (shops !== null) add((at) => `(channel || '/' || shop) = any(${at}::text[])`, [...shops]);
  const after = cursor === undefined ? null : /^([^|]{10,40})\|([0-9A-Z]{16,20})$/.exec(cursor);
  if (after) {
    values.push(after[1], after[2]);
    where.push(`(placed_at, order_key) < ($${values.length - 1}::timestamptz, $${values.length})`);
  }
  values.push(limit);
  const { rows } = await sql.query<ListItem>(
    `select ${COLUMNS} from order_list ${where.length > 0 ? `where ${where.join(' and ')}` : ''} order by placed_at desc, order_key desc limit $${values.length}`,
    values,
  );
  const last = rows.at(-1);
  return { items: rows, nextCursor: last && rows.length === limit ? `${last.placedAt}|${last.orderKey}` : null };
}

export async function findByBlindToken(sql: Sql, token: Buffer, shops: ReadonlySet<string> | null, limit: number): Promise<ListItem[]> {
  const { rows } = await sql.query<ListItem>(
    `select ${COLUMNS} from order_list join blind_index using (log_partition, order_key)
     where token = $1 and ($2::text[] is null or (channel || '/' || shop) = any($2)) order by placed_at desc limit $3`,
    [token, shops === null ? null : [...shops], limit],
  );
  return rows;
}

export async function isConnected(sql: Sql, channel: string, shop: string): Promise<boolean> {
  return (
    (await sql.queryNamed('orders.is_connected', 'select 1 from shops where channel = $1 and shop = $2', [channel, shop])).rowCount === 1
  );
}
