import { expect, test } from 'vitest';
import { createLeapWatch, manualClock } from './clock.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-02-22T10:00:00+08:00');

test('a clock that is put back is noticed once; time that passes, steps ahead and small corrections are not', () => {
  const [clock, steady] = [manualClock(START), manualClock(0)];
  const wasPutBack = createLeapWatch(clock, steady);
  const pass = (ms: number): void => [clock, steady].forEach((each) => each.advance(ms));
  expect(wasPutBack()).toBe(false);
  pass(HOUR);
  expect(wasPutBack()).toBe(false);
  clock.advance(-4_000);
  expect(wasPutBack()).toBe(false);
  clock.advance(3 * HOUR);
  expect(wasPutBack()).toBe(false);
  pass(HOUR);
  clock.advance(-3 * HOUR);
  expect(wasPutBack()).toBe(true);
  pass(HOUR);
  expect(wasPutBack()).toBe(false);
});
