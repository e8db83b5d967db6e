import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { limitConnections } from './count-connections.ts';

async function listening(isTrusted: boolean) {
  const refused: string[] = [];
  const server = createServer((_, response) => response.end());
  limitConnections(server, { most: 3, isTrusted: () => isTrusted, refused: (client) => refused.push(client) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const open = () =>
    connect(port, '127.0.0.1')
      .on('error', () => {})
      .resume();
  return { open, refused, close: () => (server.closeAllConnections(), server.close()) };
}

test('one client has so many connections and no more; when one ends, another may come', async () => {
  const { open, refused, close } = await listening(false);
  const [first, ...others] = [open(), open(), open()];
  const beyond = open();
  await waitUntil('the fourth is shown out', () => beyond.closed);
  expect(refused).toEqual(['127.0.0.1']);
  expect(others.some(({ closed }) => closed)).toBe(false);
  first?.destroy();
  await waitUntil('there is room again', async () => {
    const again = open();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return !again.closed;
  });
  close();
});

test('what comes through a trusted proxy is not counted', async () => {
  const { open, refused, close } = await listening(true);
  const many = Array.from({ length: 10 }, open);
  await waitUntil('all stand', () => many.every(({ readyState }) => readyState === 'open'));
  expect(refused).toEqual([]);
  close();
});
