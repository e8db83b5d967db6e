import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { neutralOrder, waitUntil } from '../../../../tests/support/index.ts';
import { saveTasks } from './store.ts';
import { type World, world } from './world.test-support.ts';

let here: World;
beforeAll(async () => {
  here = await world(21);
});
afterAll(() => here.close());
const sf = (trackingNumber: string, more: object = {}) => ({ carrier: 'shunfeng', trackingNumber, ...more });
const shown = async (key: string) => (await here.send('GET', `/v1/orders/${key}`)).body;
const letters = async () => (await here.send('GET', '/v1/dead-letters?direction=out')).body.items;
const HOUR = 3_600_000;

describe('what left is told', () => {
  test('parcel by parcel; what the channel then tells of it counts no piece twice and is not told back', async () => {
    const { id, key } = await here.paid(2);
    const [first, second] = (await shown(key)).lines;
    await here.ship(key, sf(`A${id}`, { id: 'p1', lines: [{ lineId: first.lineId, quantity: 1 }] }));
    await here.untilState(key, 'ship', 'done');
    expect(here.numbers(id)).toEqual([`A${id}`]);
    await here.ship(key, sf(`B${id}`, { id: 'p2' }));
    await waitUntil('both are there', async () => here.numbers(id).length === 2);
    const calls = here.calls('order.logisticsAddMultiPack');
    here.move(2_000);
    await here.deliver();
    const order = await shown(key);
    expect(order).toMatchObject({
      status: 'shipped',
      shipments: [
        { id: 'p1', own: true },
        { id: 'p2', own: true },
      ],
    });
    expect(order.lines.map((line: { quantity: number; shipped: number }) => line.shipped - line.quantity)).toEqual([0, 0]);
    expect(second.shipped).toBe(0);
    expect(here.calls('order.logisticsAddMultiPack')).toBe(calls);
  });

  test('a corrected number is corrected there; a parcel that the channel told first is left alone', async () => {
    const { id, key } = await here.paid(1);
    await here.ship(key, sf(`A${id}`, { id: 'p1' }));
    await here.untilState(key, 'ship', 'done');
    here.move(2_000);
    await here.deliver();
    await here.ship(key, sf(`B${id}`, { id: 'p1' }));
    await waitUntil('the number is right', async () => here.numbers(id)[0] === `B${id}`);
    here.move(2_000);
    await here.deliver();
    expect(await shown(key)).toMatchObject({ shipments: [{ id: 'p1', trackingNumber: `B${id}`, former: [`A${id}`] }] });
    const theirs = await here.paid(1);
    here.douyin.ship(theirs.id, sf(`T${theirs.id}`));
    here.move(2_000);
    await here.deliver();
    await waitUntil('it is shipped here', async () => (await shown(theirs.key)).status === 'shipped');
    expect((await here.rows(theirs.key)).map((row) => row.what)).toEqual(['remark']);
  });

  test('a call whose end was never stored is made again without harm', async () => {
    const { id, key } = await here.paid(1);
    await here.ship(key, sf(`A${id}`));
    await here.untilState(key, 'ship', 'done');
    await here.untilState(key, 'remark', 'done');
    const notes = here.calls('order.addOrderRemark');
    await here.house.db.query(`update write_backs set state = 'due', pack_ids = '{}', next_at = now() where order_key = $1`, [key]);
    await here.untilState(key, 'ship', 'done');
    await here.untilState(key, 'remark', 'done');
    expect(here.numbers(id)).toEqual([`A${id}`]);
    expect(here.calls('order.addOrderRemark')).toBe(notes);
  });
});

describe('the order key in the note', () => {
  test('joins what people wrote, once; unpaid orders and other shops are left alone', async () => {
    const id = here.douyin.place({ lines: 1 });
    here.move(2_000);
    here.douyin.writeNote(id, '加急');
    await here.deliver();
    expect(here.douyin.noteOf(id)).toBe('加急');
    here.douyin.pay(id);
    await here.deliver();
    await waitUntil('the key is in the note', async () => /^加急 【堰:DY[0-9A-Z]+】$/.test(here.douyin.noteOf(id)));
    const own = (await here.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'own-1' }))).body.orderKey;
    expect(await here.rows(own)).toEqual([]);
  });

  test('is not written where the shop does not want it', async () => {
    const connect = (orderKeyInNote: boolean) =>
      here.send('POST', '/v1/shops', { channel: 'douyin', shop: '1234567', name: '抖音店', orderKeyInNote });
    expect(await connect(false)).toMatchObject({ status: 201, body: { orderKeyInNote: false } });
    await new Promise((resolve) => setTimeout(resolve, 4_000)); // it looks every second
    const { id, key } = await here.paid(1);
    await here.ship(key, sf(`A${id}`));
    await here.untilState(key, 'ship', 'done');
    expect((await here.rows(key)).map((row) => row.what)).toEqual(['ship']);
    expect(here.douyin.noteOf(id)).toBe('');
    expect(await connect(true)).toMatchObject({ body: { orderKeyInNote: true } });
    await new Promise((resolve) => setTimeout(resolve, 4_000));
  });
});

describe('what the channel refuses', () => {
  test('is a dead letter with its cause in words, seen in what the channel knows, and tried again when a person asks', async () => {
    const { id, key } = await here.paid(1);
    here.douyin.ship(id, sf(`T${id}`)); // somebody was quicker, and we have not heard
    const at = (await shown(key)).version as number;
    await here.ship(key, sf(`O${id}`, { id: 'p1' }));
    await here.untilState(key, 'ship', 'dead');
    const [letter] = (await letters()).filter((each: { orderKey: string }) => each.orderKey === key);
    expect(letter).toMatchObject({ direction: 'out', what: 'ship', cause: 'shipped_otherwise', mayRetry: true, channel: 'douyin' });
    expect([letter.zh, letter.en]).toEqual([expect.stringContaining('渠道后台'), expect.stringContaining('somebody shipped')]);
    const knows = async () =>
      (await here.send('GET', `/v1/orders/${key}/knowledge`)).body.items.find(
        (each: { endpoint: string }) => each.endpoint === 'douyin/1234567',
      );
    expect(await knows()).toMatchObject({ name: '抖音店', version: at, parked: true, why: { zh: letter.zh, en: letter.en } });
    await here.ship(key, sf(`T${id}`, { id: 'p1' })); // the person has looked: that is our parcel
    await here.untilState(key, 'ship', 'done');
    expect(await knows()).toMatchObject({ parked: false, version: (await shown(key)).version });
    expect((await letters()).map((each: { orderKey: string }) => each.orderKey)).not.toContain(key);
  });

  test('waits while time may settle it, and goes through then', async () => {
    const { id, key } = await here.paid(1);
    const afterSale = here.douyin.askRefund(id); // not heard of yet
    await here.ship(key, sf(`A${id}`));
    await waitUntil('it was tried', async () => (await here.rows(key)).some((row) => row.cause === 'after_sale_open'));
    expect(here.numbers(id)).toEqual([]);
    here.douyin.endCase(afterSale, 'withdrawn');
    here.move(HOUR);
    await here.untilState(key, 'ship', 'done');
    expect(here.numbers(id)).toEqual([`A${id}`]);
  });

  test('another try is for those who may, and only of what is dead', async () => {
    const { key } = await here.paid(1);
    expect(await here.send('POST', `/v1/dead-letters/wb_${key}_ship:retry`)).toMatchObject({
      status: 404,
      body: { code: 'dead_letter.not_found' },
    });
    expect(await here.send('POST', '/v1/dead-letters/dl_1_2:retry')).toMatchObject({ status: 404 });
    const { token } = (await here.send('POST', '/v1/tokens', { name: 'w', role: 'warehouse' })).body;
    expect(await here.send('POST', `/v1/dead-letters/wb_${key}_ship:retry`, undefined, { token })).toMatchObject({ status: 403 });
    const { token: other } = (await here.send('POST', '/v1/tokens', { name: 'o', role: 'operations', shops: ['own/s1'] })).body;
    expect(await here.send('POST', `/v1/dead-letters/wb_${key}_ship:retry`, undefined, { token: other })).toMatchObject({ status: 404 });
    expect((await here.send('GET', '/v1/dead-letters', undefined, { token: other })).body.items).toEqual([]);
  });
});

test('through throttling, gateway errors, lost answers and ended tokens every order is told once and keeps its words', async () => {
  const orders = [];
  for (let i = 0; i < 4; i++) orders.push(await here.paid(2));
  here.douyin.misbehave({ throttled: 0.05, serverErrors: 0.05, lostAnswers: 0.15, tokenExpiry: 0.05 });
  for (const { id, key } of orders) {
    const [line] = (await shown(key)).lines;
    await here.ship(key, sf(`A${id}`, { lines: [{ lineId: line.lineId, quantity: 1 }] }), sf(`B${id}`));
  }
  const undone = async () => {
    // Nobody waits for the ladder here.
    const { db } = here.house;
    return (await db.query(`update write_backs set next_at = now() - interval '1 day' where state = 'due'`)).rowCount;
  };
  await waitUntil('everything is told', async () => (await undone()) === 0, 60_000);
  here.douyin.misbehave({ throttled: 0, serverErrors: 0, lostAnswers: 0, tokenExpiry: 0 });
  for (const { id, key } of orders) {
    expect(here.numbers(id)).toEqual([`A${id}`, `B${id}`]);
    expect(here.douyin.noteOf(id)).toBe(`【堰:${key}】`);
  }
  expect((await letters()).length).toBe(0);
});

test('text that no database takes keeps nobody waiting: it is written down as it can be, and the channel refuses it', async () => {
  const { id, key } = await here.paid(1);
  const { db } = here.house;
  const { rows } = await db.query<{ epoch: number; positions: number[] }>(
    `select epoch, positions from consumers where consumer = 'write-back'`,
  );
  const [consumer] = rows;
  const shop = { channel: 'douyin', shop: '1234567', channelOrderId: id };
  const parcel = { id: 'p1', carrier: 'shunfeng', trackingNumber: 'SF\ud800\0', former: [], lines: [] };
  const task = { partition: 0, orderKey: key, what: 'ship', ...shop, version: 1, wanted: [parcel] } as const;
  const isSaved = await saveTasks(db, consumer?.epoch as number, consumer?.positions as number[], [task], 4_000_000_000_000);
  expect(isSaved).toBe(true);
  const [row] = (await here.rows(key)).filter(({ what }) => what === 'ship');
  expect(row.wanted[0].trackingNumber).toBe('SF\uFFFD\uFFFD');
});
