/** Two endpoints, one for every shop and one for this one: whatever they are sent joins the evidence. The first try of each order fails rudely. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitUntil } from '../support/index.ts';
import { type Collector, FIRST_ADMIN } from './collect.ts';
import type { Evidence } from './find.ts';

const ENOUGH = 20;

export interface Webhooks {
  /** Everything delivered so far, once there is enough of it to be worth searching. */
  readonly bodies: () => Promise<readonly Evidence[]>;
  close(): Promise<void>;
}

/** `rudeness` stands in the answer of a failing receiver: what others tell us in passing is not to be kept either. */
export async function openWebhooks(collector: Collector, shops: readonly string[], rudeness: string): Promise<Webhooks> {
  const found: Evidence[] = [];
  let refused = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      found.push({ where: `webhook ${request.url ?? ''}`, text: `${JSON.stringify(request.headers)}\n${body}` });
      const refuses = found.length % 10 === 0 && refused++ < 5;
      response.writeHead(refuses ? 500 : 204, refuses ? { 'x-reason': rudeness } : {}).end(refuses ? `cannot take ${rudeness}` : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const wanted of [
    { name: 'all', url: `${url}/all` },
    { name: 'one', url: `${url}/one`, shops },
  ]) {
    const made = await collector.ask(FIRST_ADMIN, 'POST', '/v1/endpoints', wanted);
    if (made.status !== 201) throw new Error(`no endpoint: ${made.text}`);
  }
  return {
    async bodies() {
      await waitUntil(`${ENOUGH} webhooks were delivered`, () => found.length >= ENOUGH && refused > 0);
      return found;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
