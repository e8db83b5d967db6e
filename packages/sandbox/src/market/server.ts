/** A simulated platform on a port of this machine: calls come in over HTTP, the road there misbehaves, and every call is written down. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Market } from './market.ts';

/** A call as it came over the wire. */
export interface WireCall {
  readonly method: string;
  /** Path and query. */
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
/** What the platform answers. `name` and `refused` are for whoever watches: which call it was, and the code of a no. */
export interface WireAnswer {
  readonly name: string;
  readonly refused: string | null;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}
export interface HeardCall {
  /** `GET` or `POST`. */
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Which call it was, in the platform's words. */
  readonly name: string;
  readonly body: string;
  readonly status: number;
  readonly answer: string | null;
  /** The platform's code of its no, whatever the status of HTTP. */
  readonly refused: string | null;
}
/** One call as it was answered, for tests: `refused` is the code that it got. */
export interface CallRecord {
  readonly method: string;
  readonly refused: string | null;
}
export interface PlatformServerOptions {
  /** 0 (unless said) takes a free one. */
  readonly port?: number;
  /** Hears each call as it came and what was answered (null: the connection was broken instead). */
  readonly onCall?: (call: HeardCall) => void;
  /** Answers what is no call of the platform's: a page for people. False: not mine. */
  readonly pages?: (request: IncomingMessage, body: string, response: ServerResponse) => boolean;
}
export interface PlatformServer {
  readonly url: string;
  /** Answers a caller in this process as it would over the wire, without one. Throws a TypeError where the answer is lost, as `fetch` does. */
  send(
    url: string,
    init: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string },
  ): Promise<Response>;
  /** The newest calls, oldest first. */
  calls(): readonly CallRecord[];
  close(): Promise<void>;
}
/** Takes over a connection that wants to become a websocket. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

const MAX_BODY_BYTES = 1_000_000;
const MAX_REMEMBERED_CALLS = 10_000;
const GATEWAY_PAGE = '<html>502</html>';
/** Whatever else is under way comes in between, as it would on a wire. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function openServer(
  market: Pick<Market, 'rates' | 'dice'>,
  options: PlatformServerOptions,
  answer: (call: WireCall) => WireAnswer,
  upgrade?: Upgrade,
): Promise<PlatformServer> {
  const calls: CallRecord[] = [];
  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  if (upgrade)
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy()); // who hangs up on a refusal must not end the process
      upgrade(request, socket, head);
    });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts = (await request.toArray()) as Buffer[];
    if (parts.reduce((size, part) => size + part.length, 0) > MAX_BODY_BYTES) return void response.writeHead(413).end();
    const body = Buffer.concat(parts).toString('utf8');
    if (options.pages?.(request, body, response)) return;
    const { url: path = '/', method = 'GET', headers } = request;
    const said = respond({ method, path, headers, body });
    if (said === null) return void response.socket?.destroy();
    response.writeHead(said.status, { 'content-type': 'application/json', ...said.headers }).end(said.body);
  }

  /** Null: it was worked, and the answer is lost on its way. */
  function respond({ method, path, headers, body }: Omit<WireCall, 'url'> & { readonly path: string }): Omit<WireAnswer, 'refused'> | null {
    const rates = market.rates();
    const tell = (name: string, status: number, answered: string | null, refused: string | null): void =>
      options.onCall?.({ method, url: path, headers, name, body, status, answer: answered, refused });
    if (market.dice.chance(rates.serverErrors)) {
      tell('', 502, GATEWAY_PAGE, null);
      return { name: '', status: 502, headers: { 'content-type': 'text/html' }, body: GATEWAY_PAGE };
    }
    const said = answer({ method, url: new URL(path, 'http://127.0.0.1'), headers, body });
    calls.push({ method: said.name, refused: said.refused });
    if (calls.length > MAX_REMEMBERED_CALLS) calls.shift();
    const isLost = market.dice.chance(rates.lostAnswers);
    tell(said.name, said.status, isLost ? null : said.body, said.refused);
    return isLost ? null : said;
  }

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    async send(url, { method, headers, body = '' }) {
      const { pathname, search } = new URL(url);
      const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      await turn();
      const said = respond({ method, path: `${pathname}${search}`, headers: lowerCase, body });
      await turn();
      if (said === null) throw new TypeError('the connection was lost');
      return new Response(said.body, { status: said.status, headers: { 'content-type': 'application/json', ...said.headers } });
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
