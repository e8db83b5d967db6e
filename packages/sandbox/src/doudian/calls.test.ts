import type { Call } from '@weir/connectors/adapter';
import {
  correctTracking,
  createClient,
  doudianAdapter,
  isShippedAsTold,
  orderDetail,
  ordersChanged,
  readShipAnswer,
  rowsOf,
  shipParcels,
  shipWhole,
  confirmAddress,
  withOrderKey,
  writeRemark,
} from '@weir/connectors/doudian';
import { fenOf } from '@weir/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDouyin, type Douyin } from './index.ts';
import { APP, createSeller, handClock, type Seller, SHOP } from './seller.test-support.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
let clock: ReturnType<typeof handClock>;
let douyin: Douyin;
let seller: Seller;
beforeEach(async () => {
  clock = handClock();
  douyin = await createDouyin({ app: APP, shop: SHOP, seed: 4711, clock });
  seller = createSeller(douyin.url, clock);
});
afterEach(() => douyin.close());

const paid = (placing: Parameters<Douyin['place']>[0] = {}): string => {
  const id = douyin.place(placing);
  clock.move(SECOND);
  douyin.pay(id);
  clock.move(SECOND);
  return id;
};
const refusedWith = (): (string | null)[] => douyin.calls().map((call) => call.refused);
const now = () => Math.floor(clock.now() / SECOND);

describe('only a call as the platform wants it is worked', () => {
  const call = ordersChanged({ from: 1, to: 2 }, { page: 0, size: 1 });
  test.each([
    [
      'another secret',
      () => createClient({ app: { ...APP, secret: 'x' }, send: fetch, now: clock.now, baseUrl: douyin.url }),
      '40003 isv.signature-invalid',
    ],
    [
      'another app',
      () => createClient({ app: { ...APP, key: '1' }, send: fetch, now: clock.now, baseUrl: douyin.url }),
      '40003 isv.app-id-invalid',
    ],
    [
      'a clock eleven minutes off',
      () => createClient({ app: APP, send: fetch, now: () => clock.now() + 11 * MINUTE, baseUrl: douyin.url }),
      '40003 isv.timestamp-invalid',
    ],
    [
      'a body that was changed on its way',
      () =>
        createClient({
          app: APP,
          send: (url, init) => fetch(url, { ...init, body: `${init.body} ` }),
          now: clock.now,
          baseUrl: douyin.url,
        }),
      '40003 isv.signature-invalid',
    ],
    ['no token', () => seller.client, '40001 isv.access-token-missing'],
  ])('not with %s', async (_, client, expected) => {
    expect(await client().call(call, null)).toMatchObject({ ok: false, failure: { mayHaveHappened: false } });
    expect(refusedWith()).toEqual([expected]);
  });
  test('and with a clock nine minutes off it still is', async () => {
    douyin.misbehave({ clockSkewMs: -9 * MINUTE });
    expect(await seller.ask(ordersChanged({ from: now() - 60, to: now() }, { page: 0, size: 1 }))).toMatchObject({ ok: true });
  });
});

describe('queries', () => {
  test('beyond the limits of the platform are refused with its own codes', async () => {
    const ask = (params: Record<string, unknown>) => seller.ask({ method: 'order.searchList', params: { page: 0, size: 10, ...params } });
    await ask({});
    await ask({ create_time_start: now() - 91 * 86_400 });
    await ask({ update_time_start: 1, size: 101 });
    await ask({ update_time_start: 1, page: 5_000 });
    await ask({ update_time_start: 1, page: 0 });
    expect(refusedWith()).toEqual([
      null,
      '40004 isv.parameter-invalid:20011',
      '40004 isv.parameter-invalid:20022',
      '40004 isv.parameter-invalid:20008',
      '40004 isv.parameter-invalid:20013',
      null,
    ]);
  });
  test('a walk sees every order once, and each reads as the platform holds it', async () => {
    const ids = Array.from({ length: 45 }, () => paid());
    expect(await seller.sweep(now() - 3_600, now())).toBe(45);
    for (const id of ids) {
      const [truth, held] = [douyin.truth().get(id), seller.held(id)];
      expect(held).toMatchObject({ status: 'paid', holds: [] });
      expect([fenOf(held?.payable ?? ''), fenOf(held?.paid ?? '')]).toEqual([truth?.payableFen, truth?.paidFen]);
    }
  });
  test('ids of neighbours are one and the same double, and stay two orders', async () => {
    const [a, b] = [paid({ lines: 1 }), paid({ lines: 1 })];
    expect(Number(a)).toBe(Number(b));
    await seller.sweep(now() - 3_600, now());
    expect([seller.held(a)?.status, seller.held(b)?.status]).toEqual(['paid', 'paid']);
  });
  test('when orders change between two pages a walk misses some, and the next walk with an overlap finds them', async () => {
    const ids = Array.from({ length: 60 }, () => paid({ lines: 1 }));
    const start = now() - 3_600;
    douyin.misbehave({ pagingDrift: 1 });
    clock.move(MINUTE);
    await seller.sweep(start, now());
    expect(ids.filter((id) => seller.held(id) === undefined).length).toBeGreaterThan(0);
    douyin.misbehave({ pagingDrift: 0 });
    await seller.sweep(start, now() + 60);
    expect(ids.filter((id) => seller.held(id) === undefined)).toEqual([]);
  });
  test('an order without discount detail has a discount that nobody is named to pay', async () => {
    const message = await seller.fetch(paid({ promotion: 'untold' }));
    expect(message.discounts).toMatchObject([{ payer: 'unknown' }]);
    expect((await seller.fetch(paid({ promotion: 'told' }))).discounts?.map((each) => each.payer)).toEqual(
      expect.arrayContaining(['shop', 'platform']),
    );
  });
});

describe('shipping', () => {
  const parcel = { carrier: 'shunfeng', trackingNumber: 'SF1' };
  const ship = async (call: Parameters<Seller['ask']>[0]) => readShipAnswer(await seller.ask(call));

  test('the whole order leaves, and telling it again is "already shipped", which reading back settles', async () => {
    const id = paid();
    expect(await ship(shipWhole(id, parcel))).toEqual({ done: true, packIds: [] });
    expect(await ship(shipWhole(id, parcel))).toMatchObject({ done: false, remedy: 'read_back' });
    const message = await seller.fetch(id);
    expect(message).toMatchObject({ status: 'shipped', shipments: [{ id: 'shunfeng_SF1' }] });
    expect(isShippedAsTold(message, [parcel])).toBe(true);
    expect(isShippedAsTold(message, [{ ...parcel, trackingNumber: 'SF2' }])).toBe(false);
  });

  test('lines leave in several parcels, now and later, and the same request id never ships twice', async () => {
    const id = paid({ lines: 3 });
    const lines = douyin.truth().get(id)?.lines ?? [];
    const pack = (number: string, i: number) => ({
      carrier: 'yuantong',
      trackingNumber: number,
      lines: [{ lineId: lines[i]?.[0] ?? '', quantity: lines[i]?.[1] ?? 0 }],
    });
    const first = await ship(shipParcels(id, 'r1', [pack('YT1', 0), pack('YT2', 1)]));
    expect(first).toMatchObject({ done: true, packIds: [expect.any(String), expect.any(String)] });
    expect(await ship(shipParcels(id, 'r1', [pack('YT1', 0), pack('YT2', 1)]))).toEqual(first);
    expect((await seller.fetch(id)).lines?.map((line) => line.status)).toEqual(['shipped', 'shipped', 'paid']);
    expect(await ship(shipParcels(id, 'r2', [pack('YT3', 2)]))).toMatchObject({ done: true });
    expect(await seller.fetch(id)).toMatchObject({ status: 'shipped' });
    expect(
      douyin
        .truth()
        .get(id)
        ?.lines.every(([, quantity, shipped]) => quantity === shipped),
    ).toBe(true);
  });

  test('when the answer is lost the same call again does no harm', async () => {
    const id = paid({ lines: 1 });
    await seller.fetch(id); // has its token
    const [lineId = '', quantity = 0] = douyin.truth().get(id)?.lines[0] ?? [];
    const call = shipParcels(id, 'r1', [{ ...parcel, lines: [{ lineId, quantity }] }]);
    douyin.misbehave({ lostAnswers: 0.7 });
    expect(readShipAnswer(await seller.ask(call))).toMatchObject({ done: true });
    douyin.misbehave({ lostAnswers: 0 });
    expect(seller.tries.retried).toBeGreaterThan(0);
    expect(douyin.truth().get(id)?.lines).toEqual([[lineId, quantity, quantity]]);
  });

  test('every "no" of the platform says what to do', async () => {
    const unpaid = douyin.place();
    const checked = douyin.place();
    const cancelled = douyin.place();
    douyin.cancel(cancelled);
    douyin.pay(checked, { underCheck: true });
    const [asked, refunded, elsewhere] = [paid({ lines: 1 }), paid({ lines: 1 }), paid()];
    douyin.askRefund(asked);
    douyin.payBack(douyin.askRefund(refunded, { fen: Number.MAX_SAFE_INTEGER }));
    await ship(shipWhole(elsewhere, { carrier: 'zhongtong', trackingNumber: 'ZT1' }));
    const remedyOf = async (call: Parameters<Seller['ask']>[0]) => {
      const answer = await ship(call);
      return answer.done ? 'done' : answer.remedy;
    };
    expect(await remedyOf(shipWhole(unpaid, parcel))).toBe('stop');
    expect((await seller.ask(shipWhole(checked, parcel))).ok).toBe(false); // after many tries: it asks to wait for hours
    expect(await remedyOf(shipWhole(cancelled, parcel))).toBe('stop');
    expect(await remedyOf(shipWhole(asked, parcel))).toBe('hold');
    expect(await remedyOf(shipWhole(refunded, parcel))).toBe('stop');
    expect(await remedyOf(shipWhole(paid(), { carrier: 'zhongtong', trackingNumber: 'ZT1' }))).toBe('new_number');
    expect(await remedyOf(shipWhole('1', parcel))).toBe('ask_person');
    douyin.release(checked);
    expect(await remedyOf(shipWhole(checked, parcel))).toBe('done');
  });

  test('a wrong number is corrected, of the whole order or of one parcel', async () => {
    const id = paid();
    await ship(shipWhole(id, parcel));
    expect((await seller.ask(correctTracking(id, { ...parcel, trackingNumber: 'SF9' }))).ok).toBe(true);
    expect((await seller.fetch(id)).shipments).toMatchObject([{ trackingNumber: 'SF9' }]);
  });

  test('the same dice and clock live the same life', async () => {
    const again = await createDouyin({ app: APP, shop: SHOP, seed: 4711, clock: handClock() });
    const other = await createDouyin({ app: APP, shop: SHOP, seed: 4711, clock: handClock() });
    for (const each of [again, other]) for (let i = 0; i < 20; i++) each.pay(each.place());
    expect([...again.truth()]).toEqual([...other.truth()]);
    await Promise.all([again.close(), other.close()]);
  });
});

test('the after-sales of an order of last year are all told, though the list tells of the last six months when it is not asked for a time', async () => {
  const id = paid();
  douyin.payBack(douyin.askRefund(id));
  clock.move(400 * 86_400 * SECOND);
  const subject = { kind: 'order', channel: 'douyin', shop: SHOP, id } as const;
  const ask = async (call: Call) => seller.client.call(call, await seller.token());
  const read = async (by: typeof ask) => {
    const answer = await doudianAdapter.fetchDetail(by, subject, clock.now());
    if (!answer.ok) throw new Error(answer.failure.message);
    return doudianAdapter.read('detail', answer.value, subject);
  };
  expect(await read(ask)).toMatchObject({ wants: [], messages: [{ status: 'closed', refunds: [{ status: 'done' }] }] });
  const refusesTimes = (call: Call) => ask('start_time' in call.params ? { ...call, params: { ...call.params, size: 101 } } : call);
  expect(await read(refusesTimes)).toMatchObject({ wants: ['after_sales'], messages: [{ partial: true }] });
});

describe('what else a seller does', () => {
  test("our key goes into the seller's note and takes nothing out of it", async () => {
    const id = paid();
    douyin.writeNote(id, 'VIP 送小样');
    const answer = await seller.ask(orderDetail(id));
    const words = answer.ok
      ? (answer.data as { readonly shop_order_detail: { readonly seller_words: string } }).shop_order_detail.seller_words
      : '';
    const merged = withOrderKey(words, 'DY2026022200872A');
    expect((await seller.ask(writeRemark(id, merged ?? ''))).ok).toBe(true);
    expect(douyin.noteOf(id)).toBe('VIP 送小样 【堰:DY2026022200872A】');
    expect(withOrderKey(douyin.noteOf(id), 'DY2026022200872A')).toBeNull();
  });
  test('a wish for another address changes it only when the seller agrees', async () => {
    const id = paid();
    const before = await seller.fetch(id);
    douyin.applyForAddress(id);
    await seller.ask(confirmAddress(id, 'picking'));
    expect((await seller.fetch(id)).receiver).toEqual(before.receiver);
    douyin.applyForAddress(id);
    await seller.ask(confirmAddress(id, 'agree'));
    expect((await seller.fetch(id)).receiver?.token).not.toBe(before.receiver?.token);
    expect(await seller.ask(confirmAddress(id, 'agree'))).toMatchObject({ ok: false, failure: { subCode: 'isv.business-failed:50039' } });
  });
});

test('on a bad day every call gets through in the end, and says on its way why not', async () => {
  const ids = Array.from({ length: 30 }, () => paid());
  douyin.misbehave({ throttled: 0.2, serverErrors: 0.2, lostAnswers: 0.1, tokenExpiry: 0.05 });
  await seller.sweep(now() - 3_600, now());
  expect(ids.filter((id) => seller.held(id)?.status !== 'paid')).toEqual([]);
  expect(seller.tries.retried).toBeGreaterThan(20);
  expect(seller.tries.tokens).toBeGreaterThan(1);
  expect(new Set(refusedWith())).toEqual(new Set([null, '60000 isp.flow-limit', '40003 isv.access-token-expired']));
});

test('rowsOf tells a page from an answer of something else', async () => {
  const answer = await seller.ask(orderDetail(paid()));
  expect(answer.ok && rowsOf(answer.data, 'shop_order_list')).toEqual({ rows: [], total: null });
});
