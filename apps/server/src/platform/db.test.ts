import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { openDb } from './db.ts';

/** A message of the PostgreSQL protocol: its letter, its length, its body. */
function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
const SIGNED_IN = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const GOODBYE = message('E', Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

test('a server that says goodbye in the breath in which it becomes ready fails the statement, and does not end the process', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat([SIGNED_IN, READY, GOODBYE])));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const db = openDb({ url: `postgres://nobody@127.0.0.1:${port}/nothing`, max: 1, name: 'test' });
  try {
    await expect(db.query('select 1')).rejects.toMatchObject({ code: 'database.connection', retry: true });
  } finally {
    await db.end();
    server.close();
  }
});
