import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counterFloorOf, FIRST_TIMELINE, nextCounter, positionAfter, serialAfter, timelineAfter } from './timeline.ts';

const DAY_SIZE = 2 ** 32;
const YEAR = 31_536_000_000;
const moment = fc.integer({ min: Date.UTC(2026, 1, 1), max: Date.UTC(2055, 0, 1) });
/** How long a house lives after a backup before it is lost, and after a restore before it is restored once more. */
const stretch = fc.integer({ min: 5_000, max: YEAR });

describe('what was handed out after the backup is never handed out again', () => {
  test('versions, whatever a house did since, and also when the same backup is restored twice', () => {
    fc.assert(
      fc.property(
        moment,
        stretch,
        fc.integer({ min: 1, max: 5_000 }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        (first, later, version, share) => {
          const one = timelineAfter(FIRST_TIMELINE, first);
          expect(nextCounter(version, counterFloorOf(one))).toBeGreaterThan(version + 1_000_000);
          const told = nextCounter(version, counterFloorOf(one)) + Math.floor(share * (later / 1_000));
          const two = timelineAfter(FIRST_TIMELINE, first + later);
          expect(nextCounter(version, counterFloorOf(two))).toBeGreaterThan(told);
          expect(counterFloorOf(two)).toBeLessThan(2 ** 31);
        },
      ),
    );
  });

  test('positions: a day has room for what was written before and after', () => {
    fc.assert(
      fc.property(moment, stretch, fc.integer({ min: 0, max: 10_000_000 }), (first, later, written) => {
        fc.pre(first % 86_400_000 >= 1_000);
        const day = Math.floor(first / 86_400_000);
        const head = day * DAY_SIZE + Math.min(written, Math.floor((first % 86_400_000) / 1_000) * 1_000);
        const one = positionAfter(head, first);
        expect(one).toBeGreaterThan(head + Math.floor((first % 86_400_000) / 1_000) * 40_000);
        expect(positionAfter(head, first + later)).toBeGreaterThan(one + Math.floor(later / 1_000) * 40_000);
        expect(Math.floor(one / DAY_SIZE)).toBe(day);
        expect(Number.isSafeInteger(one)).toBe(true);
      }),
    );
  });

  test('positions of a log whose clock ran ahead', () => {
    const now = Date.UTC(2026, 5, 1, 12);
    const head = (Math.floor(now / 86_400_000) + 2) * DAY_SIZE + 77;
    expect(positionAfter(head, now)).toBe(head - 77 + DAY_SIZE / 2);
  });

  test('serials of order keys', () => {
    fc.assert(
      fc.property(moment, stretch, fc.integer({ min: 0, max: 10_000_000 }), (first, later, serial) => {
        const one = serialAfter(serial, first);
        expect(one).toBeGreaterThanOrEqual(serial + 1_000_000);
        expect(serialAfter(serial, first + later)).toBeGreaterThanOrEqual(one + Math.floor(later / 1_000) * 4);
        expect(serialAfter(one, first)).toBeGreaterThan(one);
      }),
    );
  });
});

test('a house that was never restored counts on from where it is, and a new order begins at 1 in any timeline', () => {
  expect(nextCounter(7, counterFloorOf(FIRST_TIMELINE))).toBe(8);
  expect(nextCounter(0, counterFloorOf(FIRST_TIMELINE))).toBe(1);
  expect(nextCounter(0, counterFloorOf(25_000_000))).toBe(1);
});

test('a timeline lies above the one before it, also when the clock was put back', () => {
  expect(timelineAfter(40_000_000, Date.UTC(2026, 0, 2))).toBe(40_000_500);
});
