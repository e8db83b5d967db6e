import { connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { silentLog } from '#platform';
import type { Caller } from './caller.ts';
import { createHttp } from './http.ts';
import { createReadBody } from './read-body.ts';

const KNOWN: Caller = { id: 'tok_1', name: 'one', role: 'admin', shops: null };
const ROOM = { all: 60_000, strangers: 20_000 };

async function listening() {
  const app = createHttp({ log: silentLog, authenticate: (request) => Promise.resolve(request.headers.authorization ? KNOWN : null) });
  app.addContentTypeParser('text/plain', createReadBody(ROOM));
  const lengthOf = async (request: { body: unknown }) => ({ bytes: (request.body as Buffer).length });
  app.post('/', lengthOf);
  app.post('/small', { bodyLimit: 10 }, lengthOf);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const sockets: Socket[] = [];
  return {
    /** Sends as it is; what came back is in `said()`. */
    open(text: string) {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      let said = '';
      socket.on('data', (part) => (said += part.toString())).on('error', () => {});
      socket.write(text);
      return { socket, said: () => said };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await app.close();
    },
  };
}
const head = (more: string, path = '/'): string => `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\n${more}\r\n\r\n`;
const CHUNKED = 'transfer-encoding: chunked';
const known = 'authorization: x\r\n';

test('a body comes out as it went in, in however many pieces it came', async () => {
  const here = await listening();
  const whole = here.open(`${head('content-length: 5')}12345`);
  const pieces = here.open(`${head(CHUNKED)}${'1\r\na\r\n'.repeat(10_000)}0\r\n\r\n`);
  const empty = here.open(`${head('content-length: 0')}`);
  await waitUntil('all are answered', () => [whole, pieces, empty].every(({ said }) => said() !== ''));
  expect(whole.said()).toContain('{"bytes":5}');
  expect(pieces.said()).toContain('{"bytes":10000}');
  expect(empty.said()).toContain('{"bytes":0}');
  await here.close();
});

test('crumbs without end, and a body larger than its route takes, are refused', async () => {
  const here = await listening();
  const crumbs = here.open(`${head(known + CHUNKED)}${'1\r\na\r\n'.repeat(20_000)}`);
  const announced = here.open(`${head('content-length: 11', '/small')}12345`);
  const grown = here.open(`${head(CHUNKED, '/small')}6\r\n123456\r\n6\r\n123456\r\n`);
  await waitUntil('all are answered', () => [crumbs, announced, grown].every(({ said }) => said() !== ''));
  for (const { said } of [crumbs, announced, grown]) expect(said()).toMatch(/^HTTP\/1\.1 413 [^]*"code":"request\.too_large"/);
  await here.close();
});

test('when the room for bodies is taken the next is asked to come again; strangers leave room for those we know', async () => {
  const here = await listening();
  const waiting = (more: string) => here.open(`${head(`${more}content-length: 15000`)}1`);
  waiting('');
  const second = waiting('');
  await waitUntil('the stranger is sent away', () => second.said() !== '');
  expect(second.said()).toMatch(/^HTTP\/1\.1 503 /);
  expect(second.said()).toContain('retry-after: 1');
  expect(second.said()).toContain('"code":"server.full"');
  const held = [waiting(known), waiting(known), waiting(known)];
  const last = waiting(known);
  await waitUntil('one too many is sent away', () => last.said() !== '');
  expect(last.said()).toContain('"code":"server.full"');
  expect(held.map(({ said }) => said())).toEqual(['', '', '']);
  held[0]?.socket.destroy();
  await waitUntil('its room is free again', async () => {
    const again = here.open(`${head(`${known}content-length: 15000`)}${'1'.repeat(15_000)}`);
    await waitUntil('it is answered', () => again.said() !== '');
    return again.said().includes('{"bytes":15000}');
  });
  await here.close();
});

test('an answer that goes out before its request is whole ends the connection, also of a GET', async () => {
  const here = await listening();
  const { socket, said } = here.open('GET /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n1');
  const drip = setInterval(() => socket.write('1'), 20);
  await waitUntil('it is closed', () => socket.closed);
  clearInterval(drip);
  expect(said()).toContain('connection: close');
  await here.close();
});
