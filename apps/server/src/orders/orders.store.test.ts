import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());
let serial = 0;
const fresh = (more: Record<string, unknown> = {}) => neutralOrder({ channelOrderId: `o${++serial}`, ...more });
const later = (minutes: number) => new Date(Date.parse('2026-02-20T20:23:00+08:00') + minutes * 60_000).toISOString();
const typesOf = async (key: string): Promise<string[]> =>
  (await house.send('GET', `/v1/orders/${key}/events`)).body.items.map((event: { type: string }) => event.type);

describe('an order through the house', () => {
  test('is created once with one key, and the same message again is unchanged', async () => {
    const order = fresh();
    const first = await house.send('POST', '/v1/orders', order);
    expect(first).toMatchObject({ status: 201, body: { result: 'created', version: 2, problems: [] } });
    expect(first.body.orderKey).toMatch(/^OW20260220[0-9A-Z]{6}$/);
    const again = await house.send('POST', '/v1/orders', order);
    expect(again).toMatchObject({ status: 200, body: { result: 'unchanged', orderKey: first.body.orderKey, version: 2 } });
    expect(await typesOf(first.body.orderKey)).toEqual(['order.created', 'order.paid']);
  });

  test('shows its state with amounts, lines and masked personal data', async () => {
    const { body } = await house.send('POST', '/v1/orders', fresh());
    const shown = (await house.send('GET', `/v1/orders/${body.orderKey}`)).body;
    expect(shown).toMatchObject({
      status: 'paid',
      payment: 'full',
      payable: '114.00',
      paid: '114.00',
      refunded: '0.00',
      progress: { paid: 2 },
      holds: [],
      connected: false,
      mayShip: [],
    });
    expect(shown.personal).toEqual({
      receiver: { name: '张**', phone: '138****8000', province: '浙江省', city: '杭州市', district: '萧山区', detail: '***' },
      buyer: { name: '张**', phone: '138****8000' },
      remark: '***',
    });
    expect(JSON.stringify(shown)).not.toMatch(/13800138000|三丰|科苑路|门口/);
  });

  test('an address change is its own event, and an older message changes nothing back', async () => {
    const order = fresh();
    const { body } = await house.send('POST', '/v1/orders', order);
    const moved = {
      ...order,
      modifiedAt: later(5),
      receiver: { name: '李四', phone: '13900139000', province: '浙江省', city: '宁波市', detail: '江北路1号' },
    };
    expect((await house.send('POST', '/v1/orders', moved)).body).toMatchObject({ result: 'changed', version: 3 });
    expect((await house.send('POST', '/v1/orders', order)).body).toMatchObject({ result: 'unchanged', version: 3 });
    const shown = (await house.send('GET', `/v1/orders/${body.orderKey}`)).body;
    expect(shown).toMatchObject({ addressVersion: 2, personal: { receiver: { name: '李**', city: '宁波市' } } });
    expect((await typesOf(body.orderKey)).at(-1)).toBe('order.address_changed');
  });

  test('a broken sum waits for a person, explained in both languages, and a corrected message supersedes it', async () => {
    const order = fresh({ payable: '115.00', paid: '115.00', payments: undefined });
    const held = await house.send('POST', '/v1/orders', order);
    expect(held).toMatchObject({ status: 200, body: { result: 'needs_review', version: 1 } });
    expect(held.body.problems[0]).toMatchObject({ code: 'sum.payable', pointer: '/payable', reading: '115.00', expected: '114.00' });
    expect(held.body.problems[0].zh).toContain('114.00');
    const shown = (await house.send('GET', `/v1/orders/${held.body.orderKey}`)).body;
    expect(shown.status).toBeNull();
    expect(shown.holds.map((hold: { kind: string }) => hold.kind)).toContain('review');
    const fixed = await house.send('POST', '/v1/orders', { ...order, payable: '114.00', paid: '114.00', modifiedAt: later(1) });
    expect(fixed.body.result).toBe('changed');
    const events = (await house.send('GET', `/v1/orders/${held.body.orderKey}/events`)).body.items;
    expect(events[0]).toMatchObject({ type: 'order.created', withheld: true });
    expect(events.find((event: { type: string }) => event.type === 'order.released')).toMatchObject({
      withheld: false,
      detail: { fromVersion: 1 },
    });
    expect((await house.send('GET', `/v1/orders/${held.body.orderKey}`)).body).toMatchObject({ status: 'paid', holds: [] });
  });

  test('what is no order at all is refused with the missing fields; what cannot be read is never shown back when it is personal', async () => {
    expect(await house.send('POST', '/v1/orders', { channel: 'own', shop: 1 })).toMatchObject({
      status: 422,
      body: {
        code: 'order.not_an_order',
        problems: [
          { pointer: '/shop', code: 'field.wrong_type' },
          { pointer: '/channelOrderId', code: 'field.missing' },
        ],
      },
    });
    const odd = await house.send('POST', '/v1/orders', fresh({ receiver: { phone: 13800138000 } }));
    expect(odd.body.problems[0]).toMatchObject({ pointer: '/receiver/phone', code: 'field.wrong_type', reading: '***' });
    const broken = await house.send('POST', '/v1/orders', '{"schema":1,\n  "channel":');
    expect(broken).toMatchObject({ status: 400, body: { code: 'request.not_json', params: { line: 2 } } });
  });

  test('a stranger gets nothing, and an unknown verb is not found', async () => {
    expect((await house.send('POST', '/v1/orders', fresh(), { token: null })).status).toBe(401);
    const { body } = await house.send('POST', '/v1/orders', fresh());
    expect((await house.send('POST', `/v1/orders/${body.orderKey}:explode`, {})).status).toBe(404);
    expect((await house.send('GET', '/v1/orders/OW20260220000000')).status).toBe(404);
  });
});

describe('commands', () => {
  test('cancel ends a paid order as closed, once; a held order refuses moves but not its ending', async () => {
    const { body } = await house.send('POST', '/v1/orders', fresh());
    const path = `/v1/orders/${body.orderKey}`;
    expect((await house.send('POST', `${path}:hold`, { why: '电话确认' })).body).toMatchObject({ result: 'changed' });
    expect(await house.send('POST', `${path}:move`, { to: 'allocated' })).toMatchObject({ status: 409, body: { code: 'order.is_held' } });
    expect((await house.send('POST', `${path}:cancel`, {})).status).toBe(200);
    expect(await house.send('POST', `${path}:cancel`, {})).toMatchObject({ status: 409, body: { code: 'order.already_ended' } });
    expect((await house.send('GET', path)).body.status).toBe('closed');
  });

  test('If-Match refuses a step that was meant for an older version', async () => {
    const { body } = await house.send('POST', '/v1/orders', fresh());
    expect(await house.send('POST', `/v1/orders/${body.orderKey}:hold`, { why: 'x' }, { headers: { 'if-match': '"1"' } })).toMatchObject({
      status: 412,
      body: { params: { version: 2 } },
    });
  });

  test('a hold that is asked for again, because its answer was lost, is one hold; other words, or the same after its release, are another', async () => {
    const { body } = await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'hold-twice' }));
    const path = `/v1/orders/${body.orderKey}`;
    const place = async (why: string): Promise<string> => (await house.send('POST', `${path}:hold`, { why })).body.result;
    expect([await place('等颜色'), await place('等颜色'), await place('等尺码')]).toEqual(['changed', 'unchanged', 'changed']);
    const { holds } = (await house.send('GET', path)).body;
    expect(holds).toHaveLength(2);
    for (const { id } of holds) await house.send('POST', `${path}:release`, { holdId: id });
    expect(await place('等颜色')).toBe('changed');
  });

  test('a hold of a person is released by its id; lines move along the table only', async () => {
    const { body } = await house.send('POST', '/v1/orders', fresh());
    const path = `/v1/orders/${body.orderKey}`;
    await house.send('POST', `${path}:hold`, { why: '等颜色' });
    const { holds } = (await house.send('GET', path)).body;
    expect((await house.send('POST', `${path}:release`, { holdId: holds[0].id })).status).toBe(200);
    expect(await house.send('POST', `${path}:move`, { to: 'packed' })).toMatchObject({
      status: 409,
      body: { code: 'order.step_not_allowed' },
    });
    for (const to of ['allocated', 'picked', 'packed'])
      expect((await house.send('POST', `${path}:move`, { to, lines: ['1'] })).status).toBe(200);
    expect((await house.send('GET', path)).body).toMatchObject({ status: 'paid', progress: { packed: 1, paid: 1 } });
  });

  test('a changed address is sealed like any other, found by its whole phone number, and revealed only for a purpose', async () => {
    const { body } = await house.send('POST', '/v1/orders', fresh());
    await house.send('POST', `/v1/orders/${body.orderKey}:changeAddress`, {
      receiver: { name: '王五', phone: '+86 137-0013-7000', city: '绍兴市', detail: '解放路2号' },
    });
    const found = await house.send('POST', '/v1/orders:search', { phone: '13700137000' });
    expect(found.body.items.map((item: { orderKey: string }) => item.orderKey)).toEqual([body.orderKey]);
    expect(await house.send('POST', `/v1/orders/${body.orderKey}:reveal`, { fields: ['receiver.phone'] })).toMatchObject({
      status: 422,
      body: { code: 'reveal.purpose_missing' },
    });
    const revealed = await house.send('POST', `/v1/orders/${body.orderKey}:reveal`, { fields: ['receiver.phone'], purpose: 'deliver' });
    expect(revealed.body.values).toEqual({ 'receiver.phone': '+86 137-0013-7000' });
    const { rows } = await house.house.db.query('select what, subject from audit order by serial desc limit 1');
    expect(rows).toEqual([{ what: 'reveal', subject: body.orderKey }]);
  });

  test('an address that a person corrected stands while newer messages only repeat the old one, and gives way to another', async () => {
    const order = fresh();
    const { body } = await house.send('POST', '/v1/orders', order);
    const path = `/v1/orders/${body.orderKey}`;
    const city = async (): Promise<unknown> => {
      const asked = { fields: ['receiver.address'], purpose: 'deliver' };
      return (await house.send('POST', `${path}:reveal`, asked)).body.values['receiver.address'].city;
    };
    const tell = (minutes: number, more: object) =>
      house.send('POST', '/v1/orders', { ...order, modifiedAt: new Date(Date.now() + minutes * 60_000).toISOString(), ...more });
    const corrected = { name: '王五', phone: '13700137002', city: '绍兴市', detail: '解放路2号' };
    await house.send('POST', `${path}:changeAddress`, { receiver: corrected });
    await tell(1, { remark: '尽快' });
    expect(await city()).toBe('绍兴市');
    expect((await house.send('GET', path)).body).toMatchObject({ addressVersion: 2, mayShip: [] });
    await tell(2, { receiver: { ...corrected, city: '宁波市' } });
    expect(await city()).toBe('宁波市');
    await tell(3, {});
    expect(await city()).toBe('绍兴市');
    expect((await typesOf(body.orderKey)).filter((type) => type === 'order.address_changed')).toHaveLength(3);
  });

  test('a search by phone shows the newest fifty and says that there are more; after its quota it is refused, and on record', async () => {
    const receiver = { name: '多单', phone: '13600136000', city: '绍兴市', detail: '环城路' };
    await Promise.all(Array.from({ length: 51 }, () => house.send('POST', '/v1/orders', fresh({ receiver }))));
    const { token } = (await house.send('POST', '/v1/tokens', { name: 'caller', role: 'customer_service' })).body;
    const search = (phone: string) => house.send('POST', '/v1/orders:search', { phone }, { token });
    const found = (await search('１３６００１３６０００')).body;
    expect([found.items.length, found.hasMore]).toEqual([50, true]);
    expect((await search('13700137009')).body).toMatchObject({ items: [], hasMore: false });
    await house.house.db.query(
      `insert into audit (process, day, serial, at, form, who, what, detail, chain)
       select 'test', current_date, n, now(), 1, (select who from audit where name = 'caller' limit 1), 'order.searched_by_phone', '{}', '\\x00' from generate_series(1, 498) as n`,
    );
    expect(await search('13600136000')).toMatchObject({ status: 429, body: { code: 'search.quota', params: { limit: 500 } } });
    const { rows } = await house.house.db.query(
      "select subject, detail::text as detail from audit where what = 'order.searched_by_phone.over_quota'",
    );
    expect(rows).toEqual([{ subject: null, detail: '{}' }]);
  });

  test('what a channel masked is nobody’s number: a search for its digits finds no order', async () => {
    await house.send('POST', '/v1/orders', fresh({ receiver: { name: '王*', phone: '137****7001', city: '绍兴市', detail: '**路2号' } }));
    expect((await house.send('POST', '/v1/orders:search', { phone: '1377001' })).body.items).toEqual([]);
  });
});

describe('an Idempotency-Key', () => {
  test('used twice at once has one effect and one answer; with other content it is refused', async () => {
    const { body } = await house.send('POST', '/v1/orders', fresh());
    const hold = () =>
      house.send('POST', `/v1/orders/${body.orderKey}:hold`, { why: '一次' }, { headers: { 'idempotency-key': `k-${body.orderKey}` } });
    const answers = await Promise.all([hold(), hold(), hold()]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect((await house.send('GET', `/v1/orders/${body.orderKey}`)).body.holds).toHaveLength(1);
    expect((await hold()).body).toEqual(answers[0]?.body);
    const other = await house.send(
      'POST',
      `/v1/orders/${body.orderKey}:hold`,
      { why: '两次' },
      { headers: { 'idempotency-key': `k-${body.orderKey}` } },
    );
    expect(other).toMatchObject({ status: 422, body: { code: 'request.key_reused' } });
  });
});
