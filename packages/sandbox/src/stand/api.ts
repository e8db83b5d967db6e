/** The JSON API of the sandbox, and its page: `/` and everything under `/sandbox`. The platform's own calls have other addresses. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NotPossible } from '../market/actions.ts';
import { WELL_BEHAVED_MARKET } from '../market/misbehaviour.ts';
import type { Douyin } from '../doudian/server.ts';
import { type Body, CASE_ACTS, ORDER_ACTS, placingIn } from './acts.ts';
import type { SandboxApp } from './explain.ts';
import { RATES } from './rates.ts';
import type { Wire } from './wire.ts';

export interface Desk {
  readonly app: SandboxApp;
  readonly shop: string;
  readonly wire: Wire;
  /** There as soon as the server listens. */
  douyin(): Douyin;
  pushUrl(): string | null;
  pushTo(url: string | null): void;
}
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

/** False: the address is the platform's. */
export function answerPages(desk: Desk, request: IncomingMessage, body: string, response: ServerResponse): boolean {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  if (request.method === 'GET' && url.pathname === '/') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': CSP }).end(PAGE);
    return true;
  }
  // What a browser asks of itself is no call of the platform.
  if (request.method === 'GET' && url.pathname === '/favicon.ico') {
    response.writeHead(204).end();
    return true;
  }
  if (url.pathname !== '/sandbox' && !url.pathname.startsWith('/sandbox/')) return false;
  const { status, answer } = answerOrNo(() => work(desk, request, url, body));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  return true;
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

function work(desk: Desk, request: IncomingMessage, url: URL, body: string): unknown {
  const path = url.pathname.slice('/sandbox'.length);
  if (request.method === 'GET') return read(desk, path, url);
  // A form of another page cannot send JSON, so nothing on the web plays with it behind a person's back.
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    throw new No(415, '请求须为 application/json', 'send application/json');
  return change(desk, path, bodyOf(body));
}

function read(desk: Desk, path: string, url: URL): unknown {
  const douyin = desk.douyin();
  switch (path) {
    case '':
      return help();
    case '/state': {
      const { counts } = douyin.mailbox;
      const messages = { delivered: counts.delivered, refused: counts.refused, givenUp: counts.givenUp, waiting: douyin.mailbox.waiting() };
      return { app: desk.app, shop: desk.shop, url: douyin.url, pushUrl: desk.pushUrl(), misbehaviour: douyin.rates(), messages };
    }
    case '/orders':
      return { items: douyin.shown(ORDERS_SHOWN) };
    case '/wire':
      return { items: desk.wire.since(Number(url.searchParams.get('after') ?? 0) || 0) };
    default:
      throw new No(404, '没有这个地址；GET /sandbox 列出全部', 'there is no such address; GET /sandbox lists all');
  }
}

function change(desk: Desk, path: string, body: Body): unknown {
  const douyin = desk.douyin();
  const onOrder = /^\/orders\/(\d+):(\w+)$/.exec(path);
  const onCase = /^\/after-sales\/(\d+):(\w+)$/.exec(path);
  const [id = '', name = ''] = (onOrder ?? onCase)?.slice(1) ?? [];
  const acts = onOrder ? ORDER_ACTS : CASE_ACTS;
  if (Object.hasOwn(acts, name)) return acts[name]?.run(douyin, id, body) ?? { done: true };
  switch (path) {
    case '/orders':
      return { id: douyin.place(placingIn(body)) };
    case '/misbehaviour':
      return misbehave(douyin, body);
    case '/push-address':
      return pushTo(desk, body['url']);
    case '/deliver':
      douyin.mailbox.release();
      return { waiting: douyin.mailbox.waiting() };
    default:
      throw new No(404, '没有这个地址；GET /sandbox 列出全部', 'there is no such address; GET /sandbox lists all');
  }
}

function misbehave(douyin: Douyin, body: Body): unknown {
  for (const [name, value] of Object.entries(body)) {
    const range = RATES.find((rate) => rate.name === name);
    if (range === undefined) throw new No(422, `没有这个开关：${name}`, `there is no such switch: ${name}`);
    if (typeof value !== 'number' || !(value >= range.least && value <= range.most))
      throw new No(422, `${name} 应在 ${range.least} 到 ${range.most} 之间`, `${name} must lie between ${range.least} and ${range.most}`);
  }
  douyin.misbehave(body);
  return douyin.rates();
}

function pushTo(desk: Desk, url: unknown): unknown {
  if (url !== null && (typeof url !== 'string' || !/^https?:\/\//.test(url) || !URL.canParse(url)))
    throw new No(422, 'url 应为 http(s) 地址，或 null 表示先不推送', 'url must be an http(s) address, or null to hold messages back');
  desk.pushTo(url);
  return { pushUrl: url };
}

function bodyOf(text: string): Body {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
  } catch {}
  throw new No(400, '正文应为一个 JSON 对象', 'the body must be one JSON object');
}

const help = (): unknown => ({
  read: ['GET /sandbox/state', 'GET /sandbox/orders', 'GET /sandbox/wire?after=0'],
  place: { path: 'POST /sandbox/orders', body: { lines: 2, promotion: 'told' } },
  orders: Object.entries(ORDER_ACTS).map(([name, { zh, en, body }]) => ({ path: `POST /sandbox/orders/{id}:${name}`, zh, en, body })),
  afterSales: Object.entries(CASE_ACTS).map(([name, { zh, en, body }]) => ({
    path: `POST /sandbox/after-sales/{id}:${name}`,
    zh,
    en,
    body,
  })),
  misbehaviour: { path: 'POST /sandbox/misbehaviour', body: WELL_BEHAVED_MARKET, switches: RATES },
  pushAddress: { path: 'POST /sandbox/push-address', body: { url: 'http://127.0.0.1:7700/v1/intake/douyin/{app}' } },
  deliver: { path: 'POST /sandbox/deliver', zh: '把延后的消息立即送出', en: 'sends at once what is held back', body: {} },
});
