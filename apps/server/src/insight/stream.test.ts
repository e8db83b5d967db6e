/** Who may no longer read is shut out of a stream that was open before. */
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { silentLog } from '#platform';
import { type Caller, createHttp } from '#web';
import { streamRoutes } from './stream.ts';

const HEARTBEAT_MS = 20;
const READER: Caller = { id: 'tok_1', name: 'screen', role: 'operations', shops: new Set(['own/s1']) };
let who: Caller | null = READER;
let closing: (() => Promise<void>) | undefined;
afterEach(() => closing?.());

type Worked = Parameters<Parameters<Parameters<typeof streamRoutes>[1]['onWorked']>[0]>[0];
const eventOf = (shop: string) => ({
  subjectKey: `KEY-${shop}`,
  version: 1,
  type: 'order.created',
  state: JSON.stringify({ status: 'paid', channel: 'own', shop }),
});

async function open() {
  who = READER;
  let asked = 0;
  const app = createHttp({ log: silentLog, authenticate: async () => who });
  let worked: (worked: Worked) => void = () => {};
  const authenticate = async (): Promise<Caller | null> => {
    asked += 1;
    if (who?.id === 'down') throw new Error('the database is away');
    return who;
  };
  streamRoutes(app, {
    onWorked: (listener) => (worked = listener),
    worker: { state: () => ({ holds: true }) },
    authenticate,
    heartbeatMs: HEARTBEAT_MS,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  closing = () => app.close();
  const response = await fetch(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1/stream`);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let text = '';
  const until = async (part: string): Promise<void> => {
    while (!text.includes(part)) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`ended: ${text}`);
      text += new TextDecoder().decode(value);
    }
  };
  const end = async (): Promise<string> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += new TextDecoder().decode(value);
    }
  };
  const tell = (shop: string): void => worked({ events: [eventOf(shop)] } as unknown as Worked);
  return { until, end, tell, asked: () => asked };
}

test.each([
  ['was revoked, removed or logged out', null],
  ['has another role', { ...READER, role: 'owner' }],
  ['cannot be asked for', { ...READER, id: 'down' }],
] as const)('a stream ends at the next heartbeat once its reader %s', async (_, after) => {
  const stream = await open();
  stream.tell('s1');
  await stream.until('KEY-s1');
  who = after;
  expect(await stream.end()).toContain('KEY-s1');
});

test('other shops count from the next heartbeat on', async () => {
  const stream = await open();
  who = { ...READER, shops: new Set(['own/s2']) };
  const before = stream.asked();
  await waitUntil('a whole beat has passed', () => stream.asked() >= before + 2);
  stream.tell('s1');
  stream.tell('s2');
  await stream.until('KEY-s2');
  who = null;
  expect(await stream.end()).not.toContain('KEY-s1');
});
