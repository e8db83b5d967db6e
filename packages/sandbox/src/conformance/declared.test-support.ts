/** Whether what an adapter declares of its channel can be true. */
import type { Adapter } from '@weir/connectors/adapter';
import { FEEDS } from '@weir/connectors/adapter';
import { describe, expect, test } from 'vitest';
import { HOUR } from './world.test-support.ts';

export function declares(adapter: Adapter): void {
  describe('what it declares', () => {
    test('an id of its own, in the form of a channel', () => expect(adapter.channel).toMatch(/^[a-z][a-z0-9_]*$/));
    test.each(['callsPerSecond', 'pageRows', 'windowRows', 'ageDays'] as const)('limits.%s is more than nothing', (name) =>
      expect(adapter.limits[name]).toBeGreaterThan(0),
    );
    test('a window is wide enough to overlap the one before', () => expect(adapter.limits.windowSeconds ?? HOUR).toBeGreaterThan(300));
    test('the newest seconds that are left alone are fewer than an hour', () =>
      expect(adapter.limits.settleSeconds ?? 0).toBeLessThan(3_600));
    test('an order of walking that the house knows', () =>
      expect(['first_page_first', 'last_page_first', 'by_cursor']).toContain(adapter.walk));
    test('a list of orders, and no list that the house does not know', () => {
      expect(adapter.feeds).toContain('orders');
      for (const feed of adapter.feeds) expect(FEEDS).toContain(feed);
    });
    test('settings with names of their own, in both languages', () => {
      expect(new Set(adapter.settings.map(({ name }) => name)).size).toBe(adapter.settings.length);
      for (const { name, zh, en } of adapter.settings) expect([name, zh, en].every((each) => each.trim() !== '')).toBe(true);
    });
    test('at least one road for messages', () => expect(adapter.door ?? adapter.queue ?? adapter.socket).toBeDefined());
    test('answers at its door: taken, refused, later', () => {
      const { taken, refused, later } = adapter.door?.replies ?? {
        taken: { status: 200 },
        refused: { status: 403 },
        later: { status: 503 },
      };
      expect(taken.status).toBeLessThan(300);
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(refused.status).toBeLessThan(500);
      expect(later.status).toBeGreaterThanOrEqual(500);
    });
  });
}
