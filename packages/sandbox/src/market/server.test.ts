import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openServer, WELL_BEHAVED_MARKET } from './index.ts';

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
