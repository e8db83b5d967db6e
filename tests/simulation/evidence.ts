/** Everything the judge may look at, as plain data: what the hub shows, what it keeps, what receivers got, what it said. */
import type { OrderState } from '@weir/contract';
import type { Arrival, OrderData, Violation } from '@weir/sandbox';
import type { OrderTruth, Held as PlatformsHeld } from '@weir/sandbox/market';
import type { Db } from '../../apps/server/src/platform/index.ts';
import type { Client } from './client.ts';
import type { Hub } from './hub.ts';
import type { Journal } from './journal.ts';
import { type Platforms, type Shown, unshipped } from './platforms.ts';
import type { Receiver, Wanted } from './receivers.ts';
import type { Script } from './script.ts';

export interface LogEvent {
  readonly version: number;
  readonly position: number;
  readonly type: string;
  readonly withheld: boolean;
  readonly detail: { readonly fromVersion?: number };
  readonly state: OrderState;
}
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
}
export interface Held {
  readonly item: ListItem;
  readonly state: OrderState;
  readonly events: readonly LogEvent[];
  /** Opened through the one door, by somebody who may. */
  readonly personal: Readonly<Record<string, unknown>>;
  /** What is shown of it to whoever looks, with its masks. */
  readonly masked: NonNullable<PlatformsHeld['personal']>;
}
export interface Received {
  readonly wanted: Wanted;
  readonly arrivals: readonly Arrival[];
  readonly orders: ReadonlyMap<string, OrderData>;
  readonly violations: readonly Violation[];
  readonly tooEarly: readonly string[];
}
/** A text that must hold no canary, and where it stood. */
export interface Text {
  readonly where: string;
  readonly text: string;
}
export interface Evidence {
  readonly script: Script;
  readonly journal: Journal;
  readonly held: readonly Held[];
  readonly received: readonly Received[];
  /** Rows of `orders`; the list may hide what the table doubles. */
  readonly rows: readonly { readonly channel: string; readonly shop: string; readonly channelOrderId: string; readonly orderKey: string }[];
  /** Rows of `events` per order key; the timeline may not show them all. */
  readonly logged: ReadonlyMap<string, number>;
  readonly deadLetters: readonly { readonly reason: string; readonly subject: string }[];
  readonly deadDeliveries: number;
  /** Messages that are stored and were never worked. */
  readonly unworked: number;
  readonly texts: readonly Text[];
  /** What the platforms hold, by `nameOf`. */
  readonly platform: ReadonlyMap<string, OrderTruth>;
  /** Its orders that our people sent elsewhere. */
  readonly readdressed: ReadonlySet<string>;
  readonly pages: readonly Shown[];
  /** Orders whose parcels their platform would not take, and why. */
  readonly unshipped: ReadonlyMap<string, string>;
  /** Orders of which the hub stopped asking. */
  readonly deadFetches: readonly string[];
  /** How often houses were begun, killed, frozen, cut off. */
  readonly struck: Hub['counts'];
  readonly refused: Refused;
}
/** What receivers brought about: the most subjects that were parked when a moment ended, and how often a breaker opened. */
export interface Refused {
  readonly parked: number;
  readonly breakers: number;
}

const PAGE = 100;
const REVEALED = ['receiver.name', 'receiver.phone', 'receiver.address', 'buyer.name', 'remark'];

export interface Sources {
  readonly script: Script;
  readonly journal: Journal;
  readonly client: Client;
  readonly db: Db;
  readonly receivers: readonly Receiver[];
  readonly platforms: Pick<Platforms, 'truth' | 'readdressed' | 'shown'>;
  readonly hub: Pick<Hub, 'log' | 'counts'>;
  readonly mostParked: number;
  /** A role to which nothing of a single person is shown. */
  readonly stranger: string;
}

export async function collect(sources: Sources): Promise<Evidence> {
  const { script, journal, client, db, receivers, platforms, hub, mostParked, stranger } = sources;
  const items = await pages<ListItem>(client, '/v1/orders');
  const held: Held[] = [];
  const texts: Text[] = hub.log.map((text) => ({ where: 'log', text }));
  for (const item of items) held.push(await look(client, item));
  for (const { item } of held)
    for (const path of [
      `/v1/orders/${item.orderKey}`,
      `/v1/orders/${item.orderKey}/events?limit=500`,
      `/v1/orders/${item.orderKey}/knowledge`,
    ])
      texts.push({ where: `${path} as owner`, text: JSON.stringify(await client.read(path, stranger)) });
  for (const path of ['/v1/orders?limit=200', '/v1/reviews?state=any&limit=200', '/v1/endpoints', '/v1/overview'])
    texts.push({ where: `${path} as owner`, text: JSON.stringify(await client.read(path, stranger)) });
  return {
    script,
    journal,
    held,
    struck: { ...hub.counts },
    refused: { parked: mostParked, breakers: hub.log.filter((line) => line.includes('"event":"broadcast.breaker_opened"')).length },
    platform: platforms.truth(),
    readdressed: platforms.readdressed(),
    pages: platforms.shown(),
    unshipped: await unshipped(db),
    texts: [
      ...texts,
      ...journal.said.map(({ asked, answer }) => ({ where: `answer to ${asked.method} ${asked.path}`, text: answer.text })),
      ...(await storedEvents(db)),
    ],
    received: receivers.map(({ wanted, arrivals, orders, violations, tooEarly }) => ({
      wanted,
      arrivals,
      orders: orders(),
      violations: violations(),
      tooEarly,
    })),
    ...(await kept(db, client)),
  };
}

/** Subjects that failed; who is only caught up after a release has failed no try. */
export async function parkedNow(db: Db): Promise<number> {
  const { rows } = await db.query<{ n: number }>('select count(*)::int as n from parked where attempts > 0');
  return rows[0]?.n ?? 0;
}

async function look(client: Client, item: ListItem): Promise<Held> {
  const path = `/v1/orders/${item.orderKey}`;
  const {
    connected: _,
    mayShip: __,
    personal: masked,
    ...state
  } = await client.read<OrderState & { connected: unknown; mayShip: unknown; personal: Held['masked'] }>(path);
  const events = await pages<LogEvent>(client, `${path}/events`);
  const body = JSON.stringify({ fields: REVEALED, purpose: 'verify_identity' });
  const { values } = JSON.parse((await client.open(`${path}:reveal`, body)).text) as { values: Record<string, unknown> };
  return { item, state, events, personal: values, masked };
}

async function pages<T>(client: Client, path: string): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(cursor === '' ? {} : { cursor }) });
    const page: { items: T[]; nextCursor: string | null } = await client.read(`${path}?${query}`);
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

async function storedEvents(db: Db): Promise<Text[]> {
  const { rows } = await db.query<{ text: string }>(`select row_to_json(e)::text as text from events e`);
  return rows.map(({ text }) => ({ where: 'table events', text }));
}

async function kept(
  db: Db,
  client: Client,
): Promise<Pick<Evidence, 'rows' | 'logged' | 'deadLetters' | 'deadDeliveries' | 'deadFetches' | 'unworked'>> {
  const orders = await db.query<Evidence['rows'][number]>(
    `select channel, shop, channel_order_id as "channelOrderId", order_key as "orderKey" from orders`,
  );
  const events = await db.query<{ key: string; n: number }>('select order_key as key, count(*)::int as n from events group by order_key');
  const letters = await db.query<{ position: number; reason: string }>('select position, reason from dead_letters order by position');
  const deadLetters: { reason: string; subject: string }[] = [];
  for (const { position, reason } of letters.rows) {
    const { subject } = await client.read<{ subject: { shop: string; id: string } }>(`/v1/messages/${position}`);
    deadLetters.push({ reason, subject: `${subject.shop}/${subject.id}` });
  }
  const dead = await db.query<{ n: number }>('select count(*)::int as n from parked where dead');
  const unworked = await db.query<{ n: number }>(
    'select coalesce(sum(entry_count), 0)::int as n from inbox, leases where lease_id = 1 and first_position > leases.positions[1]',
  );
  const fetches = await db.query<{ text: string }>(`select concat_ws(' ', channel, id, last_error) as text from fetches where dead`);
  const logged = new Map(events.rows.map(({ key, n }) => [key, n]));
  return {
    rows: orders.rows,
    logged,
    deadLetters,
    deadDeliveries: dead.rows[0]?.n ?? 0,
    deadFetches: fetches.rows.map(({ text }) => text),
    unworked: unworked.rows[0]?.n ?? 0,
  };
}
