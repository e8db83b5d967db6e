/** Reading the log through memory never leaves anything out, whatever of it was told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';
import { steadyClock } from '#platform';
import type { LogEvent } from './envelope.ts';
import { createLogReader, type Told } from './read-log.ts';

let house: TestHouse;
const worked: Told[] = [];
beforeAll(async () => {
  house = await testHouse();
  house.house.onWorked(({ lease, events }) => {
    worked.push({ epoch: lease.epoch, heads: lease.heads, events });
  });
  for (let minute = 10; minute < 60; minute += 5)
    for (const id of ['a', 'b', 'c'])
      await house.send(
        'POST',
        '/v1/orders',
        neutralOrder({ channelOrderId: id, modifiedAt: `2026-02-20T20:${minute}:00+08:00`, remark: `${minute}` }),
      );
});
afterAll(() => house.close());

const nothing = (): number[] => Array.from({ length: 64 }, () => 0);
async function readAll(reader: ReturnType<typeof createLogReader>, room: number): Promise<LogEvent[]> {
  const [readTo, all]: [number[], LogEvent[]] = [nothing(), []];
  for (let found = await reader.next(readTo, room); found.length > 0; found = await reader.next(readTo, room))
    for (const event of found) {
      readTo[event.partition] = event.position;
      all.push(event);
    }
  return all;
}
const places = (events: readonly Pick<LogEvent, 'partition' | 'position'>[]): string[] =>
  events.map(({ partition, position }) => `${partition}/${position}`).sort();
const everything = (): string[] => places(worked.flatMap(({ events }) => events));

test('with nothing told, all comes from the database, each event once and in order per partition', async () => {
  const all = await readAll(createLogReader(house.house.db, steadyClock), 7);
  expect(places(all)).toEqual(everything());
  expect(everything().length).toBeGreaterThan(30);
  for (const events of Map.groupBy(all, (event) => event.partition).values())
    expect(events.map(({ position }) => position)).toEqual(events.map(({ position }) => position).toSorted((a, b) => a - b));
});

test('batches that were not told leave no hole, whichever they are', async () => {
  for (let told = 1; told < 8; told++) {
    const reader = createLogReader(house.house.db, steadyClock);
    for (const [i, batch] of worked.entries()) {
      if (((told >> (i % 3)) & 1) === 1) reader.tell(batch);
      else reader.skip();
    }
    expect(places(await readAll(reader, 1_000))).toEqual(everything());
  }
});

test('another epoch does not follow the one before', async () => {
  const reader = createLogReader(house.house.db, steadyClock);
  const [first, last] = [worked[0] as Told, worked.at(-1) as Told];
  reader.tell(first);
  reader.tell({ ...last, epoch: last.epoch + 1 });
  expect(places(await readAll(reader, 1_000))).toEqual(everything());
});

test('what was told need not be read: an event looks the same from memory and from the database', async () => {
  const reader = createLogReader(house.house.db, steadyClock);
  for (const batch of worked) reader.tell(batch);
  const shape = ({ state, detail, occurredAt, version, type, withheld, subjectKey }: LogEvent) =>
    JSON.stringify({ state, detail, at: Date.parse(occurredAt), version, type, withheld, subjectKey });
  const told = await readAll(reader, 1_000);
  const read = await readAll(createLogReader(house.house.db, steadyClock), 1_000);
  expect(told.map(shape).sort()).toEqual(read.map(shape).sort());
});
