import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { Conversation } from '@weir/connectors/adapter';
import { type WebSocket, WebSocketServer } from 'ws';
import { failure, fakeAdapter } from '../../../../tests/support/fake-channel.ts';
import { waitUntil } from '../../../../tests/support/index.ts';
import { manualClock, silentLog, systemClock } from '#platform';
import { pauseOf } from './keep-links.ts';
import type { Link, LinkDeps } from './link.ts';
import { serveSocket } from './serve-socket.ts';

let closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

async function served(more: Partial<Conversation> = {}, keep: () => Promise<void> = async () => {}) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const peers: WebSocket[] = [];
  server.on('connection', (peer) => peers.push(peer));
  await new Promise((resolve) => server.once('listening', resolve));
  const stopping = new AbortController();
  const steady = manualClock(0);
  let [isAllowed, kept] = [true, 0];
  const deps: LinkDeps = {
    clock: systemClock,
    steady,
    log: silentLog,
    arrivals: {
      async keep() {
        kept += 1;
        await keep();
      },
      again: async () => true,
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    stopping: stopping.signal,
    reach: () => {},
  };
  const conversation: Conversation = {
    begin: () => [],
    hear: (frame) => ({ messages: [{ id: String(frame), bytes: Buffer.from(String(frame)) }], frames: [] }),
    confirm: (messages) => messages.map(({ id }) => `ok ${id}`),
    tick: () => ({ frames: [] }),
    ...more,
  };
  const link: Link = {
    appId: 'app_1',
    kind: 'socket',
    adapter: fakeAdapter(),
    app: { key: 'k', secret: 's' },
    baseUrl: null,
    ask: async () => ({ ok: false, failure: failure() }),
    mayWork: () => isAllowed && !stopping.signal.aborted,
    up: () => {},
    heard: () => {},
  };
  const address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const ended = serveSocket(deps, link, { address: () => address, open: () => conversation });
  ended.catch(() => {});
  closing.push(async () => {
    stopping.abort();
    await ended.catch(() => {});
    for (const peer of server.clients) peer.terminate();
    server.close();
  });
  await waitUntil('it stands', () => peers.length === 1);
  return { peer: peers[0] as WebSocket, steady, ended, kept: () => kept, forbid: () => void (isAllowed = false), stopping };
}

test('a platform from which nothing comes for minutes is taken for gone; whoever pings is there', async () => {
  const { peer, steady, ended } = await served();
  let pongs = 0;
  peer.on('pong', () => (pongs += 1));
  steady.advance(299_000);
  peer.ping();
  await waitUntil('the ping is answered', () => pongs === 1);
  steady.advance(299_000);
  peer.ping();
  await waitUntil('the other ping is answered', () => pongs === 2);
  const advancing = setInterval(() => steady.advance(301_000), 200);
  await expect(ended).rejects.toMatchObject({ code: 'silent' });
  clearInterval(advancing);
});

test('a conversation says what is to be said now, and when the other side is silent for too long', async () => {
  let ticks = 0;
  const { peer, steady, ended } = await served({
    tick: () => (++ticks < 3 ? { frames: [`tick ${ticks}`] } : { frames: [], broken: 'no heartbeat' }),
  });
  const heard: string[] = [];
  peer.on('message', (data) => heard.push((data as Buffer).toString()));
  const advancing = setInterval(() => steady.advance(1_000), 20);
  await expect(ended).rejects.toMatchObject({ code: 'conversation', text: 'no heartbeat' });
  clearInterval(advancing);
  expect(heard).toEqual(['tick 1', 'tick 2']);
});

test('no more messages are under way than may be, and none is confirmed before it is durable', async () => {
  const gate = Promise.withResolvers<void>();
  let [underWay, most, durable, early] = [0, 0, 0, 0];
  const { peer } = await served({}, async () => {
    most = Math.max(most, ++underWay);
    await gate.promise;
    underWay -= 1;
    durable += 1;
  });
  const confirmed: string[] = [];
  peer.on('message', (data) => {
    confirmed.push((data as Buffer).toString());
    if (confirmed.length > durable) early += 1;
  });
  for (let i = 0; i < 1_000; i++) peer.send(String(i));
  await waitUntil('so many are under way', () => underWay === 200);
  gate.resolve();
  await waitUntil('all are confirmed', () => confirmed.length === 1_000);
  expect([most, durable, early]).toEqual([200, 1_000, 0]);
  expect(new Set(confirmed).size).toBe(1_000);
});

test('what was under way when the lease went is still confirmed once it is durable, and nothing else is taken', async () => {
  const gate = Promise.withResolvers<void>();
  const { peer, kept, forbid, ended } = await served({}, () => gate.promise);
  const confirmed: string[] = [];
  peer.on('message', (data) => confirmed.push((data as Buffer).toString()));
  peer.send('a');
  await waitUntil('it is under way', () => kept() === 1);
  forbid();
  gate.resolve();
  await ended;
  await waitUntil('it is confirmed', () => confirmed.length === 1);
  expect(confirmed).toEqual(['ok a']);
});

test('pauses grow up to a minute, differ from each other, and are at least what the platform asked for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, dice) => {
      const full = Math.min(60_000, 500 * 2 ** (failures - 1));
      expect(pauseOf(failures, () => dice, null)).toBe(Math.round(full * (0.5 + 0.5 * dice)));
      expect(pauseOf(failures, () => dice, failure({ retryAfterMs: 20_000 }))).toBeGreaterThanOrEqual(20_000);
      expect(pauseOf(failures, () => dice, failure({ retryAfterMs: 9_000_000 }))).toBeLessThanOrEqual(60_000);
    }),
  );
});
