/** A server that answers like Weir's, in a chosen state, and serves the built console. For screenshots only: it holds nothing and decides nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type ErrorCode, type ErrorParams, problemDocument } from '@weir/contract/errors';
import { problem } from '@weir/contract/problems';
import { deliveries, deliveryShown, mismatches, parkedOrders, replays } from '../fixtures/endpoint.ts';
import { KNOWLEDGE, listItems, MESSAGE, order, REVEALED, timeline } from '../fixtures/orders.ts';
import { REVEAL_FIELDS } from '../src/api/types.ts';
import { apps, backfills, channels, pulls, shops } from '../fixtures/channels.ts';
import { deadLetters } from '../fixtures/dead-letters.ts';
import { emptyOverview, overview } from '../fixtures/overview.ts';
import { auditRecords } from '../fixtures/audit.ts';
import { reviewGroups, reviewPreview, reviewRuns } from '../fixtures/review-runs.ts';
import { reviews } from '../fixtures/reviews.ts';

export const STATES = ['normal', 'empty', 'loading', 'refused', 'failed', 'stale'] as const;
/** `trouble`: each kind of it once. `colleague`: the same, as seen by somebody who is no administrator. */
export type State = (typeof STATES)[number] | 'trouble' | 'colleague';
export interface MockApi {
  readonly url: string;
  setState(state: State): void;
  /** Sends live changes to every open stream. */
  push(items: readonly unknown[]): void;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const CSP = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";
const BAD_APP = [
  problem('field.missing', '/settings/merchantKey', {
    expected: 'the merchant’s private key (PEM, what apiclient_key.pem holds)',
    expectedZh: '商户 API 私钥（PEM，apiclient_key.pem 的内容）',
  }),
  problem('field.too_long', '/name', { reading: '104', expected: 'at most 100 characters', expectedZh: '最多 100 个字符' }),
];
const ME = { id: 'usr_1', name: '王小雨', role: 'admin', shops: null, reveals: REVEAL_FIELDS };

export async function startMockApi(dist: string): Promise<MockApi> {
  let state: State = 'normal';
  const streams = new Set<ServerResponse>();
  const server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://console.test');
    if (!pathname.startsWith('/v1/')) return sendFile(response, dist, pathname);
    if (pathname === '/v1/me') return sendJson(response, 200, state === 'colleague' ? { ...ME, role: 'operations' } : ME);
    if (pathname === '/v1/stream') return openStream(response, state, streams);
    if (state === 'loading') return undefined; // the browser waits until the page is closed
    if (state === 'refused') return sendProblem(response, 'request.forbidden', { role: 'warehouse' });
    if (state === 'failed' || state === 'stale') return sendProblem(response, 'server.fault', { id: 'req_01JZQ4' });
    if (state === 'trouble' && request.method === 'POST' && pathname === '/v1/apps')
      return sendProblem(response, 'request.invalid', {}, BAD_APP);
    if (pathname.endsWith('_remark:retry')) return sendProblem(response, 'dead_letter.not_found', {}); // somebody else was faster
    const answer = answerTo(request.method ?? 'GET', decodeURIComponent(pathname), searchParams, state);
    return answer === null ? sendProblem(response, 'order.not_found', {}) : sendJson(response, 200, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setState: (next) => {
      state = next;
      if (next === 'stale') for (const stream of streams) stream.destroy();
    },
    push: (items) => {
      for (const stream of streams) stream.write(`event: changes\ndata: ${JSON.stringify({ items })}\n\n`);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerTo(method: string, path: string, query: URLSearchParams, state: State): unknown {
  const now = Date.now();
  const isEmpty = state === 'empty';
  if (path === '/v1/overview') return isEmpty ? emptyOverview(now) : overview(now);
  if (path === '/v1/orders') {
    const items = listItems(now, 60).filter((item) =>
      (['status', 'channel'] as const).every((name) => !query.has(name) || item[name] === query.get(name)),
    );
    return { items: isEmpty ? [] : items.slice(0, 50), nextCursor: isEmpty || items.length <= 50 ? null : 'next' };
  }
  if (path === '/v1/orders:count') return { count: isEmpty ? 0 : 12_840, isExact: true };
  if (path.startsWith('/v1/messages/')) return MESSAGE;
  if (path === '/v1/orders:search') return { items: listItems(now, 3), nextCursor: null, hasMore: true };
  if (path === '/v1/audit') return { items: isEmpty ? [] : auditRecords(now), nextCursor: isEmpty ? null : 'next' };
  if (path === '/v1/dead-letters')
    return {
      items: isEmpty ? [] : deadLetters(now, query.get('direction')),
      nextCursor: query.get('direction') === 'out' ? 'next' : null,
    };
  if (path.startsWith('/v1/dead-letters/')) return { id: path.slice('/v1/dead-letters/'.length, -':retry'.length), retried: true };
  if (path === '/v1/review-groups') return { items: isEmpty ? [] : reviewGroups(now), nextCursor: null };
  if (path === '/v1/review-runs') return method === 'POST' ? reviewPreview() : { items: isEmpty ? [] : reviewRuns(now), nextCursor: null };
  if (path.startsWith('/v1/reviews/')) return reviews(now).find(({ id }) => path.endsWith(`/${id}`)) ?? null;
  if (path === '/v1/reviews') return { items: isEmpty ? [] : reviews(now), nextCursor: null };
  if (path.endsWith(':fix'))
    return {
      changes: [
        { pointer: '/lines/0/quantity', before: '2', after: 2 },
        { pointer: '/payable', before: '110.00', after: '118.00' },
      ],
    };
  const ofChannels = channelsAnswer(method, path, now, state);
  if (ofChannels !== undefined) return ofChannels;
  if (path.endsWith('/deliveries'))
    return { items: isEmpty ? [] : deliveries(now, query.get('outcome')), nextCursor: isEmpty ? null : '77.1.9' };
  if (path.endsWith('/parked')) return { items: isEmpty ? [] : parkedOrders(now), nextCursor: null };
  if (path.endsWith('/mismatches')) return { items: isEmpty ? [] : mismatches(now), nextCursor: null };
  if (path === '/v1/endpoints' && method === 'POST') return { id: 'ep_1', secret: `whsec_${'A'.repeat(32)}` };
  if (path.endsWith(':rotateSecret'))
    return { secret: `whsec_${'A'.repeat(32)}`, oldSecretUntil: new Date(now + 86_400_000).toISOString(), liveSecrets: 2 };
  if (path.endsWith('/replays')) return { items: isEmpty ? [] : replays(now), nextCursor: null };
  if (path.includes('/deliveries/'))
    return path.endsWith(':revealAnswer') ? { answer: '{"error":"库存系统维护中，请稍后再试"}' } : deliveryShown(now);
  if (path.endsWith(':replay')) return { orders: 47, first: ['DY2026022200872A', 'PD2026022200879B'] };
  if (path.endsWith(':reveal')) return { values: REVEALED, showSeconds: 30 };
  if (method === 'POST') return { orderKey: 'DY2026022200872A', result: 'changed', version: 9 };
  if (isEmpty) return null;
  if (path.endsWith('/events')) return { items: timeline(now), nextCursor: null };
  if (path.endsWith('/knowledge')) return { items: KNOWLEDGE };
  return order(now);
}

function channelsAnswer(method: string, path: string, now: number, state: State): unknown {
  const isTroubled = state === 'trouble' || state === 'colleague';
  const list = (items: readonly unknown[]) => ({ items: state === 'empty' ? [] : items, nextCursor: null });
  if (path === '/v1/channels') return { items: channels, nextCursor: null };
  if (path === '/v1/shops') return method === 'POST' ? { ...shops(false)[0], name: '旗舰店二店' } : list(shops(isTroubled));
  if (path === '/v1/apps') return list(apps(now, isTroubled));
  if (path === '/v1/pulls') return list(pulls(now, isTroubled));
  return path === '/v1/backfills' ? list(backfills(now)) : undefined;
}

function openStream(response: ServerResponse, state: State, streams: Set<ServerResponse>): void {
  if (state === 'stale') return sendProblem(response, 'server.stopping', {});
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  response.write(': ready\n\n');
  streams.add(response);
  response.on('close', () => streams.delete(response));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, code: ErrorCode, params: ErrorParams, problems?: readonly unknown[]): void {
  const document = problemDocument(code, params);
  sendJson(response, document.status, problems === undefined ? document : { ...document, problems });
}

function sendFile(response: ServerResponse, dist: string, pathname: string): void {
  const wanted = join(dist, normalize(pathname));
  const file = wanted.startsWith(dist) && extname(wanted) !== '' && existsSync(wanted) ? wanted : join(dist, 'index.html');
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': CSP });
  response.end(readFileSync(file));
}
