/** The simulated Douyin on a port of this machine: calls come in over HTTP, are checked by the platform's rules and answered in its shape. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { realClock, type SandboxClock } from '../clock.ts';
import { checkCall } from './check-call.ts';
import { createPlatform, type Platform, type PlatformOptions } from './platform.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

export interface DouyinOptions extends Omit<PlatformOptions, 'clock'> {
  readonly clock?: SandboxClock;
  /** 0 (unless said) takes a free one. */
  readonly port?: number;
  /** Hears each call as it came and what was answered (null: the connection was broken instead). */
  readonly onCall?: (call: HeardCall) => void;
  /** Answers what is no call of the platform's: a page for people. False: not mine. */
  readonly pages?: (request: IncomingMessage, body: string, response: ServerResponse) => boolean;
}
export interface HeardCall {
  readonly url: string;
  readonly body: string;
  readonly status: number;
  readonly answer: string | null;
}
/** One call as it was answered, for tests: `refused` is the code and sub_code that it got. */
export interface CallRecord {
  readonly method: string;
  readonly refused: string | null;
}
export interface Douyin extends Platform {
  readonly url: string;
  /** The newest calls, oldest first. */
  calls(): readonly CallRecord[];
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1_000_000;
const MAX_REMEMBERED_CALLS = 10_000;
const GATEWAY_PAGE = '<html>502</html>';

export async function createDouyin(options: DouyinOptions): Promise<Douyin> {
  const platform = createPlatform({ clock: realClock, ...options });
  const calls: CallRecord[] = [];
  const server = createServer(
    (request, response) => void handle(platform, options, calls, request, response).catch(() => response.destroy()),
  );
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    ...platform,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function handle(
  platform: Platform,
  { app, onCall, pages }: DouyinOptions,
  calls: CallRecord[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = (await request.toArray()) as Buffer[];
  if (body.reduce((size, part) => size + part.length, 0) > MAX_BODY_BYTES) return void response.writeHead(413).end();
  const text = Buffer.concat(body).toString('utf8');
  if (pages?.(request, text, response)) return;
  const tell = (status: number, answer: string | null): void => onCall?.({ url: request.url ?? '/', body: text, status, answer });
  const rates = platform.rates();
  if (platform.dice.chance(rates.serverErrors)) {
    tell(502, GATEWAY_PAGE);
    return void response.writeHead(502, { 'content-type': 'text/html' }).end(GATEWAY_PAGE);
  }
  const answer = JSON.stringify(answerTo(platform, app, request, text, calls));
  if (calls.length > MAX_REMEMBERED_CALLS) calls.shift();
  const isLost = platform.dice.chance(rates.lostAnswers);
  tell(200, isLost ? null : answer);
  if (isLost) return void response.socket?.destroy();
  response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
}

function answerTo(platform: Platform, app: DouyinOptions['app'], request: IncomingMessage, body: string, calls: CallRecord[]): object {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const found = request.method === 'POST' ? work(platform, app, url, body) : REFUSALS.noSuchMethod;
  const refusal = isRefusal(found) ? found : null;
  calls.push({ method: url.searchParams.get('method') ?? '', refused: refusal && `${refusal.code} ${refusal.sub_code}` });
  const log_id = `sandbox${calls.length}`;
  return refusal === null
    ? { log_id, code: 10_000, msg: 'success', sub_code: '', sub_msg: '', data: found }
    : { log_id, msg: '请求失败', ...refusal, data: null };
}
const isRefusal = (found: object): found is Refusal => 'sub_code' in found;

/** Throttling comes first, as at any gate; then who calls, then what for. */
function work(platform: Platform, app: DouyinOptions['app'], url: URL, body: string): object | Refusal {
  if (platform.dice.chance(platform.rates().throttled)) return REFUSALS.throttled;
  const call = checkCall(app, url, body, platform.now());
  return 'sub_code' in call ? call : platform.answer(call);
}
