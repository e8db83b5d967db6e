/** Erasing a person's data: it goes, it stays away, and everything else of the order stays. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { sweepPhones } from './erase-store.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

let serial = 0;
let phone: string;
beforeEach(() => {
  phone = `139${String(++serial).padStart(8, '0')}`;
});
const at = (minutes: number): string => `2026-02-21T10:${String(minutes).padStart(2, '0')}:00+08:00`;
const person = (more: object = {}) => ({ ...(neutralOrder()['receiver'] as object), phone, ...more });
const ended = { status: 'completed', completedAt: at(0), shippedAt: at(0) };
const send = async (id: string, minutes: number, more: Record<string, unknown> = {}) =>
  (
    await house.send(
      'POST',
      '/v1/orders',
      neutralOrder({ channelOrderId: id, modifiedAt: at(minutes), receiver: person(), buyer: { phone }, ...more }),
    )
  ).body;
const erase = (key: string, more: object = {}) => house.send('POST', `/v1/orders/${key}:erase`, { purpose: 'person_asked', ...more });
const found = async (): Promise<string[]> =>
  (await house.send('POST', '/v1/orders:search', { phone })).body.items.map((item: { orderKey: string }) => item.orderKey);
const read = async (key: string) => (await house.send('GET', `/v1/orders/${key}`)).body;
const rowsOf = async (key: string) => {
  const { rows } = await house.house.db.query<{ bundle: Buffer | null; blind: number; sealed: number }>(
    `select bundle, (select count(*) from blind_index b where b.order_key = o.order_key) as blind,
       (select count(*) from review_cases r where r.order_key = o.order_key and sealed is not null) as sealed from orders o where order_key = $1`,
    [key],
  );
  return rows[0];
};

test('the bundle and the index go, the order and its amounts stay, and an event says so', async () => {
  const { orderKey } = await send(`e${serial}`, 1, ended);
  const before = await read(orderKey);
  const { status, body } = await erase(orderKey, { reference: 'case-17' });
  expect([status, body]).toEqual([
    200,
    { orderKey, version: before.version + 1, result: 'changed', rawGoneBy: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
  ]);
  const days = (Date.parse(body.rawGoneBy) - Date.now()) / 86_400_000;
  expect(days > 89 && days < 92).toBe(true);
  expect(await rowsOf(orderKey)).toEqual({ bundle: null, blind: 0, sealed: 0 });
  expect(await read(orderKey)).toMatchObject({ status: 'completed', payable: before.payable, personal: {}, erasedAt: expect.any(String) });
  const { items } = (await house.send('GET', `/v1/orders/${orderKey}/events`)).body;
  expect(items.at(-1)).toMatchObject({ type: 'order.erased', version: before.version + 1, state: { payable: before.payable } });
  expect(await found()).toEqual([]);
  expect(await house.send('POST', `/v1/orders/${orderKey}:reveal`, { fields: ['receiver.name'], purpose: 'deliver' })).toMatchObject({
    status: 410,
    body: { code: 'order.erased' },
  });
  expect((await erase(orderKey)).body).toMatchObject({ result: 'unchanged', version: before.version + 1 });
  const { rows } = await house.house.db.query<{ detail: string }>(
    `select detail from audit where what = 'order.erased' and subject = $1 order by at`,
    [orderKey],
  );
  expect(rows.map(({ detail }) => JSON.parse(detail))).toMatchObject([
    { purpose: 'person_asked', evenOpen: false, reference: 'case-17', result: 'changed' },
    { result: 'unchanged' },
  ]);
});

test('what comes later brings the rest of the news and not the person: a warning says so', async () => {
  const { orderKey } = await send(`e${serial}`, 1, ended);
  await erase(orderKey);
  const told = await send(`e${serial}`, 2, { ...ended, receiver: person({ name: '新名字' }), remark: '请再打电话', refunded: '10.00' });
  expect(told).toMatchObject({ result: 'changed', problems: [{ code: 'person.erased', severity: 'warning' }] });
  expect(await read(orderKey)).toMatchObject({ refunded: '10.00', personal: {} });
  expect(await rowsOf(orderKey)).toMatchObject({ bundle: null, blind: 0 });
  expect(await found()).toEqual([]);
  const changed = await house.send('POST', `/v1/orders/${orderKey}:changeAddress`, { receiver: person() });
  expect(changed).toMatchObject({ status: 410, body: { code: 'order.erased' } });
  await house.send('POST', `/v1/orders/${orderKey}:hold`, { why: '张三丰来过电话' });
  expect((await rowsOf(orderKey))?.bundle).toBeNull();
});

test('a message that waits for a person goes too, and one that comes later is kept by no case', async () => {
  const wrong = { ...ended, payable: '1.00', paid: '1.00', payments: undefined };
  const { orderKey } = await send(`e${serial}`, 1, ended);
  await send(`e${serial}`, 2, wrong);
  expect((await rowsOf(orderKey))?.sealed).toBe(1);
  await erase(orderKey, { evenOpen: true });
  expect((await rowsOf(orderKey))?.sealed).toBe(0);
  await send(`e${serial}`, 3, { ...wrong, remark: 'x' });
  expect((await rowsOf(orderKey))?.sealed).toBe(0);
  const { items } = (await house.send('GET', '/v1/reviews?state=any&limit=200')).body;
  const cases = items.filter((item: { orderKey: string }) => item.orderKey === orderKey);
  expect(cases.map((item: { state: string }) => item.state).sort()).toEqual(['open', 'rejected']);
  const waiting = cases.find((item: { state: string }) => item.state === 'open');
  expect(await house.send('POST', `/v1/reviews/${waiting.id}:release`, {})).toMatchObject({
    status: 409,
    body: { code: 'review.not_acceptable' },
  });
  expect((await house.send('POST', `/v1/reviews/${waiting.id}:reject`, {})).body.result).toBe('changed');
});

test('an order that goes on needs its person: it is refused unless that is said', async () => {
  const { orderKey } = await send(`e${serial}`, 1);
  expect(await erase(orderKey)).toMatchObject({ status: 409, body: { code: 'order.still_open' } });
  expect((await rowsOf(orderKey))?.bundle).not.toBeNull();
  expect((await erase(orderKey, { evenOpen: true })).body.result).toBe('changed');
});

test('by phone: first the number, then all of them, older phones of an order too', async () => {
  const keys: string[] = [];
  for (const n of [1, 2]) keys.push((await send(`p${serial}-${n}`, 1, ended)).orderKey);
  const { orderKey: moved } = await send(`p${serial}-3`, 1, ended);
  await send(`p${serial}-3`, 2, { ...ended, receiver: person({ phone: '13700000000' }), buyer: { phone: '13700000000' } });
  const { orderKey: open } = await send(`p${serial}-4`, 1);
  const ask = (more: object = {}) => house.send('POST', '/v1/orders:erase', { phone, purpose: 'law', ...more });
  expect((await ask()).body).toMatchObject({ orders: 3, stillOpen: 1, more: false, erased: false });
  expect((await found()).length).toBe(4);
  expect(await ask({ expected: 2 })).toMatchObject({ status: 409, body: { code: 'erase.other_count', params: { orders: 3 } } });
  expect((await ask({ expected: 3 })).body.orderKeys.sort()).toEqual([...keys, moved].sort());
  expect(await found()).toEqual([open]);
  // The old phone of the moved order is still an entry that nobody is shown, until it is swept.
  expect((await rowsOf(moved))?.blind).toBe(1);
  expect(await sweepPhones(house.house.db)).toBeGreaterThanOrEqual(3);
  expect((await rowsOf(moved))?.blind).toBe(0);
  expect(await found()).toEqual([open]);
});

test('an order that comes and is erased in one batch leaves nothing behind', async () => {
  const wanted = Array.from({ length: 40 }, (_, n) => send(`b${serial}-${n}`, 1, ended));
  const keys = (await Promise.all(wanted)).map(({ orderKey }) => orderKey as string);
  await Promise.all(
    keys.flatMap((key, n) => [
      send(`b${serial}-${n}`, 2, { ...ended, remark: `备注 ${n}` }),
      erase(key),
      send(`b${serial}-${n}`, 3, { ...ended, remark: `又 ${n}` }),
    ]),
  );
  await waitUntil('all are worked', async () => (await Promise.all(keys.map(rowsOf))).every((row) => row?.bundle === null));
  expect((await Promise.all(keys.map(rowsOf))).filter((row) => row?.blind !== 0)).toEqual([]);
  expect(await found()).toEqual([]);
});

test('a message that we could not work on goes too, however often it came and also when it comes later', async () => {
  const { orderKey } = await send(`f${serial}`, 1, ended);
  const mutable = house.house.keys as { fingerprint: (text: string) => string };
  const { fingerprint } = mutable;
  mutable.fingerprint = (text) => {
    if (text.includes('STUMBLE') && text.startsWith('"')) throw new Error('cannot be worked on');
    return fingerprint(text);
  };
  const bad = (n: number) => send(`f${serial}`, 2, { ...ended, remark: `STUMBLE ${n}` });
  const letters = async () =>
    (await house.house.db.query(`select state, length(sealed) as kept from dead_letters where order_key = $1`, [orderKey])).rows;
  for (const n of [1, 1, 3]) await bad(n); // the very same message again is the letter that there is
  expect(await letters()).toEqual([
    { state: 'open', kept: expect.any(Number) },
    { state: 'open', kept: expect.any(Number) },
  ]);
  await erase(orderKey, { evenOpen: true });
  await bad(2);
  mutable.fingerprint = fingerprint;
  expect(await letters()).toEqual(Array.from({ length: 3 }, () => ({ state: 'erased', kept: 0 })));
});

test('what a receiver answered to a failed delivery goes too, the try itself stays, and other orders keep theirs', async () => {
  const [{ orderKey }, { orderKey: other }] = [await send(`a${serial}`, 1, ended), await send(`a${serial}-2`, 1, ended)];
  for (const [id, key] of [orderKey, other].entries())
    await house.house.db.query(
      `insert into failed_attempts (consumer, id, at, order_key, version, attempt, status, error, duration_ms, sealed_answer)
       values ('ep_x', $1, now(), $2, 2, 1, 500, 'status', 5, 'sealed')`,
      [Number(`${serial}${id}`), key],
    );
  await erase(orderKey);
  const { rows } = await house.house.db.query(
    `select order_key as key, sealed_answer is not null as kept from failed_attempts where order_key = any($1) order by id`,
    [[orderKey, other]],
  );
  expect(rows).toEqual([
    { key: orderKey, kept: false },
    { key: other, kept: true },
  ]);
});

test('only an administrator may, and of a foreign shop there is nothing', async () => {
  const { orderKey } = await send(`e${serial}`, 1, ended);
  const tokenOf = async (role: string, shops?: string[]) =>
    (await house.send('POST', '/v1/tokens', { name: role, role, ...(shops ? { shops } : {}) })).body.token as string;
  const asked = async (token: string, path: string, body: object) =>
    (await house.send('POST', path, { purpose: 'law', ...body }, { token })).status;
  for (const role of ['operations', 'customer_service', 'integration', 'owner'])
    expect(await asked(await tokenOf(role), `/v1/orders/${orderKey}:erase`, {})).toBe(403);
  const stranger = await tokenOf('admin', ['own/elsewhere']);
  expect(await asked(stranger, `/v1/orders/${orderKey}:erase`, {})).toBe(404);
  const preview = await house.send('POST', '/v1/orders:erase', { phone, purpose: 'law' }, { token: stranger });
  expect(preview.body).toMatchObject({ orders: 0, stillOpen: 0 });
});

test('what was not erased is not recorded as erased', async () => {
  const { orderKey } = await send(`e${serial}`, 1);
  expect((await erase(orderKey)).body.code).toBe('order.still_open');
  const refused = await house.send('POST', '/v1/orders:erase', { phone, purpose: 'law', evenOpen: true, expected: 7 });
  expect(refused.body.code).toBe('erase.other_count');
  const { rows } = await house.house.db.query<{ what: string; detail: string }>(
    `select what, detail::text as detail from audit where subject = $1 or what = 'order.erase_by_phone' order by at desc, serial desc limit 2`,
    [orderKey],
  );
  expect(rows.map(({ what, detail }) => [what, JSON.parse(detail)])).toMatchObject([
    ['order.erase_by_phone', { code: 'erase.other_count', expected: 7 }],
    ['order.erase_asked', { result: 'refused', code: 'order.still_open' }],
  ]);
});

test('more erased orders than a page are swept in one call, found by an index', async () => {
  const { db } = house.house;
  await db.query('delete from erasures');
  await db.query(
    `insert into blind_index (token, log_partition, order_key) select decode(md5(n::text), 'hex'), n % 64, 'SWEEP' || n from generate_series(1, 2500) n`,
  );
  await db.query(`insert into erasures (log_partition, order_key, at) select n % 64, 'SWEEP' || n, now() from generate_series(1, 2400) n`);
  expect(await sweepPhones(db)).toBe(2_400);
  const { rows } = await db.query<{ n: number }>(`select count(*) as n from blind_index where order_key like 'SWEEP%'`);
  expect(rows[0]?.n).toBe(100);
});

test('a person whose only message waits for somebody is found by phone and erased', async () => {
  const { orderKey, result } = await send(`e${serial}`, 1, { payable: '1.00', paid: '1.00', payments: undefined });
  expect(result).toBe('needs_review');
  expect(await found()).toEqual([orderKey]);
  const wish = { phone, purpose: 'law', evenOpen: true };
  expect((await house.send('POST', '/v1/orders:erase', wish)).body).toMatchObject({ orders: 1, orderKeys: [orderKey] });
  await house.send('POST', '/v1/orders:erase', { ...wish, expected: 1 });
  expect(await found()).toEqual([]);
  expect(await rowsOf(orderKey)).toMatchObject({ bundle: null, sealed: 0 });
  await sweepPhones(house.house.db);
  expect(await rowsOf(orderKey)).toMatchObject({ blind: 0 });
});
