/** All SQL of the orders room. */
import type { Sql } from '#platform';
import type { EventRow } from '#intake';
import type { Order } from './order.ts';

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
  facts: JSON.parse(row.facts) as Order['facts'],
  sealedBundle: row.bundle ?? undefined,
});

export async function loadOrders(
  sql: Sql,
  wanted: readonly { partition: number; channel: string; shop: string; id: string }[],
): Promise<Order[]> {
  if (wanted.length === 0) return [];
  const { rows } = await sql.queryNamed<OrderRow>(
    'orders.load',
    `select ${COLUMNS} from unnest($1::smallint[], $2::text[], $3::text[], $4::text[]) as wanted (p, c, s, i)
     join orders o on o.log_partition = p and o.channel = c and o.shop = s and o.channel_order_id = i`,
    [wanted.map((w) => w.partition), wanted.map((w) => w.channel), wanted.map((w) => w.shop), wanted.map((w) => w.id)],
  );
  return rows.map(toOrder);
}

export async function findOrder(sql: Sql, partition: number, orderKey: string): Promise<Order | null> {
  const { rows } = await sql.queryNamed<OrderRow>(
    'orders.find',
    `select ${COLUMNS} from orders o where o.log_partition = $1 and o.order_key = $2`,
    [partition, orderKey],
  );
  return rows[0] ? toOrder(rows[0]) : null;
}

/** Text form of COPY: backslash, tab and line ends are escaped, null is \N. */
const copyText = (value: string | number | boolean | null): string =>
  value === null
    ? '\\N'
    : typeof value !== 'string'
      ? String(value)
      : /[\\\t\n\r]/.test(value)
        ? value.replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n').replace(/\r/g, '\\r')
        : value;
const copyLine = (values: readonly (string | number | boolean | null)[]): string => `${values.map(copyText).join('\t')}\n`;
const hex = (bytes: Buffer | undefined): string | null => (bytes === undefined ? null : `\\x${bytes.toString('hex')}`);
const instant = (at: number): string => new Date(at).toISOString();

export async function insertOrders(tx: Sql, orders: readonly (Order & { readonly factsText: string })[]): Promise<void> {
  if (orders.length === 0) return;
  const lines = orders.map((o) =>
    copyLine([
      o.partition,
      o.channel,
      o.shop,
      o.channelOrderId,
      o.orderKey,
      o.version,
      o.addressVersion,
      o.bundleVersion,
      o.withheldFrom ?? null,
      o.everOutward,
      o.firstPosition,
      o.lastPosition,
      o.factsText,
      hex(o.sealedBundle),
    ]),
  );
  await tx.copyIn(
    `copy orders (log_partition, channel, shop, channel_order_id, order_key, version, address_version, bundle_version, withheld_from, ever_outward, first_position, last_position, facts, bundle) from stdin`,
    [Buffer.from(lines.join(''))],
  );
}

export async function updateOrders(tx: Sql, orders: readonly (Order & { readonly factsText: string })[]): Promise<void> {
  if (orders.length === 0) return;
  const rows = orders.map((o) => ({
    p: o.partition,
    c: o.channel,
    s: o.shop,
    i: o.channelOrderId,
    v: o.version,
    a: o.addressVersion,
    b: o.bundleVersion,
    w: o.withheldFrom ?? null,
    e: o.everOutward,
    l: o.lastPosition,
    f: o.factsText,
    x: hex(o.sealedBundle),
  }));
  await tx.queryNamed(
    'orders.update',
    `update orders o set version = n.v, address_version = n.a, bundle_version = n.b, withheld_from = n.w, ever_outward = n.e, last_position = n.l, facts = n.f::json, bundle = n.x
     from json_to_recordset($1::json) as n (p smallint, c text, s text, i text, v int, a int, b int, w int, e boolean, l bigint, f text, x bytea)
     where o.log_partition = n.p and o.channel = n.c and o.shop = n.s and o.channel_order_id = n.i`,
    [JSON.stringify(rows)],
  );
}

export interface ListRow {
  readonly p: number;
  readonly k: string;
  readonly c: string;
  readonly s: string;
  readonly i: string;
  readonly st: string | null;
  readonly pay: string;
  readonly ref: string;
  readonly h: readonly string[];
  readonly amt: string;
  readonly cur: string;
  readonly n: number;
  readonly t: string;
  readonly sb: string | null;
  readonly at: string;
}
/** The narrow rows: inserted once, updated only when one of their columns changed. */
export async function saveList(tx: Sql, rows: readonly ListRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.queryNamed(
    'orders.save_list',
    `insert into order_list (log_partition, order_key, channel, shop, channel_order_id, status, payment, refund, held, payable, currency, line_count, title, ship_by, placed_at)
     select p, k, c, s, i, st, pay, ref, h, amt, cur, n, t, sb, at
     from json_to_recordset($1::json) as r (p smallint, k text, c text, s text, i text, st text, pay text, ref text, h text[], amt numeric, cur text, n int, t text, sb timestamptz, at timestamptz)
     on conflict on constraint order_list_pk do update set status = excluded.status, payment = excluded.payment, refund = excluded.refund, held = excluded.held, payable = excluded.payable,
       currency = excluded.currency, line_count = excluded.line_count, title = excluded.title, ship_by = excluded.ship_by, placed_at = excluded.placed_at`,
    [JSON.stringify(rows)],
  );
}

export async function saveBlindIndex(tx: Sql, rows: readonly { token: Buffer; partition: number; orderKey: string }[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.queryNamed(
    'orders.save_blind',
    `insert into blind_index (token, log_partition, order_key)
     select t, p, k from json_to_recordset($1::json) as r (t bytea, p smallint, k text) on conflict on constraint blind_index_pk do nothing`,
    [JSON.stringify(rows.map((row) => ({ t: hex(row.token), p: row.partition, k: row.orderKey })))],
  );
}

export async function appendEvents(tx: Sql, events: readonly EventRow[]): Promise<void> {
  if (events.length === 0) return;
  const lines = events.map((e) =>
    copyLine([
      e.partition,
      e.position,
      e.subjectKey,
      e.version,
      e.type,
      e.withheld,
      instant(e.occurredAt),
      instant(e.recordedAt),
      e.cause,
      e.by,
      e.detail,
      e.state,
    ]),
  );
  await tx.copyIn(
    'copy events (log_partition, position, order_key, version, type, withheld, occurred_at, recorded_at, cause, said_by, detail, state) from stdin',
    [Buffer.from(lines.join(''))],
  );
}

export interface CaseRow {
  readonly partition: number;
  readonly orderKey: string;
  readonly caseId: string;
  readonly channel: string;
  readonly shop: string;
  readonly state: string;
  readonly cause: number;
  readonly at: number;
  readonly by: string;
  readonly problems: string;
  readonly sealed: Buffer | undefined;
}
/** Opens a case, or closes the one there is; a closed case keeps who closed it first. */
export async function saveCases(tx: Sql, rows: readonly CaseRow[]): Promise<void> {
  for (const row of rows)
    await tx.queryNamed(
      'orders.save_case',
      `insert into review_cases as r (log_partition, order_key, case_id, channel, shop, state, cause, opened_at, closed_at, closed_by, problems, sealed)
       values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), case when $6 <> 'open' then to_timestamp($8::float8 / 1000) end, case when $6 <> 'open' then $9 end, $10, $11)
       on conflict on constraint review_cases_pk do update set state = excluded.state,
         closed_at = case when excluded.state = 'open' then null else coalesce(r.closed_at, excluded.closed_at) end,
         closed_by = case when excluded.state = 'open' then null else coalesce(r.closed_by, excluded.closed_by) end`,
      [
        row.partition,
        row.orderKey,
        row.caseId,
        row.channel,
        row.shop,
        row.state,
        row.cause,
        row.at,
        row.by,
        row.problems,
        row.sealed ?? null,
      ],
    );
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
