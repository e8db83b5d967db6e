import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeTaken, encodeTaken, MOST_BYTES, type Taken } from './delivery-codec.ts';
import { createRecorder } from './recorder.ts';

const count = fc.nat({ max: 2 ** 31 - 1 });
const openedAt = fc.integer({ min: 0, max: Date.parse('2100-01-01T00:00:00Z') });
const taken = fc.record({
  at: openedAt,
  durationMs: count,
  status: fc.integer({ min: 200, max: 299 }),
  attempt: count,
  partition: fc.integer({ min: 0, max: 63 }),
  position: fc.integer({ min: 0, max: 2 ** 48 }),
  version: count,
  replay: count,
});
const written = (at: number, all: readonly Taken[]): Buffer => {
  const into = Buffer.alloc(MOST_BYTES * all.length);
  const end = all.reduce((place, each) => encodeTaken(into, place, at, each), 0);
  return into.subarray(0, end);
};

test('what is written is read back, whatever the clocks said', () => {
  fc.assert(
    fc.property(openedAt, fc.array(taken, { maxLength: 20 }), (at, all) => {
      expect(decodeTaken(written(at, all), at)).toEqual(all);
    }),
  );
});

const usual = (more: Partial<Taken> = {}): Taken => ({
  at: Date.parse('2026-11-25T12:00:00Z'),
  durationMs: 18,
  status: 200,
  attempt: 1,
  partition: 7,
  position: Math.floor(Date.parse('2026-11-25') / 86_400_000) * 2 ** 32 + 123_456,
  version: 3,
  replay: 0,
  ...more,
});

test('a usual delivery takes at most 16 bytes', () => {
  const openedAt = usual().at - 9_000;
  expect(written(openedAt, [usual()]).length).toBeLessThanOrEqual(16);
});

test('a segment holds at most 1,000 deliveries or ten seconds; what is stored and closed is forgotten', () => {
  let now = 0;
  const recorder = createRecorder({ now: () => now }, 41);
  for (let i = 0; i < 1_500; i++) recorder.took(usual({ partition: i % 64 }));
  const rows = recorder.unsaved();
  expect(rows.map(({ segment, deliveries }) => [segment, deliveries])).toEqual([
    [42, 1_000],
    [43, 500],
  ]);
  expect(rows[0]?.partitions).toBe(-1n);
  recorder.saved(rows);
  expect([recorder.isDirty(), recorder.unsaved()]).toEqual([false, []]);
  recorder.took(usual());
  expect(recorder.unsaved().map(({ segment, deliveries }) => [segment, deliveries])).toEqual([[43, 501]]);
  now = 10_001;
  recorder.took(usual());
  expect(recorder.unsaved().map(({ segment, deliveries }) => [segment, deliveries])).toEqual([
    [43, 501],
    [44, 1],
  ]);
});

test('what came while a row was being stored is stored the next time', () => {
  const recorder = createRecorder({ now: () => 0 }, 0);
  recorder.took(usual());
  const rows = recorder.unsaved();
  recorder.took(usual({ version: 4 }));
  recorder.saved(rows);
  const [row] = recorder.unsaved();
  expect(decodeTaken(row?.body ?? Buffer.alloc(0), row?.openedAt ?? 0).map(({ version }) => version)).toEqual([3, 4]);
});
