import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ANSWER_BYTES, overTheWire } from './over-the-wire.ts';

let server: Server;
let answer: (response: ServerResponse) => void = (response) => response.end();
beforeAll(async () => {
  server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const stopping = new AbortController();
const ask = () => {
  const { port } = server.address() as AddressInfo;
  return overTheWire(stopping.signal)(`http://127.0.0.1:${port}/x`, { method: 'POST', headers: {}, body: '{}' });
};

test('an answer comes whole, with its status and headers', async () => {
  answer = (response) => response.writeHead(429, { 'retry-after': '7' }).end('{"a":"龙井"}');
  const response = await ask();
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
  expect(Buffer.from(await response.arrayBuffer()).toString()).toBe('{"a":"龙井"}');
});

test('an answer without an end is given up at its limit, whatever it says of its length', async () => {
  let sent = 0;
  const part = Buffer.alloc(1024 * 1024, 120);
  answer = (response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(part)) sent += part.length;
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };
  await expect((await ask()).arrayBuffer()).rejects.toThrow(`longer than ${ANSWER_BYTES} bytes`);
  expect(sent).toBeLessThan(ANSWER_BYTES * 4);
});

test('a redirect is an error: our signature and token go nowhere else', async () => {
  answer = (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
  await expect(ask()).rejects.toThrow('fetch failed');
});
