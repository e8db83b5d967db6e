import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { watchBodies } from './body-clock.ts';

const LIMIT_MS = 100;
async function listening(knock: () => Promise<void>): Promise<{ readonly port: number; close(): Promise<void> }> {
  const app = fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  app.addContentTypeParser('application/x-ndjson', (_, payload, done) => done(null, payload));
  watchBodies(app, LIMIT_MS);
  app.addHook('onRequest', knock);
  app.post('/', async (request) => {
    if (Buffer.isBuffer(request.body)) return { bytes: request.body.length };
    let bytes = 0;
    for await (const part of request.body as AsyncIterable<Buffer>) bytes += part.length;
    return { bytes };
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}

/** Sends the opening and then never the rest, unless `more` says so. `knock` is what we do before we listen to the body. */
async function said(
  type: string,
  more?: (said: () => string, write: (text: string) => void) => Promise<void>,
  knock: () => Promise<void> = () => Promise.resolve(),
): Promise<{ text: string; isClosed: boolean }> {
  const { port, close } = await listening(knock);
  const socket = connect(port, '127.0.0.1');
  let [text, isClosed] = ['', false];
  socket
    .on('data', (part) => (text += part.toString()))
    .on('close', () => (isClosed = true))
    .on('error', () => {});
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 4\r\n\r\n1`);
  if (more)
    await more(
      () => text,
      (part) => void socket.write(part),
    );
  await waitUntil('something came back', () => text !== '');
  if (!more) await waitUntil('it is closed', () => isClosed);
  socket.destroy();
  await close();
  return { text, isClosed };
}

test('a body that does not come to its end is answered in both languages, and its connection is closed', async () => {
  const { text, isClosed } = await said('application/json');
  expect(text).toMatch(/^HTTP\/1\.1 408 /);
  expect(text).toContain('"code":"request.timeout"');
  expect(text).toContain('请求来得太慢');
  expect(isClosed).toBe(true);
});

test('a stream may take longer', async () => {
  const { text } = await said('application/x-ndjson', async (heard, write) => {
    const from = performance.now();
    await waitUntil('the limit is long over', () => performance.now() - from > 3 * LIMIT_MS);
    expect(heard()).toBe('');
    write('234');
  });
  expect(text).toContain('{"bytes":4}');
});

test('what we take ourselves, e.g. to ask a slow database who is calling, is not counted as theirs', async () => {
  const { text } = await said(
    'application/json',
    (_, write) => Promise.resolve(write('234')),
    () => new Promise((resolve) => setTimeout(resolve, 3 * LIMIT_MS)),
  );
  expect(text).toContain('{"bytes":4}');
});
