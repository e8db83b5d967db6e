/** Walks over what changed and what was placed. */
import { beforeAll, describe, expect, test } from 'vitest';
import { inWorld } from './group.test-support.ts';
import { type Candidate, reach, SECOND, START } from './world.test-support.ts';

export function walks(candidate: Candidate): void {
  const { adapter } = candidate;
  describe('lists', () => {
    const world = inWorld(candidate, 31);
    const ids: string[] = [];
    beforeAll(() => {
      for (let i = 0; i < 23; i++) ids.push(reach(world(), 'paid') as string);
      world().clock.move((adapter.limits.settleSeconds ?? 0) * SECOND + SECOND);
    });
    test.each([1, 5, 23, 24])('pages of %i rows meet without a gap or a double', async (size) => {
      const rows = await world().seller.walk('orders', world().everything(), Math.min(size, adapter.limits.pageRows));
      const seen = rows.map((row) => row.subject?.id);
      expect(seen.toSorted()).toEqual(ids.toSorted());
    });
    test('a back-fill finds what was placed', async () => {
      const rows = await world().seller.placed(world().everything());
      expect([...new Set(rows.map((row) => row.subject?.id))].toSorted()).toEqual(ids.toSorted());
    });
    test('whether unpaid orders are in it is as the adapter says', async () => {
      const id = reach(world(), 'unpaid') as string;
      world().clock.move((adapter.limits.settleSeconds ?? 0) * SECOND + SECOND);
      const rows = await world().seller.walk('orders', world().everything());
      expect(rows.some((row) => row.subject?.id === id)).toBe(adapter.limits.listsUnpaid ?? true);
    });
    test('a window before the shop’s first order is empty, and says that it is', async () => {
      const to = Math.floor(START / 1_000) - 7_200;
      const page = await adapter.listChanged(world().seller.ask, 'orders', candidate.shop, { from: to - 600, to }, { page: 0, size: 10 });
      expect(page).toMatchObject({ ok: true, value: { rows: [] } });
      if (page.ok) expect(page.value.total === 0 || page.value.next === null).toBe(true);
    });
    test('each row names its order and has bytes of its own', async () => {
      for (const row of await world().seller.walk('orders', world().everything())) {
        expect(row.subject).toMatchObject({ kind: 'order', channel: adapter.channel, shop: candidate.shop });
        expect(row.bytes.length).toBeGreaterThan(2);
      }
    });
    test('an after-sale is found by its list or in its order’s own row', async () => {
      const id = reach(world(), 'refund_asked') as string;
      world().clock.move((adapter.limits.settleSeconds ?? 0) * SECOND + SECOND);
      const feed = adapter.feeds.includes('after_sales') ? 'after_sales' : 'orders';
      const rows = await world().seller.walk(feed, world().everything());
      expect(rows.map((row) => row.subject?.id)).toContain(id);
    });
    test('more rows than a page may have are refused here or there, and never read as fewer', async () => {
      const size = adapter.limits.pageRows + 1;
      const ask = async (): Promise<unknown> =>
        adapter.listChanged(world().seller.ask, 'orders', candidate.shop, world().everything(), { page: 0, size });
      const answer = await ask().catch((error: unknown) => error);
      expect(answer instanceof RangeError || (answer as { ok: boolean }).ok === false).toBe(true);
    });
    test.each(['throttled', 'serverErrors', 'lostAnswers', 'tokenExpiry', 'pagingDrift'] as const)(
      'under %s nothing is missed in the end',
      async (fault) => {
        world().platform.misbehave({ [fault]: 0.2 });
        const seen = new Set<string>();
        for (let again = 0; again < 3; again++)
          for (const row of await world().seller.walk('orders', world().everything(), 5)) seen.add(row.subject?.id ?? '');
        world().platform.misbehave({ [fault]: 0 });
        for (const id of ids) expect(seen.has(id)).toBe(true);
      },
    );
  });
}
