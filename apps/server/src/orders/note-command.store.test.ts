/** What people and programs do to an order stands in the audit, with who and what became of it, and without a word that they wrote. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

let house: TestHouse;
let own: { readonly id: string; readonly token: string };
let serial = 0;
beforeAll(async () => {
  house = await testHouse();
  own = (await house.send('POST', '/v1/tokens', { name: 'admin', role: 'admin' })).body;
});
afterAll(() => house.close());

const place = async (): Promise<string> =>
  (await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: `n${++serial}` }))).body.orderKey;
const ask = (key: string, verb: string, body: object) => house.send('POST', `/v1/orders/${key}:${verb}`, body, { token: own.token });
const recordsOf = async (subject: string | null, what?: string) =>
  (
    await house.house.db.query<{ who: string; what: string; detail: string }>(
      `select who, what, detail::text as detail from audit where subject is not distinct from $1 and ($2::text is null or what = $2) order by serial`,
      [subject, what],
    )
  ).rows.map(({ detail, ...row }) => ({ ...row, detail: JSON.parse(detail) as Record<string, unknown> }));

test('each command is a record: who by id, accepted or refused, from which version to which', async () => {
  const key = await place();
  await ask(key, 'move', { to: 'allocated', lines: ['1'] });
  await ask(key, 'changeAddress', { receiver: { name: '赵六', phone: '13700137000', city: '宁波市', detail: '江北路9号' } });
  await ask(key, 'hold', { why: '赵六来过电话' });
  await ask(key, 'move', { to: 'picked' });
  await ask(key, 'cancel', { reason: '赵六不要了' });
  const records = await recordsOf(key);
  expect(records.map(({ who, what, detail }) => [who, what, detail['result'], detail['code']])).toEqual([
    [own.id, 'order.move', 'changed', undefined],
    [own.id, 'order.changeAddress', 'changed', undefined],
    [own.id, 'order.hold', 'changed', undefined],
    [own.id, 'order.move', 'refused', 'order.is_held'],
    [own.id, 'order.cancel', 'changed', undefined],
  ]);
  expect(records[0]?.detail).toMatchObject({ to: 'allocated', lines: 1, before: { version: 2 }, after: { version: 3 } });
  expect(records[1]?.detail).toMatchObject({ before: { addressVersion: 1 }, after: { addressVersion: 2 } });
  expect(JSON.stringify(records)).not.toMatch(/赵六|1370013|宁波|江北|来过|不要/);
});

test('the message behind an event names its caller by id, for names are not unique', async () => {
  const key = await place();
  await ask(key, 'hold', { why: 'x' });
  const { items } = (await house.send('GET', `/v1/orders/${key}/events`)).body;
  const { by, cause } = items.at(-1);
  expect((await house.send('GET', `/v1/messages/${cause}`)).body).toMatchObject({ by, who: own.id });
  expect((await house.send('GET', `/v1/messages/${items[0].cause}`)).body).toMatchObject({ by, who: 'tok_admin' });
});

test('why an order was cancelled is read by people who work with it, and is in no event', async () => {
  const key = await place();
  await ask(key, 'cancel', { reason: '买家来电不要了' });
  expect((await house.send('GET', `/v1/orders/${key}`)).body.personal.cancelReason).toBe('买家来电不要了');
  const { token } = (await house.send('POST', '/v1/tokens', { name: 'erp', role: 'integration' })).body;
  expect((await house.send('GET', `/v1/orders/${key}`, undefined, { token })).body.personal.cancelReason).toBe('***');
  const { rows } = await house.house.db.query<{ text: string }>(
    'select detail::text || state::text as text from events where order_key = $1',
    [key],
  );
  expect(rows.map(({ text }) => text).join()).not.toContain('买家来电');
});

test('orders told one by one are a record an hour, an import is one with its counts and digest', async () => {
  await house.house.noteTold();
  const before = (await recordsOf(null, 'orders.told')).length;
  const order = neutralOrder({ channelOrderId: 'told' });
  for (let n = 0; n < 3; n++) await house.send('POST', '/v1/orders', order, { token: own.token });
  await place();
  await house.house.noteTold();
  expect((await recordsOf(null, 'orders.told')).slice(before)).toMatchObject([
    { who: own.id, detail: { orders: { created: 1, unchanged: 2 } } },
    { who: 'tok_admin', detail: { orders: { created: 1 } } },
  ]);
  const body = `${JSON.stringify(order)}\nno order\n`;
  const imported = await house.house.app.inject({
    method: 'POST',
    url: '/v1/orders:import',
    payload: body,
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${own.token}` },
  });
  expect(await recordsOf(imported.headers['weir-import-id'] as string)).toMatchObject([
    {
      who: own.id,
      what: 'orders.imported',
      detail: {
        complete: true,
        counts: { unchanged: 1, refused: 1 },
        bytes: Buffer.byteLength(body),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    },
  ]);
});
