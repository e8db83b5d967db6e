/** Of all connections one client has a part only; what comes through a trusted proxy is many clients, and is not counted. */
import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { clientOf, type IsTrusted } from './peer.ts';

export function limitConnections(
  server: Server,
  { most, isTrusted, refused }: { readonly most: number; readonly isTrusted: IsTrusted; readonly refused: (client: string) => void },
): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const { remoteAddress = '' } = socket;
    if (isTrusted(remoteAddress)) return;
    const client = clientOf(remoteAddress);
    const count = open.get(client) ?? 0;
    if (count >= most) {
      refused(client);
      return void socket.destroy();
    }
    open.set(client, count + 1);
    socket.once('close', () => {
      const left = (open.get(client) ?? 1) - 1;
      if (left > 0) open.set(client, left);
      else open.delete(client);
    });
  });
}

/** How many there are and may be; none before the socket is there. */
export const connectionsOf = ({ server }: Pick<FastifyInstance, 'server'>): Promise<{ readonly open: number; readonly most: number }> =>
  new Promise((resolve) => server.getConnections((error, open) => resolve({ open: error ? 0 : open, most: server.maxConnections })));
