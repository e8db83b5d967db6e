/** A buyer who asks the channel for another address: nothing else tells of it, so the order waits for a person. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DouyinHouse, douyinHouse, signed } from '../../../../tests/support/douyin.ts';

let house: DouyinHouse;
const bodies: string[] = [];
beforeAll(async () => {
  house = await douyinHouse({ orderKeyInNote: false, road: (body, deliver) => (bodies.push(body), deliver(body)) });
});
afterAll(() => house.close());

const told = async (): Promise<void> => {
  await house.deliver();
  await house.settled();
};
const toldAgain = async (body: string): Promise<void> => {
  const url = `/v1/intake/douyin/${house.appId}`;
  expect((await house.house.app.inject({ method: 'POST', url, headers: signed(body), payload: body })).statusCode).toBe(200);
  await house.settled();
};
async function paid(): Promise<string> {
  const id = house.douyin.place();
  house.douyin.pay(id);
  await told();
  return id;
}
const holds = async (id: string): Promise<unknown[]> => (await house.order(id)).holds;
const WISH = { id: expect.stringMatching(/^address_wish:\d+$/), kind: 'rule', why: 'order.address_wished', who: 'douyin' };
const HELD = [{ ...WISH, since: expect.any(String) }];

test('it holds the order, whatever is told meanwhile, until somebody releases it; told twice it is the same wish', async () => {
  const id = await paid();
  expect(await holds(id)).toEqual([]);
  house.douyin.applyForAddress(id);
  await told();
  const wish = bodies.at(-1) as string;
  expect(await holds(id)).toEqual(HELD);

  house.douyin.changeAddress(id);
  await told();
  await toldAgain(wish);
  expect(await holds(id)).toEqual(HELD);

  const { orderKey, holds: standing } = await house.order(id);
  expect((await house.send('POST', `/v1/orders/${orderKey}:release`, { holdId: standing[0].id })).status).toBe(200);
  await toldAgain(wish);
  expect(await holds(id)).toEqual([]);
  const { items } = (await house.send('GET', `/v1/orders/${orderKey}/events?limit=200`)).body as { items: { type: string }[] };
  const ofHolds = items.map(({ type }) => type).filter((type) => ['order.held', 'order.released'].includes(type));
  expect(ofHolds.sort()).toEqual(['order.held', 'order.released', 'order.released']); // the first: its detail had come
  expect(await house.differences()).toEqual([]);
});

test('an order that left or ended with an open wish waits for nobody', async () => {
  for (const end of [
    (id: string) => house.douyin.ship(id, { carrier: 'shunfeng', trackingNumber: `SF${id}` }),
    (id: string, lines: readonly string[]) => lines.forEach((lineId) => house.douyin.payBack(house.douyin.askRefund(id, { lineId }))),
  ]) {
    const id = await paid();
    house.douyin.applyForAddress(id);
    await told();
    expect(await holds(id)).toEqual(HELD);
    const { lines } = (await house.order(id)) as { lines: { lineId: string }[] };
    end(
      id,
      lines.map(({ lineId }) => lineId),
    );
    await told();
    expect(await holds(id)).toEqual([]);
  }
});

test('the first that we hear of an order may be a wish: it is held, and whole once it was asked for', async () => {
  const id = house.douyin.place();
  house.douyin.pay(id);
  house.douyin.applyForAddress(id);
  const data = { p_id: id, shop_id: 1234567, apply_time: Math.floor(Date.now() / 1_000) };
  await toldAgain(JSON.stringify([{ tag: '111', msg_id: 'm', data: JSON.stringify(data) }]));
  expect(await house.order(id)).toMatchObject({ status: 'paid', holds: HELD });
  expect(await house.differences()).toEqual([]);
});
