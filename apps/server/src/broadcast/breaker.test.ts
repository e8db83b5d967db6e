import { expect, test } from 'vitest';
import { manualClock } from '#platform';
import { createBreaker } from './breaker.ts';

function opened(parkedBefore = 0) {
  const clock = manualClock(0);
  const why: string[] = [];
  const failedBefore = Array.from({ length: parkedBefore }, (_, n) => `before${n}`);
  return { clock, why, breaker: createBreaker(clock, (reason) => why.push(reason), failedBefore) };
}
const fail = (breaker: ReturnType<typeof createBreaker>, from: number, to: number): void => {
  for (let n = from; n <= to; n++) breaker.failed(`s${n}`);
};

test('twenty different subjects in a row open it, and nineteen do not', () => {
  const { breaker, why } = opened();
  fail(breaker, 1, 19);
  expect(breaker.isOpen()).toBe(false);
  fail(breaker, 20, 20);
  expect(breaker.isOpen()).toBe(true);
  expect(why).toEqual(['20 subjects in a row']);
});

test('one subject that fails again and again never opens it, and a success between begins the count anew', () => {
  const { breaker } = opened();
  for (let n = 0; n < 100; n++) breaker.failed('same');
  fail(breaker, 1, 18);
  breaker.succeeded();
  fail(breaker, 19, 37);
  expect(breaker.isOpen()).toBe(false);
});

test('no connection opens it at once', () => {
  const { breaker, why } = opened();
  breaker.unreachable();
  expect([breaker.isOpen(), why]).toEqual([true, ['unreachable']]);
});

test('a probe may go after 1 s, then after 2, 5, 10, 30 and 60 s, and a success ends it and names those that opened it', () => {
  const { breaker, clock } = opened();
  fail(breaker, 1, 20);
  const pauses = [1, 2, 5, 10, 30, 60, 60].map(() => {
    const ms = breaker.probeInMs();
    clock.advance(ms);
    expect(breaker.probeInMs()).toBe(0);
    breaker.probeFailed();
    return ms / 1000;
  });
  expect(pauses).toEqual([1, 2, 5, 10, 30, 60, 60]);
  expect(breaker.succeeded()).toEqual(Array.from({ length: 20 }, (_, i) => `s${i + 1}`));
  expect(breaker.isOpen()).toBe(false);
  breaker.unreachable();
  expect(breaker.probeInMs()).toBe(1_000);
});

test('what was parked before it began counts until something is taken', () => {
  const { breaker } = opened(15);
  fail(breaker, 1, 4);
  expect(breaker.isOpen()).toBe(false);
  fail(breaker, 5, 5);
  expect(breaker.isOpen()).toBe(true);
  breaker.succeeded();
  fail(breaker, 1, 19);
  expect(breaker.isOpen()).toBe(false);
});

test('with twenty parked before, one delivery may go at once and alone, and its success names those twenty', () => {
  const { breaker } = opened(20);
  expect([breaker.isOpen(), breaker.probeInMs()]).toEqual([true, 0]);
  expect(breaker.succeeded()).toHaveLength(20);
});

test('three different orders for which the receiver asks us to wait stop all deliveries for as long as it asks, an hour at most; one alone does not', () => {
  const { breaker, why, clock } = opened();
  for (let n = 0; n < 5; n++) breaker.asked('same', 60_000);
  breaker.asked('other', 60_000);
  breaker.succeeded();
  breaker.asked('same', 60_000);
  breaker.asked('other', 60_000);
  expect(breaker.isOpen()).toBe(false);
  breaker.asked('third', 90_000);
  expect([breaker.isOpen(), breaker.probeInMs(), why]).toEqual([true, 90_000, ['asked to wait']]);
  clock.advance(90_000);
  breaker.probeFailed(7 * 86_400_000);
  expect(breaker.probeInMs()).toBe(3_600_000);
  expect(breaker.succeeded()).toEqual(['same', 'other', 'third']);
});
