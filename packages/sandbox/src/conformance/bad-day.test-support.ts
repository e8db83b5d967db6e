/** Days of a shop with every fault at once; when they are over, every order is right. */
import { expect, test } from 'vitest';
import { NotPossible } from '../market/actions.ts';
import { createDice } from '../random.ts';
import { type Candidate, differences, HOUR, openWorld, SECOND, type World } from './world.test-support.ts';

const FAULTS = {
  duplicates: 0.3,
  reorder: 0.3,
  delayMs: HOUR,
  lost: 0.3,
  throttled: 0.1,
  serverErrors: 0.1,
  lostAnswers: 0.1,
  tokenExpiry: 0.05,
  pagingDrift: 0.2,
};
/** Days of a shop with every fault at once; when they are over and the lists were walked, we hold what the platform holds. */
export function converges(candidate: Candidate): void {
  test.each([1, 2, 3])('seed %i: a bad day ends with every order right', async (seed) => {
    const world = await openWorld(candidate, 1_000 + seed);
    const dice = createDice(seed);
    const { platform, clock, seller } = world;
    const [ids, cases]: [string[], string[]] = [[platform.place()], []];
    platform.misbehave(FAULTS);
    for (let step = 0; step < 200; step++) {
      attempt(() => live(platform, dice, ids, cases));
      clock.move(dice.between(1, 120) * SECOND);
      if (step % 10 === 0) await world.bring().catch(() => {});
    }
    platform.misbehave(Object.fromEntries(Object.keys(FAULTS).map((name) => [name, 0])));
    clock.move((candidate.adapter.limits.settleSeconds ?? 0) * SECOND + HOUR);
    platform.mailbox.release();
    await world.bring();
    await seller.sweep(world.everything());
    for (const [id, { isListed }] of platform.truth()) if (isListed && candidate.adapter.walk === 'by_cursor') await seller.fetch(id);
    expect(differences(world)).toEqual([]);
    expect(new Set([...platform.truth().values()].map(({ stage }) => stage)).size).toBeGreaterThan(3);
    await world.close();
  });
}
function attempt(deed: () => unknown): void {
  try {
    deed();
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error;
  }
}
function live(platform: World['platform'], dice: ReturnType<typeof createDice>, ids: string[], cases: string[]): unknown {
  const id = dice.pick(ids);
  const acts: readonly (() => unknown)[] = [
    () => ids.push(platform.place({ promotion: dice.pick(['none', 'told', 'untold'] as const) })),
    () => ids.push(platform.place()),
    () => platform.pay(id, { underCheck: platform.can('release') && dice.chance(0.3) }),
    () => platform.pay(id),
    () => platform.release(id),
    () => platform.changeAddress(id),
    () => dice.chance(0.2) && platform.cancel(id),
    () => cases.push(platform.askRefund(id)),
    () => cases.length > 0 && dice.chance(0.4) && platform.payBack(dice.pick(cases)),
    () => cases.length > 0 && platform.endCase(dice.pick(cases), dice.pick(['withdrawn', 'refused'] as const)),
    () => platform.ship(id, { carrier: 'shunfeng', trackingNumber: `SF${dice.between(1, 1e9)}` }),
    () => platform.finish(id),
    () => platform.writeNote(id, '加急'),
  ];
  return dice.pick(acts)();
}
