import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { APP, type DouyinHouse, douyinHouse, SHOP } from '../../../../tests/support/douyin.ts';

let house: DouyinHouse;
beforeAll(async () => {
  house = await douyinHouse();
});
afterAll(() => house.close());

const sign = (body: string, secret = APP.secret): Record<string, string> => ({
  'app-id': APP.key,
  'event-sign': createHash('md5').update(`${APP.key}${body}${secret}`).digest('hex'),
});
const push = (body: string, headers = sign(body), app = house.appId) =>
  house.send('POST', `/v1/intake/douyin/${app}`, body, { token: null, headers });

test('however many pushes hint at an order while it is asked for, it is asked for once more, not once each', async () => {
  const gate = Promise.withResolvers<void>();
  let pushes = 0;
  const isDetail = (url: string): boolean => url.includes('/order/orderDetail');
  const one = await douyinHouse({
    orderKeyInNote: false,
    send: async (url, init) => (isDetail(url) ? gate.promise.then(() => fetch(url, init)) : fetch(url, init)),
    road: (body, deliver) => {
      pushes += 1;
      return deliver(body);
    },
  });
  try {
    const id = one.douyin.place();
    await one.deliver();
    one.douyin.misbehave({ duplicates: 1 });
    for (const deed of [one.douyin.pay, one.douyin.changeAddress, one.douyin.changeAddress]) {
      deed(id);
      await one.deliver();
    }
    expect(pushes).toBeGreaterThanOrEqual(4);
    await waitUntil('every push is worked', async () => {
      const { rows } = await one.house.db.query('select 1 from inbox_head, leases where inbox_head.position > leases.positions[1]');
      return rows.length === 0;
    });
    gate.resolve();
    await one.settled();
    const asked = one.douyin.calls().filter(({ method }) => method === 'order.orderDetail').length;
    expect(asked).toBeGreaterThanOrEqual(1);
    expect(asked).toBeLessThanOrEqual(2);
    expect(await one.differences()).toEqual([]);
  } finally {
    gate.resolve();
    await one.close();
  }
});

describe('an order that the platform pushes', () => {
  test('is here, whole, when its hint was followed: one order with the platform’s own values', async () => {
    const id = house.douyin.place({ promotion: 'told' });
    house.douyin.pay(id);
    await house.deliver();
    await house.settled();
    expect(await house.differences()).toEqual([]);
    expect(await house.order(id)).toMatchObject({ channel: 'douyin', shop: SHOP, channelOrderId: id, status: 'paid', holds: [] });
  });

  test('may be of another shop: then a person sees it, and it is worked once the shop is connected', async () => {
    const data = JSON.stringify({ p_id: '7000000000000000001', shop_id: 99, order_status: 1, create_time: 1_771_722_370 });
    const body = JSON.stringify([{ tag: '100', msg_id: 'm1', data }]);
    expect(await push(body)).toMatchObject({ status: 200, body: { code: 0 } });
    await push(body);
    const cases = async () => (await house.send('GET', '/v1/reviews')).body.items.filter((item: { shop: string }) => item.shop === '99');
    await waitUntil('the case is there', async () => (await cases()).length > 0);
    const [found, ...others] = await cases();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ orderKey: null, channel: 'douyin', problems: [{ code: 'shop.not_connected', reading: '99' }] });
    expect(JSON.stringify(found)).not.toContain('7000000000000000001');
    const at = `/v1/reviews/${found.id}`;
    expect(await house.send('POST', `${at}:release`, {})).toMatchObject({ status: 409, body: { code: 'review.not_acceptable' } });
    expect(await house.send('POST', `${at}:retry`, {})).toMatchObject({ status: 409, body: { code: 'review.still_unrouted' } });
    await house.send('POST', '/v1/shops', { channel: 'douyin', shop: '99', name: '第二家店', app: house.appId });
    expect(await house.send('POST', `${at}:retry`, {})).toMatchObject({ status: 200, body: { result: 'changed' } });
    await waitUntil('the order is there', async () => {
      const { body: list } = await house.send('GET', '/v1/orders?channel=douyin&shop=99');
      return list.items.length === 1;
    });
    expect(await house.send('POST', `${at}:retry`, {})).toMatchObject({ status: 409, body: { code: 'review.closed' } });
    await waitUntil('the platform refused a token for it, and says so', async () => {
      const { items } = (await house.send('GET', '/v1/shops')).body;
      return items.some((item: { shop: string; tokenError?: string }) => item.shop === '99' && item.tokenError !== undefined);
    });
    const { rows } = await house.house.db.query('select dead from fetches where shop = $1', ['99']);
    expect(rows).toEqual([{ dead: false }]); // that is no fault of the order: it waits for the seller's consent
  });

  test('may name no order at all: a case that can only be rejected', async () => {
    const body = '[{"tag":"100","msg_id":"m2","data":"no json"}]';
    expect((await push(body)).status).toBe(200);
    const open = async () =>
      (await house.send('GET', '/v1/reviews')).body.items.filter((item: { shop: string; orderKey: null }) => item.orderKey === null);
    await waitUntil('the case is there', async () => (await open()).length > 0);
    const [found] = await open();
    expect(found.problems.length).toBeGreaterThan(0);
    expect(await house.send('POST', `/v1/reviews/${found.id}:fix`, { edits: [{ pointer: '/x' }] })).toMatchObject({ status: 409 });
    expect(await house.send('POST', `/v1/reviews/${found.id}:reject`, {})).toMatchObject({ status: 200, body: { result: 'changed' } });
    expect(await open()).toEqual([]);
    await push(body);
    expect(await open()).toEqual([]); // the same bytes again open nothing that a person has closed
  });

  test('with a code that no table holds waits for a person, and the order is fetched all the same', async () => {
    const id = house.douyin.place();
    await house.deliver();
    await house.settled();
    const data = JSON.stringify({ p_id: id, shop_id: Number(SHOP) });
    await push(JSON.stringify([{ tag: '987', msg_id: 'm3', data }]));
    await house.settled();
    const order = await house.order(id);
    expect(order.holds).toMatchObject([{ kind: 'review', why: 'channel.unmapped_code' }]);
    const [found] = (await house.send('GET', '/v1/reviews')).body.items.filter(
      (item: { orderKey: string }) => item.orderKey === order.orderKey,
    );
    expect(await house.send('POST', `/v1/reviews/${found.id}:release`, {})).toMatchObject({ body: { code: 'review.not_acceptable' } });
    await house.send('POST', `/v1/reviews/${found.id}:reject`, {});
    expect((await house.order(id)).holds).toEqual([]);
  });
});

describe('whoever knocks', () => {
  test('a probe is answered and leaves nothing', async () => {
    const count = async () => (await house.house.db.query<{ n: number }>('select position as n from inbox_head')).rows[0]?.n;
    const before = await count();
    expect(await push('[{"tag":"0","msg_id":"0","data":"2026-02-22"}]')).toMatchObject({ status: 200, body: { code: 0, msg: 'success' } });
    expect(await count()).toBe(before);
  });

  test('a wrong signature is refused without a reason, counted, and five within a minute are an alarm', async () => {
    const body = '[{"tag":"100","msg_id":"1","data":"{}"}]';
    for (const headers of [sign(body, 'guessed'), {}, { 'app-id': APP.key }, { ...sign(body), 'app-id': 'x' }, sign(`${body} `)])
      expect(await push(body, headers)).toMatchObject({ status: 403, body: { code: 1, msg: 'refused' } });
    await waitUntil('the count is written down', async () => {
      const [app] = (await house.send('GET', '/v1/apps')).body.items;
      return app.wrongSignatures.total === 5 && app.wrongSignatures.alarmAt !== null;
    });
  });

  test('an address that is not there is not found, whatever stands in it', async () => {
    expect(await push('[]', {}, 'nobody')).toMatchObject({ status: 404 });
    expect((await house.send('POST', `/v1/intake/own/${house.appId}`, '[]', { token: null })).status).toBe(404);
  });
});

test('what is secret never comes out', async () => {
  const said = JSON.stringify([(await house.send('GET', '/v1/apps')).body, (await house.send('GET', '/v1/shops')).body]);
  expect(said).not.toContain(APP.secret);
  const { rows } = await house.house.db.query<{ row: string }>(
    `select row_to_json(a)::text as row from apps a union all select row_to_json(s)::text from shops s`,
  );
  const stored = rows.map(({ row }) => row).join(' ');
  expect(stored).not.toContain(APP.secret);
  expect(stored).not.toContain(Buffer.from(APP.secret).toString('hex'));
});

test('an app of a channel without a connector is refused, and so is a shop of an app that is not there', async () => {
  expect(await house.send('POST', '/v1/apps', { channel: 'jd', key: '1', secret: 's', name: 'n' })).toMatchObject({
    status: 422,
    body: { code: 'channel.unknown' },
  });
  expect(await house.send('POST', '/v1/shops', { channel: 'douyin', shop: '5', name: 'n', app: 'app_none' })).toMatchObject({
    status: 404,
    body: { code: 'app.not_found' },
  });
});
