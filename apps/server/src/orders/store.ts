/** SQL that reads orders and their timelines; what a batch stores is in `save-store.ts`, the list in `list-store.ts`. */
import { unpackFacts } from '@weir/core';
import type { Sql } from '#platform';
import type { Loaded, Order } from './order.ts';

interface OrderRow {
  log_partition: number;
  channel: string;
  shop: string;
  channel_order_id: string;
  order_key: string;
  version: number;
  address_version: number;
  bundle_version: number;
  withheld_from: number | null;
  ever_outward: boolean;
  first_position: number;
  last_position: number;
  facts: string;
  bundle: Buffer | null;
}
const COLUMNS = `o.log_partition, o.channel, o.shop, o.channel_order_id, o.order_key, o.version, o.address_version, o.bundle_version, o.withheld_from, o.ever_outward,
  o.first_position, o.last_position, o.facts, o.bundle`;

/** One row that cannot be read must not keep all others from being loaded. */
function toLoaded(row: OrderRow): Loaded {
  try {
    return toOrder(row);
  } catch (why) {
    return { channel: row.channel, shop: row.shop, channelOrderId: row.channel_order_id, orderKey: row.order_key, why };
  }
}

const toOrder = (row: OrderRow): Order => ({
  partition: row.log_partition,
  channel: row.channel,
  shop: row.shop,
  channelOrderId: row.channel_order_id,
  orderKey: row.order_key,
  version: row.version,
  addressVersion: row.address_version,
  bundleVersion: row.bundle_version,
  withheldFrom: row.withheld_from ?? undefined,
  everOutward: row.ever_outward,
  firstPosition: row.first_position,
  lastPosition: row.last_position,
  facts: unpackFacts(row.facts),
  sealedBundle: row.bundle ?? undefined,
});

export async function loadOrders(
  sql: Sql,
  wanted: readonly { partition: number; channel: string; shop: string; id: string }[],
): Promise<Loaded[]> {
  if (wanted.length === 0) return [];
  const { rows } = await sql.queryNamed<OrderRow>(
    'orders.load',
    `select ${COLUMNS} from unnest($1::smallint[], $2::text[], $3::text[], $4::text[]) as wanted (p, c, s, i)
     join orders o on o.log_partition = p and o.channel = c and o.shop = s and o.channel_order_id = i`,
    [wanted.map((w) => w.partition), wanted.map((w) => w.channel), wanted.map((w) => w.shop), wanted.map((w) => w.id)],
  );
  return rows.map(toLoaded);
}

export async function findOrder(sql: Sql, partition: number, orderKey: string): Promise<Order | null> {
  const { rows } = await sql.queryNamed<OrderRow>(
    'orders.find',
    `select ${COLUMNS} from orders o where o.log_partition = $1 and o.order_key = $2`,
    [partition, orderKey],
  );
  return rows[0] ? toOrder(rows[0]) : null;
}

export interface TimelineRow {
  position: number;
  version: number;
  type: string;
  withheld: boolean;
  occurred_at: string;
  recorded_at: string;
  cause: number;
  said_by: string;
  detail: string;
  state: string;
}
/** The order keeps its first and last event position, so that only the months between are looked at. */
export async function readTimeline(
  sql: Sql,
  order: Pick<Order, 'partition' | 'orderKey' | 'firstPosition' | 'lastPosition'>,
  afterVersion: number,
  limit: number,
): Promise<TimelineRow[]> {
  const { rows } = await sql.query<TimelineRow>(
    `select position, version, type, withheld, occurred_at, recorded_at, cause, said_by, detail, state from events
     where log_partition = $1 and position between $2 and $3 and order_key = $4 and version > $5 order by version limit $6`,
    [order.partition, order.firstPosition, order.lastPosition, order.orderKey, afterVersion, limit],
  );
  return rows;
}
