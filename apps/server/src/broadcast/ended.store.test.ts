/** A relay that has ended is missed: its end is stored, or another one takes its place. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { type BroadcastHouse, broadcastHouse, fresh, inOrder } from './receiver.test-support.ts';

let house: BroadcastHouse;
beforeAll(async () => {
  house = await broadcastHouse();
});
afterEach(() => house.clear());
afterAll(() => house.close());

test('that a receiver is gone is stored when the database is back, and it is not asked again', async () => {
  const { id, tries } = await house.receiver(() => 410);
  const { db } = house.house;
  await db.query(`alter table endpoints add constraint not_now check (state <> 'gone')`);
  await house.push(fresh(), 1);
  await waitUntil('it was asked', () => tries.length > 0);
  expect((await house.statusOf(id))['state']).not.toBe('gone');
  await db.query('alter table endpoints drop constraint not_now');
  await waitUntil('that is stored', async () => (await house.statusOf(id))['state'] === 'gone');
  const before = tries.length;
  await house.push(fresh(), 1);
  await house.push(fresh(), 1);
  expect(tries.length).toBe(before);
});

test('a relay that lost its endpoint is followed by another one', async () => {
  const { id, taken } = await house.receiver();
  await house.push(fresh(), 1);
  await waitUntil('told', () => taken.length === 2);
  const { db } = house.house;
  await db.query('update consumers set epoch = epoch + 1000 where consumer = $1', [id]);
  await house.push(fresh(), 1);
  await pause(1_000); // whatever it stores now is refused, and it ends
  await db.query('update consumers set epoch = epoch - 1000 where consumer = $1', [id]);
  const key = await house.push(fresh(), 1);
  await waitUntil('the next one tells', () => taken.filter(({ subject }) => subject === key).length === 2);
  expect(inOrder(taken)).toBe(true);
});
