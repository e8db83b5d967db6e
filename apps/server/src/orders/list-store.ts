/**
 * SQL of the order list. Every question is answered by walking an index in the order of the page, so that what a page costs depends on
 * the page and the number of shops and never on the number of orders: see README, "The list".
 */
import { partitionOf } from '@weir/contract/subject';
import type { Sql } from '#platform';
import { ANY_HOLD, type Cursor, cursorText, fits, type ListFilter, namedPlaces, NO_STATUS, type Place, placeText } from './list-filter.ts';
import type { ListRow } from './save-store.ts';

export type ListItem = Omit<ListRow, 'partition' | 'paidAt'>;
const COLUMNS = `order_key as "orderKey", channel, shop, channel_order_id as "channelOrderId", status, payment, refund, held, payable::text as payable, currency, line_count as "lineCount",
  title, to_char(ship_by, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "shipBy", to_char(placed_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "placedAt"`;
const NEWEST_FIRST = 'order by placed_at desc, order_key desc';

/** Up to so many shops each is walked at once; with more, the newest orders of all are looked through first. */
const FEW_PLACES = 16;
/** How many of the newest orders are looked through before each shop is walked. */
const NEWEST = 4_000;
/** Beyond this a count says "so many or more". */
export const COUNT_LIMIT = 10_000;

/** `scope` null = every shop. */
export interface Question {
  readonly filter: ListFilter;
  readonly scope: ReadonlySet<string> | null;
}
export interface ListPage {
  readonly items: readonly ListItem[];
  readonly nextCursor: string | null;
}

export async function listOrders(sql: Sql, question: Question, limit: number, after: Cursor | null): Promise<ListPage> {
  const rows = await newest(sql, question, limit + 1, after);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && rows.length > limit ? cursorText(last) : null };
}

async function newest(sql: Sql, question: Question, limit: number, after: Cursor | null): Promise<readonly ListItem[]> {
  const source = await sourceOf(sql, question);
  if (source.kind === 'nothing') return [];
  if (source.kind === 'places' && source.places.length > FEW_PLACES) {
    const page = await read(sql, amongNewest(question.filter, source.places, after), limit);
    if (page.length === limit) return page; // whole: nothing newer can stand behind it
  }
  return read(sql, rowsOf(question, source, limit, after), limit);
}

async function read(sql: Sql, { text, values }: Rows, limit: number): Promise<readonly ListItem[]> {
  return (await sql.query<ListItem>(`select ${COLUMNS} from ${text} ${NEWEST_FIRST} limit ${limit}`, values)).rows;
}

/** How many orders answer, up to COUNT_LIMIT + 1. */
export async function countRows(sql: Sql, question: Question): Promise<number> {
  const source = await sourceOf(sql, question);
  if (source.kind === 'nothing') return 0;
  const { text, values } = rowsOf(question, source, null, null);
  const { rows } = await sql.query<{ n: number }>(
    `select count(*) as n from (select 1 from ${text} limit ${COUNT_LIMIT + 1}) as counted`,
    values,
  );
  return rows[0]?.n ?? 0;
}

/** Which road leads to the rows of a question. */
type Source =
  | { readonly kind: 'nothing' }
  /** All orders by time: one index in the order of the page. */
  | { readonly kind: 'time' }
  /** Those that are held by time: few, whoever asks. */
  | { readonly kind: 'held' }
  | { readonly kind: 'places'; readonly places: readonly Place[] }
  | { readonly kind: 'tracking'; readonly trackingNumber: string }
  | { readonly kind: 'identity'; readonly channelOrderId: string; readonly places: readonly Place[] };

async function sourceOf(sql: Sql, { filter, scope }: Question): Promise<Source> {
  if (filter.trackingNumber !== undefined) return { kind: 'tracking', trackingNumber: filter.trackingNumber };
  if (filter.channelOrderId === undefined && filter.held !== undefined) return { kind: 'held' };
  const asksOfAll = scope === null && filter.status === undefined && filter.channel === undefined && filter.shop === undefined;
  if (filter.channelOrderId === undefined && asksOfAll) return { kind: 'time' };
  const named = namedPlaces(filter, scope);
  const places = named !== null && named.length <= FEW_PLACES ? named : await placesWithOrders(sql, filter, scope);
  if (places.length === 0) return { kind: 'nothing' };
  return filter.channelOrderId === undefined
    ? { kind: 'places', places }
    : { kind: 'identity', channelOrderId: filter.channelOrderId, places };
}

/** The shops that have any order of the status asked for. */
async function placesWithOrders(sql: Sql, filter: ListFilter, scope: ReadonlySet<string> | null): Promise<readonly Place[]> {
  const { rows } = await sql.query<Place>(
    'select channel, shop from order_counts where orders > 0 and ($1::text is null or status = $1) group by channel, shop',
    [filter.status ?? null],
  );
  return rows.filter((place) => fits(filter, place) && (scope === null || scope.has(placeText(place))));
}

/** What stands behind `from`, conditions included. */
interface Rows {
  readonly text: string;
  readonly values: readonly unknown[];
}
function rowsOf(
  { filter, scope }: Question,
  source: Exclude<Source, { kind: 'nothing' }>,
  limit: number | null,
  after: Cursor | null,
): Rows {
  const values: unknown[] = [];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const conditions = [...boundsOf(filter, after, put), ...statusOf(filter, put)];
  if (source.kind === 'places') {
    const columns = [source.places.map(({ channel }) => channel), source.places.map(({ shop }) => shop)].map(put);
    const inside = ['o.channel = place.c', 'o.shop = place.s', ...conditions].join(' and ');
    // Each shop gives a page at most; the newest of them are the page of all.
    const page = limit === null ? `limit ${COUNT_LIMIT + 1}` : `${NEWEST_FIRST} limit ${limit}`;
    const text = `unnest(${columns[0]}::text[], ${columns[1]}::text[]) as place (c, s) cross join lateral (select * from order_list o where ${inside} ${page}) as page`;
    return { text, values };
  }
  const rest = [...placeConditions(filter, scope, put), ...keysOf(source, put)];
  if (source.kind === 'held') return { text: `${heldRows(filter, conditions, put)} ${whereOf(rest)}`, values };
  return { text: `order_list ${whereOf([...conditions, ...heldOf(filter, put), ...rest])}`, values };
}

/** A page is often whole within the newest orders, whoever asks; so many are cheaper to look through than hundreds of shops to walk. */
function amongNewest(filter: ListFilter, places: readonly Place[], after: Cursor | null): Rows {
  const values: unknown[] = [];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const bounds = boundsOf(filter, after, put);
  const conditions = [...statusOf(filter, put), `channel || '/' || shop = any(${put(places.map(placeText))}::text[])`];
  const inside = `select * from order_list ${whereOf(bounds)} ${NEWEST_FIRST} limit ${NEWEST}`;
  return { text: `(${inside}) as newest where ${conditions.join(' and ')}`, values };
}

type Put = (value: unknown) => string;
const boundsOf = ({ placedFrom, placedTo }: ListFilter, after: Cursor | null, put: Put): string[] => [
  ...(placedFrom === undefined ? [] : [`placed_at >= ${put(placedFrom)}::timestamptz`]),
  ...(placedTo === undefined ? [] : [`placed_at < ${put(placedTo)}::timestamptz`]),
  ...(after === null ? [] : [`(placed_at, order_key) < (${put(after.placedAt)}::timestamptz, ${put(after.orderKey)})`]),
];
const statusOf = ({ status }: ListFilter, put: Put): string[] =>
  status === undefined ? [] : [status === NO_STATUS ? 'status is null' : `status = ${put(status)}`];
/** The first part is what the partial index promises. */
const heldOf = ({ held }: ListFilter, put: Put): string[] =>
  held === undefined ? [] : held === ANY_HOLD ? [`held <> '{}'`] : [`held <> '{}'`, `${put(held)} = any(held)`];
/** `offset 0` keeps the conditions on shops outside: the database would else read all of a big shop's index to find its few held orders. */
const heldRows = (filter: ListFilter, conditions: readonly string[], put: Put): string =>
  `(select * from order_list ${whereOf([...heldOf(filter, put), ...conditions])} ${NEWEST_FIRST} offset 0) as held_orders`;
const whereOf = (conditions: readonly string[]): string => (conditions.length > 0 ? `where ${conditions.join(' and ')}` : '');
const placeConditions = ({ channel, shop }: ListFilter, scope: ReadonlySet<string> | null, put: Put): string[] => [
  ...(channel === undefined ? [] : [`channel = ${put(channel)}`]),
  ...(shop === undefined ? [] : [`shop = ${put(shop)}`]),
  ...(scope === null ? [] : [`channel || '/' || shop = any(${put([...scope])}::text[])`]),
];

/** An order's place is computed from its identity, so a platform's id needs no index of its own: each shop's order of that id is looked up by key. */
function keysOf(source: Source, put: Put): string[] {
  if (source.kind === 'tracking')
    return [
      `(log_partition, order_key) in (select log_partition, order_key from tracking_index where tracking_number = ${put(source.trackingNumber)})`,
    ];
  if (source.kind !== 'identity') return [];
  const { channelOrderId: id, places } = source;
  const columns = [
    places.map(({ channel, shop }) => partitionOf({ kind: 'order', channel, shop, id })),
    places.map(({ channel }) => channel),
    places.map(({ shop }) => shop),
  ].map(put);
  return [
    `(log_partition, order_key) in (select o.log_partition, o.order_key from unnest(${columns[0]}::smallint[], ${columns[1]}::text[], ${columns[2]}::text[]) as wanted (p, c, s)
       join orders o on o.log_partition = p and o.channel = c and o.shop = s and o.channel_order_id = ${put(id)})`,
  ];
}

export async function findByBlindToken(sql: Sql, token: Buffer, scope: ReadonlySet<string> | null, limit: number): Promise<ListItem[]> {
  const { rows } = await sql.query<ListItem>(
    `select ${COLUMNS} from order_list join blind_index using (log_partition, order_key)
     where token = $1 and not exists (select 1 from erasures e where e.log_partition = order_list.log_partition and e.order_key = order_list.order_key)
       and ($2::text[] is null or (channel || '/' || shop) = any($2)) order by placed_at desc limit $3`,
    [token, scope === null ? null : [...scope], limit],
  );
  return rows;
}

export async function isConnected(sql: Sql, channel: string, shop: string): Promise<boolean> {
  return (
    (await sql.queryNamed('orders.is_connected', 'select 1 from shops where channel = $1 and shop = $2', [channel, shop])).rowCount === 1
  );
}
