/** The message socket of the simulated platform: who connects is checked, who asks is given what waits, who confirms gets it no more. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { KeptMessages } from '../market/mailbox.ts';
import type { SandboxApp } from '../market/platform.ts';
import type { SentPush } from '../market/push.ts';
import { KINDS, readFrame, TYPES, writeFrame } from './frames.ts';

const MAX_FRAME_BYTES = 65_536;
const MOST_AT_ONCE = 100;
const MAX_CLOCK_MS = 600_000;
/** Rounds of question and answer after which a delivery ends, whatever is still on its way. */
const MAX_ROUNDS = 500;

interface Deps {
  readonly app: SandboxApp;
  readonly shop: string;
  readonly nick: string;
  readonly messages: KeptMessages;
  /** ms since 1970, by the platform's clock. */
  readonly now: () => number;
  readonly onPush?: ((push: SentPush) => void) | undefined;
}
export interface SocketServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Gives what is due to whoever has asked, and returns when nothing moves on any connection. */
  deliver(): Promise<void>;
  close(): void;
}
interface Visitor {
  readonly connection: WebSocket;
  token: string | null;
  /** It has asked for messages. */
  isHungry: boolean;
  /** Frames that came and went: what is quiet does not change them. */
  moves: number;
  readonly given: Map<string, string>;
}

export function createSocketServer(deps: Deps): SocketServer {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const visitors = new Set<Visitor>();
  const report = (body: string, isTaken: boolean): void =>
    deps.onPush?.({ url: 'ws:/', headers: {}, body, status: isTaken ? 200 : null, answer: isTaken ? 'confirmed' : '' });

  function feed(visitor: Visitor): void {
    if (!visitor.isHungry || visitor.connection.readyState !== WebSocket.OPEN) return;
    for (const { id, body } of deps.messages.take(MOST_AT_ONCE)) {
      visitor.given.set(id, body);
      visitor.connection.send(dataFrame(deps, body));
      visitor.moves += 1;
    }
  }
  function hear(visitor: Visitor, data: Buffer): void {
    visitor.moves += 1;
    const frame = readFrame(data);
    if (frame === null) return visitor.connection.close();
    if (frame.type === TYPES.connect) return welcome(deps, visitor, frame.values);
    if (visitor.token === null || frame.token !== visitor.token) return visitor.connection.close();
    const [kind, id] = [frame.values.get('__kind'), frame.values.get('id') ?? ''];
    if (kind === String(KINDS.pull)) {
      visitor.isHungry = true;
      return feed(visitor);
    }
    if (kind !== String(KINDS.confirm)) return undefined;
    deps.messages.confirm(id);
    report(visitor.given.get(id) ?? '', true);
    visitor.given.delete(id);
  }
  server.on('connection', (connection) => {
    const visitor: Visitor = { connection, token: null, isHungry: false, moves: 0, given: new Map() };
    visitors.add(visitor);
    connection.on('message', (data: RawData) => hear(visitor, Buffer.isBuffer(data) ? data : Buffer.concat([data].flat() as Buffer[])));
    connection.on('error', () => connection.terminate());
    connection.on('close', () => {
      visitors.delete(visitor);
      for (const [id, body] of visitor.given) {
        deps.messages.giveBack(id);
        report(body, false);
      }
    });
  });
  return {
    upgrade(request, socket, head) {
      if (request.url !== '/') return void socket.destroy();
      server.handleUpgrade(request, socket, head, (connection) => server.emit('connection', connection, request));
    },
    async deliver() {
      for (let round = 0; round < MAX_ROUNDS && visitors.size > 0; round++) {
        const before = movesOf(visitors);
        for (const visitor of visitors) feed(visitor);
        await Promise.all([...visitors].map(thereAndBack));
        if (movesOf(visitors) === before && round > 1) return;
      }
    },
    close() {
      for (const { connection } of visitors) connection.terminate();
      server.close();
    },
  };
}

const movesOf = (visitors: ReadonlySet<Visitor>): number => [...visitors].reduce((sum, { moves }) => sum + moves, 0);

/** What was sent before has arrived, and what was said in answer is here, when a ping has come back. */
const thereAndBack = ({ connection }: Visitor): Promise<void> =>
  new Promise((resolve) => {
    if (connection.readyState !== WebSocket.OPEN) return resolve();
    connection.once('pong', () => resolve());
    connection.once('close', () => resolve());
    connection.ping();
  });

/** By the rule of the first frame: its sign, and a time in milliseconds that is not far from ours. */
function welcome({ app, now }: Deps, visitor: Visitor, values: ReadonlyMap<string, string>): void {
  const [key, group, timestamp] = [values.get('app_key') ?? '', values.get('group_name') ?? '', values.get('timestamp') ?? ''];
  const text = `${app.secret}app_key${key}group_name${group}timestamp${timestamp}${app.secret}`;
  const right = createHash('md5').update(text, 'utf8').digest('hex').toUpperCase();
  const isRight = key === app.key && group !== '' && values.get('sign') === right && Math.abs(Number(timestamp) - now()) <= MAX_CLOCK_MS;
  if (!isRight) {
    visitor.connection.send(writeFrame({ type: TYPES.connectAck, status: { code: 401, phrase: 'invalid sign' }, values: {} }));
    return;
  }
  visitor.token = createHash('sha256').update(`tmc ${timestamp} ${right}`).digest('hex').slice(0, 24);
  visitor.connection.send(writeFrame({ type: TYPES.connectAck, token: visitor.token, values: {} }));
}

/** The parts of the queue's document under the names that they have in a frame. */
function dataFrame({ shop, nick, app }: Deps, body: string): Buffer {
  const { topic, content, pub_time } = JSON.parse(body) as { readonly topic: string; readonly content: string; readonly pub_time: string };
  const id = /"id":(\d+)/.exec(body)?.[1] ?? '0';
  return writeFrame({
    type: TYPES.send,
    values: {
      __kind: { byte: KINDS.data },
      id: { int64: id },
      topic: { text: topic },
      content: { text: content },
      time: { date: Date.parse(`${pub_time.replace(' ', 'T')}+08:00`) },
      userid: { int64: shop },
      nick: { text: nick },
      publisher: { text: app.key },
    },
  });
}
