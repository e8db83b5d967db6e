/** Sockets that do what no client does. */
import { connect, type Socket } from 'node:net';

export interface Said {
  /** All that came back. */
  readonly text: string;
  readonly status: number | null;
  readonly code: string | null;
  readonly zh: string | null;
  /** How many bytes had been handed over when the answer came. */
  readonly sentBytes: number;
  readonly isClosed: boolean;
}
const LIMIT_MS = 60_000;
const AFTER_ANSWER_MS = 10_000;
const KEPT = 64 * 1024;

/** Sends parts as fast as they are taken, until they end or something comes back, and waits for the end. */
export async function talk(port: number, parts: Iterable<Buffer | string>, more: { readonly pauseMs?: number } = {}): Promise<Said> {
  const socket = connect(port, '127.0.0.1');
  let [text, sentBytes, sentAtAnswer, isClosed] = ['', 0, -1, false];
  const closed = new Promise<void>((resolve) => socket.once('close', () => ((isClosed = true), resolve())));
  const answered = new Promise<void>((resolve) =>
    socket.on('data', (part: Buffer) => {
      if (sentAtAnswer < 0) sentAtAnswer = sentBytes;
      if (text.length < KEPT) text += part.toString('latin1');
      resolve();
    }),
  );
  socket.on('error', () => {}); // the other end may hang up on us: that is what is wanted
  const limit = setTimeout(() => socket.destroy(), LIMIT_MS);
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), closed]);
  for (const part of parts) {
    if (isClosed || sentAtAnswer >= 0 || socket.destroyed) break;
    sentBytes += part.length;
    if (!socket.write(part)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed, answered]);
    if (more.pauseMs !== undefined) await Promise.race([new Promise((resolve) => setTimeout(resolve, more.pauseMs)), closed, answered]);
  }
  await Promise.race([closed, answered]);
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, AFTER_ANSWER_MS))]);
  clearTimeout(limit);
  const wasClosed = isClosed;
  socket.destroy();
  return { ...read(text), sentBytes: sentAtAnswer < 0 ? sentBytes : sentAtAnswer, isClosed: wasClosed };
}

function read(latin: string): Pick<Said, 'text' | 'status' | 'code' | 'zh'> {
  const text = Buffer.from(latin, 'latin1').toString('utf8');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  return {
    text,
    status: status === undefined ? null : Number(status),
    code: /"code":"([^"]+)"/.exec(text)?.[1] ?? null,
    zh: /"detailZh":"([^"]+)"/.exec(text)?.[1] ?? null,
  };
}

export const head = (method: string, path: string, headers: Readonly<Record<string, string>>): string =>
  `${[`${method} ${path} HTTP/1.1`, 'host: weir.test', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`;

export function* body(bytes: number, fill: Buffer, isChunked: boolean): Generator<Buffer> {
  const part = isChunked ? Buffer.concat([Buffer.from(`${fill.length.toString(16)}\r\n`), fill, Buffer.from('\r\n')]) : fill;
  for (let sent = 0; sent < bytes; sent += fill.length) yield part;
}

/** Connections that say nothing; those that were refused or dropped are not among them. */
export async function idle(port: number, count: number): Promise<{ readonly open: Socket[]; readonly refused: number }> {
  const open: Socket[] = [];
  let refused = 0;
  const AT_ONCE = 200;
  for (let n = 0; n < count; n += AT_ONCE)
    await Promise.all(
      Array.from(
        { length: Math.min(AT_ONCE, count - n) },
        () =>
          new Promise<void>((resolve) => {
            const socket = connect(port, '127.0.0.1');
            socket.once('connect', () => (open.push(socket), resolve()));
            socket.resume(); // else nobody notices that the other end has hung up
            socket.on('error', () => (refused++, resolve()));
          }),
      ),
    );
  return { open, refused };
}
