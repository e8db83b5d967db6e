import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const minute = (n: number): string => new Date(Date.parse('2026-02-20T20:22:08+08:00') + n * 60_000).toISOString();
const receiver = (city: string) => ({
  name: '张三丰',
  phone: '13800138000',
  province: '浙江省',
  city,
  district: '某区',
  detail: '某路1号',
});
const payments = [{ id: 'p1', amount: '114.00', at: minute(1), kind: 'full' }];
const unpaid = { paidAt: undefined, payments: undefined, paid: '0.00', status: 'awaiting_payment' };
const shipments = [{ id: 's1', carrier: 'sf', trackingNumber: 'SF1', at: minute(6), lines: [{ lineId: '1', quantity: 2 }] }];
const refunds = [{ id: 'r1', lineId: '2', amount: '30.00', status: 'done', at: minute(7) }];

const IDS = ['a', 'b', 'c'] as const;
const RUNS = 8;

/** One life: unpaid, paid, moved away and back again, a hint about the remark, partly shipped, partly refunded. */
const LIFE: readonly Record<string, unknown>[] = [
  { ...unpaid, modifiedAt: minute(0) },
  { modifiedAt: minute(2), receiver: receiver('杭州市') },
  { modifiedAt: minute(3), receiver: receiver('宁波市') },
  { modifiedAt: minute(4), receiver: receiver('杭州市'), remark: '改放门卫' },
  { modifiedAt: minute(5), receiver: receiver('杭州市'), remark: null },
  { modifiedAt: minute(6), receiver: receiver('杭州市'), remark: null, shipments },
  { modifiedAt: minute(7), receiver: receiver('杭州市'), remark: null, shipments, refunds, refunded: '30.00' },
];
const message = (id: string, version: number) =>
  neutralOrder({ channelOrderId: id, placedAt: minute(0), paidAt: minute(1), payments, ...LIFE[version] });
const partial = (id: string) => ({
  schema: 1,
  channel: 'own',
  shop: 's1',
  channelOrderId: id,
  partial: true,
  modifiedAt: minute(8),
  shipBy: minute(600),
});
const messagesOf = (id: string): object[] => [...LIFE.map((_, version) => message(id, version)), partial(id)];

const post = async (order: object) => {
  const answer = await house.send('POST', '/v1/orders', order);
  expect(answer.status).toBeLessThan(300);
  return answer;
};
/** What everybody can see of an order, without what depends on how often it changed. */
async function finalState(id: string): Promise<object> {
  const { orderKey } = (await house.send('GET', `/v1/orders?channelOrderId=${id}`)).body.items[0];
  const { body } = await house.send('GET', `/v1/orders/${orderKey}`);
  const revealed = await house.send('POST', `/v1/orders/${orderKey}:reveal`, {
    fields: ['receiver.detail', 'receiver.phone'],
    purpose: 'deliver',
  });
  const { items } = (await house.send('GET', `/v1/orders/${orderKey}/events`)).body as {
    items: { version: number; state: { version: number } }[];
  };
  expect(items.map((event) => event.version)).toEqual(items.map((_, i) => i + 1));
  expect(items.at(-1)?.state.version).toBe(body.version);
  const { orderKey: _, channelOrderId: __, version: ___, addressVersion: ____, bundleVersion: _____, ...rest } = body;
  return { ...rest, revealed: revealed.body.values };
}

test('messages of several orders, shuffled, doubled and sent at once, end in the same state as in order', async () => {
  for (const order of messagesOf('in-order')) await post(order);
  const expected = await finalState('in-order');
  expect(expected).toMatchObject({ paid: '114.00', refunded: '30.00', holds: [], personal: { receiver: { city: '杭州市' } } });

  const places = IDS.flatMap((id) => messagesOf(id).map((_, version) => ({ id, version })));
  const storm = fc.record({
    places: fc.tuple(fc.shuffledSubarray(places, { minLength: places.length }), fc.array(fc.constantFrom(...places), { maxLength: 12 })),
    atOnce: fc.integer({ min: 1, max: 12 }),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(storm, async ({ places: [once, again], atOnce }) => {
      const prefix = `run${++run}`;
      const all = [...once, ...again].map(({ id, version }) => messagesOf(`${prefix}-${id}`)[version] as object);
      for (let i = 0; i < all.length; i += atOnce) await Promise.all(all.slice(i, i + atOnce).map(post));
      for (const id of IDS) expect(await finalState(`${prefix}-${id}`)).toEqual(expected);
    }),
    { numRuns: RUNS },
  );
});

test('each order has one key and one order.created, however its messages came', async () => {
  const { rows } = await house.house.db.query<{ n: number; created: number }>(
    `select count(*) as n, (select count(*) from events where type = 'order.created') as created from orders`,
  );
  expect(rows[0]?.n).toBe(1 + RUNS * IDS.length);
  expect(rows[0]?.created).toBe(rows[0]?.n);
});
