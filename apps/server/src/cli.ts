/** `weir …`: the command line. Everything but `serve` talks to a running server over its API. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROLES } from '@weir/contract';
import { createLog, readConfig } from '#platform';
import { explain, serve, stopOnSignals } from './serve.ts';

const HELP = `weir <命令 command>

  serve                                   运行服务器（生产用，不含任何模拟） run the server, nothing simulated
  token create --role <role> [--name N] [--shop channel/shop]...   新建访问令牌 make an access token (shown once)
  token list | token revoke <id>          列出、吊销令牌 list or revoke tokens
  shop add <channel> <shop> [--name N]    接入店铺 connect a shop
  shop list                               列出店铺 list shops
  trace <message id>                      一条消息在系统里走过的每一步 each step of one stored message

角色 roles: ${ROLES.join(' ')}
环境变量 environment: WEIR_HOME WEIR_PORT WEIR_HOST WEIR_DATABASE_URL WEIR_ADMIN_TOKEN WEIR_PUBLIC_URL WEIR_ALLOW_PRIVATE_ENDPOINTS WEIR_LOG_LEVEL
除 serve 外都需要服务器正在运行。Everything but serve needs a running server.
`;

const print = (value: unknown): void =>
  void process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}\n`);
function fail(zh: string, en: string): never {
  process.stderr.write(`${zh}\n${en}\n`);
  process.exit(1);
}

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const config = readConfig(process.env);
  const base = config.publicUrl ?? `http://${config.host}:${config.port}`;
  const token = config.adminToken ?? readToken(config.home);
  const response = await fetch(new URL(path, base), {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => fail(`连不上 ${base}：服务器没有运行？`, `Cannot reach ${base}: is the server running?`));
  const answer = (await response.json()) as { detail?: string; detailZh?: string };
  return response.ok ? answer : fail(answer.detailZh ?? String(response.status), answer.detail ?? String(response.status));
}

function readToken(home: string): string {
  try {
    return readFileSync(join(home, 'admin.token'), 'utf8').trim();
  } catch {
    return fail(
      '找不到管理员令牌：请在数据目录所在处运行，或设置 WEIR_ADMIN_TOKEN',
      'No administrator token: run beside the data directory or set WEIR_ADMIN_TOKEN',
    );
  }
}

async function runServer(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog({ level: config.logLevel });
  const serving = await serve(config, log);
  stopOnSignals(serving.stop, log);
  log.event('server.ready', { url: serving.url, home: config.home });
  if (serving.adminTokenIsNew) print(`管理员令牌 administrator token: ${serving.adminToken}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      role: { type: 'string' },
      name: { type: 'string' },
      shop: { type: 'string', multiple: true },
    },
  });
  const [command, verb, third] = positionals;
  if (values.help || command === undefined) return print(HELP);
  if (command === 'serve') return runServer();
  if (command === 'token' && verb === 'create')
    return print(
      await call('POST', '/v1/tokens', {
        name: values.name ?? values.role ?? '',
        role: values.role ?? '',
        ...(values.shop ? { shops: values.shop } : {}),
      }),
    );
  if (command === 'token' && verb === 'list') return print(await call('GET', '/v1/tokens'));
  if (command === 'token' && verb === 'revoke' && third) return print(await call('POST', `/v1/tokens/${encodeURIComponent(third)}:revoke`));
  if (command === 'shop' && verb === 'add' && third)
    return print(
      await call('POST', '/v1/shops', { channel: third, shop: positionals[3] ?? '', name: values.name ?? positionals[3] ?? '' }),
    );
  if (command === 'shop' && verb === 'list') return print(await call('GET', '/v1/shops'));
  if (command === 'trace' && verb) return print(await call('GET', `/v1/messages/${encodeURIComponent(verb)}`));
  process.stderr.write(HELP);
  process.exitCode = 2;
}

await main().catch(explain);
