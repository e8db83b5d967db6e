/** Who delays whom: nobody anybody. Each promise with its figure. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { type BroadcastHouse, broadcastHouse, fresh, inOrder, type Receiver, say } from './receiver.test-support.ts';

/** How long an answer may take, as in `attempt.ts`. */
const ANSWER_TIMEOUT_MS = 15_000;
/** Of a slow endpoint: whoever waits for one of its answers is seen to. */
const SLOW_MS = 10_000;
/** A busy machine may cost so much; the ladder's first step, a slow answer and a time-out cost more. */
const LEEWAY_MS = 4_000;
const ORDERS = 40;
const ROUNDS = 4;
/** created, paid, and one change a round after the first. */
const EVENTS = ORDERS * (ROUNDS + 1);

let house: BroadcastHouse;
beforeAll(async () => {
  house = await broadcastHouse();
});
afterAll(() => house.close());
afterEach(() => house.clear());

async function traffic(): Promise<readonly string[]> {
  const ids = Array.from({ length: ORDERS }, fresh);
  for (let round = 1; round <= ROUNDS; round++) await Promise.all(ids.map((id) => house.push(id, round)));
  return ids;
}
/** Milliseconds until all of the traffic, which begins now, has come. */
async function timeUntil(hasAll: () => boolean): Promise<number> {
  const from = performance.now();
  await traffic();
  await waitUntil('all of the traffic', hasAll);
  return performance.now() - from;
}
const timeOf = ({ taken }: Receiver): Promise<number> => timeUntil(() => taken.length >= EVENTS);
/** What an endpoint needs for it that nothing stands beside. */
async function usually(): Promise<number> {
  const took = await timeOf(await house.receiver());
  await house.clear();
  return took;
}

test('a subject that hangs delays no other subject of its endpoint, and is parked when its time is up', async () => {
  const usual = await usually();
  let hanging = '';
  const { id, taken, tries } = await house.receiver(({ subject }) => (subject === hanging ? 'hang' : 200));
  const bad = fresh();
  hanging = 'not yet';
  hanging = await house.push(bad, 1);
  await waitUntil('both events of it were tried or taken', () => tries.length >= 1);
  await house.push(bad, 2);
  const before = taken.length;
  const took = await timeUntil(() => taken.filter(({ subject }) => subject !== hanging).length - before >= EVENTS);
  say(
    `${EVENTS} deliveries alone after ${Math.round(usual)} ms, beside a subject that hangs after ${Math.round(took)} ms; its own answer is due after ${ANSWER_TIMEOUT_MS} ms`,
  );
  expect(took).toBeLessThan(usual + LEEWAY_MS);
  expect(inOrder(taken)).toBe(true);
  await waitUntil('it is parked', async () => (await house.statusOf(id))['parked'] === 1);
  expect(await house.statusOf(id)).toMatchObject({ state: 'active', lastError: 'UND_ERR_HEADERS_TIMEOUT' });
});

test('a dead endpoint delays no other, and parks at most twenty subjects, also after it was tried again and again', async () => {
  const usual = await usually();
  const { id, tries } = await house.receiver(() => 503);
  const quick = await house.receiver();
  const beside = await timeOf(quick);
  const status = () => house.statusOf(id) as Promise<{ parked: number; state: string }>;
  const { parked, state } = await status();
  const before = tries.length;
  await waitUntil('it was tried three times more', () => tries.length >= before + 3);
  const later = await status();
  say(
    `${EVENTS} deliveries alone after ${Math.round(usual)} ms, beside a dead endpoint after ${Math.round(beside)} ms; dead: ${state}, ${parked} parked, ${later.parked} after three more tries`,
  );
  expect(beside).toBeLessThan(usual + LEEWAY_MS);
  expect([state, later.state]).toEqual(['broken', 'broken']);
  expect(Math.max(parked, later.parked)).toBeLessThanOrEqual(20);
  expect(inOrder(quick.taken)).toBe(true);
});

test('a slow endpoint delays no other', async () => {
  const usual = await usually();
  const slow = await house.receiver((_, response) => {
    void pause(SLOW_MS).then(() => response.writeHead(200).end());
    return 'hang';
  });
  const quick = await house.receiver();
  const beside = await timeOf(quick);
  say(
    `${EVENTS} deliveries alone after ${Math.round(usual)} ms, beside a slow endpoint after ${Math.round(beside)} ms; slow: ${slow.tries.length} tries by then`,
  );
  expect(beside).toBeLessThan(usual + LEEWAY_MS);
  expect(inOrder(quick.taken)).toBe(true);
});

test('an order that fails each time delays no other order of its endpoint', async () => {
  const usual = await usually();
  let failing = '';
  const { id, taken, tries } = await house.receiver(({ subject }) => (subject === failing ? 500 : 200));
  const ofOthers = () => taken.filter(({ subject }) => subject !== failing).length;
  const bad = fresh();
  failing = await house.push(bad, 1);
  await house.push(bad, 2);
  await waitUntil('it failed', () => tries.some(({ subject }) => subject === failing));
  const before = ofOthers();
  const took = await timeUntil(() => ofOthers() - before >= EVENTS);
  say(`${EVENTS} deliveries alone after ${Math.round(usual)} ms, beside an order that fails each time after ${Math.round(took)} ms`);
  expect(took).toBeLessThan(usual + LEEWAY_MS);
  expect(await house.statusOf(id)).toMatchObject({ parked: 1, state: 'active' });
  expect(taken.some(({ subject }) => subject === failing)).toBe(false);
  expect(inOrder(taken)).toBe(true);
});

test('while the breaker is open one delivery at a time is tried, and its success lets everything through', async () => {
  let isDead = true;
  const endpoint = await house.receiver(() => (isDead ? 500 : 200));
  const ids = Array.from({ length: 30 }, fresh);
  await Promise.all(ids.map((id) => house.push(id, 1)));
  await waitUntil('the breaker is open', async () => (await house.statusOf(endpoint.id))['state'] === 'broken');
  await waitUntil('nothing of the first wave is under way', async () => {
    const before = endpoint.tries.length;
    await pause(300);
    return endpoint.tries.length === before;
  });
  const before = endpoint.tries.length;
  await waitUntil('it is tried', () => endpoint.tries.length > before);
  await pause(500);
  const probes = endpoint.tries.length - before;
  say(`breaker open: ${probes} probes, ${before} tries before`);
  expect(probes).toBeLessThanOrEqual(3);
  isDead = false;
  await waitUntil('everything', () => endpoint.taken.length === 60);
  expect(inOrder(endpoint.taken)).toBe(true);
});

test('a dead endpoint that begins anew with orders parked before parks at most twenty with them', async () => {
  const { id, tries } = await house.receiver(() => 503);
  for (let n = 0; n < 15; n++) await house.push(fresh(), 1);
  await waitUntil('they are parked', async () => (await house.statusOf(id))['parked'] === 15);
  expect(await house.statusOf(id)).toMatchObject({ state: 'active' });
  await house.send('POST', `/v1/endpoints/${id}:pause`);
  await house.house.db.query(`update parked set next_at = now() + interval '12 hours' where consumer = $1`, [id]);
  await house.house.db.query(`update endpoints set state = 'active' where id = $1`, [id]); // no person let it go on: what is parked stays undue, as after a restart
  await Promise.all(Array.from({ length: ORDERS }, () => house.push(fresh(), 1)));
  await waitUntil('the breaker is open', async () => (await house.statusOf(id))['state'] === 'broken');
  const before = tries.length;
  await waitUntil('it was tried again', () => tries.length > before);
  const { parked } = (await house.statusOf(id)) as { parked: number };
  say(`dead, 15 parked before its relay began anew, ${ORDERS} more orders: ${parked} parked`);
  expect(parked).toBeLessThanOrEqual(20);
});

test('twenty-five orders that can never be delivered keep no other order from a receiver that lives', async () => {
  const { id, taken } = await house.receiver(({ body }) => (body.includes('"channelOrderId":"poison') ? 422 : 200));
  await Promise.all(Array.from({ length: 25 }, () => house.push(`poison-${fresh()}`, 1)));
  await waitUntil('the breaker is open', async () => (await house.statusOf(id))['state'] === 'broken');
  const from = performance.now();
  const good = await house.push(fresh(), 1);
  await waitUntil('the good one got through', () => taken.filter(({ subject }) => subject === good).length === 2);
  say(`25 orders that always fail: another order got through after ${Math.round(performance.now() - from)} ms`);
  expect(new Set(taken.map(({ subject }) => subject))).toEqual(new Set([good]));
});

test('a receiver that asks everybody to wait is left alone for as long as it asks, and then gets everything in order', async () => {
  const WAIT_SECONDS = 15;
  let until = Number.POSITIVE_INFINITY;
  const endpoint = await house.receiver((_, response) => {
    until = Math.min(until, performance.now() + WAIT_SECONDS * 1_000);
    const left = Math.ceil((until - performance.now()) / 1_000);
    if (left <= 0) return 200;
    response.setHeader('retry-after', String(left));
    return 429;
  });
  const keys = await Promise.all(Array.from({ length: 300 }, () => house.push(fresh(), 1)));
  await waitUntil('the breaker is open', async () => (await house.statusOf(endpoint.id))['state'] === 'broken');
  await pause(500);
  const before = endpoint.tries.length;
  await pause(until - performance.now() - 300);
  say(`429 with Retry-After ${WAIT_SECONDS} s: ${before} tries before we stopped, ${endpoint.tries.length - before} while we waited`);
  expect(endpoint.tries.length - before).toBe(0);
  expect(before, 'what was under way, and no more').toBeLessThan(150);
  await waitUntil('everything', () => new Set(endpoint.taken.map(({ subject }) => subject)).size === keys.length);
  expect(inOrder(endpoint.taken)).toBe(true);
});

test('Retry-After makes the pause longer, and other orders do not wait for it', async () => {
  let asked = false;
  const { taken, tries } = await house.receiver((_, response) => {
    if (asked) return 200;
    asked = true;
    response.setHeader('retry-after', '7');
    return 429;
  });
  const first = await house.push(fresh(), 1);
  const second = await house.push(fresh(), 1);
  await waitUntil('the other order', () => taken.filter(({ subject }) => subject === second).length === 2);
  expect(taken.some(({ subject }) => subject === first)).toBe(false);
  await waitUntil('the first one', () => taken.some(({ subject }) => subject === first));
  const [refused, taken_] = tries.filter(({ subject }) => subject === first);
  const waited = (taken_?.at ?? 0) - (refused?.at ?? 0);
  say(`Retry-After 7 s: tried again after ${Math.round(waited)} ms`);
  expect(waited).toBeGreaterThanOrEqual(6_900);
});
