import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openServer, WELL_BEHAVED_MARKET } from './index.ts';

test('a caller in this process is answered as over the wire, with the same rates of mishaps', async () => {
  let mishap: 'none' | 'serverErrors' | 'lostAnswers' = 'none';
  const market = {
    rates: () => ({ ...WELL_BEHAVED_MARKET, ...(mishap === 'none' ? {} : { [mishap]: 1 }) }),
    dice: { chance: (rate: number) => rate === 1 },
  } as unknown as Parameters<typeof openServer>[0];
  const server = await openServer(market, {}, ({ method, url, headers, body }) => ({
    name: 'echo',
    refused: null,
    status: 201,
    headers: { 'x-more': 'yes' },
    body: JSON.stringify([method, url.pathname, url.search, headers['x-sign'], body]),
  }));
  const call = { method: 'POST', headers: { 'X-Sign': 'abc', 'content-type': 'text/plain' }, body: 'a body' };
  try {
    for (mishap of ['none', 'serverErrors', 'lostAnswers'] as const) {
      const [here, there] = await Promise.all(
        [server.send, fetch].map((send) =>
          send(`${server.url}/a/path?q=1`, call).then(
            async (answer) => [answer.status, answer.headers.get('content-type'), answer.headers.get('x-more'), await answer.text()],
            (error: unknown) => error instanceof TypeError,
          ),
        ),
      );
      expect(here).toEqual(there);
      expect(here).toEqual(
        {
          none: [201, 'application/json', 'yes', JSON.stringify(['POST', '/a/path', '?q=1', 'abc', 'a body'])],
          serverErrors: [502, 'text/html', null, '<html>502</html>'],
          lostAnswers: true,
        }[mishap],
      );
    }
    expect(server.calls().length).toBe(4); // a gateway's error is no call of the platform
  } finally {
    await server.close();
  }
});

test('who asks for a socket, is refused and hangs up with a reset does not end the platform', async () => {
  const market = { rates: () => WELL_BEHAVED_MARKET, dice: { chance: () => false } } as unknown as Parameters<typeof openServer>[0];
  const refused = Promise.withResolvers<void>();
  const server = await openServer(
    market,
    {},
    () => ({ status: 200, body: '{}' }) as never,
    (_request, socket) => {
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      socket.emit('error', new Error('read ECONNRESET'));
      refused.resolve();
    },
  );
  try {
    const { port } = new URL(server.url);
    const client = connect(Number(port), '127.0.0.1').on('error', () => {});
    await once(client, 'connect');
    client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await refused.promise;
    client.destroy();
    expect((await fetch(`${server.url}/anything`, { method: 'POST', body: '{}' })).status).toBe(200);
  } finally {
    await server.close();
  }
});
