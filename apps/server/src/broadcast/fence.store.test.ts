/** Whoever broadcast before and wakes late can store nothing: what the next one relies on stays as it is. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import { deletePark, type Hold, readParked, saveCursor, saveFailedTry, savePark, takeConsumer } from './store.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
});
afterAll(() => base.drop());

const POSITIONS = Array.from({ length: 64 }, () => 7);
const row = { partition: 3, subjectKey: 'S', fromVersion: 5, attempts: 1, nextAt: 1_000, dead: false };
const failed = {
  id: 1,
  subjectKey: 'S',
  version: 5,
  attempt: 1,
  at: 0,
  status: 500,
  error: 'http_500',
  durationMs: 3,
  partition: 3,
  position: 7,
  replay: null,
  sealedAnswer: null,
};
let serial = 0;
let [earlier, later]: [Hold, Hold] = [
  { consumer: '', epoch: 1 },
  { consumer: '', epoch: 2 },
];
beforeEach(async () => {
  const consumer = `ep${++serial}`;
  [earlier, later] = [
    { consumer, epoch: 1 },
    { consumer, epoch: 2 },
  ];
  await base.db.query('insert into consumers (consumer, positions) values ($1, $2)', [consumer, POSITIONS]);
});

test('a later epoch takes the consumer, an earlier one does not get it back', async () => {
  expect(await takeConsumer(base.db, earlier)).toEqual(POSITIONS);
  expect(await takeConsumer(base.db, later)).toEqual(POSITIONS);
  expect(await takeConsumer(base.db, later)).toEqual(POSITIONS);
  expect(await takeConsumer(base.db, earlier)).toBeNull();
});

test('what the earlier one still writes changes nothing and says so; the later one writes', async () => {
  await takeConsumer(base.db, earlier);
  expect(await savePark(base.db, earlier, row, 0, 'http_500')).toBe(true);
  await takeConsumer(base.db, later);
  const late = [
    saveCursor(base.db, earlier, POSITIONS.with(0, 99)),
    savePark(base.db, earlier, { ...row, fromVersion: 9 }, 0, 'late'),
    saveFailedTry(base.db, earlier, failed),
    deletePark(base.db, earlier, row.partition, row.subjectKey),
  ];
  expect(await Promise.all(late)).toEqual([false, false, false, false]);
  expect(await takeConsumer(base.db, later)).toEqual(POSITIONS);
  expect(await readParked(base.db, later.consumer, 10)).toEqual([row]);
  expect(await saveCursor(base.db, later, POSITIONS.with(0, 8))).toBe(true);
  expect(await saveFailedTry(base.db, later, failed)).toBe(true);
  expect(await deletePark(base.db, later, row.partition, row.subjectKey)).toBe(true);
  expect(await readParked(base.db, later.consumer, 10)).toEqual([]);
});
