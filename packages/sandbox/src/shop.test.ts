import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NeutralOrder } from '@weir/contract';
import { fenOf, sumOf } from '@weir/core';
import { Compile } from 'typebox/compile';
import { afterEach, describe, expect, test } from 'vitest';
import type { SandboxClock } from './clock.ts';
import { createShop, type Shop, type ShopOptions } from './shop.ts';
import { retryAfterMs } from './send.ts';

interface Heard {
  readonly key: string;
  readonly order: NeutralOrder;
}
/** A tiny Weir: remembers every message; `answer` decides what it says. */
interface TinyWeir {
  readonly url: string;
  readonly heard: Heard[];
  answer: (heard: Heard, response: ServerResponse) => void;
}
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const sayYes = (_: Heard, response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end('{"orderKey":"K","result":"changed","version":1}');
async function startTinyWeir(): Promise<TinyWeir> {
  const tiny: { url: string; heard: Heard[]; answer: TinyWeir['answer'] } = { url: '', heard: [], answer: sayYes };
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = (await request.toArray()).join('');
    if (request.headers.authorization !== 'Bearer t0ken') return void response.writeHead(401).end();
    const heard = { key: String(request.headers['idempotency-key']), order: JSON.parse(body) as NeutralOrder };
    tiny.heard.push(heard);
    tiny.answer(heard, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tiny.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return tiny;
}

/** Sleeping moves the time; nothing waits. */
function leapingClock(): SandboxClock & { readonly slept: number[] } {
  let now = Date.parse('2026-02-22T10:00:00Z');
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}
const aShop = (tiny: TinyWeir, more: Partial<ShopOptions> = {}): Shop =>
  createShop({
    baseUrl: tiny.url,
    token: 't0ken',
    channel: 'sandbox',
    shop: 's1',
    seed: 4711,
    ratePerSecond: 10,
    clock: leapingClock(),
    ...more,
  });
async function stepTimes(shop: Shop, times: number): Promise<void> {
  for (let step = 0; step < times; step++) await shop.step();
}
/** What a hub holds that keeps the newest message of each order. */
const newest = (heard: readonly Heard[]): Map<string, NeutralOrder> => {
  const held = new Map<string, NeutralOrder>();
  for (const { order } of heard)
    if (Date.parse(order.modifiedAt ?? '') > Date.parse(held.get(order.channelOrderId)?.modifiedAt ?? '1970-01-01'))
      held.set(order.channelOrderId, order);
  return held;
};
const isSum = (order: NeutralOrder): boolean => sumOf(order.lines, order.discounts, order.shippingFee) === fenOf(order.payable);
const STEPS = 1_500;

describe('a well-behaved shop', () => {
  test('every message is a valid whole order whose sums hold, and times grow with each', async () => {
    const tiny = await startTinyWeir();
    await stepTimes(aShop(tiny), STEPS);
    const schema = Compile(NeutralOrder);
    const last = new Map<string, number>();
    for (const { order } of tiny.heard) {
      expect([...schema.Errors(order)]).toEqual([]);
      expect(isSum(order)).toBe(true);
      const isPaid = order.status !== 'awaiting_payment' && order.status !== 'cancelled';
      expect(!isPaid || order.paid === order.payable).toBe(true);
      expect((order.payments ?? []).reduce((sum, each) => sum + fenOf(each.amount), 0)).toBe(fenOf(order.paid));
      expect((order.refunds ?? []).filter((each) => each.status === 'done').reduce((sum, each) => sum + fenOf(each.amount), 0)).toBe(
        fenOf(order.refunded),
      );
      expect(fenOf(order.refunded)).toBeLessThanOrEqual(fenOf(order.paid));
      expect(Date.parse(order.modifiedAt ?? '')).toBeGreaterThan(last.get(order.channelOrderId) ?? 0);
      last.set(order.channelOrderId, Date.parse(order.modifiedAt ?? ''));
    }
  });

  test('it does everything that orders do', async () => {
    const tiny = await startTinyWeir();
    await stepTimes(aShop(tiny), STEPS);
    const orders = tiny.heard.map((each) => each.order);
    const seen = (found: (order: NeutralOrder) => boolean) => orders.filter(found).length;
    for (const status of ['awaiting_payment', 'paid', 'shipped', 'delivered', 'completed', 'cancelled', 'closed'] as const)
      expect([status, seen((o) => o.status === status)]).not.toContain(0);
    expect(seen((o) => o.lines.length === 2 && o.lines.some((line) => line.gift === true && line.unitPrice === '0.00'))).toBeGreaterThan(0);
    expect(seen((o) => o.lines.some((line) => line.gift === undefined && line.unitPrice === '0.00'))).toBeGreaterThan(0);
    for (const payer of ['shop', 'platform', 'talent'])
      expect(seen((o) => o.discounts.some((discount) => discount.payer === payer))).toBeGreaterThan(0);
    expect(seen((o) => o.status === 'paid' && o.lines.some((line) => line.status === 'shipped'))).toBeGreaterThan(0);
    expect(seen((o) => o.payments?.[0]?.kind === 'deposit' && o.payments.length === 2)).toBeGreaterThan(0);
    expect(seen((o) => o.refunded !== '0.00' && o.refunded !== o.paid)).toBeGreaterThan(0);
    expect(seen((o) => o.status === 'completed' && o.refunded === o.paid)).toBeGreaterThan(0);
    expect(seen((o) => o.remark === null)).toBeGreaterThan(0);
    expect(seen((o) => (o.doNotShip?.length ?? 0) > 0)).toBeGreaterThan(0);
    const addresses = new Map<string, Set<string>>();
    for (const o of orders) addresses.set(o.channelOrderId, (addresses.get(o.channelOrderId) ?? new Set()).add(o.receiver?.detail ?? ''));
    expect(Math.max(...[...addresses.values()].map((some) => some.size))).toBeGreaterThan(1);
  });

  test('a hub that keeps the newest message of each order holds exactly the truth', async () => {
    const tiny = await startTinyWeir();
    const shop = aShop(tiny);
    await stepTimes(shop, STEPS);
    expectTruth(tiny, shop);
    expect(shop.acknowledged().size).toBe(shop.truth().size);
  });

  test('the same seed and clock live the same life; another seed does not', async () => {
    const lives = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const tiny = await startTinyWeir();
        await stepTimes(aShop(tiny, { seed }), 60);
        return JSON.stringify(tiny.heard);
      }),
    );
    expect(lives[1]).toBe(lives[0]);
    expect(lives[2]).not.toBe(lives[0]);
  });

  test('order ids are text beyond 2^53 and phones begin with a prefix that is given out to nobody', async () => {
    const tiny = await startTinyWeir();
    await stepTimes(aShop(tiny), 30);
    for (const { order } of tiny.heard) {
      expect(BigInt(order.channelOrderId)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
      expect(order.receiver?.phone).toMatch(/^1540000\d{4}$/);
    }
  });
});

function expectTruth(tiny: TinyWeir, shop: Shop): void {
  const held = newest(tiny.heard);
  const truth = shop.truth();
  expect(held.size).toBe(truth.size);
  for (const [id, should] of truth) {
    const { status, payable, paid, refunded, receiver, remark } = held.get(id) as NeutralOrder;
    expect({ status, payable, paid, refunded, receiver, remark: remark ?? null }).toEqual({
      status: should.status,
      payable: should.payable,
      paid: should.paid,
      refunded: should.refunded,
      receiver: should.receiver,
      remark: should.remark,
    });
  }
}

describe('a misbehaving shop', () => {
  const BAD = { duplicates: 0.2, reorder: 0.2, delayMs: 300, lost: 0.1, blocked: 0.1 };

  test('messages are doubled, swapped, late, lost and broken; after settle the hub holds the truth and nothing is blocked', async () => {
    const tiny = await startTinyWeir();
    const shop = aShop(tiny, { misbehave: BAD });
    await stepTimes(shop, STEPS);
    const { duplicated, reordered, delayed, lost, blocked } = shop.stats();
    for (const count of [duplicated, reordered, delayed, lost, blocked]) expect(count).toBeGreaterThan(20);
    expect(tiny.heard.some(({ order }) => !isSum(order))).toBe(true);
    expect(await shop.settle()).toBe(0);
    expectTruth(tiny, shop);
    expect([...newest(tiny.heard).values()].every(isSum)).toBe(true);
    expect([...shop.truth().values()].some((order) => order.isBlocked)).toBe(false);
  });

  test('a duplicate has the same bytes; a reordered message arrives after a newer one of its order', async () => {
    const tiny = await startTinyWeir();
    const shop = aShop(tiny, { misbehave: { duplicates: 0.3, reorder: 0.3 } });
    await stepTimes(shop, 300);
    const times = tiny.heard.map(({ order }) => [order.channelOrderId, Date.parse(order.modifiedAt ?? '')] as const);
    expect(times.some(([id, at], index) => times.slice(0, index).some(([otherId, earlier]) => otherId === id && earlier > at))).toBe(true);
    const bodies = tiny.heard.map(({ order }) => JSON.stringify(order));
    expect(bodies.length - new Set(bodies).size).toBeGreaterThan(20);
  });
});

describe('when Weir does not say yes at once', () => {
  test('429, 503 and a cut connection are tried again with the same Idempotency-Key, after the time that Retry-After names', async () => {
    const tiny = await startTinyWeir();
    const clock = leapingClock();
    const says: TinyWeir['answer'][] = [
      (_, response) => void response.writeHead(429, { 'retry-after': '7' }).end(),
      (_, response) => void response.writeHead(503, { 'retry-after': new Date(clock.now() + 3_000).toUTCString() }).end(),
      (_, response) => void response.socket?.destroy(),
    ];
    tiny.answer = (heard, response) => (says.shift() ?? sayYes)(heard, response);
    const shop = aShop(tiny, { clock });
    await shop.step();
    expect(new Set(tiny.heard.map((heard) => heard.key)).size).toBe(1);
    expect(tiny.heard).toHaveLength(4);
    expect(clock.slept.slice(0, 2)).toEqual([7_000, 3_000]);
    expect(shop.stats()).toMatchObject({ accepted: 1, retries: 3, refused: 0 });
  });

  test('a refusal is not tried again, is shown, and settle reports the order as not known', async () => {
    const tiny = await startTinyWeir();
    tiny.answer = (_, response) => void response.writeHead(422).end('{"code":"order.not_an_order"}');
    const shop = aShop(tiny);
    await shop.step();
    expect(tiny.heard).toHaveLength(1);
    expect(shop.stats()).toMatchObject({ refused: 1, lastTrouble: 'HTTP 422 {"code":"order.not_an_order"}' });
    expect(await shop.settle()).toBe(1);
    tiny.answer = sayYes;
    expect(await shop.settle()).toBe(0);
  });

  test('stop ends the waiting for another try, and settle delivers afterwards what was not sent', async () => {
    const tiny = await startTinyWeir();
    const stuck = Promise.withResolvers<void>();
    let now = Date.parse('2026-02-22T10:00:00Z');
    const clock: SandboxClock = {
      now: () => (now += 100),
      sleep: (ms, signal) => {
        if (ms === 60_000) stuck.resolve();
        return new Promise((resolve) =>
          signal?.aborted ? resolve() : ms === 60_000 ? signal?.addEventListener('abort', () => resolve()) : setImmediate(resolve),
        );
      },
    };
    tiny.answer = (_, response) => void response.writeHead(503, { 'retry-after': '3600' }).end();
    const shop = aShop(tiny, { clock });
    shop.start();
    await stuck.promise;
    await shop.stop();
    expect(shop.stats().accepted).toBe(0);
    expect(shop.stats().unsent).toBeGreaterThan(0);
    tiny.answer = sayYes;
    expect(await shop.settle()).toBe(0);
    expectTruth(tiny, shop);
  });

  test('never more than 32 messages are under way', async () => {
    const tiny = await startTinyWeir();
    const waiting: ServerResponse[] = [];
    tiny.answer = (_, response) => void waiting.push(response);
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    let now = Date.parse('2026-02-22T10:00:00Z');
    const shop = aShop(tiny, { clock: { now: () => (now += 10), sleep: turn }, ratePerSecond: 1_000 });
    shop.start();
    while (shop.stats().messages < 32) await turn();
    for (let more = 0; more < 200; more++) await turn();
    expect(shop.stats().messages).toBe(32);
    tiny.answer = sayYes;
    const stopped = shop.stop();
    for (const response of waiting) sayYes({} as Heard, response);
    await stopped;
  });
});

test('Retry-After is read as seconds or as a date, with a limit', () => {
  const now = Date.parse('2026-02-22T10:00:00Z');
  expect(
    ['0', '7', '86400', 'Sun, 22 Feb 2026 10:00:09 GMT', 'Sun, 22 Feb 2026 09:00:00 GMT', 'soon', null].map((text) =>
      retryAfterMs(text, now),
    ),
  ).toEqual([0, 7_000, 60_000, 9_000, 0, undefined, undefined]);
});
