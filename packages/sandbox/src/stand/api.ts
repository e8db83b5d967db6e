/** The JSON API of the sandbox, and its page: `/` and everything under `/sandbox`. The platforms' own calls go to ports of their own. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NotPossible } from '../market/actions.ts';
import { WELL_BEHAVED_MARKET } from '../market/misbehaviour.ts';
import { type Body, CASE_ACTS, ORDER_ACTS, placingIn } from './acts.ts';
import { RATES } from './rates.ts';
import type { Booth, Stand } from './stand.ts';

type Desk = Pick<Stand, 'booths' | 'booth'>;
/** A no, with what to do, in both languages. */
class No extends Error {
  readonly status: number;
  constructor(status: number, zh: string, en: string) {
    super(`${zh} ${en}`);
    this.status = status;
  }
}

const PAGE = readFileSync(new URL('page.html', import.meta.url));
const ORDERS_SHOWN = 100;

export function answerPages(desk: Desk, request: IncomingMessage, body: string, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  if (request.method === 'GET' && url.pathname === '/')
    return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': CSP }).end(PAGE);
  if (request.method === 'GET' && url.pathname === '/favicon.ico') return void response.writeHead(204).end();
  const { status, answer } = answerOrNo(() => work(desk, request, url, body));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}
const CSP = "default-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";

function answerOrNo(run: () => unknown): { readonly status: number; readonly answer: unknown } {
  try {
    return { status: 200, answer: run() };
  } catch (error) {
    if (error instanceof No) return { status: error.status, answer: { error: error.message } };
    if (error instanceof NotPossible) return { status: 409, answer: { error: `订单现在不能这样做 not possible now: ${error.message}` } };
    throw error;
  }
}

const noSuchAddress = (): No => new No(404, '没有这个地址；GET /sandbox 列出全部', 'there is no such address; GET /sandbox lists all');

/** `/sandbox` is about all platforms, `/sandbox/{channel}/…` about one. */
function work(desk: Desk, request: IncomingMessage, url: URL, body: string): unknown {
  const [, root, channel, ...rest] = url.pathname.split('/');
  if (root !== 'sandbox') throw noSuchAddress();
  if (request.method === 'GET' && channel === undefined) return help(desk);
  const booth = desk.booth(channel ?? '');
  if (booth === undefined) throw noSuchAddress();
  const path = `/${rest.join('/')}`;
  if (request.method === 'GET') return read(booth, path, url);
  // A form of another page cannot send JSON, so nothing on the web plays with it behind a person's back.
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    throw new No(415, '请求须为 application/json', 'send application/json');
  return change(booth, path, bodyOf(body));
}

function read({ known, platform, wire, pushUrl }: Booth, path: string, url: URL): unknown {
  switch (path) {
    case '/state': {
      const { counts } = platform.mailbox;
      const messages = {
        delivered: counts.delivered,
        refused: counts.refused,
        givenUp: counts.givenUp,
        waiting: platform.mailbox.waiting(),
      };
      const { app, shop } = platform;
      return {
        channel: known.channel,
        zh: known.zh,
        en: known.en,
        app,
        shop,
        url: platform.url,
        pushUrl,
        acts: actsFor(platform),
        misbehaviour: platform.rates(),
        messages,
      };
    }
    case '/orders':
      return { items: platform.shown(ORDERS_SHOWN) };
    case '/wire':
      return { run: wire.run, items: wire.since(Number(url.searchParams.get('after') ?? 0) || 0) };
    default:
      throw noSuchAddress();
  }
}
/** What the platform's people can do at all; whether an order allows it now is said when it is asked for. */
const actsFor = (platform: Booth['platform']): string[] =>
  Object.entries({ ...ORDER_ACTS, ...CASE_ACTS })
    .filter(([, { deed }]) => platform.can(deed))
    .map(([name]) => name);

function change(booth: Booth, path: string, body: Body): unknown {
  const { platform } = booth;
  const [, where = '', id = '', name = ''] = /^\/(orders|after-sales)\/([\w-]{1,64}):(\w+)$/.exec(path) ?? [];
  const acts = where === 'orders' ? ORDER_ACTS : CASE_ACTS;
  if (where !== '' && Object.hasOwn(acts, name)) return acts[name]?.run(platform, id, body) ?? { done: true };
  switch (path) {
    case '/orders':
      return { id: platform.place(placingIn(body)) };
    case '/misbehaviour':
      return misbehave(booth, body);
    case '/push-address':
      return pushTo(booth, body['url']);
    case '/deliver':
      platform.mailbox.release();
      return { waiting: platform.mailbox.waiting() };
    default:
      throw noSuchAddress();
  }
}

function misbehave({ platform }: Booth, body: Body): unknown {
  for (const [name, value] of Object.entries(body)) {
    const range = RATES.find((rate) => rate.name === name);
    if (range === undefined) throw new No(422, `没有这个开关：${name}`, `there is no such switch: ${name}`);
    if (typeof value !== 'number' || !(value >= range.least && value <= range.most))
      throw new No(422, `${name} 应在 ${range.least} 到 ${range.most} 之间`, `${name} must lie between ${range.least} and ${range.most}`);
  }
  platform.misbehave(body);
  return platform.rates();
}

function pushTo(booth: Booth, url: unknown): unknown {
  if (url !== null && (typeof url !== 'string' || !/^https?:\/\//.test(url) || !URL.canParse(url)))
    throw new No(422, 'url 应为 http(s) 地址，或 null 表示先不推送', 'url must be an http(s) address, or null to hold messages back');
  booth.pushTo(url);
  return { pushUrl: url };
}

function bodyOf(text: string): Body {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
  } catch {}
  throw new No(400, '正文应为一个 JSON 对象', 'the body must be one JSON object');
}

const help = ({ booths }: Desk): unknown => ({
  platforms: booths.map(({ known: { channel, zh, en }, platform }) => ({ channel, zh, en, url: platform.url, shop: platform.shop })),
  read: ['GET /sandbox/{channel}/state', 'GET /sandbox/{channel}/orders', 'GET /sandbox/{channel}/wire?after=0'],
  place: { path: 'POST /sandbox/{channel}/orders', body: { lines: 2, promotion: 'told' } },
  orders: listed('orders', ORDER_ACTS),
  afterSales: listed('after-sales', CASE_ACTS),
  misbehaviour: { path: 'POST /sandbox/{channel}/misbehaviour', body: WELL_BEHAVED_MARKET, switches: RATES },
  pushAddress: { path: 'POST /sandbox/{channel}/push-address', body: { url: 'http://127.0.0.1:7700/v1/intake/{channel}/{app}' } },
  deliver: { path: 'POST /sandbox/{channel}/deliver', zh: '把延后的消息立即送出', en: 'sends at once what is held back', body: {} },
});
const listed = (where: string, acts: typeof ORDER_ACTS): object[] =>
  Object.entries(acts).map(([name, { zh, en, body }]) => ({ path: `POST /sandbox/{channel}/${where}/{id}:${name}`, zh, en, body }));
