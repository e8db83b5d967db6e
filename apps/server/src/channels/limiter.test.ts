import { expect, test } from 'vitest';
import { pauseAfter } from './ladder.ts';
import { createLimiter } from './limiter.ts';

/** A world in which sleeping is all that takes time. */
function world() {
  let now = 0;
  const clock = { now: () => now };
  return { clock, sleep: async (ms: number) => void (now += ms), at: () => now };
}

test('calls keep their distance', async () => {
  const { clock, sleep, at } = world();
  const limiter = createLimiter(10, clock, sleep);
  for (let i = 0; i < 11; i++) await limiter.turn();
  expect(at()).toBe(1_000);
});

test('"slower" makes everybody wait, longer each time, as long as the platform says but a minute at most, until a call succeeds', async () => {
  const { clock, sleep, at } = world();
  const limiter = createLimiter(1_000, clock, sleep);
  const pauseOf = async (): Promise<number> => {
    const before = at();
    await limiter.turn();
    return at() - before;
  };
  const pauses: number[] = [];
  for (let i = 0; i < 10; i++) {
    limiter.failed();
    pauses.push(Math.round(await pauseOf()));
  }
  expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  limiter.failed(90_000);
  expect(Math.round(await pauseOf()), 'a ban of one call is not one of all').toBe(60_000);
  limiter.succeeded();
  limiter.failed();
  expect(Math.round(await pauseOf())).toBe(250);
});

test('calls that were under way together fail together: the pause is that of one failure', async () => {
  const { clock, sleep, at } = world();
  const limiter = createLimiter(1_000, clock, sleep);
  for (let i = 0; i < 4; i++) limiter.failed();
  await limiter.turn();
  expect(at()).toBe(250);
});

test('the ladder ends after seven days; the dice and the platform may only make a step longer', () => {
  const steps = Array.from({ length: 17 }, (_, i) => pauseAfter(i + 1, () => 0));
  expect(steps.slice(0, 4)).toEqual([2_000, 10_000, 30_000, 120_000]);
  expect(steps.filter((step) => step === 86_400_000)).toHaveLength(7);
  expect(steps[16]).toBeNull();
  expect(pauseAfter(1, () => 1)).toBe(2_400);
  expect(pauseAfter(1, () => 0, 60_000)).toBe(60_000);
  expect(pauseAfter(1, () => 0, 10 * 86_400_000)).toBe(86_400_000);
});
