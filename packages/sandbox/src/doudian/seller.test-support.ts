/** A seller's program in miniature, for tests: holds a token, tries again, walks lists, and keeps what it heard as Weir would. */
import type { Answer, Call, Client } from '@weir/connectors/adapter';
import {
  createClient,
  createOwnToken,
  orderDetail,
  afterSalesOf,
  normaliseOrder,
  ordersChanged,
  readListed,
  readPush,
  readToken,
  rowsOf,
  verifyPush,
} from '@weir/connectors/doudian';
import type { NeutralMessage } from '@weir/contract';
import { NO_FACTS, type OrderFacts, RANK, record, view } from '@weir/core';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readNeutral } from '../../../../apps/server/src/intake/index.ts';
import type { SandboxClock } from '../clock.ts';

export const APP = { key: '3409409348479354011', secret: 'a-secret-of-the-sandbox' };
export const SHOP = '1234567';
export const START = Date.parse('2026-02-22T10:00:00+08:00');

/** Nothing moves it but the test. */
export function handClock(): SandboxClock & { move(ms: number): void } {
  let now = START;
  return { now: () => now, sleep: async (ms) => void (now += ms), move: (ms) => void (now += ms) };
}

const MAX_TRIES = 200;

export interface Seller {
  readonly client: Client;
  /** With a token, and as often as the failure's class says that it is of use. */
  ask(call: Call): Promise<Answer>;
  /** The one token of app and shop; a second one would end it. */
  token(): Promise<string>;
  /** Fetches order and after-sales and writes them down; the message. */
  fetch(orderId: string): Promise<NeutralMessage>;
  /** Walks the orders changed since `from` (seconds), fetches each; how many rows the walk saw. */
  sweep(from: number, to: number): Promise<number>;
  /** Takes a push as it came. */
  hear(body: Buffer): void;
  held(orderId: string): ReturnType<typeof view> | undefined;
  readonly tries: { calls: number; retried: number; tokens: number };
}

export function createSeller(url: string, clock: SandboxClock): Seller {
  const client = createClient({ app: APP, send: fetch, now: () => clock.now(), baseUrl: url });
  const orders = new Map<string, OrderFacts>();
  const tries = { calls: 0, retried: 0, tokens: 0 };
  let token: string | null = null;

  function write(message: NeutralMessage, rank: number): void {
    const { report, problems } = readNeutral(message, { receivedAt: clock.now(), rank, fingerprint: (text) => text });
    if (report === null || problems.some((each) => each.severity === 'blocking')) throw new Error(JSON.stringify(problems));
    orders.set(message.channelOrderId, record(orders.get(message.channelOrderId) ?? NO_FACTS, { type: 'reported', report }));
  }
  async function newToken(): Promise<string> {
    for (let tried = 0; tried < MAX_TRIES; tried++) {
      const answer = await client.call(createOwnToken(SHOP), null);
      tries.tokens += 1;
      const made = answer.ok ? readToken(answer.data, clock.now()).token : null;
      if (made !== null) return made.accessToken;
    }
    throw new Error('no token');
  }
  async function ask(call: Call): Promise<Answer> {
    for (let tried = 0; ; tried++) {
      token ??= await newToken();
      tries.calls += 1;
      const answer = await client.call(call, token);
      if (answer.ok || tried > MAX_TRIES || answer.failure.class === 'do_not' || answer.failure.class === 'already_done') return answer;
      tries.retried += 1;
      if (answer.failure.class === 'token_expired') token = null;
    }
  }
  async function dataOf(call: Call) {
    const answer = await ask(call);
    if (!answer.ok) throw new Error(`${call.method}: ${JSON.stringify(answer.failure)}`);
    return answer.data;
  }
  async function fetchOrder(orderId: string): Promise<NeutralMessage> {
    const cases = rowsOf(await dataOf(afterSalesOf(orderId, { page: 0, size: 100 })), 'items')?.rows ?? [];
    const afterSales = cases.map((item) => {
      const read = readListed(item);
      if (!read.ok) throw new Error(JSON.stringify(read.problems));
      return read.afterSale;
    });
    const data = (await dataOf(orderDetail(orderId))) as { readonly shop_order_detail: Parameters<typeof normaliseOrder>[0] };
    const read = normaliseOrder(data.shop_order_detail, { source: 'detail', shop: SHOP, afterSales });
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    write(read.message, RANK.detail);
    return read.message;
  }
  return {
    client,
    ask,
    tries,
    token: async () => (token ??= await newToken()),
    fetch: fetchOrder,
    async sweep(from, to) {
      const seen: string[] = [];
      for (let page = 0; ; page++) {
        const rows = rowsOf(await dataOf(ordersChanged({ from, to }, { page, size: 20 })), 'shop_order_list')?.rows ?? [];
        seen.push(...rows.map((row) => (row as { readonly order_id: string }).order_id));
        if (rows.length < 20) break;
      }
      for (const id of new Set(seen)) await fetchOrder(id);
      return seen.length;
    },
    hear(body) {
      for (const reading of readPush(body)) {
        if (reading.kind === 'unmapped' || reading.kind === 'unroutable' || (reading.kind === 'news' && reading.doubts.length > 0))
          throw new Error(JSON.stringify(reading));
        if (reading.kind === 'news' && reading.proves !== null) write(reading.proves, RANK.push);
      }
    },
    held: (id) => {
      const facts = orders.get(id);
      return facts && view(facts);
    },
  };
}

/** The address that pushes go to: checks the signature, hands on the bytes, answers as `answer` says. */
export async function listen(
  take: (body: Buffer) => void,
  answer: () => { readonly status: number; readonly body: string } = () => ({ status: 200, body: '{"code":0,"msg":"success"}' }),
) {
  const refused: string[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    const verified = verifyPush(request.headers, body, APP);
    if (!verified.ok) refused.push(verified.why);
    const { status, body: said } = answer();
    if (verified.ok && status === 200) take(body);
    response.writeHead(status).end(said);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    refused,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
