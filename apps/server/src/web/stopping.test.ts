import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { createLog, silentLog } from '#platform';
import { testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { createHttp } from './http.ts';

test('whoever still comes while the house stops hears so in both languages, and when to come again', async () => {
  const app = createHttp({ log: silentLog, authenticate: () => Promise.resolve(null) });
  let release = (): void => {};
  app.get('/slow', () => new Promise((resolve) => (release = () => resolve({ ok: true }))));
  app.get('/', () => ({ ok: true }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  let said = '';
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1').on('data', (part) => (said += part.toString()));
  const get = (path: string): void => void socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  const before = release;
  get('/slow');
  await waitUntil('it is under way', () => release !== before);
  const closed = app.close();
  get('/'); // on a connection that is busy, and so not closed yet
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  release();
  await waitUntil('both are answered', () => said.includes('server.stopping'));
  expect(said).toContain('{"ok":true}');
  expect(said).toMatch(/HTTP\/1\.1 503 [^]*retry-after: 5[^]*"code":"server\.stopping"/);
  expect(said).toContain('服务器正在停止');
  await closed;
});

test('a house without built pages says so once, and its API answers', async () => {
  const lines: string[] = [];
  const house = await testHouse({
    pages: '/nowhere',
    log: createLog({ write: (line) => void lines.push(line), pretty: false, level: 'warn' }),
  });
  expect(lines.filter((line) => line.includes('console.not_built'))).toHaveLength(1);
  expect((await house.send('GET', '/healthz')).status).toBe(200);
  await house.close();
});
