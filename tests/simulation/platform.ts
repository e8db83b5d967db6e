/** The simulated Douyin in a world: people who buy, pushes to the hub's houses, calls from them. Its clock is right; the hub's may jump. */
import { createDouyin, type Douyin, type DouyinTruth, NotPossible } from '@weir/sandbox/doudian';
import { whereItDiffers } from '../support/douyin.ts';
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

export interface Platform {
  /** The platform's own clock. */
  readonly clock: WorldClock;
  /** Registers the app and connects the shop, as a person would. */
  connect(client: Client): Promise<void>;
  live(moment: PlatformMoment): Promise<void>;
  /** Everything that waits is delivered, and the platform behaves. */
  heal(): Promise<void>;
  truth(): ReadonlyMap<string, DouyinTruth>;
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
  return {
    clock,
    async connect(client) {
      const app = JSON.stringify({ channel: DOUYIN.channel, ...APP, name: 'a simulated app', baseUrl: douyin.url });
      appId = (JSON.parse((await client.ask(0, { method: 'POST', path: '/v1/apps', body: app })).text) as { id: string }).id;
      const shop = JSON.stringify({ ...DOUYIN, name: 'a simulated shop', app: appId });
      await client.ask(0, { method: 'POST', path: '/v1/shops', body: shop });
    },
    async live(moment) {
      douyin.misbehave({ ...WELL, ...moment.rates });
      for (const deed of moment.deeds) attempt(() => act(douyin, deed, placed, cases));
      door = moment.door;
      await douyin.mailbox.deliver();
    },
    async heal() {
      douyin.misbehave(WELL);
      douyin.mailbox.release();
      await douyin.mailbox.deliver();
    },
    truth: () => douyin.truth(),
    async behind(client, db, since) {
      if (douyin.mailbox.waiting() > 0) await douyin.mailbox.deliver();
      const { rows } = await db.query<{ asked: number; pulled: number; swept: number }>(
        `select (select count(*)::int from fetches where not dead) as asked, count(*) filter (where cursor_at >= to_timestamp($1::float8 / 1000))::int as pulled,
           count(*) filter (where swept_at >= to_timestamp($1::float8 / 1000))::int as swept from pulls`,
        [since],
      );
      const { asked, pulled, swept } = rows[0] as (typeof rows)[number];
      const found = { waitingPushes: douyin.mailbox.waiting(), asked, pulled, swept };
      if (found.waitingPushes > 0 || asked > 0 || pulled < FEEDS || swept < FEEDS) return [found];
      return differences(client, douyin.truth());
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

function act(douyin: Douyin, deed: Deed, placed: string[], cases: string[]): void {
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

async function differences(client: Client, truth: ReadonlyMap<string, DouyinTruth>): Promise<object[]> {
  const found: object[] = [];
  for (const [id, wanted] of truth) {
    const query = new URLSearchParams({ ...DOUYIN, channelOrderId: id });
    const { items } = await client.read<{ items: { orderKey: string }[] }>(`/v1/orders?${query}`);
    if (items.length !== 1) found.push({ id, held: items.length });
    for (const { orderKey } of items) {
      const differs = whereItDiffers(await client.read(`/v1/orders/${orderKey}`), wanted);
      if (differs !== '') found.push({ id, differs });
    }
  }
  return found;
}
