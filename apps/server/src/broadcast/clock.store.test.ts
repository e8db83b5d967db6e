/** The hub's clock jumps; endpoints do not notice, but for the timestamp of the signature. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { type BroadcastHouse, broadcastHouse, fresh, inOrder, say } from './receiver.test-support.ts';

const HOUR_MS = 3_600_000;
let offset = 0;
let house: BroadcastHouse;
beforeAll(async () => {
  house = await broadcastHouse({ clock: { now: () => Date.now() + offset } });
});
afterAll(async () => {
  await house.clear();
  await house.close();
});

test.each([
  ['back', -HOUR_MS],
  ['ahead', HOUR_MS],
])('a clock that jumps %s an hour neither stops nor floods deliveries, and a parked order keeps its pause', async (_, jump) => {
  let refusals = 1;
  const { id, taken, tries } = await house.receiver(() => (refusals-- > 0 ? 500 : 200));
  const first = await house.push(fresh(), 1);
  await waitUntil('parked', async () => (await house.statusOf(id))['parked'] === 1);
  offset += jump;
  const second = await house.push(fresh(), 1);
  await waitUntil('the next order', () => taken.filter(({ subject }) => subject === second).length === 2);
  await waitUntil('the parked one', () => taken.filter(({ subject }) => subject === first).length === 2);
  const [refused, again] = tries.filter(({ subject }) => subject === first);
  const waited = (again?.at ?? 0) - (refused?.at ?? 0);
  say(`clock ${jump > 0 ? 'ahead' : 'back'} an hour: the pause of 5 s took ${Math.round(waited)} ms, ${tries.length} tries for 4 events`);
  expect(waited).toBeGreaterThan(4_900);
  expect(tries.length).toBe(5);
  expect(inOrder(taken)).toBe(true);
  const stamp = Number(again?.headers['webhook-timestamp']) * 1_000;
  expect(Math.abs(stamp - (Date.now() + offset))).toBeLessThan(60_000);
  await house.clear();
});
