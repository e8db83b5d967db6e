/** The message socket of the simulated platform: frames out, acknowledgements in. A message that nobody acknowledges is sent again later. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { KeptMessages } from '../market/mailbox.ts';
import type { SandboxApp } from '../market/platform.ts';
import { isSocketPath } from './check-call.ts';

const MAX_FRAME_BYTES = 100_000;
const MAX_AT_ONCE = 1_000;
/** After so many answered pings whoever is connected has had its turn to acknowledge; one that needs longer acknowledges later. */
const TURNS = 3;

export interface SocketDesk {
  readonly app: SandboxApp;
  readonly kept: KeptMessages;
  /** ms since 1970, the platform's clock. */
  now(): number;
}
export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends what is due to whoever is connected; how many were acknowledged before it ended. */
  deliver(): Promise<number>;
  close(): void;
}

export function createSockets({ app, kept, now }: SocketDesk): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const open = new Set<WebSocket>();
  let acknowledged = 0;

  function welcome(connection: WebSocket): void {
    open.add(connection);
    connection.on('close', () => open.delete(connection));
    connection.on('error', () => connection.terminate());
    connection.on('message', (data: Buffer) => hear(connection, data.toString('utf8')));
    connection.send(heartbeat());
  }
  const heartbeat = (): string => `{"commandType":"HeartBeat","time":${now()}}`;
  function hear(connection: WebSocket, text: string): void {
    const command = /"commandType":"(\w+)"/.exec(text)?.[1];
    // Read from the text, for the id is beyond what a number holds.
    const id = /"id":(\d+)[,}]/.exec(text)?.[1];
    if (command === 'HeartBeat') connection.send(heartbeat());
    else if (command === 'Ack' && id !== undefined && kept.confirm(id)) acknowledged += 1;
    else if (command !== 'Ack') connection.send('{"commandType":"Fail"}');
  }

  return {
    upgrade(request, socket, head) {
      if (!isSocketPath(app, request.url ?? '', Math.floor(now() / 1_000))) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      server.handleUpgrade(request, socket, head, welcome);
    },
    async deliver() {
      await kept.deliver();
      const connection = [...open].find((each) => each.readyState === WebSocket.OPEN);
      if (connection === undefined) return 0;
      const before = acknowledged;
      for (const { id, body } of kept.take(MAX_AT_ONCE))
        connection.send(`{"id":${id},"commandType":"Common","time":${now()},"sendTime":${now()},"message":${body}}`);
      for (let turn = 0; turn < TURNS; turn++) await answered(connection);
      return acknowledged - before;
    },
    close() {
      for (const connection of open) connection.terminate();
      server.close();
    },
  };
}

/** Resolves with the pong, or when the connection is gone. */
const answered = (connection: WebSocket): Promise<void> =>
  new Promise((resolve) => {
    if (connection.readyState !== WebSocket.OPEN) return resolve();
    const done = (): void => {
      connection.off('pong', done);
      connection.off('close', done);
      resolve();
    };
    connection.once('pong', done);
    connection.once('close', done);
    connection.ping();
  });
