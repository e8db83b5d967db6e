/** The simulated platforms in a world: people who buy, messages to the hub's houses, calls from them. Their clock is right; the hub's may jump. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Held as HeldThere,
  type OrderTruth,
  type SimulatedPlatform,
  WELL_BEHAVED_MARKET,
  whereItDiffers,
  whereItDiffersButForParcels,
} from '@weir/sandbox/market';
import { type KnownPlatform, PLATFORMS } from '@weir/sandbox/stand';
import type { Send } from '@weir/connectors/adapter';
import { ADAPTERS } from '../../apps/server/src/main.ts';
import type { Db } from '../../apps/server/src/platform/index.ts';
import type { Client } from './client.ts';
import type { WorldClock } from './clock.ts';
import type { Answer } from './house.ts';
import type { Hub } from './hub.ts';
import { act, attempt, ELSEWHERE, endAll, isOurs, type OurDeed, sentElsewhere } from './platform-deeds.ts';
import type { PlatformMoment } from './platform-script.ts';

/** No other part of the world has so many digits for a shop. */
const SHOP = '7000001';
/** Whether `channel/shop/id` is an order of one of them. */
export const isOfPlatform = (identity: string): boolean => PLATFORMS.some(({ channel }) => identity.startsWith(`${channel}/${SHOP}/`));
/** A platform's order among all of them. */
export const nameOf = (channel: string, id: string): string => `${channel}/${id}`;

/** An order on the platform's pages. */
export interface Shown {
  readonly channel: string;
  readonly id: string;
  readonly sellerWords: string;
  readonly parcels: ReturnType<SimulatedPlatform['shown']>[number]['parcels'];
}
const MOST_SHOWN = 10_000;

const BAD_MORNING = { throttled: 0.1, serverErrors: 0.1, lostAnswers: 0.2, tokenExpiry: 0.05, duplicates: 0.3, reorder: 0.3 };
/** What the warehouse does, and with which orders. */
const MORNING: readonly (readonly [OurDeed['what'], (nth: number) => boolean])[] = [
  ['we let go', () => true],
  ['we readdress', (nth) => nth % 5 === 0],
  ['we ship a piece', (nth) => nth % 2 === 0],
  ['we add a line', (nth) => nth % 4 === 0],
  ['we ship', () => true],
  ['we correct', (nth) => nth % 2 === 0],
  ['we correct the carrier', (nth) => nth % 3 === 0],
];
/** Long enough that some of it is told before the next thing happens. */
const TOLD_WITHIN_MS = 600;

export interface Platforms {
  /** Their answers to the hub's calls. In the same process: a call over HTTP, a few thousand of them in one world, would cost more than all that follows from it. */
  readonly send: Send;
  /** Their own clock. */
  readonly clock: WorldClock;
  /** Registers the apps and connects the shops, as a person would. */
  connect(client: Client): Promise<void>;
  /** One moment at each of them. */
  live(moments: readonly PlatformMoment[], client: Client): Promise<void>;
  /** The warehouse comes to work on a bad morning: whatever may leave is shipped, in parts, some of it under a number that is corrected later. */
  morning(client: Client): Promise<void>;
  /** Everything that waits is delivered, and the platforms behave. */
  heal(): Promise<void>;
  /** By `nameOf`; orders that nobody outside can know of yet are left out. */
  truth(): ReadonlyMap<string, OrderTruth>;
  /** Orders, by `nameOf`, that our people sent elsewhere, in place of an address that was known. */
  readdressed(): ReadonlySet<string>;
  /** Parcels and notes as the platforms' own pages show them. */
  shown(): readonly Shown[];
  /** What the hub has not caught up with yet; empty when it stands where the platforms stand. */
  behind(client: Client, db: Db, since: number): Promise<readonly object[]>;
  close(): Promise<void>;
}

/** One platform with what its people have done so far. */
interface Booth {
  readonly known: KnownPlatform;
  readonly platform: SimulatedPlatform;
  readonly placed: string[];
  readonly cases: string[];
  readonly readdressed: Set<string>;
  /** Which of the living houses gets the next push. */
  door: number;
  appId: string;
}

export async function openPlatforms(seed: number, clock: WorldClock, hub: Pick<Hub, 'ask'>): Promise<Platforms> {
  const booths = await Promise.all(PLATFORMS.map((known, nth) => openBooth(known, seed + nth, clock, hub)));
  const number = (booth: Booth, count: number): string => `${seed}-${booths.indexOf(booth)}-${count}`;
  let count = 0;
  const readdressed = (): ReadonlySet<string> =>
    new Set(booths.flatMap((booth) => [...booth.readdressed].map((id) => nameOf(booth.known.channel, id))));
  const truth = (): Map<string, OrderTruth> =>
    new Map(
      booths.flatMap(({ known, platform }) =>
        [...platform.truth()].filter(([, { isListed }]) => isListed).map(([id, each]) => [nameOf(known.channel, id), each] as const),
      ),
    );
  const each = async (run: (booth: Booth) => Promise<unknown>): Promise<void> => void (await Promise.all(booths.map(run)));
  return {
    clock,
    send: (url, init) => booths.find(({ platform }) => url.startsWith(platform.url))?.platform.send(url, init) ?? fetch(url, init),
    async connect(client) {
      for (const booth of booths) await connectBooth(booth, client);
    },
    live: (moments, client) =>
      each(async (booth) => {
        const { platform, placed, cases } = booth;
        const { deeds, rates, door } = moments[booths.indexOf(booth)] as PlatformMoment;
        platform.misbehave({ ...WELL_BEHAVED_MARKET, ...rates });
        const ours: Promise<void>[] = [];
        for (const deed of deeds)
          if (isOurs(deed)) ours.push(actOurs(client, booth, deed, placed[deed.nth % placed.length], number(booth, count++)));
          else attempt(() => act(platform, deed, placed, cases));
        booth.door = door;
        await Promise.all([platform.mailbox.deliver(), ...ours]);
      }),
    morning: (client) =>
      each(async (booth) => {
        booth.platform.misbehave({ ...WELL_BEHAVED_MARKET, ...BAD_MORNING });
        for (const [what, isChosen] of MORNING) {
          const chosen = booth.placed.filter((_, nth) => isChosen(nth));
          await Promise.all(chosen.map((id, nth) => actOurs(client, booth, { what, nth }, id, number(booth, count++))));
          await pause(TOLD_WITHIN_MS);
        }
      }),
    heal: () =>
      each(async ({ platform, placed, cases }) => {
        platform.misbehave(WELL_BEHAVED_MARKET);
        endAll(platform, placed, cases); // nothing that we shipped waits for a decision
        platform.mailbox.release();
        await platform.mailbox.deliver();
      }),
    truth,
    readdressed,
    shown: () => booths.flatMap(({ known: { channel }, platform }) => platform.shown(MOST_SHOWN).map((order) => ({ ...order, channel }))),
    async behind(client, db, since) {
      await each(async ({ platform }) => (platform.mailbox.waiting() > 0 ? platform.mailbox.deliver() : 0));
      const { rows } = await db.query<{
        unworked: number;
        asked: number;
        untold: number;
        unpulled: number;
        unswept: number;
        pulls: number;
      }>(
        `select (select count(*)::int from inbox_head, leases where inbox_head.position > leases.positions[1]) as unworked, (select count(*)::int from fetches where not dead) as asked, (select count(*)::int from write_backs where state = 'due') as untold, count(*)::int as pulls,
           count(*) filter (where cursor_at < to_timestamp($1::float8 / 1000))::int as unpulled,
           count(*) filter (where swept_at is null or least(swept_at, deep_swept_at) < to_timestamp($1::float8 / 1000))::int as unswept from pulls`,
        [since],
      );
      const { unworked, asked, untold, unpulled, unswept, pulls } = rows[0] as (typeof rows)[number];
      const waiting = booths.map(({ platform }) => platform.mailbox.waiting());
      const late = await lateOf(db, since);
      const found = { waiting, unworked, asked, untold, unpulled, unswept, pulls, late };
      if (Math.max(...waiting) > 0 || unworked > 0 || asked > 0 || untold > 0 || unpulled > 0 || unswept > 0 || pulls < FEEDS)
        return [found, ...(untold > 0 ? await Promise.all((await dueOrders(db)).map((orderKey) => whatIsKnown(client, orderKey))) : [])];
      return differences(client, truth(), readdressed(), await unshipped(db));
    },
    async close() {
      await each(({ platform }) => platform.close());
    },
  };
}
/** For whoever must understand why it does not come to rest. */
async function lateOf(db: Db, since: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ text: string }>(
    `select concat_ws(' ', channel, feed, to_char(cursor_at, 'MM-DD HH24:MI'), to_char(swept_at, 'MM-DD HH24:MI'), case when alarm_at is not null then 'alarm' end, last_error) as text from pulls
     where cursor_at < to_timestamp($1::float8 / 1000) or swept_at is null or swept_at < to_timestamp($1::float8 / 1000)
     union all select concat_ws(' ', 'fetch', channel, id, last_error) from fetches where not dead
     union all select concat_ws(' ', 'write-back', channel, channel_order_id, what, attempts, to_char(next_at, 'MM-DD HH24:MI'), cause, code) from write_backs where state = 'due'`,
    [since],
  );
  return rows.map(({ text }) => text);
}
/** Lists that are walked, of all channels together. */
const FEEDS = ADAPTERS.reduce((sum, { feeds }) => sum + feeds.length, 0);

async function openBooth(known: KnownPlatform, seed: number, clock: WorldClock, hub: Pick<Hub, 'ask'>): Promise<Booth> {
  const push: typeof fetch = async (input, init) => {
    const headers = { ...(init?.headers as Record<string, string>), authorization: '' };
    const { search } = new URL(input as string);
    const path = `/v1/intake/${known.channel}/${booth.appId}${search}`;
    const answer = await hub.ask(booth.door++, { method: 'POST', path, headers, body: init?.body as string });
    if (answer === null) throw new TypeError('the connection was lost');
    return new Response(answer.text, { status: answer.status });
  };
  const platform = await known.open({
    app: known.app(seed),
    shop: SHOP,
    seed,
    pushUrl: 'http://push.invalid/',
    fetch: push,
    clock: { now: clock.now, sleep: async () => {} },
  });
  const booth: Booth = { known, platform, placed: [], cases: [], readdressed: new Set(), door: 0, appId: '' };
  return booth;
}

async function connectBooth(booth: Booth, client: Client): Promise<void> {
  const { known, platform } = booth;
  const app = JSON.stringify({ channel: known.channel, ...platform.app, name: 'a simulated app', baseUrl: platform.url });
  booth.appId = (JSON.parse((await client.ask(0, { method: 'POST', path: '/v1/apps', body: app })).text) as { id: string }).id;
  const credentials = known.code === undefined ? {} : { credentials: { code: known.code } };
  const shop = JSON.stringify({ channel: known.channel, shop: platform.shop, name: 'a simulated shop', app: booth.appId, ...credentials });
  await client.ask(0, { method: 'POST', path: '/v1/shops', body: shop });
}

interface Piece {
  readonly lineId: string;
  readonly quantity: number;
}
interface Held {
  readonly personal?: { readonly receiver?: { readonly province?: string } };
  readonly holds: readonly { readonly id: string; readonly kind: string }[];
  readonly lines: readonly { readonly lineId: string; readonly quantity: number; readonly shipped: number }[];
  readonly shipments: readonly {
    readonly id: string;
    readonly carrier: string;
    readonly trackingNumber: string;
    readonly own?: boolean;
    readonly lines: readonly Piece[];
  }[];
}
/** What an ERP would report, or a person of ours decide; the hub may refuse it, and what it accepts of parcels the platform must learn of. */
async function actOurs(
  client: Client,
  { known, platform, readdressed }: Booth,
  { what, nth }: OurDeed,
  id: string | undefined,
  name: string,
): Promise<void> {
  if (id === undefined) return;
  const query = new URLSearchParams({ channel: known.channel, shop: platform.shop, channelOrderId: id });
  const [item] = (await client.read<{ items: { orderKey: string }[] }>(`/v1/orders?${query}`)).items;
  if (item === undefined) return;
  const ask = (verb: string, body: object): Promise<Answer> =>
    client.ask(nth, {
      method: 'POST',
      path: `/v1/orders/${item.orderKey}:${verb}`,
      ...(verb === 'changeAddress' ? { headers: { 'idempotency-key': name } } : {}), // what was done before its answer was lost is not refused for what came since
      body: JSON.stringify(body),
    });
  if (what === 'we hold') return void (await ask('hold', { why: name }));
  const held = await client.read<Held>(`/v1/orders/${item.orderKey}`);
  if (what === 'we let go') {
    for (const { id: holdId, kind } of held.holds) if (kind === 'person' || kind === 'rule') await ask('release', { holdId });
    return;
  }
  if (what === 'we readdress') {
    if (held.personal?.receiver?.province === undefined) return;
    if ((await ask('changeAddress', { receiver: ELSEWHERE })).status === 200) readdressed.add(id);
    return;
  }
  const shipment = reportOf(known, held, what, name);
  if (shipment !== undefined) await ask('ship', { shipments: [shipment] });
}

/** Undefined: there is nothing to report. */
function reportOf(
  { carriers }: KnownPlatform,
  { lines, shipments }: Held,
  what: Exclude<OurDeed['what'], 'we hold' | 'we let go' | 'we readdress'>,
  name: string,
): object | undefined {
  const [parcel, open] = [
    { id: `p-${name}`, carrier: carriers[0], trackingNumber: `SF${name}` },
    lines.filter((line) => line.shipped < line.quantity),
  ];
  const newest = shipments.findLast(({ own }) => own);
  const last = newest && { id: newest.id, carrier: newest.carrier, trackingNumber: newest.trackingNumber, lines: newest.lines };
  const another = open.find(({ lineId }) => !last?.lines.some((piece) => piece.lineId === lineId));
  const pieceOf = (line: Piece): Piece => ({ lineId: line.lineId, quantity: 1 });
  switch (what) {
    case 'we ship':
      return parcel;
    case 'we ship a piece':
      return open[0] && { ...parcel, lines: [pieceOf(open[0])] };
    case 'we add a line':
      return last && another && { ...last, lines: [...last.lines, pieceOf(another)] };
    case 'we correct':
      return last && { ...last, trackingNumber: parcel.trackingNumber };
    case 'we correct the carrier':
      return last && { ...last, carrier: carriers.find((carrier) => carrier !== last.carrier) };
  }
}

/** Orders, by `nameOf`, of which the platform would not take what we shipped: they wait for a person, who has the dead letter. */
export async function unshipped(db: Db): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ channel: string; id: string; cause: string }>(
    `select channel, channel_order_id as id, cause || case when cause = 'refused' then ' ' || coalesce(code, '') else '' end as cause from write_backs where what = 'ship' and state = 'dead'`,
  );
  return new Map(rows.map(({ channel, id, cause }) => [nameOf(channel, id), cause]));
}

async function differences(
  client: Client,
  truth: ReadonlyMap<string, OrderTruth>,
  readdressed: ReadonlySet<string>,
  waiting: ReadonlyMap<string, string>,
): Promise<object[]> {
  const found: object[] = [];
  for (const [name, wanted] of truth) {
    const [channel = '', id = ''] = name.split('/');
    const query = new URLSearchParams({ channel, shop: SHOP, channelOrderId: id });
    const { items } = await client.read<{ items: { orderKey: string }[] }>(`/v1/orders?${query}`);
    if (items.length !== 1) found.push({ name, held: items.length });
    for (const { orderKey } of items) {
      const compare = waiting.has(name) ? whereItDiffersButForParcels : whereItDiffers;
      const seen = await client.read<HeldThere>(`/v1/orders/${orderKey}`);
      const differs = compare(seen, readdressed.has(name) ? sentElsewhere(seen, wanted) : wanted);
      if (differs !== '') found.push({ name, differs, ...(await whatIsKnown(client, orderKey)) });
    }
  }
  return found;
}

const dueOrders = async (db: Db): Promise<readonly string[]> =>
  (
    await db.query<{ orderKey: string }>(`select order_key as "orderKey" from write_backs where state = 'due' order by next_at limit 3`)
  ).rows.map(({ orderKey }) => orderKey);

/** For whoever must understand why an order differs. */
async function whatIsKnown(client: Client, orderKey: string): Promise<object> {
  interface Event {
    readonly version: number;
    readonly type: string;
    readonly occurredAt: string;
    readonly recordedAt: string;
  }
  interface Case {
    readonly orderKey: string;
    readonly message: object | null;
    readonly problems: readonly object[];
  }
  const events = await client.read<{ items: Event[] }>(`/v1/orders/${orderKey}/events?limit=500`);
  const reviews = await client.read<{ items: Case[] }>('/v1/reviews?state=open&limit=200');
  const state = await client.read<object>(`/v1/orders/${orderKey}`);
  return {
    state,
    events: events.items.map(({ version, type, occurredAt, recordedAt }) => `${version} ${type} ${occurredAt} ${recordedAt}`),
    cases: reviews.items.filter((each) => each.orderKey === orderKey).map(({ message, problems }) => ({ message, problems })),
  };
}
