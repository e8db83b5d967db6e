import { expect, test } from 'vitest';
import { pauseAfter, retryAfterMs } from './ladder.ts';

test('the ladder is 5 s, 30 s, 2 min, 10 min, 30 min, 2 h, 6 h, 12 h, then daily for seven days, then the end', () => {
  const seconds = Array.from({ length: 16 }, (_, i) => pauseAfter(i + 1, null)).map((ms) => (ms === null ? null : ms / 1000));
  expect(seconds).toEqual([5, 30, 120, 600, 1_800, 7_200, 21_600, 43_200, ...Array<number>(7).fill(86_400), null]);
});

test('Retry-After makes a pause longer, never shorter, and is bounded', () => {
  expect(pauseAfter(1, 60_000)).toBe(60_000);
  expect(pauseAfter(2, 1_000)).toBe(30_000);
  expect(pauseAfter(1, 10 ** 12)).toBe(86_400_000);
  expect(retryAfterMs('120', 0)).toBe(120_000);
  expect(retryAfterMs('Tue, 24 Nov 2026 00:00:10 GMT', Date.parse('2026-11-24T00:00:00Z'))).toBe(10_000);
  expect(retryAfterMs('soon', 0)).toBeNull();
});
