/** What is asked to be forgotten, by whoever may and whoever may not. */
import { type Collector, FIRST_ADMIN, type Who } from './collect.ts';

/** Everybody tries to erase, by key and by phone; an administrator then does it to some. */
export async function erase(
  collector: Collector,
  everybody: readonly Who[],
  { orderKeys, phones }: { readonly orderKeys: readonly string[]; readonly phones: readonly string[] },
): Promise<void> {
  for (const who of everybody.filter(({ role }) => role !== 'admin')) {
    await collector.ask(who, 'POST', `/v1/orders/${orderKeys[0]}:erase`, { purpose: 'law', evenOpen: true });
    await collector.ask(who, 'POST', '/v1/orders:erase', { purpose: 'law', phone: phones[0] });
  }
  for (const phone of phones) await collector.ask(FIRST_ADMIN, 'POST', '/v1/orders:erase', { purpose: 'law', phone });
  const last = orderKeys.at(-1) as string;
  const reply = await collector.ask(FIRST_ADMIN, 'POST', `/v1/orders/${last}:erase`, { purpose: 'law', evenOpen: true });
  if (reply.status !== 200) throw new Error(`not erased: ${reply.text}`);
}
