import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { waitUntil } from '../../../../tests/support/index.ts';
import { openWire, type Wire, WIRE_LIMITS, WireBroken } from './wire.ts';

const never = new AbortController().signal;
const LONG_MS = 10_000;
let closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

async function platform(): Promise<{ readonly address: string; readonly peers: WebSocket[] }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const peers: WebSocket[] = [];
  server.on('connection', (peer) => peers.push(peer));
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => {
    for (const peer of server.clients) peer.terminate();
    server.close();
  });
  return { address: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, peers };
}
async function opened(address: string, limits = {}): Promise<Wire> {
  const wire = await openWire(address, never, limits);
  closing.push(() => wire.close());
  return wire;
}

test('text and bytes go both ways, in order', async () => {
  const { address, peers } = await platform();
  const wire = await opened(address);
  const [peer] = peers as [WebSocket];
  const heard: unknown[] = [];
  peer.on('message', (data, isBinary) => heard.push(isBinary ? [...(data as Buffer)] : (data as Buffer).toString()));
  wire.send(['你好', Uint8Array.of(1, 2)]);
  peer.send('a');
  peer.send(Buffer.from([0, 255]));
  expect(await wire.next(LONG_MS)).toBe('a');
  expect(await wire.next(LONG_MS)).toEqual(Uint8Array.of(0, 255));
  expect(await wire.next(1)).toBeNull();
  await waitUntil('the other side heard both', () => heard.length === 2);
  expect(heard).toEqual(['你好', [1, 2]]);
});

test('who does not answer, who hangs up and what is no address is told apart, and none of it is waited for long', async () => {
  const listening = async (greet: (socket: Socket) => void): Promise<string> => {
    const server: Server = createServer(greet).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    closing.push(() => server.close());
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  const held: Socket[] = [];
  const silent = await listening((socket) => held.push(socket.on('error', () => {})));
  await expect(openWire(silent, never, { connectMs: 100 })).rejects.toMatchObject({ code: expect.stringMatching(/timeout|no_connection/) });
  const rude = await listening((socket) => socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'));
  await expect(openWire(rude, never)).rejects.toMatchObject({ code: 'no_connection' });
  await expect(openWire('ftp://127.0.0.1/', never)).rejects.toMatchObject({ code: 'bad_address' });
  const stop = new AbortController();
  const asked = openWire(silent, stop.signal);
  stop.abort();
  await expect(asked).rejects.toBeInstanceOf(WireBroken);
  for (const socket of held) socket.destroy();
});

test('a frame that is too long ends the connection, also when it comes compressed or in parts', async () => {
  const { address, peers } = await platform();
  const wire = await opened(address, { frameBytes: 1_000 });
  const [peer] = peers as [WebSocket];
  peer.send('x'.repeat(500), { fin: false });
  peer.send('x'.repeat(600), { fin: true });
  await expect(wire.next(LONG_MS)).rejects.toMatchObject({ code: expect.stringMatching(/^closed_/) });
});

test('while nobody takes the frames the connection is not read, and then none of them is missing', async () => {
  const { address, peers } = await platform();
  const wire = await opened(address);
  const [peer] = peers as [WebSocket];
  const text = 'x'.repeat(10_000);
  const COUNT = 6_000;
  for (let i = 0; i < COUNT; i++) peer.send(`${i} ${text}`);
  await waitUntil('it stopped reading', async () => {
    const before = wire.bytesHeard();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return before > 0 && wire.bytesHeard() === before;
  });
  expect(wire.bytesHeard()).toBeLessThan(COUNT * 10_000 * 0.5);
  expect(peer.bufferedAmount).toBeGreaterThan(COUNT * 10_000 * 0.3);
  for (let i = 0; i < COUNT; i++) expect(String(await wire.next(LONG_MS)).startsWith(`${i} x`)).toBe(true);
  expect(WIRE_LIMITS.WAITING_FRAMES).toBeLessThan(COUNT);
});

test('what came before the end is still taken', async () => {
  const { address, peers } = await platform();
  const wire = await opened(address);
  const [peer] = peers as [WebSocket];
  peer.send('last words');
  peer.close(4001, 'a reason that may name somebody');
  await waitUntil('it is closed', () => peer.readyState === peer.CLOSED);
  expect(await wire.next(LONG_MS)).toBe('last words');
  await expect(wire.next(LONG_MS)).rejects.toMatchObject({ code: 'closed_4001', message: 'closed_4001' });
});
