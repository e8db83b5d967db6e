/** A process that was stopped while it sent a batch: a relay before PostgreSQL that passes on the first part of a long message and then nothing. */
import { createServer, connect, type Socket } from 'node:net';
import { openDb, type Db } from '#platform';

const SHORT_BYTES = 16_000;
const PASSED_BYTES = 12_000;

export interface HalfSent {
  readonly db: Db;
  /** From now on a message longer than an ordinary statement is passed on in part only. */
  arm(): void;
  /** True once a message was cut. */
  isCut(): boolean;
  close(): Promise<void>;
}

export async function halfSent(url: string, name: string): Promise<HalfSent> {
  const address = new URL(url);
  const sockets = new Set<Socket>();
  let [armed, cut] = [false, false];
  const server = createServer((client) => {
    const upstream = connect(Number(address.port), address.hostname);
    let held = false;
    client.on('data', (chunk: Buffer) => {
      if (held) return;
      held = armed && chunk.length > SHORT_BYTES;
      cut ||= held;
      upstream.write(held ? chunk.subarray(0, PASSED_BYTES) : chunk);
    });
    upstream.on('data', (chunk) => client.write(chunk));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.port = String((server.address() as { port: number }).port);
  const db = openDb({ url: through.href, max: 4, name });
  return {
    db,
    arm: () => {
      armed = true;
    },
    isCut: () => cut,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await db.end();
    },
  };
}
