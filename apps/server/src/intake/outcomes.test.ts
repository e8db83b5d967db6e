import { deflateRawSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { type Db, Fault } from '#platform';
import { createOutcomes } from './outcomes.ts';

const WAITED_MS = 5_500;
afterEach(() => void vi.useRealTimers());

/** A log in which positions up to `worked` are worked, `size` of them in a batch; `most` questions at once, as a pool has. */
function log({ worked, size, most = 10 }: { readonly worked: number; readonly size: number; readonly most?: number }) {
  let [asked, under] = [0, 0];
  const db = {
    async queryNamed(_name: string, _text: string, [position]: [number]) {
      asked += 1;
      if (++under > most) throw new Fault('database.busy', { message: 'too many ask at once', retry: true });
      await Promise.resolve();
      under -= 1;
      if (position > worked) return { rows: [] };
      const first = position - (position % size);
      const batch = Array.from({ length: size }, (_, i) => ({ position: first + i, result: 'created' }));
      return { rows: [{ first, body: deflateRawSync(JSON.stringify(batch)) }] };
    },
  } as unknown as Db;
  return { db, asked: () => asked };
}

test('two thousand who have waited too long are answered by two questions, not by two thousand at once', async () => {
  vi.useFakeTimers();
  const { db, asked } = log({ worked: 1_999, size: 1_000 });
  const outcomes = createOutcomes(db);
  const all = Array.from({ length: 2_000 }, (_, position) => outcomes.wait(position));
  await vi.advanceTimersByTimeAsync(WAITED_MS);
  expect((await Promise.all(all)).map((outcome) => outcome?.position)).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
  expect(asked()).toBe(2);
});

test('what is not worked yet is said to be so after one question, however many wait for it, and may be waited for again', async () => {
  vi.useFakeTimers();
  const { db, asked } = log({ worked: 9, size: 10 });
  const outcomes = createOutcomes(db);
  const all = Promise.all([5, 2_000, 1_000, 3_000].map(outcomes.wait));
  await vi.advanceTimersByTimeAsync(WAITED_MS);
  expect((await all).map((outcome) => outcome?.result ?? null)).toEqual(['created', null, null, null]);
  expect(asked()).toBe(2);
  const again = outcomes.wait(1_000);
  outcomes.tell([{ position: 1_000, result: 'changed' }]);
  expect(await again).toMatchObject({ result: 'changed' });
});

test('a log that cannot be read now is no answer, and no fault of whoever waits', async () => {
  vi.useFakeTimers();
  const { db } = log({ worked: 9, size: 10, most: 0 });
  const waits = createOutcomes(db).wait(3);
  await vi.advanceTimersByTimeAsync(WAITED_MS);
  expect(await waits).toBeNull();
});
