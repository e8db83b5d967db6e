/** What a channel's answer and a row of its list mean beside what the shop's own system has said of the same order. */
import type { Heard } from '@weir/connectors/adapter';
import type { NeutralMessage } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAKE, fakeAdapter } from '../../../../tests/support/fake-channel.ts';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

let house: TestHouse;
let said: Partial<Heard> = {};
let serial = 0;
beforeAll(async () => {
  const adapter = fakeAdapter({ tellsNoChange: true, read: () => ({ messages: [], wants: [], problems: [], ...said }) });
  house = await testHouse({ adapters: [adapter] });
});
afterAll(() => house.close());

const own = async (more: object = {}): Promise<Subject> => {
  const id = `c${++serial}`;
  await house.send('POST', '/v1/orders', neutralOrder({ channel: FAKE, shop: 's1', channelOrderId: id, ...more }));
  return { kind: 'order', channel: FAKE, shop: 's1', id };
};
const tell = async (kind: 'list' | 'detail' | 'push', subject: Subject, heard: Partial<Heard>): Promise<void> => {
  said = heard;
  expect(await house.house.channels.desk.tell({ kind, subject, bytes: Buffer.from(`${kind} ${++serial}`) })).toBe(true);
};
const seen = async ({ id }: Subject) => {
  const key = (await house.send('GET', `/v1/orders?channel=${FAKE}&channelOrderId=${id}`)).body.items[0].orderKey;
  return (await house.send('GET', `/v1/orders/${key}`)).body;
};
const message = ({ id }: Subject, more: object): NeutralMessage => ({
  schema: 1,
  channel: FAKE,
  shop: 's1',
  channelOrderId: id,
  modifiedAt: '2026-02-20T21:00:00+08:00',
  partial: true,
  ...more,
});
const parcel = (id: string) => ({ id, carrier: 'sf', trackingNumber: `N${id}`, at: '2026-02-20T20:30:00+08:00', lines: [] });
const numbers = async (subject: Subject): Promise<readonly string[]> =>
  (await seen(subject)).shipments.map(({ trackingNumber }: { trackingNumber: string }) => trackingNumber);

describe('a channel’s parcels', () => {
  test('that may not be all leave those that the shop told of', async () => {
    const order = await own({ shipments: [parcel('1'), parcel('2')] });
    await tell('detail', order, { messages: [message(order, { shipments: [parcel('1')] })], parcelsMayMiss: true });
    expect(await numbers(order)).toEqual(['N1', 'N2']);
  });
  test('that are all end what is not among them', async () => {
    const order = await own({ shipments: [parcel('1'), parcel('2')] });
    await tell('detail', order, { messages: [message(order, { shipments: [parcel('1')] })] });
    expect(await numbers(order)).toEqual(['N1']);
  });
});

test('a sign of the shop’s own system that an order must wait outlives a look at the channel, and ends by the shop’s own word', async () => {
  const sign = { kind: 'after_sale', code: 'buyer_applied_refund', since: '2026-02-20T20:20:00+08:00' };
  const order = await own({ doNotShip: [sign] });
  await tell('detail', order, { messages: [message(order, { doNotShip: [] })] });
  expect((await seen(order)).mayShip).toMatchObject([{ code: 'hold.after_sale', detail: 'buyer_applied_refund' }]);
  const again = { channel: FAKE, shop: 's1', channelOrderId: order.id, modifiedAt: '2026-02-20T21:30:00+08:00', doNotShip: [] };
  await house.send('POST', '/v1/orders', neutralOrder(again));
  expect((await seen(order)).mayShip).toEqual([]);
});

const isAsked = async ({ id }: Subject): Promise<boolean> =>
  (await house.house.db.query('select 1 from fetches where id = $1', [id])).rows.length > 0;

describe('two answers of one moment that contradict each other', () => {
  const sign = { kind: 'after_sale', code: 'in_complaint', since: '2026-02-20T20:40:00+08:00' } as const;
  const contradict = async (at: number): Promise<Subject> => {
    const order = await own();
    // As an answer of several messages has it: beside what it says as of now stands when the order was paid.
    const paid = message(order, { status: 'paid', modifiedAt: '2026-02-20T20:10:00+08:00' });
    for (const doNotShip of [[sign], []])
      await tell('detail', order, { messages: [paid, message(order, { doNotShip, modifiedAt: new Date(at).toISOString() })] });
    expect((await seen(order)).holds).toMatchObject([{ kind: 'review', why: 'register.conflict' }]);
    return order;
  };
  test('are settled by one more look, however old the other words in them are', async () => {
    expect(await isAsked(await contradict(Date.now()))).toBe(true);
  });
  test('are for a person when that moment was over as they were asked for', async () => {
    expect(await isAsked(await contradict(Date.now() - 120_000))).toBe(false);
  });
});

test.each(['push', 'detail'] as const)(
  'a %s that seems to come from the future, and says nothing new, is asked about again by itself',
  async (kind) => {
    const order = await own();
    await tell(kind, order, {
      messages: [message(order, { status: 'paid', modifiedAt: new Date(Date.now() + 20 * 60_000).toISOString() })],
    });
    expect((await seen(order)).holds).toMatchObject([{ kind: 'review', why: 'time.in_future' }]);
    expect(await isAsked(order)).toBe(true);
    // Once our clock is right, the answer ends it.
    const whole = neutralOrder({ channel: FAKE, shop: 's1', channelOrderId: order.id });
    await tell('detail', order, { messages: [whole as unknown as NeutralMessage] });
    expect((await seen(order)).holds).toEqual([]);
  },
);

test('a row that says what is known already opens no case: what was wrong with it was judged, and our clock may be behind', async () => {
  const order: Subject = { kind: 'order', channel: FAKE, shop: 's1', id: `c${++serial}` };
  const told = { status: 'paid', payable: '114.00', paid: '1.00' } as const;
  const whole = neutralOrder({ channel: FAKE, shop: 's1', channelOrderId: order.id, ...told, payments: undefined });
  await tell('detail', order, { messages: [whole as unknown as NeutralMessage] });
  const { items } = (await house.send('GET', `/v1/reviews?shop=s1&channel=${FAKE}`)).body;
  const mine = items.find((each: { message?: { channelOrderId: string } }) => each.message?.channelOrderId === order.id);
  expect(mine.problems).toMatchObject([{ code: 'sum.paid' }]);
  await house.send('POST', `/v1/reviews/${mine.id}:release`, {});
  const { paid } = await seen(order);
  const reviews = async () => (await seen(order)).holds.filter(({ kind }: { kind: string }) => kind === 'review');
  expect([paid, await reviews()]).toEqual(['1.00', []]);
  const modifiedAt = String(whole['modifiedAt']);
  await tell('list', order, { messages: [message(order, { ...told, modifiedAt })], wants: ['detail'] });
  await tell('list', order, { messages: [message(order, { ...told, modifiedAt: new Date(Date.now() + 20 * 60_000).toISOString() })] });
  expect([await reviews(), await isAsked(order)]).toEqual([[], false]);
  // One that says more is held, and its order asked for.
  await tell('list', order, { messages: [message(order, { ...told, paid: '2.00', modifiedAt })], wants: ['detail'] });
  expect([await reviews(), await isAsked(order)]).toMatchObject([[{ why: 'sum.paid' }], true]);
});

describe('a row of a list that tells no change asks for its order', () => {
  const row = (order: Subject, more: object, heard: Partial<Heard> = {}) =>
    tell('list', order, { messages: [message(order, more)], wants: ['detail'], ...heard });

  test('where it says more than is known, and not where it says the same', async () => {
    const order = await own();
    await row(order, { status: 'paid' });
    expect(await isAsked(order)).toBe(false);
    await row(order, { status: 'shipped' });
    expect(await isAsked(order)).toBe(true);
  });
  test('where it shows a sign to wait, until the order holds it', async () => {
    const order = await own();
    const sign = { kind: 'after_sale', code: 'in_complaint', since: '2026-02-20T20:40:00+08:00' };
    const known = await own();
    await tell('detail', known, { messages: [message(known, { doNotShip: [sign] })] });
    for (const each of [order, known]) await row(each, { status: 'paid' }, { signs: ['in_complaint'] });
    expect([await isAsked(order), await isAsked(known)]).toEqual([true, false]);
  });
  test('not for saying that it was paid, when the payment is known and the shop has said more since', async () => {
    const order = await own({ status: 'shipped' });
    await row(order, { status: 'paid', modifiedAt: '2026-02-20T20:00:00+08:00' });
    expect(await isAsked(order)).toBe(false);
    const unpaid = await own({ status: 'awaiting_payment', paid: '0.00', payments: [], paidAt: undefined });
    await row(unpaid, { status: 'paid' });
    expect(await isAsked(unpaid)).toBe(true);
  });
});
