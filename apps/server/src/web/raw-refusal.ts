/** Noes that are said before a request is one, or while it is still coming: on the socket itself, in the same form as all others. */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorCode, type ErrorParams, problemDocument } from '@weir/contract';

/** What Node's parser and its timers say, by their codes; anything else is no HTTP. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'request.headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'request.headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
};
/**
 * A socket that is closed while something unread lies in it is reset, and the answer with it. So what still comes is taken and thrown away, this
 * long and this much at most, until the other end has heard the no.
 */
const LINGER_MS = 2_000;
const LINGER_BYTES = 16 * 1024 * 1024;
const LOOK_EVERY_MS = 50;

const answered = new WeakSet<Socket>();

export function refuseSocket(error: Error & { readonly code?: string }, socket: Socket): void {
  if (answered.has(socket)) return; // it goes on sending
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  answerSocket(socket, CODES[error.code ?? ''] ?? 'request.not_http');
}

/** Answers and closes; whoever goes on sending is not listened to any more. */
export function answerSocket(socket: Socket, code: ErrorCode, params: ErrorParams = {}): void {
  answered.add(socket);
  const document = problemDocument(code, params);
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status] ?? ''}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ].join('\r\n');
  socket.write(`${head}\r\n\r\n${body}`);
  socket.removeAllListeners('data').on('data', () => {});
  linger(socket);
}

/** For an answer that goes out while its request still comes: the connection ends after it, and not so soon that nobody hears it. */
export function endAfterAnswer({ socket }: IncomingMessage): void {
  socket.destroySoon = () => linger(socket);
}

function linger(socket: Socket): void {
  const [from, until] = [socket.bytesRead, performance.now() + LINGER_MS];
  socket.end();
  socket.resume();
  const timer = setInterval(() => {
    if (performance.now() > until || socket.bytesRead - from > LINGER_BYTES) socket.destroy();
  }, LOOK_EVERY_MS).unref();
  socket.once('close', () => clearInterval(timer));
}
