/**
 * A seller's program in miniature that knows any channel by its adapter alone: holds a token, tries again, walks lists, listens to the door, the
 * queue or the socket, follows hints, and keeps what it heard as Weir would.
 */
import type {
  Adapter,
  Answer,
  Ask,
  Call,
  ChannelKind,
  Client,
  Conversation,
  Feed,
  Kept,
  Knock,
  Reply,
  Row,
  Token,
  Window,
} from '@weir/connectors/adapter';
import type { NeutralMessage } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { NO_FACTS, type OrderFacts, RANK, record, view } from '@weir/core';
import { readNeutral } from '../../../../apps/server/src/intake/index.ts';
import type { SandboxClock } from '../clock.ts';
import type { SimulatedPlatform } from '../market/platform.ts';

const MAX_TRIES = 300;
const MAX_PAGES = 2_000;

export interface Heard {
  readonly kind: ChannelKind;
  readonly subject: Subject;
  readonly bytes: Uint8Array;
  readonly messages: readonly NeutralMessage[];
}
export interface Seller {
  readonly client: Client;
  /** With a token, and as often as the failure's class says that it is of use. */
  readonly ask: Ask;
  /** The same without patience: as the hub asks, which begins the whole of a thing anew. */
  readonly askOnce: Ask;
  /** Calls of the app's own, without a token. */
  readonly askAsApp: Ask;
  token(): Promise<Token>;
  subjectOf(orderId: string): Subject;
  /** Fetches the order whole and writes it down. */
  fetch(orderId: string): Promise<Heard>;
  /** Walks one list over a range of seconds, in windows as wide as the channel allows; each row once. */
  walk(feed: Feed, range: Window, size?: number): Promise<Row[]>;
  placed(range: Window, size?: number): Promise<Row[]>;
  /** Writes rows down and fetches every order that they name. */
  sweep(range: Window): Promise<number>;
  /** What the platform is answered at our address. */
  knock(knock: Knock): Reply;
  /** Takes and confirms what lies in the queue; how many messages. */
  drain(): Promise<number>;
  /** Takes messages as they came by any road. */
  hear(bytes: Uint8Array): void;
  /** Fetches every order of which a message wanted more. */
  follow(): Promise<number>;
  held(orderId: string): ReturnType<typeof view> | undefined;
  readonly heard: readonly Heard[];
  readonly tries: { calls: number; retried: number; tokens: number };
}

export function createSeller(adapter: Adapter, platform: SimulatedPlatform, clock: SandboxClock): Seller {
  const { app, shop } = platform;
  const client = adapter.createClient({ app, send: fetch, now: () => clock.now(), baseUrl: platform.url });
  const orders = new Map<string, OrderFacts>();
  const wanted = new Set<string>();
  const heard: Heard[] = [];
  const tries = { calls: 0, retried: 0, tokens: 0 };
  let token: Token | null = null;

  const subjectOf = (id: string): Subject => ({ kind: 'order', channel: adapter.channel, shop, id });
  function write(message: NeutralMessage, listsShipments: boolean, kind: ChannelKind): void {
    const { report, problems } = readNeutral(message, { receivedAt: clock.now(), rank: RANK[kind], fingerprint: (text) => text });
    if (report === null || problems.some((each) => each.severity === 'blocking')) throw new Error(JSON.stringify({ problems, message }));
    const facts = orders.get(message.channelOrderId) ?? NO_FACTS;
    const listed = listsShipments ? { ...report, listsShipments } : report;
    orders.set(message.channelOrderId, record(facts, { type: 'reported', report: listed }));
  }
  function take(kind: ChannelKind, bytes: Uint8Array, subject: Subject): Heard {
    const { messages, wants, problems, parcelsMayMiss } = adapter.read(kind, bytes, subject);
    if (problems.some((each) => each.severity === 'blocking')) throw new Error(JSON.stringify(problems));
    for (const message of messages) write(message, kind !== 'push' && parcelsMayMiss !== true, kind);
    if (wants.length > 0) wanted.add(subject.id);
    const each = { kind, subject, bytes, messages };
    heard.push(each);
    return each;
  }
  async function newToken(): Promise<Token> {
    for (let tried = 0; tried < MAX_TRIES; tried++) {
      const answer = await client.call(adapter.token.first(shop, 'a-code-of-the-sandbox'), null);
      tries.tokens += 1;
      const made = answer.ok ? adapter.token.read(answer.data, clock.now(), shop).token : null;
      if (made !== null) return made;
      if (!answer.ok && answer.failure.class === 'do_not') throw new Error(JSON.stringify(answer.failure));
    }
    throw new Error('no token');
  }
  /** `patient`: whatever is worth another try gets it; else only a token that has ended is made anew, as the hub's lines do. */
  const again = async (call: Call, withToken: boolean, patient = true): Promise<Answer> => {
    for (let tried = 0; ; tried++) {
      if (withToken) token ??= await newToken();
      tries.calls += 1;
      const answer = await client.call(call, withToken ? (token?.accessToken ?? null) : null);
      const worth = answer.ok ? 'done' : answer.failure.class;
      const isWorthIt = worth === 'token_expired' || (patient && (worth === 'retry' || worth === 'throttled'));
      if (!isWorthIt || tried > MAX_TRIES) return answer;
      tries.retried += 1;
      if (worth === 'token_expired') token = null;
    }
  };
  const ask: Ask = (call) => again(call, true);
  const askOnce: Ask = (call) => again(call, true, false);
  const askAsApp: Ask = (call) => again(call, false);
  async function fetchOrder(id: string): Promise<Heard> {
    for (let tried = 0; ; tried++) {
      const found = await adapter.fetchDetail(ask, subjectOf(id), clock.now());
      if (found.ok) return take('detail', found.value, subjectOf(id));
      if (tried > MAX_TRIES || found.failure.class !== 'retry') throw new Error(`${id}: ${JSON.stringify(found.failure)}`);
    }
  }
  const walkAll = async (
    list: (window: Window, page: Parameters<Adapter['listPlaced']>[3]) => ReturnType<Adapter['listPlaced']>,
    range: Window,
    size: number,
  ) => {
    const rows: Row[] = [];
    const span = adapter.limits.windowSeconds ?? range.to - range.from;
    for (let from = range.from; from <= range.to; from += span + 1)
      rows.push(...(await walkWindow(adapter, list, { from, to: Math.min(range.to, from + span) }, size)));
    return [...new Map(rows.map((row) => [`${row.id} ${Buffer.from(row.bytes).toString('latin1')}`, row])).values()];
  };
  const walk: Seller['walk'] = (feed, range, size = Math.min(20, adapter.limits.pageRows)) =>
    walkAll((window, page) => adapter.listChanged(ask, feed, shop, window, page), range, size);
  const hear = (bytes: Uint8Array): void => {
    const routed = adapter.routePush(bytes);
    if (routed.kind === 'probe') return;
    if (routed.hasUnroutable) throw new Error(JSON.stringify(adapter.whyUnrouted(bytes)));
    for (const subject of routed.subjects) take('push', bytes, subject);
  };
  return {
    client,
    ask,
    askOnce,
    askAsApp,
    token: async () => (token ??= await newToken()),
    subjectOf,
    fetch: fetchOrder,
    walk,
    placed: (range, size = Math.min(20, adapter.limits.pageRows)) =>
      walkAll((window, page) => adapter.listPlaced(ask, shop, window, page), range, size),
    async sweep(range) {
      const ids = new Set<string>();
      let count = 0;
      for (const feed of adapter.feeds)
        for (const row of await walk(feed, range)) {
          count += 1;
          if (row.subject === null) throw new Error(`a row of ${feed} names no order: ${Buffer.from(row.bytes).toString()}`);
          take('list', row.bytes, row.subject);
          ids.add(row.subject.id);
        }
      for (const id of ids) await fetchOrder(id);
      return count;
    },
    knock(knock) {
      if (adapter.door === undefined) throw new Error('the channel has no door');
      const opened = adapter.door.open(knock, app, clock.now());
      if (opened.kind === 'answered') return opened.reply;
      if (opened.kind === 'refused') return adapter.door.replies.refused;
      hear(opened.bytes);
      return ('replies' in opened ? (opened.replies as typeof adapter.door.replies) : adapter.door.replies).taken;
    },
    async drain() {
      if (adapter.queue === undefined) return 0;
      const taken = await adapter.queue.take(askAsApp, app);
      if (!taken.ok) throw new Error(JSON.stringify(taken.failure));
      for (const { bytes } of taken.value) hear(bytes);
      if (taken.value.length > 0) await adapter.queue.confirm(askAsApp, [...new Set(taken.value.map(({ id }) => id))], app);
      return taken.value.length;
    },
    hear,
    async follow() {
      const ids = [...wanted];
      wanted.clear();
      for (const id of ids) await fetchOrder(id);
      return ids.length;
    },
    held: (id) => {
      const facts = orders.get(id);
      return facts && view(facts);
    },
    heard,
    tries,
  };
}

type List = (window: Window, page: Parameters<Adapter['listPlaced']>[3]) => ReturnType<Adapter['listPlaced']>;
/** As the channel wants to be read; a walk under which something moved is made again by whoever sweeps again. */
async function walkWindow(adapter: Adapter, list: List, window: Window, size: number): Promise<Row[]> {
  const read = async (page: number, after?: string) => {
    const answer = await list(window, { page, size, ...(after === undefined ? {} : { after }) });
    if (!answer.ok) throw new Error(JSON.stringify(answer.failure));
    return answer.value;
  };
  const first = await read(0);
  if (adapter.walk === 'by_cursor') {
    const rows = [...first.rows];
    for (let { next } = first, page = 1; next !== null && next !== undefined && page < MAX_PAGES; page++) {
      const more = await read(page, next);
      rows.push(...more.rows);
      next = more.next;
    }
    return rows;
  }
  const pages = Math.ceil((first.total ?? 0) / size);
  const numbers = Array.from({ length: pages }, (_, i) => i);
  const rows = adapter.walk === 'first_page_first' ? [...first.rows] : [];
  for (const page of adapter.walk === 'first_page_first' ? numbers.slice(1) : numbers.toReversed()) rows.push(...(await read(page)).rows);
  return rows;
}

/** The talk of one socket over a real connection to the platform, until it is closed. `lost` counts connections that broke. */
export async function openSocket(
  adapter: Adapter,
  platform: SimulatedPlatform,
  clock: SandboxClock,
  /** False: they could not be stored, and are not confirmed. */
  take: (messages: readonly Kept[]) => boolean | Promise<boolean>,
): Promise<{ readonly talk: Conversation; tick(): void; close(): Promise<void> }> {
  const { socket } = adapter;
  if (socket === undefined) throw new Error('the channel has no socket');
  const talk = socket.open(platform.app);
  const connection = new WebSocket(socket.address(platform.app, clock.now(), platform.url));
  connection.binaryType = 'arraybuffer';
  const say = (frames: readonly (string | Uint8Array)[]): void => {
    for (const frame of frames) connection.send(typeof frame === 'string' ? frame : new Uint8Array(frame));
  };
  connection.addEventListener('message', ({ data }) => {
    void (async () => {
      const frame = typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer);
      const { messages, frames, broken } = talk.hear(frame, clock.now());
      say(frames);
      if (broken !== undefined) return connection.close();
      if (messages.length === 0) return;
      if (await take(messages)) say(talk.confirm(messages, clock.now()));
    })();
  });
  await new Promise<void>((resolve, reject) => {
    connection.addEventListener('open', () => resolve());
    connection.addEventListener('error', () => reject(new Error('the platform refused the connection')));
  });
  say(talk.begin(clock.now()));
  return {
    talk,
    tick: () => say(talk.tick(clock.now()).frames),
    async close() {
      const closed = new Promise<void>((resolve) => connection.addEventListener('close', () => resolve()));
      connection.close();
      await closed;
    },
  };
}
