/** An order that people work on until it left, so that what the other requests only try succeeds here: with words of theirs on its hold. */
import { type Collector, FIRST_ADMIN, type Reply, type Who } from './collect.ts';
import { type Shop, youngOrder } from './messages.ts';
import type { Planter } from './planted.ts';
import { post } from './post.ts';

/** Answers its key; what happens last to it is that it ships. */
export async function handle(collector: Collector, planter: Planter, shop: Shop, everybody: readonly Who[]): Promise<string> {
  const { orderKey } = await post(collector, youngOrder(planter, shop, 'handled'), 201);
  const who = await somebody(collector, planter.indoors('who holds an order'));
  const at = `/v1/orders/${orderKey}`;
  const look = async (): Promise<void> => {
    for (const each of everybody) for (const rest of ['', '/events']) await collector.ask(each, 'GET', `${at}${rest}`);
  };
  const step = async (verb: string, body: object): Promise<Reply> => done(await collector.ask(who, 'POST', `${at}:${verb}`, body));
  await step('move', { to: 'allocated' });
  await step('hold', { why: planter.secret('words on a hold') });
  await look();
  const { holds } = JSON.parse((await collector.ask(FIRST_ADMIN, 'GET', at)).text) as { holds: { id: string }[] };
  await step('release', { holdId: holds[0]?.id });
  await step('move', { to: 'picked' });
  await step('ship', { shipments: [{ carrier: 'sf', trackingNumber: 'SF1000000001' }] });
  await look();
  return orderKey;
}

async function somebody(collector: Collector, name: string): Promise<Who> {
  const { text } = done(await collector.ask(FIRST_ADMIN, 'POST', '/v1/tokens', { name, role: 'admin' }));
  return { name: 'who holds', token: (JSON.parse(text) as { token: string }).token, role: 'admin', scope: 'every shop' };
}

function done(reply: Reply): Reply {
  if (reply.status >= 300) throw new Error(`${reply.request} answered ${reply.text}`);
  return reply;
}
