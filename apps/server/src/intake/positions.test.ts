import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayOf, dayOfPosition, floorOf, nextPosition } from './positions.ts';

const DAY_MS = 86_400_000;
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });
const noon = Date.parse('2026-02-20T12:00:00Z');

test('a position names the day it was handed out on', () => {
  fc.assert(
    fc.property(instant, fc.nat({ max: 1_000_000 }), (now, count) => {
      let head = 0;
      for (let i = 0; i <= count % 50; i++) head = nextPosition(head, now);
      expect(dayOfPosition(head)).toBe(dayOf(now));
    }),
  );
});

test('a new day begins above its floor, and the last moment of a day lies below it', () => {
  const midnight = Date.parse('2026-02-21T00:00:00Z');
  const last = nextPosition(nextPosition(0, noon), midnight - 1);
  expect(nextPosition(last, midnight)).toBe(floorOf(midnight) + 1);
  expect(last).toBeLessThan(floorOf(midnight));
});

test('positions never go backwards, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(instant, { minLength: 2, maxLength: 60 }), (clock) => {
      let head = 0;
      for (const now of clock) {
        const next = nextPosition(head, now);
        expect(next).toBeGreaterThan(head);
        expect(next).toBeGreaterThan(floorOf(now));
        head = next;
      }
    }),
  );
});

test('a log whose clock ran ahead keeps counting in the head’s day until the world has caught up', () => {
  const ahead = nextPosition(0, noon + 10 * DAY_MS);
  expect(nextPosition(ahead, noon)).toBe(ahead + 1);
  expect(dayOfPosition(nextPosition(ahead, noon + 11 * DAY_MS))).toBe(dayOf(noon) + 11);
});

test('positions stay exact numbers for centuries', () => {
  expect(Number.isSafeInteger(floorOf(Date.parse('7000-01-01T00:00:00Z')) + 2 ** 32)).toBe(true);
});
