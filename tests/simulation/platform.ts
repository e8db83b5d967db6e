/** The simulated Douyin in a world: people who buy, pushes to the hub's houses, calls from them. Its clock is right; the hub's may jump. */
import { setTimeout as pause } from 'node:timers/promises';
import { createDouyin, type Douyin } from '@weir/sandbox/doudian';
import { NotPossible, type OrderTruth, whereItDiffers } from '@weir/sandbox/market';
import type { Db } from '../../apps/server/src/platform/index.ts';
import type { Client } from './client.ts';
import type { WorldClock } from './clock.ts';
import type { Hub } from './hub.ts';
import type { Deed, PlatformMoment } from './platform-script.ts';

export const DOUYIN = { channel: 'douyin', shop: '7000001' } as const;
const APP = { key: '3409409348479354012', secret: 'the-secret-of-a-simulated-night' };
/** All faults of the platform are over. */
const WELL = {
  duplicates: 0,
  reorder: 0,
  delayMs: 0,
  lost: 0,
  throttled: 0,
  serverErrors: 0,
  lostAnswers: 0,
  tokenExpiry: 0,
  pagingDrift: 0,
  clockSkewMs: 0,
};

/** An order on the platform's pages. */
export interface Shown {
  readonly id: string;
  readonly sellerWords: string;
  readonly parcels: readonly { readonly trackingNumber: string }[];
}
/** What people write there. */
export const NOTE = '加急';
const MOST_SHOWN = 10_000;

const BAD_MORNING = { throttled: 0.1, serverErrors: 0.1, lostAnswers: 0.2, tokenExpiry: 0.05, duplicates: 0.3, reorder: 0.3 };
/** Long enough that some of it is told before the next thing happens. */
const TOLD_WITHIN_MS = 600;

export interface Platform {
  /** The platform's own clock. */
  readonly clock: WorldClock;
  /** Registers the app and connects the shop, as a person would. */
  connect(client: Client): Promise<void>;
  live(moment: PlatformMoment, client: Client): Promise<void>;
  /** The warehouse comes to work on a bad morning: whatever may leave is shipped, in parts, some of it under a number that is corrected later. */
  morning(client: Client): Promise<void>;
  /** Everything that waits is delivered, and the platform behaves. */
  heal(): Promise<void>;
  truth(): ReadonlyMap<string, OrderTruth>;
  /** Parcels and notes as the platform's own pages show them. */
  shown(): readonly Shown[];
  /** What the hub has not caught up with yet; empty when it stands where the platform stands. */
  behind(client: Client, db: Db, since: number): Promise<readonly object[]>;
  close(): Promise<void>;
}

export async function openPlatform(seed: number, clock: WorldClock, hub: Pick<Hub, 'ask'>): Promise<Platform> {
  let [appId, door] = ['', 0];
  const push: typeof fetch = async (_, init) => {
    const headers = { ...(init?.headers as Record<string, string>), authorization: '' };
    const path = `/v1/intake/${DOUYIN.channel}/${appId}`;
    const answer = await hub.ask(door++, { method: 'POST', path, headers, body: init?.body as string });
    if (answer === null) throw new TypeError('the connection was lost');
    return new Response(answer.text, { status: answer.status });
  };
  const douyin = await createDouyin({
    app: APP,
    shop: DOUYIN.shop,
    seed,
    pushUrl: 'http://push.invalid/',
    fetch: push,
    clock: { now: clock.now, sleep: async () => {} },
  });
  const placed: string[] = [];
  const cases: string[] = [];
  let count = 0;
  return {
    clock,
    async connect(client) {
      const app = JSON.stringify({ channel: DOUYIN.channel, ...APP, name: 'a simulated app', baseUrl: douyin.url });
      appId = (JSON.parse((await client.ask(0, { method: 'POST', path: '/v1/apps', body: app })).text) as { id: string }).id;
      const shop = JSON.stringify({ ...DOUYIN, name: 'a simulated shop', app: appId });
      await client.ask(0, { method: 'POST', path: '/v1/shops', body: shop });
    },
    async live(moment, client) {
      douyin.misbehave({ ...WELL, ...moment.rates });
      const ours: Promise<void>[] = [];
      for (const deed of moment.deeds)
        if (isOurs(deed)) ours.push(shipOurs(client, deed, placed[deed.nth % placed.length], `${seed}-${count++}`));
        else attempt(() => act(douyin, deed, placed, cases));
      door = moment.door;
      await Promise.all([douyin.mailbox.deliver(), ...ours]);
    },
    async morning(client) {
      douyin.misbehave({ ...WELL, ...BAD_MORNING });
      for (const what of ['we ship a piece', 'we ship', 'we correct'] as const) {
        const chosen = placed.filter((_, nth) => what === 'we ship' || nth % 2 === 0);
        await Promise.all(chosen.map((id, nth) => shipOurs(client, { what, nth }, id, `${seed}-${count++}`)));
        await pause(TOLD_WITHIN_MS);
      }
    },
    async heal() {
      douyin.misbehave(WELL);
      for (const id of cases) attempt(() => douyin.endCase(id, 'withdrawn')); // nothing that we shipped waits for a decision
      douyin.mailbox.release();
      await douyin.mailbox.deliver();
    },
    truth: () => douyin.truth(),
    shown: () => douyin.shown(MOST_SHOWN),
    async behind(client, db, since) {
      if (douyin.mailbox.waiting() > 0) await douyin.mailbox.deliver();
      const { rows } = await db.query<{ asked: number; untold: number; pulled: number; swept: number }>(
        `select (select count(*)::int from fetches where not dead) as asked, (select count(*)::int from write_backs where state = 'due') as untold, count(*) filter (where cursor_at >= to_timestamp($1::float8 / 1000))::int as pulled,
           count(*) filter (where swept_at >= to_timestamp($1::float8 / 1000))::int as swept from pulls`,
        [since],
      );
      const { asked, untold, pulled, swept } = rows[0] as (typeof rows)[number];
      const found = { waitingPushes: douyin.mailbox.waiting(), asked, untold, pulled, swept };
      if (found.waitingPushes > 0 || asked > 0 || untold > 0 || pulled < FEEDS || swept < FEEDS) return [found];
      return differences(client, douyin.truth(), await unshipped(db));
    },
    close: () => douyin.close(),
  };
}
const FEEDS = 2;

function attempt(deed: () => void): void {
  try {
    deed();
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error;
  }
}

type OurDeed = Extract<Deed, { what: 'we ship' | 'we ship a piece' | 'we correct' }>;
const isOurs = (deed: Deed): deed is OurDeed => deed.what.startsWith('we ');

interface Held {
  readonly lines: readonly { readonly lineId: string; readonly quantity: number; readonly shipped: number }[];
  readonly shipments: readonly { readonly id: string; readonly own?: boolean; readonly lines: readonly object[] }[];
}
/** What an ERP would report; the hub may refuse it, and what it accepts the platform must learn of. */
async function shipOurs(client: Client, { what, nth }: OurDeed, id: string | undefined, name: string): Promise<void> {
  if (id === undefined) return;
  const query = new URLSearchParams({ ...DOUYIN, channelOrderId: id });
  const [item] = (await client.read<{ items: { orderKey: string }[] }>(`/v1/orders?${query}`)).items;
  if (item === undefined) return;
  const { lines, shipments } = await client.read<Held>(`/v1/orders/${item.orderKey}`);
  const last = shipments.findLast(({ own }) => own);
  const open = lines.find((line) => line.shipped < line.quantity);
  const parcel = { carrier: 'shunfeng', trackingNumber: `SF${name}` };
  const piece = { id: `p-${name}`, ...parcel, lines: open && [{ lineId: open.lineId, quantity: 1 }] };
  if ((what === 'we correct' && last === undefined) || (what === 'we ship a piece' && open === undefined)) return;
  const shipment = what === 'we correct' ? { id: last?.id, ...parcel } : what === 'we ship' ? { id: `p-${name}`, ...parcel } : piece;
  await client.ask(nth, { method: 'POST', path: `/v1/orders/${item.orderKey}:ship`, body: JSON.stringify({ shipments: [shipment] }) });
}

function act(douyin: Douyin, deed: Exclude<Deed, OurDeed>, placed: string[], cases: string[]): void {
  if (deed.what === 'place') return void placed.push(douyin.place(deed.placing));
  const list = deed.what === 'pay back' || deed.what === 'withdraw' || deed.what === 'refuse' ? cases : placed;
  const id = list[deed.nth % list.length];
  if (id === undefined) return;
  switch (deed.what) {
    case 'pay':
      return douyin.pay(id);
    case 'pay under check':
      return douyin.pay(id, { underCheck: true });
    case 'release':
      return douyin.release(id);
    case 'cancel':
      return douyin.cancel(id);
    case 'move house':
      return douyin.changeAddress(id);
    case 'ask to move':
      return douyin.applyForAddress(id);
    case 'ship there':
      return douyin.ship(id, { carrier: 'shunfeng', trackingNumber: `THEIRS${id}` });
    case 'write a note':
      return douyin.writeNote(id, NOTE);
    case 'finish':
      return douyin.finish(id);
    case 'ask a refund':
      return void cases.push(douyin.askRefund(id));
    case 'pay back':
      return douyin.payBack(id);
    case 'withdraw':
      return douyin.endCase(id, 'withdrawn');
    case 'refuse':
      return douyin.endCase(id, 'refused');
  }
}

/** Orders of which the platform would not take what we shipped: they wait for a person, who has the dead letter. */
export async function unshipped(db: Db): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ id: string; cause: string }>(
    `select channel_order_id as id, cause from write_backs where what = 'ship' and state = 'dead'`,
  );
  return new Map(rows.map(({ id, cause }) => [id, cause]));
}

async function differences(
  client: Client,
  truth: ReadonlyMap<string, OrderTruth>,
  waiting: ReadonlyMap<string, string>,
): Promise<object[]> {
  const found: object[] = [];
  for (const [id, wanted] of truth) {
    const query = new URLSearchParams({ ...DOUYIN, channelOrderId: id });
    const { items } = await client.read<{ items: { orderKey: string }[] }>(`/v1/orders?${query}`);
    if (items.length !== 1) found.push({ id, held: items.length });
    for (const { orderKey } of items) {
      const differs = whereItDiffers(await client.read(`/v1/orders/${orderKey}`), wanted);
      if (differs !== '' && !waiting.has(id)) found.push({ id, differs });
    }
  }
  return found;
}
