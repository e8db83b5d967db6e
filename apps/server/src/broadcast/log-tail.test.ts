import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogEvent } from './envelope.ts';
import { createLogTail } from './log-tail.ts';

const event = (position: number, bytes = 0): LogEvent => ({ partition: 0, position, state: 'x'.repeat(bytes), detail: '{}' }) as LogEvent;
const events = (from: number, to: number): LogEvent[] => Array.from({ length: to - from + 1 }, (_, i) => event(from + i));
const PLENTY = 10_000_000;

test('what follows a position is answered without a gap and in order, or not at all', () => {
  const step = fc.record({ from: fc.nat(40), count: fc.integer({ min: 1, max: 10 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.nat(50), fc.integer({ min: 1, max: 30 }), (kept, after, limit) => {
      const tail = createLogTail(1, PLENTY);
      const covered = new Set<number>();
      for (const { from, count } of kept) {
        tail.keep(0, from, events(from + 1, from + count));
        for (let n = 1; n <= count; n++) covered.add(from + n);
      }
      const found = tail.after(0, after, limit);
      expect(found === undefined).toBe(!covered.has(after + 1));
      found?.forEach((each, i) => expect(each.position).toBe(after + 1 + i));
      expect(found?.length ?? 0).toBeLessThanOrEqual(limit);
    }),
  );
});

test('it stays within its bytes and forgets the oldest first', () => {
  const tail = createLogTail(1, 500_000);
  for (let position = 1; position <= 1_000; position += 10)
    tail.keep(
      0,
      position - 1,
      Array.from({ length: 10 }, (_, i) => event(position + i, 1_000)),
    );
  expect(tail.bytes).toBeLessThanOrEqual(500_000);
  expect(tail.after(0, 0, 1)).toBeUndefined();
  expect(tail.after(0, 999, 5)?.map(({ position }) => position)).toEqual([1_000]);
});

test('a position inside a day jump is no gap: nothing lies between the last event of one day and the first of the next', () => {
  const tail = createLogTail(1, PLENTY);
  tail.keep(0, 7, [event(2 ** 32)]);
  expect(tail.after(0, 7, 9)?.map(({ position }) => position)).toEqual([2 ** 32]);
  expect(tail.after(0, 100, 9)?.map(({ position }) => position)).toEqual([2 ** 32]);
});
