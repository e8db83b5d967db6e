import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWindow } from './window.ts';

test('the cursor stands just below the lowest unfinished event of each partition, whatever finishes first', () => {
  const order = fc.array(fc.nat(), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(fc.array(fc.nat(2), { minLength: 1, maxLength: 30 }), order, (partitions, dice) => {
      const window = createWindow([10, 10, 10], 100);
      const open = partitions.map((partition, i) => window.admit(partition, 11 + i));
      const lowest = (partition: number): number =>
        Math.min(
          window.readTo[partition] as number,
          ...open.filter((each) => each.partition === partition).map((each) => each.position - 1),
        );
      for (const die of dice.slice(0, partitions.length)) {
        const [place] = open.splice(die % open.length, 1);
        window.finish(place as (typeof open)[number]);
        for (const partition of [0, 1, 2]) {
          const cursor = window.cursor()[partition] as number;
          expect(cursor).toBeLessThanOrEqual(lowest(partition));
          const between = partitions.some((each, i) => each === partition && 11 + i > cursor && 11 + i <= lowest(partition));
          expect(between).toBe(false);
        }
      }
      expect(window.cursor()).toEqual(window.readTo);
    }),
  );
});

test('an event takes room until the saved cursor has passed it: what a crash sends again is never more than the limit', () => {
  const window = createWindow([0], 3);
  const [a, b, c] = [window.admit(0, 1), window.admit(0, 2), window.admit(0, 3)];
  expect(window.room()).toBe(0);
  window.finish(b);
  window.finish(c);
  expect([window.room(), window.unsaved(), window.cursor()]).toEqual([0, 0, [0]]);
  window.finish(a);
  expect([window.room(), window.unsaved(), window.cursor()]).toEqual([0, 3, [3]]);
  window.saved(3);
  expect([window.room(), window.unsaved()]).toEqual([3, 0]);
});
