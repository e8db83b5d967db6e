/**
 * Endpoints for every shop, for this one, with few fields, and one that was granted some personal fields: whatever they are sent joins the
 * evidence. Some tries fail rudely.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitUntil } from '../support/index.ts';
import { type Collector, FIRST_ADMIN } from './collect.ts';
import type { Evidence } from './find.ts';

const ENOUGH = 20;
const GRANTED_PATH = '/granted';
/** What the one endpoint may have, and nothing else. */
export const GRANTED = ['receiver.phone', 'receiver.address', 'remark'] as const;

export interface Delivered {
  /** Everything that was sent, once there is enough of it to be worth searching; without what was granted. */
  readonly evidence: readonly Evidence[];
  /** What was granted and sent. */
  readonly granted: readonly Evidence[];
}
export interface Webhooks {
  /** `lastly`: of this order the last thing must have come. */
  readonly bodies: (lastly: { readonly orderKey: string; readonly type: string }) => Promise<Delivered>;
  close(): Promise<void>;
}

/** `rudeness` stands in the answer of a failing receiver: what others tell us in passing is not to be kept either. */
export async function openWebhooks(collector: Collector, shops: readonly string[], rudeness: string): Promise<Webhooks> {
  const [found, granted]: [Evidence[], Evidence[]] = [[], []];
  let refused = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      const { rest, taken } = request.url === GRANTED_PATH ? apart(body) : { rest: body, taken: null };
      found.push({ where: `webhook ${request.url ?? ''}`, text: `${JSON.stringify(request.headers)}\n${rest}` });
      if (taken !== null) granted.push({ where: 'webhook, granted', text: taken });
      const refuses = found.length % 10 === 0 && refused++ < 5;
      response.writeHead(refuses ? 500 : 204, refuses ? { 'x-reason': rudeness } : {}).end(refuses ? `cannot take ${rudeness}` : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const wanted of [
    { name: 'all', url: `${url}/all` },
    { name: 'one', url: `${url}/one`, shops },
    { name: 'few', url: `${url}/few`, fields: ['status', 'holds'] },
    { name: 'granted', url: `${url}${GRANTED_PATH}`, personalFields: GRANTED },
  ]) {
    const made = await collector.ask(FIRST_ADMIN, 'POST', '/v1/endpoints', wanted);
    if (made.status !== 201) throw new Error(`no endpoint: ${made.text}`);
  }
  return {
    async bodies({ orderKey, type }) {
      const isLast = ({ where, text }: Evidence): boolean =>
        where === 'webhook /all' && text.includes(`"type":"${type}"`) && text.includes(`"subject":"${orderKey}"`);
      await waitUntil(
        `${ENOUGH} webhooks were delivered, and ${type} of ${orderKey}`,
        () => found.length >= ENOUGH && refused > 0 && granted.length > 0 && found.some(isLast),
      );
      return { evidence: found, granted };
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Body {
  data?: { personal?: { bundleVersion?: number; values?: Record<string, unknown> } };
}
/** Takes the granted fields out of their place; whatever else the place holds stays and is searched. */
function apart(text: string): { rest: string; taken: string | null } {
  const body = JSON.parse(text) as Body;
  const values = body.data?.personal?.values;
  if (values === undefined) return { rest: text, taken: null };
  const taken: Record<string, unknown> = {};
  for (const field of GRANTED) {
    taken[field] = values[field];
    delete values[field];
  }
  return { rest: JSON.stringify(body), taken: JSON.stringify(taken) };
}
