/** Orders on their way in, and one on which our own code fails. */
import type { TestHouse } from '../support/index.ts';
import { type Collector, FIRST_ADMIN } from './collect.ts';
import { type Shop, youngOrder } from './messages.ts';
import type { Planter } from './planted.ts';

export const post = async (collector: Collector, body: unknown, want?: number): Promise<{ orderKey: string; position: string }> => {
  const reply = await collector.ask(FIRST_ADMIN, 'POST', '/v1/orders', body);
  if (want !== undefined && reply.status !== want) throw new Error(`expected ${want}, got ${reply.status}: ${reply.text.slice(0, 500)}`);
  const position = (JSON.parse(reply.headers) as Record<string, string>)['x-weir-message'] ?? '';
  return { orderKey: (JSON.parse(reply.text) as { orderKey?: string }).orderKey ?? '', position };
};

/** A message on which our own code fails, with an error that quotes it. */
export async function deadLetter(house: TestHouse, collector: Collector, planter: Planter, shop: Shop): ReturnType<typeof post> {
  const keys = house.house.keys as { fingerprint: (text: string) => string };
  const { fingerprint } = keys;
  keys.fingerprint = (text) => {
    if (text.startsWith('{"name"')) throw new Error(`cannot work on ${text}`);
    return fingerprint(text);
  };
  const sent = await post(collector, youngOrder(planter, shop, 'dead'), 200);
  keys.fingerprint = fingerprint;
  return sent;
}
