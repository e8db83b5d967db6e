/** `npm start`: the server with a simulated world around it, so that a newcomer sees orders flow in, goods leave, and channels learn of it. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createShop, createSubscriber, type Shop, type Subscriber } from '@weir/sandbox';
import { type Life, openStand, type Stand, startLife, startWarehouse, type Warehouse } from '@weir/sandbox/stand';
import { ensurePerson } from '#access';
import { createLog, readConfig } from '#platform';
import { explain, serve, stopOnSignals } from './serve.ts';

const ORDERS_PER_SECOND = 2;
const REPORT_EVERY_MS = 5_000;
/** Trusted until the real one is told; nothing is signed with it. */
const UNKNOWN_SECRET = `whsec_${Buffer.alloc(24).toString('base64')}`;
const DEMO = { channel: 'sandbox', shop: 'demo', seed: 20_260_220 } as const;
const DOUYIN = {
  channel: 'douyin',
  name: '模拟抖店',
  seed: 20_260_222,
  actsPerSecond: 0.7,
  shipEveryMs: 4_000,
  carrier: 'shunfeng',
  port: 7790,
} as const;
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
const REMEMBER = { orders: 5_000, douyinOrders: 2_000, arrivals: 20_000 } as const;

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
  readonly life: Life;
  readonly warehouse: Warehouse;
}

async function main(): Promise<void> {
  const config = { ...readConfig(process.env), allowPrivateEndpoints: true };
  const log = createLog({ level: 'warn' });
  say('启动中 starting …');
  const serving = await serve(config, log);
  const { house, url, adminToken } = serving;
  const admin = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  const post: Post = async (path, body) => {
    const response = await fetch(`${url}${path}`, { method: 'POST', headers: admin, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Awaited<ReturnType<Post>>;
  };
  const password = passwordOf(config.home);
  await ensurePerson(house.db, { login: LOGIN, name: '管理员', role: 'admin', password });
  const world = await openWorld(post, { url, token: adminToken, home: config.home });
  say(`\n堰 Weir 已就绪 is ready: ${url}`);
  say(`  登录 login: ${LOGIN}   密码 password: ${password}`);
  say(`  管理员令牌 administrator token: ${adminToken}`);
  say(`  试试 try:  curl -s -H "authorization: Bearer ${adminToken}" "${url}/v1/orders?limit=3"`);
  say(`  模拟抖店，可以亲手下单捣乱 a simulated Douyin Shop to play with: ${world.stand.douyin.url}`);
  say(
    '  中立格式的模拟店铺每秒约两次变更；抖店里有人下单、付款、退款，仓库由堰发货并回写；示例订阅者收到每一次。Ctrl-C 停止。\n  A shop of neutral orders makes about two changes a second; at the Douyin shop people order, pay and refund, a warehouse ships through Weir and Douyin is told; a sample subscriber hears each. Ctrl-C stops.\n',
  );
  const reporting = setInterval(() => report(world, house.worker.state().position), REPORT_EVERY_MS);
  stopOnSignals(async () => {
    clearInterval(reporting);
    world.life.stop();
    await world.warehouse.stop();
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
  const stand = await openDouyin(post, at);
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
  const life = startLife(stand.douyin, { seed: DOUYIN.seed + now, ratePerSecond: DOUYIN.actsPerSecond });
  const { channel, carrier, shipEveryMs: everyMs } = DOUYIN;
  const warehouse = startWarehouse({ baseUrl: at.url, token: at.token, channel, shop: stand.shop, carrier, everyMs, seed: now });
  return { shop, subscriber, stand, life, warehouse };
}

/** The platform, and Weir connected to it as a person would do it: an app, a shop, and where its pushes go. */
async function openDouyin(post: Post, { url, home }: { readonly url: string; readonly home: string }): Promise<Stand> {
  const { channel, name, seed } = DOUYIN;
  const options = { seed, file: join(home, 'demo-douyin.json'), remember: REMEMBER.douyinOrders };
  const stand = await openStand({ ...options, port: DOUYIN.port }).catch(() => openStand(options)); // taken: any other will do
  stand.douyin.misbehave(ITS_MOODS);
  const app = await post('/v1/apps', { channel, ...stand.app, name, baseUrl: stand.douyin.url });
  await post('/v1/shops', { channel, shop: stand.shop, name, app: app.id });
  stand.pushTo(`${url}${app.pushPath}`);
  return stand;
}

/** The endpoint's secret is told once, at its creation; each start makes an endpoint for the subscriber it has just opened. */
async function startSubscriber(post: Post): Promise<Subscriber> {
  const subscriber = await createSubscriber({ secret: UNKNOWN_SECRET, remember: REMEMBER.arrivals });
  const { secret } = await post('/v1/endpoints', { name: '示例订阅者', url: subscriber.url });
  if (secret !== undefined) subscriber.trust(secret);
  return subscriber;
}

function report({ shop, subscriber, stand, warehouse }: World, position: number): void {
  const stats = shop.stats();
  const { delivered } = stand.douyin.mailbox.counts;
  const held = new Map(
    stand.douyin.shown(REMEMBER.douyinOrders).map(({ id, parcels }) => [id, parcels.map((each) => each.trackingNumber)]),
  );
  const sent = warehouse.sent();
  const told = sent.filter(({ channelOrderId, trackingNumber }) => held.get(channelOrderId)?.includes(trackingNumber)).length;
  say(
    [
      new Date().toISOString().slice(11, 19),
      `订单 orders ${stats.orders}`,
      `消息 messages ${stats.messages}`,
      `待复核过的 blocked ${stats.blocked}`,
      `抖店订单 Douyin orders ${held.size}`,
      `推送 pushed ${delivered}`,
      `发货 shipped ${warehouse.counts.parcels}`,
      `回写 told ${told}/${sent.length}`,
      `送达 delivered ${subscriber.count()}`,
      `违约 broken promises ${subscriber.violations().length}`,
      `位置 position ${position}`,
    ].join('  '),
  );
}

await main().catch(explain);
