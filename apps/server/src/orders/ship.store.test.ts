import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
  await house.send('POST', '/v1/shops', { channel: 'own', shop: 's1', name: 'own' });
});
afterAll(() => house.close());
let serial = 0;
async function newOrder(more: Record<string, unknown> = {}): Promise<string> {
  return (await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: `s${++serial}`, ...more }))).body.orderKey;
}
const ship = (key: string, ...shipments: object[]) => house.send('POST', `/v1/orders/${key}:ship`, { shipments });
const shown = async (key: string) => (await house.send('GET', `/v1/orders/${key}`)).body;
const sf = (trackingNumber: string, more: object = {}) => ({ carrier: 'sf', trackingNumber, ...more });

describe('reporting that parcels left', () => {
  test('by line, in several parcels, until the order has shipped; a repeat is unchanged', async () => {
    const key = await newOrder();
    const first = { id: 'p1', lines: [{ lineId: '1', quantity: 1 }] };
    expect((await ship(key, sf(`A${key}`, first))).body).toMatchObject({ result: 'changed', version: 3 });
    expect((await ship(key, sf(`A${key}`, first))).body).toMatchObject({ result: 'unchanged', version: 3 });
    expect(await shown(key)).toMatchObject({ status: 'paid', shipments: [{ id: 'p1', own: true }] });
    expect((await ship(key, sf(`B${key}`))).body.result).toBe('changed');
    expect(await shown(key)).toMatchObject({ status: 'shipped', lines: [{ shipped: 2 }, { shipped: 1 }] });
    const types = (await house.send('GET', `/v1/orders/${key}/events`)).body.items.map((event: { type: string }) => event.type);
    expect(types.slice(2)).toEqual(['order.status_changed', 'order.status_changed', 'order.shipped']);
  });

  test('a corrected number replaces the old one, and both find the order', async () => {
    const key = await newOrder();
    await ship(key, sf(`OLD${key}`, { id: 'p1' }));
    await ship(key, sf(`NEW${key}`, { id: 'p1' }));
    expect((await shown(key)).shipments).toMatchObject([{ id: 'p1', trackingNumber: `NEW${key}` }]);
    for (const number of [`OLD${key}`, `NEW${key}`]) {
      const { items } = (await house.send('GET', `/v1/orders?trackingNumber=${number}`)).body;
      expect(items.map((item: { orderKey: string }) => item.orderKey)).toEqual([key]);
    }
  });

  test('is refused by code while the order is held, unpaid or all of it has left', async () => {
    const held = await newOrder();
    await house.send('POST', `/v1/orders/${held}:hold`, { why: 'wait' });
    expect(await ship(held, sf('H1'))).toMatchObject({ status: 409, body: { code: 'order.is_held' } });
    const unpaid = await newOrder({ status: 'awaiting_payment', paid: '0.00', payments: undefined, paidAt: undefined });
    expect(await ship(unpaid, sf('U1'))).toMatchObject({ status: 409, body: { code: 'order.not_paid' } });
    const gone = await newOrder();
    await ship(gone, sf(`G${gone}`));
    expect(await ship(gone, sf(`G2${gone}`))).toMatchObject({ status: 409, body: { code: 'order.nothing_to_ship' } });
    expect(await ship(gone)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    const impossible = await newOrder();
    expect(await ship(impossible, sf('T1', { at: '2026-02-30T00:00:00Z' }))).toMatchObject({
      status: 409,
      body: { code: 'order.impossible_ship_time' },
    });
  });

  test('is for those who handle goods and for programs, not for customer service', async () => {
    const key = await newOrder();
    const tokenOf = async (role: string) => (await house.send('POST', '/v1/tokens', { name: role, role })).body.token;
    for (const [role, status] of [
      ['customer_service', 403],
      ['finance', 403],
      ['warehouse', 200],
    ] as const) {
      const answer = await house.send('POST', `/v1/orders/${key}:ship`, { shipments: [sf(`R${key}`)] }, { token: await tokenOf(role) });
      expect(answer, role).toMatchObject({ status });
    }
  });
});
