import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startLife } from './life.ts';
import type { SimulatedPlatform } from '../market/platform.ts';
import { openStand, type StandOptions } from './stand.ts';
import { startWarehouse } from './warehouse.ts';

const opened: { close(): unknown }[] = [];
const dirs: string[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});
async function open(options: Partial<StandOptions> = {}): Promise<{ douyin: SimulatedPlatform; close(): Promise<void> }> {
  const stand = await openStand({ seed: 5, channels: ['douyin'], ...options });
  opened.push(stand);
  return { douyin: stand.booth('douyin')?.platform as SimulatedPlatform, close: stand.close };
}

test('people do everything that people do, never what is not possible, and the platform stays small', async () => {
  const { douyin } = await open({ remember: 300 });
  const life = startLife(douyin, { seed: 9, ratePerSecond: 0 });
  const seen = new Set<string>();
  for (let i = 0; i < 6_000; i++) {
    const id = life.step();
    if (i % 7 === 0) for (const order of douyin.shown(30)) if (order.state === 'paid') shipAll(douyin, order.id);
    for (const order of id === null ? [] : douyin.shown(80).filter((each) => each.id === id)) {
      seen.add(order.state);
      if (order.addressVersion > 1) seen.add('moved');
      if (order.refunded !== '0.00') seen.add('refunded');
      if (order.sellerWords !== '') seen.add('noted');
    }
  }
  expect([...seen].sort()).toEqual(['cancelled', 'finished', 'moved', 'noted', 'paid', 'refunded', 'under_check', 'unpaid']);
  expect(douyin.truth().size).toBeLessThanOrEqual(300);
  expect(douyin.mailbox.waiting()).toBeLessThanOrEqual(10_000);
});
function shipAll(douyin: SimulatedPlatform, id: string): void {
  try {
    douyin.ship(id, { carrier: 'shunfeng', trackingNumber: `SF${id}` });
  } catch {} // in after-sale
}

test('a stand that was stopped goes on with its orders, and a file that was cut short is a new beginning', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-stand-'));
  dirs.push(dir);
  const file = join(dir, 'douyin.json');
  const fileOf = (channel: string): string => join(dir, `${channel}.json`);
  const first = await open({ fileOf });
  const id = first.douyin.place({ lines: 2 });
  first.douyin.pay(id);
  const afterSale = first.douyin.askRefund(id);
  const truth = first.douyin.truth();
  await first.close();
  const again = await open({ fileOf });
  expect(again.douyin.app).toEqual(first.douyin.app);
  expect(again.douyin.truth()).toEqual(truth);
  again.douyin.payBack(afterSale);
  expect(again.douyin.truth().get(id)?.refundedFen).toBeGreaterThan(0);
  await again.close();
  opened.length = 0;
  writeFileSync(file, '{"orders":[{');
  expect((await open({ fileOf })).douyin.truth().size).toBe(0);
});

test('the warehouse ships what is free, in parts and corrected now and then, and leaves what is held', async () => {
  const shipped: { key: string; body: { shipments: { id: string; trackingNumber: string; lines?: object[] }[] } }[] = [];
  const orders = Array.from({ length: 40 }, (_, i) => ({ orderKey: `K${i}`, channelOrderId: `${i}`, held: i % 4 === 0 ? ['person'] : [] }));
  const open = new Set(orders.map(({ orderKey }) => orderKey));
  const weir: typeof fetch = async (input, init) => {
    const path = new URL(input as string).pathname;
    const key = /\/v1\/orders\/(K\d+)/.exec(path)?.[1];
    if (key === undefined) return Response.json({ items: orders.filter(({ orderKey }) => open.has(orderKey)) });
    if (init?.method === 'GET') return Response.json({ lines: [{ lineId: 'a', quantity: 2, shipped: 0 }], shipments: [] });
    const body = JSON.parse(init?.body as string) as (typeof shipped)[number]['body'];
    shipped.push({ key, body });
    if (body.shipments[0]?.lines === undefined) open.delete(key);
    return Response.json({ result: 'changed' });
  };
  const options = { baseUrl: 'http://weir.invalid', token: 't', channel: 'douyin', shop: '1', carrier: 'shunfeng', everyMs: 0 };
  const warehouse = startWarehouse({ ...options, seed: 3, fetch: weir });
  for (let i = 0; i < 60; i++) await warehouse.step();
  await warehouse.stop();
  const keys = new Set(shipped.map(({ key }) => key));
  expect([...keys].every((key) => Number(key.slice(1)) % 4 !== 0)).toBe(true);
  expect(keys.size).toBe(30);
  expect(shipped.some(({ body }) => body.shipments[0]?.lines !== undefined)).toBe(true);
  expect(warehouse.counts).toMatchObject({ refused: 0, corrected: expect.any(Number) });
  expect(warehouse.counts.corrected).toBeGreaterThan(0);
  const newest = new Map(shipped.map(({ key, body }) => [`${key} ${body.shipments[0]?.id}`, body.shipments[0]?.trackingNumber]));
  expect(
    warehouse
      .sent()
      .map(({ trackingNumber }) => trackingNumber)
      .toSorted(),
  ).toEqual([...newest.values()].toSorted());
});
