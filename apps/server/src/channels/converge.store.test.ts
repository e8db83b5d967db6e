/** Whatever becomes of the pushes, and however badly the platform behaves: when it is over, we hold what it holds. */
import { createDice } from '@weir/sandbox';
import { NotPossible } from '@weir/sandbox/market';
import { shipWhole } from '@weir/connectors/doudian';
import { afterEach, expect, test } from 'vitest';
import { type DouyinHouse, douyinHouse, SHOP } from '../../../../tests/support/douyin.ts';
import { waitUntil } from '../../../../tests/support/index.ts';
import { manualClock } from '#platform';

const START = Date.parse('2026-02-22T10:00:00+08:00');
const MINUTE = 60_000;
const ROUNDS = 25;
const DEEDS_A_ROUND = 8;
const BAD = {
  duplicates: 0.3,
  reorder: 0.3,
  lost: 0.3,
  throttled: 0.05,
  serverErrors: 0.05,
  lostAnswers: 0.05,
  tokenExpiry: 0.03,
  pagingDrift: 0.2,
};
const WELL = Object.fromEntries(Object.keys(BAD).map((name) => [name, 0]));

let house: DouyinHouse | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

test.each([1, 2, 3])(
  'seed %i: shuffled, doubled and lost pushes, drifting pages, broken calls',
  async (seed) => {
    const clock = manualClock(START);
    house = await douyinHouse({ clock, seed });
    const { douyin } = house;
    const line = await house.house.channels.clientOf('douyin', SHOP);
    const dice = createDice(seed);
    const orders: string[] = [];
    const cases: string[] = [];
    const deeds: (() => unknown)[] = [
      () => orders.push(douyin.place()),
      () => orders.push(douyin.place({ promotion: 'untold' })),
      () => douyin.pay(dice.pick(orders)),
      () => douyin.pay(dice.pick(orders)),
      () => douyin.pay(dice.pick(orders), { underCheck: true }),
      () => douyin.release(dice.pick(orders)),
      () => douyin.cancel(dice.pick(orders)),
      () => douyin.changeAddress(dice.pick(orders)),
      () => douyin.finish(dice.pick(orders)),
      () => cases.push(douyin.askRefund(dice.pick(orders))),
      () => douyin.payBack(dice.pick(cases)),
      () => douyin.endCase(dice.pick(cases), dice.pick(['withdrawn', 'refused'] as const)),
      () =>
        line?.call(
          shipWhole(dice.pick(orders), { carrier: 'shunfeng', trackingNumber: `SF${dice.between(1_000_000_000, 2_000_000_000)}` }),
        ),
    ];
    douyin.misbehave(BAD);
    for (let round = 0; round < ROUNDS; round++) {
      for (let n = 0; n < DEEDS_A_ROUND; n++)
        await attempt(dice.pick(orders.length === 0 ? deeds.slice(0, 1) : deeds.slice(0, cases.length === 0 ? -3 : undefined)));
      await house.deliver();
      clock.advance(MINUTE);
    }
    douyin.misbehave(WELL);
    douyin.mailbox.release();
    await house.deliver();
    let left: readonly string[] = [];
    await waitUntil(
      'it converges',
      async () => {
        clock.advance(MINUTE); // what failed is tried again after a while
        await house?.deliver();
        left = (await house?.differences()) ?? [];
        return left.length === 0;
      },
      90_000,
    ).catch((error: unknown) => {
      throw new Error(`it still differs: ${left.slice(0, 5).join('; ')}`, { cause: error });
    });
    expect(douyin.truth().size).toBe(orders.length);
    const { rows } = await house.house.db.query<{ n: number }>('select count(*) as n from orders');
    expect(rows[0]?.n).toBe(orders.length);
  },
  150_000,
);

async function attempt(deed: () => unknown): Promise<void> {
  try {
    await deed();
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error;
  }
}
