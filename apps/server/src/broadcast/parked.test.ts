import { expect, test } from 'vitest';
import { manualClock } from '#platform';
import { createParkedList, type Parked } from './parked.ts';

const row = (subjectKey: string, more: Partial<Parked> = {}): Parked => ({
  partition: 0,
  subjectKey,
  fromVersion: 1,
  attempts: 1,
  dueAt: 0,
  dead: false,
  ...more,
});

test('a subject is given out when it is due, to one at a time, and never when it is dead', () => {
  const clock = manualClock(0);
  const list = createParkedList(clock);
  list.put(row('later', { dueAt: 5_000 }));
  list.put(row('dead', { dead: true }));
  expect(list.takeDue()).toBeUndefined();
  clock.advance(5_000);
  expect(list.takeDue()?.subjectKey).toBe('later');
  expect(list.takeDue()).toBeUndefined();
  list.rest('later');
  expect(list.takeDue()?.subjectKey).toBe('later');
});

test('hastened subjects are due at once if they have failed but once, and only those', () => {
  const list = createParkedList(manualClock(0));
  for (const key of ['a', 'b']) list.put(row(key, { dueAt: 60_000 }));
  list.put(row('often', { dueAt: 60_000, attempts: 2 }));
  list.hasten(['b', 'often', 'unknown']);
  expect([list.takeDue()?.subjectKey, list.takeDue()]).toEqual(['b', undefined]);
});

test('probes take the parked ones by turns', () => {
  const list = createParkedList(manualClock(0));
  for (const key of ['a', 'b']) list.put(row(key, { dueAt: 60_000 }));
  const turns = Array.from({ length: 4 }, () => {
    const taken = list.takeAny()?.subjectKey as string;
    list.rest(taken);
    return taken;
  });
  expect(turns).toEqual(['a', 'b', 'a', 'b']);
});
