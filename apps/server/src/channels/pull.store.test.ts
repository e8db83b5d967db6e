import { afterEach, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { manualClock } from '#platform';
import type { Send } from '@weir/connectors/adapter';
import { type DouyinHouse, douyinHouse, SHOP } from '../../../../tests/support/douyin.ts';

const START = Date.parse('2026-02-22T10:00:00+08:00');
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const LOST = { lost: 1 } as const;

let house: DouyinHouse | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

const pulls = async (of: DouyinHouse) => (await of.send('GET', '/v1/pulls')).body.items;
const ordersPull = async (of: DouyinHouse) => (await pulls(of)).find((row: { feed: string }) => row.feed === 'orders');
const reached = (of: DouyinHouse, at: number) =>
  waitUntil('both pulls have come so far', async () => {
    const rows: { cursor: string }[] = await pulls(of);
    return rows.length === 2 && rows.every(({ cursor }) => Date.parse(cursor) >= at);
  });

describe('what no push told', () => {
  test('is found by the next pull: orders, their later changes, and after-sales', async () => {
    const clock = manualClock(START);
    house = await douyinHouse({ clock });
    const { douyin } = house;
    await reached(house, START - 3_000);
    douyin.misbehave(LOST);
    const ids = Array.from({ length: 8 }, () => douyin.place());
    for (const id of ids) douyin.pay(id);
    clock.advance(2 * MINUTE);
    await reached(house, START + MINUTE);
    await house.settled();
    expect(await house.differences()).toEqual([]);
    const cases = ids.slice(0, 3).map((id) => douyin.askRefund(id));
    clock.advance(2 * MINUTE);
    await reached(house, START + 3 * MINUTE);
    await house.settled();
    for (const id of ids.slice(0, 3))
      expect(new Set((await house.order(id)).holds.map((hold: { kind: string }) => hold.kind))).toEqual(new Set(['after_sale']));
    douyin.payBack(cases[0] as string);
    douyin.endCase(cases[1] as string, 'withdrawn');
    clock.advance(2 * MINUTE);
    await reached(house, START + 5 * MINUTE);
    await house.settled();
    expect(await house.differences()).toEqual([]);
  });

  test('also while rows slip from page to page, calls fail and tokens end', async () => {
    const clock = manualClock(START);
    house = await douyinHouse({ clock, seed: 5 });
    const { douyin } = house;
    douyin.misbehave(LOST);
    const ids = Array.from({ length: 230 }, () => douyin.place({ lines: 1 }));
    clock.advance(MINUTE);
    for (const id of ids) douyin.pay(id);
    douyin.misbehave({ pagingDrift: 0.5, throttled: 0.05, serverErrors: 0.05, tokenExpiry: 0.02 });
    for (let i = 0; i < 8; i++) {
      clock.advance(2 * MINUTE);
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    douyin.misbehave({ pagingDrift: 0, throttled: 0, serverErrors: 0, tokenExpiry: 0 });
    // Not by settled(): a fetch that failed is due later, by a clock that only this loop moves.
    await waitUntil(
      'it converges',
      async () => {
        clock.advance(2 * MINUTE);
        return (await house?.differences())?.length === 0;
      },
      120_000,
    );
    expect(douyin.truth().size).toBe(ids.length);
  });
});

test('a row that was never told in time is found by the sweep', async () => {
  const clock = manualClock(START);
  const platformClock = manualClock(START);
  house = await douyinHouse({ clock, platformClock });
  await reached(house, START - 3_000);
  // The platform's clock stands still: what it writes down now lies far behind our cursor.
  clock.advance(9 * MINUTE);
  await reached(house, START + 8 * MINUTE);
  house.douyin.misbehave(LOST);
  const id = house.douyin.place();
  clock.advance(30_000);
  platformClock.set(clock.now());
  clock.advance(2 * MINUTE);
  platformClock.set(clock.now());
  await reached(house, START + 10 * MINUTE);
  expect(await house.order(id)).toBeNull();
  for (let i = 0; i < 13; i++) {
    clock.advance(5 * MINUTE);
    platformClock.set(clock.now());
    await reached(house, clock.now() - MINUTE);
  }
  await waitUntil('the sweep finds it', async () => (await house?.order(id)) !== null);
  await house.settled();
  expect(await house.differences()).toEqual([]);
});

test("no sweep brings in what is older than the first pull: that is a back-fill's affair", async () => {
  const platformClock = manualClock(START - 4 * DAY);
  const clock = manualClock(START);
  house = await douyinHouse({ clock, platformClock, connect: false });
  const { douyin } = house;
  douyin.misbehave(LOST);
  const old = douyin.place();
  platformClock.set(START - HOUR);
  const young = douyin.place();
  platformClock.set(START);
  await house.connect();
  await reached(house, START - 3_000);
  clock.advance(25 * HOUR);
  platformClock.set(clock.now());
  const { db } = house.house;
  const sweptAt = async () => (await db.query<{ at: string }>('select min(deep_swept_at) as at from pulls')).rows[0]?.at ?? '';
  await waitUntil('the daily sweep is over', async () => Date.parse(await sweptAt()) >= START + 25 * HOUR);
  await house.settled();
  expect(await house.order(young)).not.toBeNull();
  expect(await house.order(old)).toBeNull();
});

/** Calls go out, but lists answer what `spoil` makes of them. */
function spoiled(): { readonly send: Send; spoil: ((data: Record<string, unknown>) => Record<string, unknown>) | null } {
  const state: ReturnType<typeof spoiled> = {
    spoil: null,
    async send(url, init) {
      const response = await fetch(url, init);
      if (state.spoil === null || !url.includes('/order/searchList')) return response;
      const answer = (await response.json()) as { data: Record<string, unknown> };
      return new Response(JSON.stringify({ ...answer, data: state.spoil(answer.data) }));
    },
  };
  return state;
}

describe('a list that succeeds with suspiciously few rows', () => {
  test.each([
    ['no total at all', () => ({ page: 0, size: 100 })],
    ['a total of 0', () => ({ page: 0, size: 100, total: 0, shop_order_list: [] })],
  ])('(%s) is an alarm; the cursor stands, and moves by itself when the rows come', async (_, spoil) => {
    const clock = manualClock(START);
    const wire = spoiled();
    house = await douyinHouse({ clock, send: wire.send });
    await reached(house, START - 3_000);
    for (let i = 0; i < 6; i++) house.douyin.place();
    await house.deliver(); // we know these by their pushes
    await house.settled();
    const before = (await ordersPull(house)).cursor;
    wire.spoil = spoil;
    clock.advance(2 * MINUTE);
    await waitUntil('the alarm is there', async () => (await ordersPull(house as DouyinHouse)).alarm !== null);
    expect(await ordersPull(house)).toMatchObject({ cursor: before, alarm: { rows: 0, expected: expect.any(Number) } });
    wire.spoil = null;
    clock.advance(2 * MINUTE);
    await reached(house, START + 3 * MINUTE);
    expect((await ordersPull(house)).alarm).toBeNull();
  });

  test('moves on when a person says that it is right', async () => {
    const clock = manualClock(START);
    const wire = spoiled();
    house = await douyinHouse({ clock, send: wire.send });
    await reached(house, START - 3_000);
    wire.spoil = () => ({ page: 0, size: 100 });
    clock.advance(2 * MINUTE);
    await waitUntil('the alarm is there', async () => (await ordersPull(house as DouyinHouse)).alarm !== null);
    const at = `/v1/pulls/douyin/${SHOP}/orders:accept`;
    expect((await house.send('POST', at, {})).body).toMatchObject({ accepted: true });
    expect(Date.parse((await ordersPull(house)).cursor)).toBeGreaterThan(START + MINUTE);
    expect(await house.send('POST', `/v1/pulls/douyin/${SHOP}/after_sales:accept`, {})).toMatchObject({
      status: 409,
      body: { code: 'pull.no_alarm' },
    });
  });
});

test('a back-fill brings the orders of a range of dates, with progress', async () => {
  const platformClock = manualClock(START);
  const clock = manualClock(START + 18 * DAY);
  house = await douyinHouse({ clock, platformClock, connect: false });
  const { douyin } = house;
  douyin.misbehave(LOST);
  const old = [0, 1, 2, 3].map(() => {
    const id = douyin.place();
    douyin.pay(id);
    platformClock.advance(2 * DAY);
    return id;
  });
  platformClock.set(clock.now());
  await house.connect();
  await reached(house, clock.now() - MINUTE);
  await house.settled();
  expect(await house.order(old[0] as string)).toBeNull();
  const range = { from: '2026-02-23T00:00:00+08:00', to: '2026-03-03T00:00:00+08:00' };
  const at = `/v1/shops/douyin/${SHOP}:backfill`;
  expect(await house.send('POST', at, range)).toMatchObject({ status: 202, body: { progress: 0, orders: 0, finishedAt: null } });
  const fills = async () => (await (house as DouyinHouse).send('GET', '/v1/backfills')).body.items;
  await waitUntil('it is finished', async () => {
    clock.advance(100); // it may just have looked, and looks again later
    return (await fills())[0].finishedAt !== null;
  });
  expect((await fills())[0]).toMatchObject({ progress: 100, orders: 3, lastError: null });
  await house.settled();
  expect(await house.order(old[0] as string)).toBeNull(); // placed before the range
  for (const id of old.slice(1)) expect(await house.order(id)).toMatchObject({ status: 'paid' });
  expect(await house.send('POST', at, { ...range, from: '2025-01-01T00:00:00+08:00' })).toMatchObject({ status: 422 });
  expect(await house.send('POST', '/v1/shops/douyin/1:backfill', range)).toMatchObject({
    status: 404,
    body: { code: 'shop.not_connected' },
  });
});

test('after a pause of ours it catches up by itself, and the overview says what came meanwhile and when that was all', async () => {
  const clock = manualClock(START);
  const platformClock = manualClock(START);
  house = await douyinHouse({ clock, platformClock });
  await reached(house, START - 3_000);
  const { db } = house.house;
  await waitUntil('it has said that it lives', async () => (await db.query('select 1 from presence')).rowCount === 1);
  house.douyin.misbehave(LOST);
  const place = (): string => {
    const id = house?.douyin.place() as string;
    house?.douyin.pay(id);
    return id;
  };
  platformClock.advance(30 * MINUTE);
  const first = place();
  platformClock.advance(40 * HOUR);
  const second = place();
  platformClock.advance(6 * HOUR + 30 * MINUTE);
  clock.set(platformClock.now());
  await reached(house, clock.now() - 3_000);
  const shown = async () => (await (house as DouyinHouse).send('GET', '/v1/overview')).body.away;
  // Not by asking for the overview: it is kept for some seconds, and this clock stands still.
  await waitUntil('the pause was noticed', async () => ((await house?.house.db.query('select 1 from aways'))?.rows.length ?? 0) > 0);
  expect(await shown()).toMatchObject({ completeAt: null }); // the newest seconds may still move
  clock.advance(2 * MINUTE);
  platformClock.set(clock.now());
  await waitUntil('it is complete', async () => (await shown()).completeAt !== null, 60_000);
  expect(await house.differences()).toEqual([]);
  await waitUntil('the overview is fresh', async () => {
    clock.advance(4_000);
    return (await house?.send('GET', '/v1/overview'))?.body.away.orders === 2;
  });
  const { away } = (await house.send('GET', '/v1/overview')).body;
  expect(Date.parse(away.from)).toBeGreaterThanOrEqual(START);
  expect(away).toMatchObject({ orders: 2, mustShipWithin2h: 1 });
  expect(away.items.map((item: { channelOrderId: string }) => item.channelOrderId)).toEqual([first, second]);
  const stranger = (await house.send('POST', '/v1/tokens', { name: 'x', role: 'operations', shops: ['own/1'] })).body.token;
  expect((await house.send('GET', '/v1/overview', undefined, { token: stranger })).body.away).toMatchObject({ orders: 0, items: [] });
});
