/**
 * One websocket to a platform, bounded in size and in time. Frames wait until they are taken; while too many wait, the connection is not read, so that the
 * platform has to wait and nothing is lost. The client is undici's, which is Node's own, because only there a limit for frames can be set.
 */
import type { Socket } from 'node:net';
import type { Frame } from '@weir/connectors/adapter';
import { Agent, buildConnector, WebSocket } from 'undici';

const FRAME_BYTES = 1024 * 1024;
/** Parts that one message may come in. */
const FRAME_PARTS = 1_000;
const CONNECT_MS = 10_000;
const CLOSE_MS = 1_000;
/** Frames that wait, and their bytes, beyond which the connection is not read. */
const WAITING_FRAMES = 500;
const WAITING_BYTES = 4 * FRAME_BYTES;
/** What was read before reading stopped comes on top; beyond this the connection is given up. */
const MOST_WAITING_BYTES = 4 * WAITING_BYTES;
/** Of ours, that the other side does not take. */
const UNSENT_BYTES = 4 * FRAME_BYTES;

export const WIRE_LIMITS = { FRAME_BYTES, WAITING_FRAMES, CONNECT_MS };

/** The connection is over, or never came about; `code` is ours, or the number with which it was closed. Nothing of the other side's text is in it. */
export class WireBroken extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}
export interface Wire {
  /** The next frame, or null when there is none within `ms` or the house stops. Throws `WireBroken` when the connection is over and all was taken. */
  next(ms: number): Promise<Frame | null>;
  send(frames: readonly Frame[]): void;
  /** Bytes that came, also those that are no frame of a message: whoever pings is alive. */
  bytesHeard(): number;
  /** Ends it in the proper way, and within a second in any way. */
  close(): Promise<void>;
}
export interface WireLimits {
  readonly frameBytes?: number;
  readonly connectMs?: number;
}

export async function openWire(address: string, stopping: AbortSignal, limits: WireLimits = {}): Promise<Wire> {
  const { frameBytes = FRAME_BYTES, connectMs = CONNECT_MS } = limits;
  let socket: Socket | undefined;
  const connect = buildConnector({ timeout: connectMs, allowH2: false });
  const agent = new Agent({
    connect: (options, done) =>
      connect(options, (...found) => {
        if (found[1] !== null) [, socket] = found;
        done(...found);
      }),
    connections: 1,
    headersTimeout: connectMs,
    webSocket: { maxPayloadSize: frameBytes, maxFragments: FRAME_PARTS },
  });
  const end = async (): Promise<void> => {
    socket?.destroy();
    await agent.destroy().catch(() => {});
  };
  let ws: WebSocket;
  try {
    ws = new WebSocket(address, { dispatcher: agent });
  } catch {
    await end();
    throw new WireBroken('bad_address');
  }
  ws.binaryType = 'arraybuffer';
  const heard = listen(ws, () => socket, stopping);
  try {
    await stands(ws, stopping, connectMs);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    next: heard.next,
    bytesHeard: () => socket?.bytesRead ?? 0,
    send(frames) {
      for (const frame of frames) if (ws.readyState === WebSocket.OPEN) ws.send(frame);
      if (ws.bufferedAmount > UNSENT_BYTES) heard.breaks('takes_nothing');
    },
    async close() {
      const closed = new Promise<void>((resolve) => ws.addEventListener('close', () => resolve(), { once: true }));
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, CLOSE_MS);
      socket?.resume(); // the other side's farewell must be heard
      ws.close(1000);
      if (ws.readyState !== WebSocket.CLOSED) await Promise.race([closed, late.promise]);
      clearTimeout(timer);
      await end();
    },
  };
}

/** Resolves when the connection stands. */
async function stands(ws: WebSocket, stopping: AbortSignal, connectMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (code: string) => (): void => reject(new WireBroken(code));
  const [onLate, onStop, onClose] = [fail('connect_timeout'), fail('stopping'), fail('no_connection')];
  const timer = setTimeout(onLate, connectMs);
  stopping.addEventListener('abort', onStop);
  ws.addEventListener('open', () => resolve(), { once: true });
  ws.addEventListener('close', onClose, { once: true });
  ws.addEventListener('error', onClose, { once: true });
  try {
    if (stopping.aborted) throw new WireBroken('stopping');
    await promise;
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', onStop);
  }
}

const sizeOf = (frame: Frame): number => (typeof frame === 'string' ? Buffer.byteLength(frame) : frame.length);

/** Keeps what comes until it is taken. */
function listen(ws: WebSocket, socketOf: () => Socket | undefined, stopping: AbortSignal) {
  const waiting: Frame[] = [];
  let [bytes, wake] = [0, (): void => {}];
  let over: WireBroken | null = null;
  const breaks = (code: string): void => {
    over ??= new WireBroken(code);
    socketOf()?.destroy();
    wake();
  };
  ws.addEventListener('message', ({ data }: { readonly data: unknown }) => {
    if (over !== null) return;
    const frame: Frame = typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer);
    waiting.push(frame);
    bytes += sizeOf(frame);
    // Again with each frame: the client reads on by itself once it has handled what it had.
    if (waiting.length > WAITING_FRAMES || bytes > WAITING_BYTES) socketOf()?.pause();
    if (bytes > MOST_WAITING_BYTES) breaks('too_much');
    wake();
  });
  const onStop = (): void => wake();
  stopping.addEventListener('abort', onStop);
  ws.addEventListener('error', () => wake());
  ws.addEventListener('close', ({ code }: { readonly code: number }) => {
    over ??= new WireBroken(`closed_${code}`);
    stopping.removeEventListener('abort', onStop);
    wake();
  });
  const take = (): Frame | null => {
    const frame = waiting.shift();
    if (frame === undefined) return null;
    bytes -= sizeOf(frame);
    if (waiting.length < WAITING_FRAMES / 2 && bytes < WAITING_BYTES / 2) socketOf()?.resume();
    return frame;
  };
  return {
    breaks,
    async next(ms: number): Promise<Frame | null> {
      if (waiting.length === 0 && over === null && !stopping.aborted) await woken(ms, (ring) => (wake = ring));
      const frame = take();
      if (frame === null && over !== null) throw over;
      return frame;
    },
  };
}

async function woken(ms: number, hear: (ring: () => void) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  hear(resolve);
  await promise;
  clearTimeout(timer);
}
