import { expect, test } from 'vitest';
import { createReleases } from './catch-up.ts';
import type { LogEvent } from './envelope.ts';

const event = (version: number, withheld: boolean, fromVersion?: number): LogEvent =>
  ({
    version,
    withheld,
    type: fromVersion === undefined ? 'order.changed' : 'order.released',
    detail: JSON.stringify(fromVersion === undefined ? {} : { fromVersion }),
  }) as LogEvent;

test('what is withheld goes out only when a later release lets it go, and a release read later calls for going back', () => {
  const releases = createReleases();
  const page = [event(5, false), event(6, true), event(7, true)];
  expect(releases.learn(page)).toBe(Infinity);
  expect(page.map(releases.letGo)).toEqual([true, false, false]);
  expect(releases.learn([event(8, false, 6)])).toBe(6);
  expect(page.map(releases.letGo)).toEqual([true, true, true]);
  expect(releases.learn([event(8, false, 6)])).toBe(Infinity);
  expect(releases.letGo(event(9, true))).toBe(false);
});
