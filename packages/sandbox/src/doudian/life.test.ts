/** Weeks of a shop on Douyin in a second: people order, pay, change their minds; messages come twice, late, swapped or never; Weir must end with what the platform holds. */
import { fenOf } from '@weir/core';
import { shipWhole, shipParcels, readShipAnswer } from '@weir/connectors/doudian';
import { afterEach, expect, test } from 'vitest';
import { createDice, type Dice } from '../random.ts';
import { NotPossible, type OrderTruth, STATUS_OF } from '../market/index.ts';
import { createDouyin, type Douyin } from './index.ts';
import { APP, createSeller, handClock, listen, type Seller, SHOP } from './seller.test-support.ts';

const HOUR = 3_600_000;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function world(seed: number, answer?: Parameters<typeof listen>[1]) {
  const clock = handClock();
  let seller: Seller | null = null;
  const heard: Buffer[] = [];
  const address = await listen((body) => {
    heard.push(body);
    seller?.hear(body);
  }, answer);
  const douyin = await createDouyin({ app: APP, shop: SHOP, seed, clock, pushUrl: address.url });
  seller = createSeller(douyin.url, clock);
  closing.push(address.close, douyin.close);
  return { clock, douyin, seller, heard, address };
}

/** One thing that somebody does; what is not possible just now is left. */
async function live(douyin: Douyin, seller: Seller, dice: Dice, ids: string[], cases: string[]): Promise<void> {
  const id = dice.pick(ids);
  const parcel = { carrier: 'shunfeng', trackingNumber: `SF${dice.between(1, 1e9)}` };
  const [lineId, quantity] = dice.pick(douyin.truth().get(id)?.lines ?? []);
  const actions: (() => unknown)[] = [
    () => ids.push(douyin.place({ promotion: dice.pick(['none', 'told', 'untold'] as const) })),
    () => ids.push(douyin.place()),
    () => ids.push(douyin.place({ lines: 2 })),
    () => douyin.pay(id, { underCheck: dice.chance(0.4) }),
    () => douyin.pay(id),
    () => douyin.release(id),
    () => douyin.changeAddress(id),
    () => dice.chance(0.2) && douyin.cancel(id),
    () => cases.push(douyin.askRefund(id, { lineId })),
    () => cases.length > 0 && dice.chance(0.4) && douyin.payBack(dice.pick(cases)),
    () => cases.length > 0 && douyin.endCase(dice.pick(cases), dice.pick(['withdrawn', 'refused'] as const)),
    () => douyin.finish(id),
    () => douyin.finish(id),
    async () => seller.client.call(shipWhole(id, parcel), await seller.token()),
    async () => {
      const pieces = [{ lineId, quantity: dice.between(1, quantity) }];
      return seller.client.call(shipParcels(id, parcel.trackingNumber, [{ ...parcel, lines: pieces }]), await seller.token());
    },
  ];
  try {
    await dice.pick(actions)();
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error;
  }
}
test.each([1, 2, 3])(
  'seed %i: after messages were doubled, swapped, delayed and lost, one pull makes Weir hold what the platform holds',
  async (seed) => {
    const { clock, douyin, seller, address } = await world(seed);
    const dice = createDice(seed + 1_000);
    const ids = [douyin.place()];
    const cases: string[] = [];
    douyin.misbehave({ duplicates: 0.2, reorder: 0.2, delayMs: 2 * HOUR, lost: 0.2 });
    const start = Math.floor(clock.now() / 1_000);
    for (let step = 0; step < 600; step++) {
      await live(douyin, seller, dice, ids, cases);
      clock.move(dice.between(0, 120_000));
      if (step % 5 === 0) await douyin.mailbox.deliver();
      if (step % 97 === 0) await seller.fetch(dice.pick(ids)); // somebody looks in between
    }
    const { lost, duplicated, reordered, delayed } = douyin.mailbox.counts;
    expect(Math.min(lost, duplicated, reordered, delayed)).toBeGreaterThan(10);
    await seller.sweep(start, Math.floor(clock.now() / 1_000) + 60);
    douyin.mailbox.release(); // what was delayed comes after the pull
    await douyin.mailbox.deliver();
    expect(douyin.mailbox.waiting()).toBe(0);
    expect(address.refused).toEqual([]);
    expect(differences(douyin, seller)).toEqual([]);
    expect(new Set([...douyin.truth().values()].map((each) => each.stage)).size).toBeGreaterThan(4);
  },
);

function differences(douyin: Douyin, seller: Seller): string[] {
  return [...douyin.truth()].flatMap(([id, truth]) => {
    const held = seller.held(id);
    if (held === undefined) return [`${id} is not held`];
    const reviews = held.holds.filter((hold) => hold.kind === 'review' || hold.kind === 'incomplete');
    const pairs: [string, unknown, unknown][] = [
      ['payable', fenOf(held.payable), truth.payableFen],
      ['paid', fenOf(held.paid), truth.paidFen],
      ['refunded', fenOf(held.refunded), truth.refundedFen],
      ['shipped', held.lines.map((line) => line.shipped), truth.lines.map(([, , shipped]) => shipped)],
      ['reviews', reviews, []],
      ['status', STATUS_OF[truth.stage] === held.status || leftBeforeItEnded(truth, held.status), true],
    ];
    return pairs
      .filter(([, a, b]) => JSON.stringify(a) !== JSON.stringify(b))
      .map(([name, a, b]) => `${id} ${name}: ${JSON.stringify(a)} instead of ${JSON.stringify(b)} (${held.status}, ${truth.stage})`);
  });
}
/** An ending after something has left is a hold in Weir and changes no status, unless all money went back. */
const leftBeforeItEnded = (truth: OrderTruth, status: string | null): boolean =>
  truth.stage === 'closed' && truth.refundedFen < truth.paidFen && truth.lines.some(([, , shipped]) => shipped > 0) && status !== null;

test('a push that is not answered as the platform wants comes again, and ends when it is', async () => {
  let isWell = false;
  const { clock, douyin, heard } = await world(7, () =>
    isWell ? { status: 200, body: '{"code":0,"msg":"success"}' } : { status: 503, body: '{}' },
  );
  douyin.place();
  expect(await douyin.mailbox.deliver()).toBe(0);
  isWell = true;
  expect(await douyin.mailbox.deliver()).toBe(0); // not before its time
  clock.move(10_000);
  expect(await douyin.mailbox.deliver()).toBe(1);
  expect(heard).toHaveLength(1);
  expect(douyin.mailbox.waiting()).toBe(0);
});

test('a 200 with another answer counts as no answer, and nobody is asked for ever', async () => {
  const { clock, douyin } = await world(8, () => ({ status: 200, body: '{"code":1}' }));
  douyin.place();
  for (let i = 0; i < 10; i++) {
    await douyin.mailbox.deliver();
    clock.move(HOUR);
  }
  expect(douyin.mailbox.counts).toMatchObject({ delivered: 0, refused: 6, givenUp: 1 });
  expect(douyin.mailbox.waiting()).toBe(0);
});

test('paid and under check: the message has no time and proves nothing, the detail holds the order back until the platform lets go', async () => {
  const { clock, douyin, seller } = await world(9);
  const id = douyin.place();
  clock.move(1_000);
  douyin.pay(id, { underCheck: true });
  await douyin.mailbox.deliver();
  await seller.fetch(id);
  expect(seller.held(id)).toMatchObject({ status: 'paid', holds: [{ kind: 'channel_risk' }] });
  expect(
    readShipAnswer(await seller.client.call(shipWhole(id, { carrier: 'shunfeng', trackingNumber: 'SF1' }), await seller.token())),
  ).toMatchObject({ remedy: 'wait' });
  clock.move(HOUR);
  douyin.release(id);
  await seller.fetch(id);
  expect(seller.held(id)?.holds).toEqual([]);
});
