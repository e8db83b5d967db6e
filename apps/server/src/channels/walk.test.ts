import type { Page, Row, RowsRead, WalkOrder, Window } from '@weir/connectors/adapter';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedRows } from './few-rows.ts';
import { createRemembered, CURSOR_PAGES, WINDOW_ROWS, walkWindow } from './walk.ts';

const WINDOW: Window = { from: 0, to: 100 };
const rowOf = (id: number, version = 0): Row => ({ id: String(id), subject: null, bytes: Buffer.from(`${id} ${version}`) });

/** A list on a platform; `between` happens before each page but the first. */
function platform(rows: Row[], between: (page: number) => void = () => {}, told: (total: number) => number | null = (total) => total) {
  const taken: string[] = [];
  return {
    taken,
    walk: (pageRows: number) =>
      walkWindow(
        {
          order: 'first_page_first',
          pageRows,
          windowRows: 50_000,
          take: async (some) => void taken.push(...some.map((row) => row.id)),
          async list(_window: Window, { page, size }: Page) {
            if (page > 0) between(page);
            return { ok: true, value: { rows: rows.slice(page * size, (page + 1) * size), total: told(rows.length) } } as const;
          },
        },
        WINDOW,
      ),
  };
}

test('whatever the numbers, a list that stands still is walked whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }), async (count, size) => {
      const { walk, taken } = platform(Array.from({ length: count }, (_, i) => rowOf(i)));
      expect(await walk(size)).toEqual({ kind: 'whole', rows: count });
      expect(taken).toEqual(Array.from({ length: count }, (_, i) => String(i)));
    }),
  );
});

test('a row that leaves the window while we walk is noticed, and one that moves to its end too', async () => {
  const left = Array.from({ length: 10 }, (_, i) => rowOf(i));
  expect((await platform(left, () => void left.shift()).walk(4)).kind).toBe('moved');
  const moved = Array.from({ length: 10 }, (_, i) => rowOf(i));
  const drift = platform(moved, (page) => page === 1 && moved.push(moved.shift() as Row));
  expect(await drift.walk(4)).toMatchObject({ kind: 'moved' });
  expect(drift.taken).not.toContain('4'); // this one slipped between two pages
});

test('an answer without a total proves nothing, and too many rows are not begun', async () => {
  expect(await platform([], undefined, () => null).walk(10)).toEqual({ kind: 'untold', rows: 0 });
  const full = platform(
    Array.from({ length: 3 }, (_, i) => rowOf(i)),
    undefined,
    () => WINDOW_ROWS + 1,
  );
  expect((await full.walk(10)).kind).toBe('too_full');
  expect(full.taken).toEqual([]);
});

/** A row of a list that changes while it is walked: in the window it stands by the time of its change. */
interface Living {
  readonly id: string;
  at: number;
}
type Deed = { readonly what: 'leave' | 'late' | 'between'; readonly which: number };
/** Before each call but the first some of the deeds happen. `held`: what the window held when the last answer was made. */
function livingList(count: number, deeds: readonly (readonly Deed[])[], order: WalkOrder) {
  const rows: Living[] = Array.from({ length: count }, (_, i) => ({ id: String(i), at: (i * 100) / Math.max(1, count) }));
  let [calls, serial] = [0, count];
  const inWindow = (): Living[] => rows.filter(({ at }) => at <= 100).sort((a, b) => a.at - b.at);
  const taken = new Set<string>();
  const live = ({ what, which }: Deed): void => {
    const some = inWindow();
    const chosen = some[which % Math.max(1, some.length)];
    if (what === 'leave' && chosen !== undefined) chosen.at = 101 + serial++;
    if (what === 'late') rows.push({ id: String(serial), at: 100 - 1 / (1 + serial++) });
    if (what === 'between') rows.push({ id: String(serial++), at: (chosen?.at ?? 50) - 1e-6 });
  };
  const list = async (_: Window, { page, size, after }: Page): Promise<{ ok: true; value: RowsRead }> => {
    if (calls++ > 0) for (const deed of deeds[calls - 2] ?? []) live(deed);
    const all = inWindow();
    const begin = order === 'by_cursor' ? all.findIndex(({ at }) => at > Number(after ?? -1)) : page * size;
    const found = begin < 0 ? [] : all.slice(begin, begin + size);
    const last = found.at(-1);
    const isEnd = last === undefined || last === all.at(-1);
    return {
      ok: true,
      value: {
        rows: found.map(({ id, at }) => ({ id, subject: null, bytes: Buffer.from(`${id} ${at}`) })),
        total: order === 'by_cursor' ? null : all.length,
        next: isEnd ? null : String(last.at),
      },
    };
  };
  return {
    held: inWindow,
    taken,
    calls: () => calls,
    walk: (pageRows: number) =>
      walkWindow({ order, list, pageRows, windowRows: 50_000, take: async (some) => some.forEach((row) => taken.add(row.id)) }, WINDOW),
  };
}
const deedsOf = (...kinds: Deed['what'][]) =>
  fc.array(fc.array(fc.record({ what: fc.constantFrom(...kinds), which: fc.nat(1_000) }), { maxLength: 4 }), { maxLength: 12 });
const size = fc.integer({ min: 1, max: 8 });
const count = fc.integer({ min: 0, max: 40 });

test('a list that holds rows of others is walked whole, and only those that are ours are counted', async () => {
  const pages = [[1, 2, 3], [4], [5, 6]];
  const taken: string[] = [];
  const walked = await walkWindow(
    {
      order: 'by_cursor',
      pageRows: 3,
      windowRows: 50,
      isOurs: ({ id }) => Number(id) % 2 === 0,
      take: async (rows) => void taken.push(...rows.map(({ id }) => id)),
      list: async (_, { page }) => ({
        ok: true,
        value: { rows: (pages[page] ?? []).map((id) => rowOf(id)), total: null, next: page < 2 ? String(page) : null },
      }),
    },
    WINDOW,
  );
  expect([walked, taken.length]).toEqual([{ kind: 'whole', rows: 3 }, 6]);
});

describe('a list that is read from its last page', () => {
  test('is walked whole although rows leave it meanwhile, and none of those that stay is missed', async () => {
    await fc.assert(
      fc.asyncProperty(count, size, deedsOf('leave'), async (rows, pageRows, deeds) => {
        const living = livingList(rows, deeds, 'last_page_first');
        expect((await living.walk(pageRows)).kind).toBe('whole');
        expect(living.held().filter(({ id }) => !living.taken.has(id))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('is called whole only if nothing that came late at its end is missing, however many left meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(count, size, deedsOf('leave', 'leave', 'late'), async (rows, pageRows, deeds) => {
        const living = livingList(rows, deeds, 'last_page_first');
        if ((await living.walk(pageRows)).kind !== 'whole') return;
        expect(living.held().filter(({ id }) => !living.taken.has(id))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('is void when a row comes in between, which pushes another into a page that was read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 9, max: 40 }), size, fc.nat(1_000), async (rows, pageRows, which) => {
        const living = livingList(rows, [[], [{ what: 'between', which }]], 'last_page_first');
        expect((await living.walk(pageRows)).kind).toBe('moved');
      }),
    );
  });

  test('costs one call when one page holds it, and is asked for nothing twice but its first page and its end', async () => {
    const small = livingList(8, [], 'last_page_first');
    expect(await small.walk(8)).toEqual({ kind: 'whole', rows: 8 });
    expect(small.calls()).toBe(1);
    const large = livingList(9, [], 'last_page_first');
    expect(await large.walk(4)).toEqual({ kind: 'whole', rows: 9 });
    expect(large.calls()).toBe(1 + 3 + 1);
  });

  test('without a total cannot be begun, unless one answer holds it all', async () => {
    const told = (rows: number) =>
      walkWindow(
        {
          order: 'last_page_first',
          pageRows: 4,
          windowRows: 50_000,
          take: async () => {},
          list: async () => ({ ok: true, value: { rows: Array.from({ length: rows }, (_, i) => rowOf(i)), total: null } }),
        },
        WINDOW,
      );
    expect(await told(3)).toEqual({ kind: 'untold', rows: 3 });
    expect(await told(4)).toMatchObject({ kind: 'failed', failure: { class: 'retry', code: 'no_total' } });
  });
});

describe('a list that is read by cursor', () => {
  const walkOf = (list: (page: Page) => RowsRead) =>
    walkWindow(
      {
        order: 'by_cursor',
        pageRows: 2,
        windowRows: 50_000,
        take: async () => {},
        list: async (_, page) => ({ ok: true, value: list(page) }),
      },
      WINDOW,
    );

  test('is whole when the platform says that no page follows, and no row that stays is missed', async () => {
    await fc.assert(
      fc.asyncProperty(count, size, deedsOf('leave'), async (rows, pageRows, deeds) => {
        const living = livingList(rows, deeds, 'by_cursor');
        expect((await living.walk(pageRows)).kind).toBe('whole');
        expect(living.held().filter(({ id }) => !living.taken.has(id))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('proves nothing without a word about its end, and does not go round in circles or on for ever', async () => {
    expect(await walkOf(() => ({ rows: [rowOf(1)], total: null }))).toEqual({ kind: 'untold', rows: 1 });
    expect(await walkOf(() => ({ rows: [rowOf(1)], total: null, next: 'a' }))).toMatchObject({
      kind: 'failed',
      failure: { code: 'cursor' },
    });
    expect(await walkOf(({ page }) => ({ rows: [], total: null, next: String(page) }))).toEqual({ kind: 'too_full', rows: 0 });
    const many = await walkOf(({ page }) => ({
      rows: Array.from({ length: 9 }, (_, i) => rowOf(page * 9 + i)),
      total: null,
      next: String(page),
    }));
    expect(many.kind).toBe('too_full');
    expect(many).toHaveProperty('rows', 9 * Math.ceil((WINDOW_ROWS + 1) / 9));
    expect(CURSOR_PAGES * 9).toBeGreaterThan(WINDOW_ROWS);
  });
});

test('only the newest rows are remembered', () => {
  const known = createRemembered(2);
  for (const text of ['a', 'b', 'c']) known.add(Buffer.from(text));
  expect(['a', 'b', 'c'].map((text) => known.has(Buffer.from(text)))).toEqual([false, true, true]);
});

test('few rows are suspicious against what we know ourselves, and against what is usual; a quiet night is not', () => {
  const usual = Array.from({ length: 10 }, () => 600);
  expect(expectedRows({ rows: 2, seconds: 360, usual: [], own: 10 })).toBe(10);
  expect(expectedRows({ rows: 5, seconds: 360, usual: [], own: 10 })).toBeNull();
  expect(expectedRows({ rows: 0, seconds: 360, usual: [], own: 3 })).toBeNull();
  expect(expectedRows({ rows: 0, seconds: 360, usual, own: null })).toBe(60);
  expect(expectedRows({ rows: 6, seconds: 360, usual, own: null })).toBeNull();
  expect(expectedRows({ rows: 0, seconds: 360, usual: usual.slice(0, 5), own: null })).toBeNull(); // too little is known yet
  expect(expectedRows({ rows: 0, seconds: 360, usual: usual.map(() => 100), own: 0 })).toBeNull(); // a small shop
});
