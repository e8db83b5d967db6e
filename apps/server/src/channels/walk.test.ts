import type { Page, Row, Window } from '@weir/connectors/adapter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectedRows } from './few-rows.ts';
import { createRemembered, WINDOW_ROWS, walkWindow } from './walk.ts';

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
