/** `npm start`: the server with a simulated shop in front of it and a sample subscriber behind it, so that a newcomer sees orders flow. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createShop, createSubscriber, type ShopStats, type Subscriber } from '@weir/sandbox';
import { ensurePerson } from '#access';
import { createLog, readConfig } from '#platform';
import { explain, serve, stopOnSignals } from './serve.ts';

const ORDERS_PER_SECOND = 2;
const REPORT_EVERY_MS = 5_000;
/** Trusted until the real one is told; nothing is signed with it. */
const UNKNOWN_SECRET = `whsec_${Buffer.alloc(24).toString('base64')}`;
const DEMO = { channel: 'sandbox', shop: 'demo', seed: 20_260_220 } as const;

const LOGIN = 'admin';

/** Made once and kept beside the data (0600), so that each start shows the same login. */
function passwordOf(home: string): string {
  const file = join(home, 'demo.password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(9).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const config = { ...readConfig(process.env), allowPrivateEndpoints: true };
  const log = createLog({ level: 'warn' });
  say('启动中 starting …');
  const serving = await serve(config, log);
  const { house } = serving;
  const admin = { authorization: `Bearer ${serving.adminToken}`, 'content-type': 'application/json' };
  const post = async (path: string, body: unknown): Promise<{ id?: string; secret?: string }> => {
    const response = await fetch(`${serving.url}${path}`, { method: 'POST', headers: admin, body: JSON.stringify(body) });
    return (await response.json()) as { id?: string; secret?: string };
  };
  await post('/v1/shops', { channel: DEMO.channel, shop: DEMO.shop, name: '模拟旗舰店' });
  const password = passwordOf(config.home);
  await ensurePerson(house.db, { login: LOGIN, name: '管理员', role: 'admin', password });
  const subscriber = await startSubscriber(post);
  const shop = createShop({
    baseUrl: serving.url,
    token: serving.adminToken,
    ...DEMO,
    seed: DEMO.seed + Math.floor(Date.now() / 1000),
    ratePerSecond: ORDERS_PER_SECOND,
    misbehave: { duplicates: 0.1, reorder: 0.05, blocked: 0.02 },
  });
  shop.start();
  say(`\n堰 Weir 已就绪 is ready: ${serving.url}`);
  say(`  登录 login: ${LOGIN}   密码 password: ${password}`);
  say(`  管理员令牌 administrator token: ${serving.adminToken}`);
  say(`  试试 try:  curl -s -H "authorization: Bearer ${serving.adminToken}" "${serving.url}/v1/orders?limit=3"`);
  say(
    '  模拟店铺每秒约两次变更；示例订阅者收到每一次。Ctrl-C 停止。 A simulated shop makes about two changes a second and a sample subscriber hears each. Ctrl-C stops.\n',
  );
  const reporting = setInterval(() => report(shop.stats(), subscriber, house.worker.state().position), REPORT_EVERY_MS);
  stopOnSignals(async () => {
    clearInterval(reporting);
    await shop.stop();
    await serving.stop();
    await subscriber.close();
  }, log);
}

/** The endpoint's secret is told once, at its creation; each start makes an endpoint for the subscriber it has just opened. */
async function startSubscriber(post: (path: string, body: unknown) => Promise<{ secret?: string }>): Promise<Subscriber> {
  const subscriber = await createSubscriber({ secret: UNKNOWN_SECRET });
  const { secret } = await post('/v1/endpoints', { name: '示例订阅者', url: subscriber.url });
  if (secret !== undefined) subscriber.trust(secret);
  return subscriber;
}

function report(stats: ShopStats, subscriber: Subscriber, position: number): void {
  const received = subscriber.received().length;
  say(
    `${new Date().toISOString().slice(11, 19)}  订单 orders ${stats.orders}  消息 messages ${stats.messages}  待复核过的 blocked ${stats.blocked}  送达 delivered ${received}  违约 broken promises ${subscriber.violations().length}  位置 position ${position}`,
  );
}

await main().catch(explain);
