/** What is checked is what is connected to: names with private answers, changing answers, redirects. Receivers are real, on loopback. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { steadyClock } from '#platform';
import { AddressRefused, checkReachable, guardedLookup, type Resolve } from './address.ts';
import { createCaller } from './attempt.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
/** A receiver that counts who knocks, and answers `status`. */
async function door(status = 200, headers: Record<string, string> = {}): Promise<{ port: number; knocks: () => number }> {
  let knocks = 0;
  const server = createServer((_, response) => void response.writeHead(status, headers).end());
  server.on('connection', () => void knocks++);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, knocks: () => knocks };
}
/** A resolver that gives one answer after the other, the last one for ever. */
function resolver(...answers: readonly (readonly string[])[]): { resolve: Resolve; asked: () => number } {
  let asked = 0;
  const resolve: LookupFunction = (_, options, callback) => {
    const now = (answers[Math.min(asked++, answers.length - 1)] as readonly string[]).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    if (options.all) callback(null, now);
    else callback(null, now[0]?.address ?? '', now[0]?.family);
  };
  return { resolve, asked: () => asked };
}
async function post(url: string, allowed: boolean, resolve: Resolve, times = 1) {
  const caller = createCaller({ url, allowed, connections: 1, clock: steadyClock, steady: steadyClock, resolve });
  const answers = [];
  for (let i = 0; i < times; i++) answers.push(await caller.attempt(['content-type', 'text/plain'], Buffer.from('x')));
  await caller.close();
  return answers;
}

const PUBLIC = '1.1.1.1';
test.each([
  ['a private answer', ['127.0.0.1']],
  ['a private answer among public ones', [PUBLIC, '127.0.0.1']],
  ['a metadata service', ['169.254.169.254']],
  ['a mapped answer', ['::ffff:127.0.0.1']],
  ['an answer with a zone', ['fe80::1%lo']],
  ['nonsense', ['localhost']],
])('a name with %s is refused, at creation and at the connection', async (_, answer) => {
  const { port, knocks } = await door();
  const { resolve } = resolver(answer);
  await expect(checkReachable(`http://hooks.example.com:${port}/`, false, resolve)).rejects.toThrow(AddressRefused);
  expect(await post(`http://hooks.example.com:${port}/`, false, resolve)).toEqual([
    { reached: false, status: null, error: 'address_refused', retryAfterMs: null, answer: null },
  ]);
  expect(knocks()).toBe(0);
});

test('a name that is public when the endpoint is made and private when it is called gets nothing', async () => {
  const { port, knocks } = await door();
  const { resolve } = resolver([PUBLIC], ['127.0.0.1']);
  await checkReachable(`http://rebind.example.com:${port}/`, false, resolve);
  const answers = await post(`http://rebind.example.com:${port}/`, false, resolve, 2);
  expect(answers.map((answer) => 'error' in answer && answer.error)).toEqual(['address_refused', 'address_refused']);
  expect(knocks()).toBe(0);
});

test('a name is looked up once for a connection, and what was checked is what is connected to', async () => {
  const { port, knocks } = await door();
  const { resolve, asked } = resolver(['127.0.0.1'], ['127.0.0.99']);
  expect(await post(`http://pinned.example.com:${port}/`, true, resolve, 3)).toEqual(
    [200, 200, 200].map((status) => ({ status, digest: null })),
  );
  expect([knocks(), asked()]).toEqual([1, 1]);
  const twice = resolver([PUBLIC], ['127.0.0.1']);
  const found = await new Promise((settle) =>
    guardedLookup(false, twice.resolve)('rebind.example.com', { all: true }, (_, answer) => settle(answer)),
  );
  expect([found, twice.asked()]).toEqual([[{ address: PUBLIC, family: 4 }], 1]);
});

test.each([301, 302, 303, 307, 308])('a redirect (%i) is a failed try and nobody follows it', async (status) => {
  const inner = await door();
  const outer = await door(status, { location: `http://127.0.0.1:${inner.port}/` });
  const { resolve } = resolver(['127.0.0.1']);
  const answers = await post(`http://hooks.example.com:${outer.port}/`, true, resolve);
  expect(answers).toEqual([{ reached: true, status, error: `http_${status}`, retryAfterMs: null, answer: null }]);
  expect([outer.knocks(), inner.knocks()]).toEqual([1, 0]);
});

test('a name that cannot be looked up now is no reason to refuse the endpoint', async () => {
  const failing: Resolve = (_, __, callback) => callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
  await expect(checkReachable('https://hooks.example.com/', false, failing)).resolves.toBeUndefined();
});
