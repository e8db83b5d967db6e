import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';
import { applyEdits, EditImpossible } from './edits.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());
let serial = 0;
const blocked = async (more: Record<string, unknown>): Promise<{ id: string; orderKey: string }> => {
  const { body } = await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: `r${++serial}`, ...more }));
  const { items } = (await house.send('GET', '/v1/reviews')).body;
  return items.find((item: { orderKey: string }) => item.orderKey === body.orderKey);
};

test('a broken sum may be released as it is, and then the order goes on', async () => {
  const { id, orderKey } = await blocked({ payable: '100.00', paid: '100.00', payments: undefined });
  expect((await house.send('POST', `/v1/reviews/${id}:release`, {})).body).toMatchObject({ result: 'changed', orderKey });
  expect((await house.send('GET', `/v1/orders/${orderKey}`)).body).toMatchObject({ status: 'paid', payable: '100.00', holds: [] });
  expect(await house.send('POST', `/v1/reviews/${id}:release`, {})).toMatchObject({
    status: 409,
    body: { code: 'review.closed', params: { state: 'released' } },
  });
});

test('a value that cannot be read may not be released, but fixed: the edit shows before and after, and the fixed message is accepted', async () => {
  const { id, orderKey } = await blocked({ shippingFee: '4' });
  expect(await house.send('POST', `/v1/reviews/${id}:release`, {})).toMatchObject({ status: 409, body: { code: 'review.not_acceptable' } });
  const edits = [{ pointer: '/shippingFee', value: '4.00' }];
  expect((await house.send('POST', `/v1/reviews/${id}:fix`, { edits, dryRun: true })).body).toEqual({
    changes: [{ pointer: '/shippingFee', before: '4', after: '4.00' }],
  });
  expect((await house.send('POST', `/v1/reviews/${id}:fix`, { edits: [{ pointer: '/shippingFee', value: '5.00' }] })).body).toMatchObject({
    code: 'review.still_wrong',
    problems: [{ code: 'sum.payable' }],
  });
  expect((await house.send('POST', `/v1/reviews/${id}:fix`, { edits })).body.result).toBe('changed');
  expect((await house.send('GET', `/v1/orders/${orderKey}`)).body).toMatchObject({ status: 'paid', holds: [] });
});

test('a rejected message is gone; the order stays incomplete until a whole one comes', async () => {
  const { id, orderKey } = await blocked({ payable: '1.00', paid: '1.00', payments: undefined });
  await house.send('POST', `/v1/reviews/${id}:reject`, {});
  expect((await house.send('GET', `/v1/reviews/${id}`)).body).toMatchObject({
    id,
    state: 'rejected',
    closedAt: expect.any(String),
    closedBy: expect.any(String),
  });
  expect((await house.send('GET', `/v1/orders/${orderKey}`)).body.holds).toMatchObject([{ kind: 'incomplete' }]);
});

test('two values at one instant wait for a person; releasing accepts what is shown, and a newer message ends the doubt by itself', async () => {
  const order = neutralOrder({ channelOrderId: `r${++serial}`, remark: '放前台' });
  const { body } = await house.send('POST', '/v1/orders', order);
  await house.send('POST', '/v1/orders', { ...order, remark: '放后门' });
  const { items } = (await house.send('GET', '/v1/reviews')).body;
  const found = items.find((item: { orderKey: string }) => item.orderKey === body.orderKey);
  expect(found).toMatchObject({ id: `${body.orderKey}.conflict:remark`, problems: [{ code: 'register.conflict', pointer: '/remark' }] });
  await house.send('POST', '/v1/orders', { ...order, remark: '放后门', modifiedAt: '2026-02-20T20:30:00+08:00' });
  expect((await house.send('GET', `/v1/orders/${body.orderKey}`)).body.holds).toEqual([]);
});

test('a message that is let through counts from when it came: what was said since then is newer, whatever time it names', async () => {
  const soon = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
  const { id, orderKey } = await blocked({ modifiedAt: soon(8 * 60) });
  const order = neutralOrder({ channelOrderId: `r${serial}` });
  const { channel, shop, channelOrderId } = order;
  const part = { schema: 1, channel, shop, channelOrderId, partial: true } as const;
  expect((await house.send('POST', `/v1/reviews/${id}:release`, {})).body).toMatchObject({ result: 'changed' });
  await house.send('POST', '/v1/orders', { ...part, status: 'cancelled', modifiedAt: soon(1) });
  expect((await house.send('GET', `/v1/orders/${orderKey}`)).body.status).toBe('closed');
});

test('a message without a time that waited does not undo what came while it waited', async () => {
  const order = neutralOrder({ channelOrderId: `r${++serial}` });
  const { channel, shop, channelOrderId, receiver } = order;
  const part = { schema: 1, channel, shop, channelOrderId, partial: true } as const;
  const { orderKey } = (await house.send('POST', '/v1/orders', order)).body;
  const cityOf = async () => (await house.send('GET', `/v1/orders/${orderKey}`)).body.personal.receiver.city;
  await house.send('POST', '/v1/orders', {
    ...part,
    payable: '10.00',
    paid: '9.00',
    status: 'paid',
    receiver: { ...(receiver as object), city: '旧城' },
  });
  await house.send('POST', '/v1/orders', { ...part, receiver: { ...(receiver as object), city: '新城' } });
  expect(await cityOf()).toBe('新城');
  const { items } = (await house.send('GET', '/v1/reviews')).body;
  const { id } = items.find((item: { orderKey: string }) => item.orderKey === orderKey);
  expect((await house.send('POST', `/v1/reviews/${id}:release`, {})).body).toMatchObject({ result: 'changed' });
  expect(await cityOf()).toBe('新城');
});

test('a case that follows from the facts shows the values of now, and when it comes back it is a new one', async () => {
  const order = neutralOrder({ channelOrderId: `r${++serial}` });
  const { channel, shop, channelOrderId } = order;
  const tell = (minute: number, payable: string) =>
    house.send('POST', '/v1/orders', {
      schema: 1,
      channel,
      shop,
      channelOrderId,
      partial: true,
      payable,
      modifiedAt: `2026-02-20T21:0${minute}:00+08:00`,
    });
  const { orderKey } = (await house.send('POST', '/v1/orders', order)).body;
  const shown = async (state: string) => {
    const { items } = (await house.send('GET', `/v1/reviews?state=${state}`)).body;
    return items.find((item: { orderKey: string }) => item.orderKey === orderKey);
  };
  await tell(1, '100.00');
  const first = await shown('open');
  expect(first).toMatchObject({ problems: [{ code: 'sum.after_merge', reading: '100.00' }] });
  await tell(2, '200.00');
  expect(await shown('open')).toMatchObject({ openedAt: first.openedAt, problems: [{ reading: '200.00' }] });
  await tell(3, '114.00');
  expect(await shown('open')).toBeUndefined();
  await tell(4, '300.00');
  const again = await shown('open');
  expect(again).toMatchObject({ problems: [{ reading: '300.00' }] });
  expect(again.openedAt > first.openedAt).toBe(true);
});

test('personal values of a blocked message are masked in the list', async () => {
  const { orderKey } = await blocked({ payable: '9.00', paid: '9.00', payments: undefined });
  const text = JSON.stringify((await house.send('GET', '/v1/reviews')).body);
  expect(text).toContain(orderKey);
  expect(text).not.toMatch(/13800138000|三丰|科苑路|门口/);
});

test('an edit may not turn an order into another one, nor reach what is not there', () => {
  for (const pointer of ['/channelOrderId', '/shop', '', 'x', '/nothing/here', '/__proto__', '/__proto__/x', '/constructor/name'])
    expect(() => applyEdits({ lines: [] }, [{ pointer, value: 1 }]), pointer).toThrow(EditImpossible);
});

test.each(['foo', '-1', '1.5', '01', '1e0', ' 1', '', '-', 'length', '__proto__', 'constructor', '4'])('a list has no row %j', (row) => {
  for (const edit of [{ pointer: `/lines/${row}` }, { pointer: `/lines/${row}`, value: 'd' }])
    expect(() => applyEdits({ lines: ['a', 'b', 'c'] }, [edit])).toThrow(EditImpossible);
});

test('behind the last row of a list is nothing to remove', () => {
  expect(() => applyEdits({ lines: ['a', 'b', 'c'] }, [{ pointer: '/lines/3' }])).toThrow(EditImpossible);
});

test('a row of a list is replaced, removed or added behind the last one, and a field may have any name but one', () => {
  const edits = [
    { pointer: '/lines/0', value: 'x' },
    { pointer: '/lines/1' },
    { pointer: '/lines/2', value: 'd' },
    { pointer: '/constructor', value: 1 },
  ];
  const { message, changes } = applyEdits({ lines: ['a', 'b', 'c'] }, edits);
  expect(message).toEqual({ lines: ['x', 'c', 'd'], constructor: 1 });
  expect(changes.map(({ before }) => before)).toEqual(['a', 'b', undefined, undefined]);
});

test('a page of giants comes at once: their messages are left out, one alone is shown as far as a person reads', async () => {
  const shop = 'giants';
  const keys = Array.from({ length: 150_000 }, (_, i) => `"f${i}":0`).join(',');
  const giant = (n: number): string =>
    JSON.stringify(neutralOrder({ shop, channelOrderId: `g${n}` })).replace('"schema":1', `"schema":1,${keys}`);
  for (let n = 0; n < 10; n++) expect((await house.send('POST', '/v1/orders', giant(n))).body).toMatchObject({ result: 'needs_review' });
  await house.send(
    'POST',
    '/v1/orders',
    neutralOrder({ shop, channelOrderId: 'small', payable: '1.00', paid: '1.00', payments: undefined }),
  );
  const from = performance.now();
  const { items } = (await house.send('GET', `/v1/reviews?shop=${shop}`)).body;
  expect(performance.now() - from).toBeLessThan(10_000);
  expect(items).toHaveLength(11);
  expect(items[0]).toMatchObject({ message: { channelOrderId: 'small' } });
  expect(items[0]).not.toHaveProperty('messageBytes');
  expect(items[1]).toMatchObject({ message: null });
  expect(items[1].messageBytes).toBeGreaterThan(1_000_000);
  const one = await house.send('GET', `/v1/reviews/${items[1].id}`);
  expect(one).toMatchObject({ status: 200, body: { message: { shop: 'giants', '***': '*** +149900' } } });
  expect(await house.send('GET', '/v1/reviews/nothing.like')).toMatchObject({ status: 404, body: { code: 'review.not_found' } });
  const wish = { decision: 'reject', where: { shop }, dryRun: true };
  const preview = (await house.send('POST', '/v1/review-runs', wish)).body;
  expect(preview.cases).toBe(11);
  expect(preview.checked).toBeLessThan(5); // as many as fit into the bytes of one look
});
