/** A detail is put together from two calls, and channels count in seconds: two details of one second may contradict each other. */
import { afterEach, expect, test } from 'vitest';
import { type DouyinHouse, douyinHouse } from '../../../../tests/support/douyin.ts';
import { waitUntil } from '../../../../tests/support/index.ts';
import { manualClock } from '#platform';

const START = Date.parse('2026-02-22T10:00:00+08:00');
let house: DouyinHouse | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

test('an after-sale withdrawn between the two calls of a fetch is settled by one more look a minute later, without a person', async () => {
  const clock = manualClock(START);
  let gate: Promise<void> | null = null;
  let isWaiting = false;
  house = await douyinHouse({
    clock,
    orderKeyInNote: false, // nobody else asks for the order
    async send(url, init) {
      if (gate !== null && url.includes('/order/orderDetail')) {
        isWaiting = true;
        await gate;
      }
      return fetch(url, init);
    },
  });
  const { douyin, order, deliver } = house;
  const id = douyin.place({ lines: 1 });
  douyin.pay(id);
  await deliver();
  await house.settled();

  const { promise, resolve: open } = Promise.withResolvers<void>();
  gate = promise;
  const refund = douyin.askRefund(id);
  await deliver();
  await waitUntil('the after-sales are read, the order not yet', () => isWaiting);
  douyin.endCase(refund, 'withdrawn');
  gate = null;
  open();
  const holds = async (): Promise<string[]> => (await order(id)).holds.map((hold: { kind: string }) => hold.kind);
  await waitUntil('the torn detail is here', async () => (await holds()).includes('after_sale'));
  await deliver();
  await waitUntil('the whole one contradicts it', async () => (await holds()).includes('review'));
  clock.advance(120_000); // the platform's own times run ahead by a second for each change
  await house.settled();
  expect(await holds()).toEqual([]);
  expect(await house.differences()).toEqual([]);
});
