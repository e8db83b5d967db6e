/** `weir sandbox`: simulated platforms on ports of this machine, with a page and a JSON API for people, until it is stopped. */
import type { Booth, Stand } from '@weir/sandbox/stand';
import { createLog } from '#platform';
import { stopOnSignals } from '../serve.ts';
import { apiOf } from './api.ts';
import { type Args, type Command, Failure, type Io, textOf } from './command.ts';

const DEFAULT_PORT = 7790;
const DEFAULT_SEED = 1;
const MAX_PORT = 65_000;
const MAX_SPEED = 1_000;
const CALM_PER_SECOND = 0.3;
const LOOK_EVERY_MS = 5_000;
/** What no message told of and no list of changes shows is found by the hourly sweep. */
const WAIT_AFTER_MS = 75 * 60_000;
const SHOWN_DIFFERENCES = 20;

export const sandboxCommand: Command = {
  name: 'sandbox',
  usage: '[--port P] [--connect] [--channels A,B] [--seed N] [--day] [--speed X]',
  zh: '运行模拟的销售平台：各有平台接口、买家页面，可随时捣乱',
  en: 'runs simulated sales platforms: each with its calls and messages, a page for its buyers, and misbehaviour on request',
  more: `打开它的页面：选平台，下单、付款、发货、改地址、退款，看每条消息两个方向的原文与签名怎样算出，打开各种故障。
同样的事都可用 JSON 接口做：GET /sandbox 列出全部地址。只监听本机；一切都在内存里，停止即消失；同一 --seed 的密钥不变。
  --port  页面的端口，默认 ${DEFAULT_PORT}；各平台用其后的端口
  --connect  直接接入正在运行的堰（用管理员令牌登记应用与店铺，设好推送地址）
  --channels  只开这些平台，逗号分隔；默认全部
  --seed  决定密钥、买家与故障的骰子，默认 ${DEFAULT_SEED}
  --day  接入后过完一个大促日：几分钟内涨到 100 倍，三成重复、百分之五丢失的推送，一家平台中断 40 分钟，一家时钟偏 4 分钟；
         结束后逐单核对，全部正确以 0 结束，否则列出并以 1 结束
  --speed  大促日快多少倍，默认 1（90 分钟）；20 约 5 分钟
不用 --connect 时，启动后会打印接入堰的命令；说明见 docs/sandbox.md。

Its page: choose a platform, order, pay, ship, change addresses, refund; see every message both ways, exactly as it was, with how its
signature came about; switch faults on. The same over JSON: GET /sandbox lists all addresses. It listens on this machine only, keeps
everything in memory, and ends with Ctrl-C; the same --seed has the same secrets.
  --port  where the page listens, ${DEFAULT_PORT} unless said; the platforms take the ports behind it
  --connect  connects the Weir that is running: registers apps and shops with the administrator's token, and pushes there
  --channels  only these platforms, separated by commas; all unless said
  --seed  decides secrets, buyers and the dice of the faults, ${DEFAULT_SEED} unless said
  --day  connects and lives through a day of sale: to a hundred times within minutes, 30% of pushes twice and 5% lost, one platform away for
         40 minutes, one with its clock four minutes off; then compares every order, and ends with 0 when all are right, else lists them and ends with 1
  --speed  so many times faster, 1 unless said (90 minutes); 20 is about five
Without --connect the commands that connect Weir are printed at its start; more in docs/sandbox.md.`,
  example: 'weir sandbox --connect',
  options: {
    port: { type: 'string' },
    connect: { type: 'boolean' },
    channels: { type: 'string' },
    seed: { type: 'string' },
    day: { type: 'boolean' },
    speed: { type: 'string' },
  },
  async run(args, io) {
    const speed = whole(args, 'speed', 1, MAX_SPEED);
    const isDay = args.values['day'] === true;
    const stand = await open(args);
    const lines = isDay || args.values['connect'] === true ? await connectAll(io, stand) : stand.booths.map(howToConnect);
    tell(io, stand, lines);
    if (isDay)
      return runDay(io, stand, Math.max(1, speed), whole(args, 'seed', DEFAULT_SEED, Number.MAX_SAFE_INTEGER)).finally(stand.close);
    stopOnSignals(stand.close, createLog({ level: 'warn' }));
    return 0;
  },
};

async function open(args: Args): Promise<Stand> {
  // Only this command needs the simulated world: a server in production never loads it.
  const { openStand, PLATFORMS } = await import('@weir/sandbox/stand');
  const all = PLATFORMS.map(({ channel }) => channel);
  const channels = textOf(args, 'channels')?.split(',') ?? all;
  const unknown = channels.filter((channel) => !all.includes(channel));
  if (unknown.length > 0)
    throw new Failure(
      `没有这个模拟平台：${unknown.join(' ')}；有 ${all.join(' ')}`,
      `No such platform: ${unknown.join(' ')}; there are ${all.join(' ')}`,
    );
  const port = whole(args, 'port', DEFAULT_PORT, MAX_PORT);
  return openStand({ port, channels, seed: whole(args, 'seed', DEFAULT_SEED, Number.MAX_SAFE_INTEGER) }).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      ? new Failure(
          `端口 ${port} 或其后的端口已被占用；请用 --port 换一个`,
          `Port ${port} or one behind it is taken; choose another with --port`,
        )
      : error;
  });
}

function whole(args: Args, name: string, otherwise: number, most: number): number {
  const text = textOf(args, name);
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(value) || value < 0 || value > most)
    throw new Failure(`--${name} 应为 0 到 ${most} 的整数：${text}`, `--${name} must be a whole number from 0 to ${most}: ${text}`);
  return value;
}

async function connectAll(io: Io, stand: Stand): Promise<string[]> {
  const { connectBooth } = await import('@weir/sandbox/stand');
  const api = apiOf(io);
  try {
    const lines: string[] = [];
    for (const booth of stand.booths) {
      const url = await connectBooth(booth, api.base, (path, body) => api.call('POST', path, body));
      lines.push(`  已接入堰，消息发往 connected to Weir, which is told at: ${url}`);
    }
    return lines;
  } catch (error) {
    await stand.close();
    throw error;
  }
}

/** The day, and then the question that matters, asked again until all is right or the hourly sweep must have been over. */
async function runDay(io: Io, stand: Stand, speed: number, seed: number): Promise<number> {
  const { compareDay, liveDay } = await import('@weir/sandbox/stand');
  const { setTimeout: sleep } = await import('node:timers/promises');
  const pause = (ms: number): Promise<void> => sleep(ms);
  const api = apiOf(io);
  const read = <T>(path: string): Promise<T | null> => api.call<T>('GET', path).catch(() => null);
  const say = (line: string): void => io.out(`${line}\n`);
  await liveDay(stand, { speed, calmPerSecond: CALM_PER_SECOND, seed, say, sleep: pause, now: Date.now });
  const orders = stand.booths.reduce((sum, { platform }) => sum + platform.truth().size, 0);
  const endedAt = Date.now();
  for (let wrong = await compareDay(stand, read); ; wrong = await compareDay(stand, read, wrong)) {
    if (wrong.length === 0) wrong = await compareDay(stand, read); // once more all of them: nothing that was right may have become wrong
    const seconds = Math.round((Date.now() - endedAt) / 1_000);
    say(`${seconds} s  ${orders} 单，还差 ${wrong.length} 单  ${orders} orders, ${wrong.length} still differ`);
    if (wrong.length === 0) return 0;
    if (Date.now() - endedAt > WAIT_AFTER_MS) {
      for (const { channel, id, what } of wrong.slice(0, SHOWN_DIFFERENCES)) say(`  ${channel} ${id}: ${what}`);
      return 1;
    }
    await pause(LOOK_EVERY_MS);
  }
}

const howToConnect = ({ known, platform }: Booth): string =>
  [
    `  接入堰 to connect Weir: echo ${platform.app.secret} | npx weir app add ${known.channel} --key ${platform.app.key} --base-url ${platform.url}`,
    `                          npx weir shop add ${known.channel} ${platform.shop} --app <id> --name 模拟${known.zh}`,
  ].join('\n');

function tell({ out }: Io, { url, booths }: Stand, lines: readonly string[]): void {
  const platforms = booths.map(
    ({ known, platform }, nth) =>
      `${known.zh} ${known.en}: ${platform.url}\n  店铺 shop ${platform.shop}   app key ${platform.app.key}   app secret ${platform.app.secret}\n${lines[nth]}`,
  );
  out(`沙盒已就绪 the sandbox is ready: ${url}
  页面 page       ${url}/
  接口 JSON API   ${url}/sandbox
${platforms.join('\n')}
堰的服务器须以 WEIR_ALLOW_PRIVATE_ENDPOINTS=1 运行；一步接入 Weir's server must run with WEIR_ALLOW_PRIVATE_ENDPOINTS=1; all at once: npx weir sandbox --connect
Ctrl-C 停止 stops it.
`);
}
