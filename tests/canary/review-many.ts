/** Review at volume, as everybody. */
import { type Collector, FIRST_ADMIN, type Who } from './collect.ts';
import type { Planter } from './planted.ts';

/** By cause and at once: previews of every decision as everybody, a run, what becomes of it, its end. */
export async function reviewMany(
  collector: Collector,
  planter: Planter,
  everybody: readonly Who[],
  ids: readonly string[],
  places: readonly string[],
): Promise<void> {
  const where = { channel: 'own' };
  const tried = places.map((pointer) => ({ pointer, do: 'remove' }));
  for (const who of everybody) {
    await collector.ask(who, 'GET', '/v1/review-groups');
    for (const body of [
      { decision: 'release', where },
      { decision: 'fix', where, recipes: tried },
      { decision: 'fix', where, recipes: [{ pointer: '/remark', do: 'set', value: planter.secret(`for all by ${who.name}`) }] },
      { decision: 'retry', where: { channel: 'douyin' } },
    ])
      await collector.ask(who, 'POST', '/v1/review-runs', { ...body, dryRun: true });
  }
  const asked = await collector.ask(FIRST_ADMIN, 'POST', '/v1/review-runs', {
    decision: 'fix',
    ids: ids.slice(0, 50),
    recipes: tried,
    startAfterSeconds: 600,
  });
  if (asked.status !== 202) throw new Error(`the bulk decision answered ${asked.text}`);
  const { id } = JSON.parse(asked.text) as { id: string };
  for (const who of everybody) {
    await collector.ask(who, 'GET', '/v1/review-runs');
    await collector.ask(who, 'GET', `/v1/review-runs/${id}`);
    await collector.ask(who, 'GET', `/v1/review-runs/${id}/results?limit=200`);
  }
  await collector.ask(FIRST_ADMIN, 'POST', `/v1/review-runs/${id}:cancel`, {});
  await collector.ask(FIRST_ADMIN, 'POST', `/v1/review-runs/${id}:undo`, {});
  for (const each of ids.slice(0, 5)) await collector.ask(FIRST_ADMIN, 'POST', `/v1/reviews/${encodeURIComponent(each)}:reopen`, {});
}
