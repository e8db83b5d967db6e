/** Days of a shop on Pinduoduo in seconds, through the adapter's contract alone: messages over its socket come twice, late, swapped or never; we must end with what the platform holds. */
import type { LeftParcel } from '@weir/connectors/adapter';
import { pinduoduoAdapter as adapter } from '@weir/connectors/pinduoduo';
import { afterEach, describe, expect, test } from 'vitest';
import { openSocket } from '../conformance/seller.test-support.ts';
import { type Candidate, differences, handClock, HOUR, openWorld, reach, SECOND, type World } from '../conformance/world.test-support.ts';
import { NotPossible } from '../market/actions.ts';
import { createDice, type Dice } from '../random.ts';
import { createPinduoduo, pinduoduoApp } from './index.ts';

const SHOP = '900000001';
const candidate: Candidate = { adapter, app: pinduoduoApp(1), shop: SHOP, carrier: '44', open: createPinduoduo };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
async function world(seed: number): Promise<World> {
  const made = await openWorld(candidate, seed);
  closing.push(made.close);
  return made;
}
const parcel = (id: string, trackingNumber: string, former: readonly string[] = []): LeftParcel => ({
  id: 'p1',
  carrier: '44',
  trackingNumber,
  former,
  lines: [{ lineId: id, quantity: 1 }],
  requestId: trackingNumber,
});
const tell = ({ seller, clock }: World, id: string, ...parcels: LeftParcel[]) =>
  adapter.writeBack?.tellShipped(seller.ask, seller.subjectOf(id), parcels, clock.now());
const numbersOf = ({ platform }: World, id: string): string[] =>
  platform
    .shown(10_000)
    .find((order) => order.id === id)
    ?.parcels.map(({ trackingNumber }) => trackingNumber) ?? [];

/** One thing that somebody does; what is not possible just now is left. */
async function live(here: World, dice: Dice, ids: string[], cases: string[]): Promise<void> {
  const { platform } = here;
  const id = dice.pick(ids);
  const number = `SF${dice.between(1, 1e9)}`;
  const actions: (() => unknown)[] = [
    () => ids.push(platform.place({ promotion: dice.pick(['none', 'told', 'untold'] as const) })),
    () => ids.push(platform.place()),
    () => ids.push(platform.place({ isPresale: true })),
    () => platform.payDeposit(id),
    () => platform.pay(id, { underCheck: dice.chance(0.3) }),
    () => platform.pay(id),
    () => platform.release(id),
    () => platform.changeAddress(id),
    () => dice.chance(0.2) && platform.cancel(id),
    () => cases.push(platform.askRefund(id)),
    () => cases.push(platform.askRefund(id, { fen: platform.truth().get(id)?.payableFen ?? 1 })),
    () => cases.length > 0 && dice.chance(0.5) && platform.agree(dice.pick(cases)),
    () => cases.length > 0 && dice.chance(0.4) && platform.payBack(dice.pick(cases)),
    () => cases.length > 0 && platform.endCase(dice.pick(cases), dice.pick(['withdrawn', 'refused'] as const)),
    () => platform.finish(id),
    () => platform.writeNote(id, '加急'),
    () => tell(here, id, parcel(id, number)),
    () => tell(here, id, parcel(id, number)),
    () => tell(here, id, parcel(id, number, numbersOf(here, id))),
    () => adapter.writeBack?.writeOrderKey?.(here.seller.ask, here.seller.subjectOf(id), 'PD2026022200872A'),
  ];
  try {
    await dice.pick(actions)();
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error;
  }
}

test.each([1, 2, 3])('seed %i: days with every fault of the road end with every listed order right', async (seed) => {
  const here = await world(seed);
  const { platform, clock, seller } = here;
  const dice = createDice(seed + 1_000);
  const ids = [platform.place()];
  const cases: string[] = [];
  platform.misbehave({
    duplicates: 0.2,
    reorder: 0.2,
    delayMs: 2 * HOUR,
    lost: 0.2,
    tokenExpiry: 0.02,
    throttled: 0.05,
    serverErrors: 0.05,
  });
  for (let step = 0; step < 600; step++) {
    await live(here, dice, ids, cases);
    clock.move(dice.between(0, HOUR / 2));
    if (step % 10 === 0) await here.bring();
    if (step % 50 === 0) await seller.follow();
  }
  const { lost, duplicated, reordered, delayed, delivered } = platform.mailbox.counts;
  expect(Math.min(lost, duplicated, reordered, delayed, delivered)).toBeGreaterThan(10);
  platform.misbehave({ duplicates: 0, reorder: 0, delayMs: 0, lost: 0, tokenExpiry: 0, throttled: 0, serverErrors: 0 });
  clock.move(HOUR);
  await seller.sweep(here.everything());
  platform.mailbox.release(); // what was delayed comes after the walk
  await here.bring();
  expect(platform.mailbox.waiting()).toBe(0);
  expect(differences(here)).toEqual([]);
  expect(new Set([...platform.truth().values()].map(({ stage }) => stage)).size).toBeGreaterThan(4);
  expect(platform.calls().some(({ method, refused }) => method === 'pdd.logistics.online.send' && refused === null)).toBe(true);
});

describe('the platform itself', () => {
  test('nobody hears of an order that is not paid for: no list, no detail, no message', async () => {
    const here = await world(11);
    const id = reach(here, 'unpaid') as string;
    await here.bring();
    expect(here.seller.heard).toEqual([]);
    expect(await here.seller.walk('orders', here.everything())).toEqual([]);
    expect(await adapter.fetchDetail(here.seller.ask, here.seller.subjectOf(id), here.clock.now())).toMatchObject({
      ok: false,
      failure: { class: 'do_not' },
    });
  });
  test('a call from a clock that is off, with another secret or beyond its window is refused, each with its own code', async () => {
    const here = await world(12);
    const from = Math.floor(here.clock.now() / 1_000) - 3_600;
    const far = adapter.listChanged(here.seller.ask, 'orders', SHOP, { from, to: from + 1_801 }, { page: 0, size: 10 });
    expect(await far).toMatchObject({ ok: false, failure: { code: '50001', subCode: 'sandbox-1' } });
    const call = adapter.token.first(SHOP, 'code');
    const ask = (app: Candidate['app'], now: number) =>
      adapter.createClient({ app, send: fetch, now: () => now, baseUrl: here.platform.url }).call(call, null);
    expect(await ask({ ...candidate.app, secret: 'x' }, here.clock.now())).toMatchObject({ failure: { code: '20004' } });
    expect(await ask(candidate.app, here.clock.now() + 601_000)).toMatchObject({ failure: { code: '10001', class: 'retry' } });
    expect(await ask({ ...candidate.app, key: 'x' }, here.clock.now())).toMatchObject({ failure: { code: '10001', class: 'do_not' } });
  });
  test('the socket is opened to nobody with another secret, and to nobody from long ago', async () => {
    const { platform } = await world(13);
    const take = (): boolean => true;
    const wrong = { ...platform, app: { ...platform.app, secret: 'x' } };
    await expect(openSocket(adapter, wrong, handClock(), take)).rejects.toThrow('refused');
    const late = handClock();
    late.move(-601 * SECOND);
    await expect(openSocket(adapter, platform, late, take)).rejects.toThrow('refused');
  });
  test('a refreshed token ends when the one before it would have', async () => {
    const { seller, clock } = await world(14);
    const first = await seller.token();
    clock.move(HOUR);
    const answer = await seller.client.call(adapter.token.refresh(first), null);
    const second = answer.ok ? adapter.token.read(answer.data, clock.now(), SHOP).token : null;
    expect(second?.accessToken).not.toBe(first.accessToken);
    expect(second?.expiresAt).toBe(first.expiresAt);
  });
});

test('under check an order has no ciphertexts; let go it has, and they open to who it goes to', async () => {
  const here = await world(21);
  const { platform, seller, clock } = here;
  const id = reach(here, 'under_check') as string;
  const held = await seller.fetch(id);
  expect(held.messages[0]).toMatchObject({ doNotShip: [{ kind: 'channel_risk' }] });
  expect(held.messages[0]).not.toHaveProperty('receiver');
  clock.move(SECOND);
  platform.release(id);
  const free = await seller.fetch(id);
  const token = free.messages[0]?.receiver?.token ?? '';
  const opened = await adapter.openReceiver?.(seller.ask, seller.subjectOf(id), token);
  expect(opened).toMatchObject({ ok: true, value: { phone: expect.stringMatching(/^1540000\d{4}$/) } });
  const other = reach(here, 'paid') as string;
  expect(await adapter.openReceiver?.(seller.ask, seller.subjectOf(other), token)).toMatchObject({ ok: false });
});

test('parcels beside the order’s own are told once, and read back as further parcels', async () => {
  const here = await world(22);
  const id = reach(here, 'paid') as string;
  const parcels = [parcel(id, 'SF1'), { ...parcel(id, 'YT2'), id: 'p2', carrier: '85' }];
  expect(await tell(here, id, ...parcels)).toMatchObject({ done: true });
  expect(await tell(here, id, ...parcels)).toMatchObject({ done: true });
  expect(numbersOf(here, id)).toEqual(['SF1', 'YT2']);
  const { messages } = await here.seller.fetch(id);
  expect(messages[0]?.shipments?.map((each) => each.id)).toEqual(['44_SF1', '85_YT2']);
});

test('a message of a refund proves what the platform then tells itself', async () => {
  const here = await world(23);
  const id = reach(here, 'refund_asked') as string;
  await here.bring();
  const [proved] = here.seller.heard.filter(({ kind }) => kind === 'push').flatMap(({ messages }) => messages);
  const { messages } = await here.seller.fetch(id);
  expect(proved?.refunds).toEqual(messages[0]?.refunds);
  expect(proved?.refunds).toMatchObject([{ amount: '1.00', status: 'requested' }]);
});
