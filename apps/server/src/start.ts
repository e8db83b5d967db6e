/** `npm start`: the server with a simulated world around it, so that a newcomer sees orders flow in, goods leave, and channels learn of it. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createShop, createSubscriber, type Shop, type Subscriber } from '@weir/sandbox';
import {
  connectBooth,
  type Life,
  openStand,
  type Stand,
  type StandOptions,
  startLife,
  startWarehouse,
  type Warehouse,
} from '@weir/sandbox/stand';
import { ensurePerson } from '#access';
import { createLog, guard, readConfig } from '#platform';
import { explain, serve, stopOnSignals } from './serve.ts';

const ORDERS_PER_SECOND = 2;
const REPORT_EVERY_MS = 5_000;
/** Trusted until the real one is told; nothing is signed with it. */
const UNKNOWN_SECRET = `whsec_${Buffer.alloc(24).toString('base64')}`;
const DEMO = { channel: 'sandbox', shop: 'demo', seed: 20_260_220 } as const;
const PLATFORMS = { seed: 20_260_222, port: 7790, shipEveryMs: 4_000 } as const;
/** Of all platforms together, so that a small machine stays quiet. */
const ACTS_PER_SECOND = 1.2;
/** A little of everything that a platform does to its sellers. */
const ITS_MOODS = {
  duplicates: 0.1,
  reorder: 0.05,
  delayMs: 2_000,
  lost: 0.02,
  throttled: 0.01,
  serverErrors: 0.01,
  lostAnswers: 0.01,
  tokenExpiry: 0.001,
};
/** What the simulated world keeps in memory, so that it may run for days. */
const REMEMBER = { orders: 5_000, platformOrders: 1_000, arrivals: 20_000 } as const;

const LOGIN = 'admin';

/** Made once and kept beside the data (0600), so that each start shows the same login. */
function passwordOf(home: string): string {
  const file = join(home, 'demo.password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(9).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
type Post = (path: string, body: unknown) => Promise<{ id?: string; secret?: string; pushPath?: string }>;

interface World {
  readonly shop: Shop;
  readonly subscriber: Subscriber;
  readonly stand: Stand;
  readonly lives: readonly Life[];
  readonly warehouses: readonly Warehouse[];
}

async function main(): Promise<void> {
  const config = { ...readConfig(process.env), allowPrivateEndpoints: true };
  const log = createLog({ level: 'warn' });
  say('启动中 starting …');
  const serving = await serve(config, log);
  const { house, url, adminToken } = serving;
  const admin = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  const ask = async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: admin,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const post: Post = (path, body) => ask('POST', path, body);
  await removeSubscribers(post, await ask('GET', '/v1/endpoints'));
  const password = guard(config.home, () => passwordOf(config.home));
  await ensurePerson(house.db, { login: LOGIN, name: '管理员', role: 'admin', password });
  const world = await openWorld(post, { url, token: adminToken, home: config.home });
  say(`\n堰 Weir 已就绪 is ready: ${url}`);
  say(`  登录 login: ${LOGIN}   密码 password: ${password}`);
  say(`  管理员令牌 administrator token: ${adminToken}`);
  say(`  试试 try:  curl -s -H "authorization: Bearer ${adminToken}" "${url}/v1/orders?limit=3"`);
  const names = world.stand.booths.map(({ known }) => `${known.zh} ${known.en}`).join('、');
  say(`  模拟平台，可以亲手下单捣乱 simulated platforms to play with（${names}）: ${world.stand.url}`);
  say(
    '  中立格式的模拟店铺每秒约两次变更；各平台上有人下单、付款、退款，仓库由堰发货并回写；示例订阅者收到每一次。Ctrl-C 停止。\n  A shop of neutral orders makes about two changes a second; on the platforms people order, pay and refund, warehouses ship through Weir and the platforms are told; a sample subscriber hears each. Ctrl-C stops.\n',
  );
  const reporting = setInterval(() => report(world, house.worker.state().position), REPORT_EVERY_MS);
  stopOnSignals(async () => {
    clearInterval(reporting);
    for (const life of world.lives) life.stop();
    for (const warehouse of world.warehouses) await warehouse.stop();
    await world.shop.stop();
    await serving.stop();
    await world.stand.close();
    await world.subscriber.close();
  }, log);
}

async function openWorld(post: Post, at: { readonly url: string; readonly token: string; readonly home: string }): Promise<World> {
  const now = Math.floor(Date.now() / 1_000);
  await post('/v1/shops', { channel: DEMO.channel, shop: DEMO.shop, name: '模拟旗舰店' });
  const subscriber = await startSubscriber(post);
  const stand = await openPlatforms(post, at);
  const shop = createShop({
    baseUrl: at.url,
    token: at.token,
    ...DEMO,
    seed: DEMO.seed + now,
    ratePerSecond: ORDERS_PER_SECOND,
    misbehave: { duplicates: 0.1, reorder: 0.05, blocked: 0.02 },
    remember: REMEMBER.orders,
  });
  shop.start();
  const ratePerSecond = ACTS_PER_SECOND / stand.booths.length;
  const lives = stand.booths.map(({ platform }, nth) => startLife(platform, { seed: PLATFORMS.seed + now + nth, ratePerSecond }));
  const warehouses = stand.booths.map(({ known, platform }, nth) =>
    startWarehouse({
      baseUrl: at.url,
      token: at.token,
      channel: known.channel,
      shop: platform.shop,
      carrier: known.carriers[0],
      everyMs: PLATFORMS.shipEveryMs,
      seed: now + nth,
    }),
  );
  return { shop, subscriber, stand, lives, warehouses };
}

/** The platforms, and Weir connected to each as a person would do it. */
async function openPlatforms(post: Post, { url, home }: { readonly url: string; readonly home: string }): Promise<Stand> {
  const options: StandOptions = {
    seed: PLATFORMS.seed,
    fileOf: (channel) => join(home, `demo-${channel}.json`),
    remember: REMEMBER.platformOrders,
  };
  const stand = await openStand({ ...options, port: PLATFORMS.port }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return openStand(options); // any other ports will do
  });
  for (const booth of stand.booths) {
    booth.platform.misbehave(ITS_MOODS);
    await connectBooth(booth, url, post);
  }
  return stand;
}

const SUBSCRIBER = '示例订阅者';
/** Those of earlier starts, whose port nobody listens at any more. */
async function removeSubscribers(
  post: Post,
  { items }: { readonly items: readonly { readonly id: string; readonly name: string }[] },
): Promise<void> {
  for (const { id, name } of items) if (name === SUBSCRIBER) await post(`/v1/endpoints/${id}:remove`, {});
}

/** The endpoint's secret is told once, at its creation; each start makes an endpoint for the subscriber it has just opened. */
async function startSubscriber(post: Post): Promise<Subscriber> {
  const subscriber = await createSubscriber({ secret: UNKNOWN_SECRET, remember: REMEMBER.arrivals });
  const { secret } = await post('/v1/endpoints', { name: SUBSCRIBER, url: subscriber.url });
  if (secret !== undefined) subscriber.trust(secret);
  return subscriber;
}

function report({ shop, subscriber, stand, warehouses }: World, position: number): void {
  const stats = shop.stats();
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  const shown = stand.booths.map(({ platform }) => platform.shown(REMEMBER.platformOrders));
  const held = shown.map((orders) => new Map(orders.map(({ id, parcels }) => [id, parcels.map((each) => each.trackingNumber)])));
  const sent = warehouses.map((warehouse) => warehouse.sent());
  const told = sent.map(
    (parcels, nth) => parcels.filter((each) => held[nth]?.get(each.channelOrderId)?.includes(each.trackingNumber)).length,
  );
  say(
    [
      new Date().toISOString().slice(11, 19),
      `订单 orders ${stats.orders}`,
      `消息 messages ${stats.messages}`,
      `待复核过的 blocked ${stats.blocked}`,
      `平台订单 platform orders ${sum(shown.map((orders) => orders.length))}`,
      `推送 pushed ${sum(stand.booths.map(({ platform }) => platform.mailbox.counts.delivered))}`,
      `发货 shipped ${sum(warehouses.map(({ counts }) => counts.parcels))}`,
      `回写 told ${sum(told)}/${sum(sent.map((parcels) => parcels.length))}`,
      `送达 delivered ${subscriber.count()}`,
      `违约 broken promises ${subscriber.violations().length}`,
      `位置 position ${position}`,
    ].join('  '),
  );
}

await main().catch(explain);
