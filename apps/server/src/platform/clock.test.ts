import { expect, test } from 'vitest';
import { createLeapWatch, manualClock } from './clock.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-02-22T10:00:00+08:00');

test('a clock that is put back is noticed once; time that passes or stands still, steps ahead and small corrections are not', () => {
  const clock = manualClock(START);
  const wasPutBack = createLeapWatch(clock);
  for (const ms of [0, HOUR, -4_000, 0, 3 * HOUR, HOUR]) {
    clock.advance(ms);
    expect(wasPutBack()).toBe(false);
  }
  clock.advance(-3 * HOUR);
  expect(wasPutBack()).toBe(true);
  expect(wasPutBack()).toBe(false);
  clock.advance(HOUR);
  expect(wasPutBack()).toBe(false);
});
