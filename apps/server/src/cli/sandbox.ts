/** `weir sandbox`: the simulated Douyin Shop alone on a port, with a page and a JSON API for people, until it is stopped. */
import { createLog } from '#platform';
import { stopOnSignals } from '../serve.ts';
import { apiOf } from './api.ts';
import { type Args, type Command, Failure, type Io, textOf } from './command.ts';

const CHANNEL = 'douyin';
const DEFAULT_PORT = 7790;
const DEFAULT_SEED = 1;
const MAX_PORT = 65_535;

export const sandboxCommand: Command = {
  name: 'sandbox',
  usage: '[--port P] [--connect] [--push URL] [--shop S] [--seed N]',
  zh: '单独运行一个模拟抖店：有平台接口、有买家页面，可随时捣乱',
  en: 'runs a simulated Douyin Shop alone: the platform’s calls, a page for its buyers, and misbehaviour on request',
  more: `打开它的页面：下单、付款、发货、改地址、退款，看每条消息两个方向的原文与签名怎样算出，打开各种故障。
同样的事都可用 JSON 接口做：GET /sandbox 列出全部地址。只监听本机；一切都在内存里，停止即消失；同一 --seed 的密钥不变。
  --port  端口，默认 ${DEFAULT_PORT}
  --connect  直接接入正在运行的堰（用管理员令牌登记应用与店铺，设好推送地址）
  --push  推送发往哪里；不写则先攒着，接入堰之后再设
  --shop  店铺编号（数字）
  --seed  决定密钥、买家与故障的骰子，默认 ${DEFAULT_SEED}
不用 --connect 时，启动后会打印接入堰的命令；说明见 docs/sandbox.md。

Its page: order, pay, ship, change addresses, refund; see every message both ways, exactly as it was, with how its signature came about; switch
faults on. The same over JSON: GET /sandbox lists all addresses. It listens on this machine only, keeps everything in memory, and ends with
Ctrl-C; the same --seed has the same secret.
  --port  where it listens, ${DEFAULT_PORT} unless said
  --connect  connects the Weir that is running: registers app and shop with the administrator's token, and pushes there
  --push  where its messages go; without it they wait until Weir is connected
  --shop  the shop's number (digits)
  --seed  decides secret, buyers and the dice of its faults, ${DEFAULT_SEED} unless said
Without --connect the commands that connect Weir are printed at its start; more in docs/sandbox.md.`,
  example: 'weir sandbox',
  options: {
    port: { type: 'string' },
    connect: { type: 'boolean' },
    push: { type: 'string' },
    shop: { type: 'string' },
    seed: { type: 'string' },
  },
  async run(args, io) {
    // Only this command needs the simulated world: a server in production never loads it.
    const { openStand } = await import('@weir/sandbox/stand');
    const push = textOf(args, 'push');
    const shop = textOf(args, 'shop');
    if (push !== undefined && !/^https?:\/\//.test(push))
      throw new Failure(`--push 应为 http(s) 地址：${push}`, `--push must be an http(s) address: ${push}`);
    if (shop !== undefined && !/^[1-9]\d{0,14}$/.test(shop))
      throw new Failure(`--shop 应为 1 到 15 位数字：${shop}`, `--shop must be 1 to 15 digits: ${shop}`);
    const port = whole(args, 'port', DEFAULT_PORT, MAX_PORT);
    const stand = await openStand({
      port,
      seed: whole(args, 'seed', DEFAULT_SEED, Number.MAX_SAFE_INTEGER),
      ...(push === undefined ? {} : { pushUrl: push }),
      ...(shop === undefined ? {} : { shop }),
    }).catch((error: unknown) => {
      throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
        ? new Failure(`端口 ${port} 已被占用；请用 --port 换一个`, `Port ${port} is taken; choose another with --port`)
        : error;
    });
    const told = { url: stand.douyin.url, shop: stand.shop, ...stand.app };
    if (args.values['connect'] === true) {
      const pushUrl = await connect(io, told).catch(async (error: unknown) => {
        await stand.close();
        throw error;
      });
      stand.pushTo(pushUrl);
      tell(io, told, `已接入堰，推送发往 connected to Weir, which is told at: ${pushUrl}`);
    } else tell(io, told, howToConnect(told));
    stopOnSignals(stand.close, createLog({ level: 'warn' }));
    return 0;
  },
};

function whole(args: Args, name: string, otherwise: number, most: number): number {
  const text = textOf(args, name);
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(value) || value < 0 || value > most)
    throw new Failure(`--${name} 应为 0 到 ${most} 的整数：${text}`, `--${name} must be a whole number from 0 to ${most}: ${text}`);
  return value;
}

interface Told {
  readonly url: string;
  readonly shop: string;
  readonly key: string;
  readonly secret: string;
}
/** Registers app and shop as a person would; the address that pushes go to. */
async function connect(io: Io, { url, shop, key, secret }: Told): Promise<string> {
  const api = apiOf(io);
  const app = await api.call<{ id: string; pushPath: string }>('POST', '/v1/apps', {
    channel: CHANNEL,
    key,
    secret,
    name: 'weir sandbox',
    baseUrl: url,
  });
  await api.call('POST', '/v1/shops', { channel: CHANNEL, shop, name: '模拟抖店', app: app.id });
  return new URL(app.pushPath, api.base).href;
}

const howToConnect = ({
  url,
  shop,
  key,
  secret,
}: Told): string => `接入堰（服务器须以 WEIR_ALLOW_PRIVATE_ENDPOINTS=1 运行） to connect Weir (its server runs with WEIR_ALLOW_PRIVATE_ENDPOINTS=1):
  echo ${secret} | npx weir app add ${CHANNEL} --key ${key} --base-url ${url}
  npx weir shop add ${CHANNEL} ${shop} --app <id> --name 模拟抖店
  curl -s ${url}/sandbox/push-address -H 'content-type: application/json' -d '{"url": "http://127.0.0.1:7700<pushPath>"}'
或一步完成 or all at once: npx weir sandbox --connect`;

function tell({ out }: Io, { url, shop, key, secret }: Told, connection: string): void {
  out(`模拟抖店已就绪 the simulated Douyin Shop is ready: ${url}
  页面 page       ${url}/
  接口 JSON API   ${url}/sandbox
  app key         ${key}
  app secret      ${secret}
  店铺 shop       ${shop}
${connection}
Ctrl-C 停止 stops it.
`);
}
