import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const deadLetters = async (): Promise<number> =>
  (await house.house.db.query<{ n: number }>('select count(*) as n from dead_letters')).rows[0]?.n as number;
const stillWorks = async (id: string): Promise<void> => {
  expect((await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: `after ${id}` }))).status).toBe(201);
};

describe('ids that mean something to a database, a template or a path', () => {
  const ids = [
    '\\.',
    '\\N',
    'a\\tb',
    "'; drop table orders; --",
    '%s {reading} $1',
    '<b>',
    'a/b~1',
    '订单😀',
    'constructor',
    '{}',
    'null',
    '12345678901234567890',
  ];
  test.each(ids)('%s is stored as it is, found again, and is one order', async (id) => {
    const order = neutralOrder({
      channelOrderId: id,
      shop: id,
      lines: [{ lineId: id, sku: id, title: `${id}\n\t\\`, quantity: 1, unitPrice: '120.00', discount: '0.00' }],
    });
    const first = await house.send('POST', '/v1/orders', order);
    expect(first).toMatchObject({ status: 201, body: { problems: [] } });
    expect((await house.send('POST', '/v1/orders', order)).body).toMatchObject({ result: 'unchanged', orderKey: first.body.orderKey });
    const shown = (await house.send('GET', `/v1/orders/${first.body.orderKey}`)).body;
    expect(shown).toMatchObject({ channelOrderId: id, shop: id, lines: [{ lineId: id, title: `${id}\n\t\\` }] });
    const found = await house.send('GET', `/v1/orders?${new URLSearchParams({ channelOrderId: id })}`);
    expect(found.body.items.map((item: { orderKey: string }) => item.orderKey)).toEqual([first.body.orderKey]);
  });
});

describe('bodies that nobody should send are held or refused, and stop nothing', () => {
  const text = (more: string): string =>
    JSON.stringify(neutralOrder({ channelOrderId: 'TAKEN' }))
      .replace('"TAKEN"', `"h${more.length}-${more.charCodeAt(1)}"`)
      .replace('"schema":1', `"schema":1,${more}`);
  test.each([
    ['a field with NUL in its name', text('"a\\u0000b":1')],
    ['a field whose name is half a character', text('"\\ud800":1')],
    ['a list as deep as is read', text(`"x":${'['.repeat(63)}${']'.repeat(63)}`)],
    ['two hundred thousand unknown fields', text(Array.from({ length: 100_000 }, (_, i) => `"f${i}":0`).join(','))],
    ['__proto__ as a field', text('"__proto__":{"status":"paid"}')],
    ['a number beyond all numbers', text('"context":{"geo":{"lat":1e999,"lng":0}}')],
  ])('%s', async (name, body) => {
    const answer = await house.send('POST', '/v1/orders', body);
    expect(answer).toMatchObject({ status: 200, body: { result: 'needs_review' } });
    expect(answer.body.problems.length).toBeGreaterThan(0);
    expect(await deadLetters()).toBe(0);
    await stillWorks(name);
  });

  test.each([
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400],
    ['a byte order mark', Buffer.from(`\ufeff${JSON.stringify(neutralOrder())}`), 400],
    ['nothing', '', 400],
    ['too large', `{"a":"${'x'.repeat(3_000_000)}"}`, 413],
    ['a list', '[]', 422],
    ['null', 'null', 422],
    ['a list one level too deep', text(`"x":${'['.repeat(64)}${']'.repeat(64)}`), 400],
    ['a list a million deep that never ends', `{"x":${'['.repeat(1_000_000)}`, 400],
    ['an object fifty thousand deep in a personal field', text(`"context":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`), 400],
    ['a channel that is a deep list', `{"channel":${'['.repeat(100_000)}${']'.repeat(100_000)},"shop":"s","channelOrderId":"1"}`, 400],
  ])('%s is refused', async (name, body, status) => {
    expect((await house.send('POST', '/v1/orders', body)).status).toBe(status);
    await stillWorks(name);
  });
});

describe('times at the ends of the calendar', () => {
  test.each([
    '0001-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '1969-12-31T23:59:59Z',
    '9999-12-31T15:59:59Z',
    '9999-12-31T23:59:59.999999999-14:00',
  ])('an order placed at %s gets a right key, and is held at most', async (placedAt) => {
    const { status, body } = await house.send(
      'POST',
      '/v1/orders',
      neutralOrder({ channelOrderId: placedAt.replaceAll(':', ''), placedAt }),
    );
    expect(status).toBeLessThan(300);
    expect(body.orderKey).toMatch(/^OW\d{8}[0-9A-Z]{6}$/);
    expect((await house.send('GET', `/v1/orders/${body.orderKey}`)).body.orderKey).toBe(body.orderKey);
    expect(body.problems.map((each: { code: string }) => each.code)).not.toContain('message.failed');
  });
});

test('the largest order that is allowed passes whole', async () => {
  const n = 500;
  const lines = Array.from({ length: n }, (_, i) => ({
    lineId: `l${i}`,
    sku: 'S',
    title: '茶'.repeat(100),
    quantity: 1_000,
    unitPrice: '9999.99',
    discount: '0.00',
  }));
  const payable = (n * 1_000 * 9_999.99).toFixed(2);
  const order = neutralOrder({
    channelOrderId: 'largest',
    lines,
    discounts: [],
    shippingFee: '0.00',
    payable,
    paid: payable,
    payments: [{ id: 'p', amount: payable, at: '2026-02-20T20:23:00+08:00', kind: 'full' }],
  });
  const { status, body } = await house.send('POST', '/v1/orders', order);
  expect({ status, ...body }).toMatchObject({ status: 201, result: 'created', problems: [] });
  expect((await house.send('GET', `/v1/orders/${body.orderKey}`)).body.lines).toHaveLength(n);
});
