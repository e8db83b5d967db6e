/** Real processes: a backup under load, a house that is lost, and the same backup restored twice while the channel and the subscriber go on. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aMachine, type Machine, type Running } from '../crash/server.ts';
import { waitUntil } from '../support/index.ts';
import { weir } from './weir.ts';
import { aWorld, connect, everyOrder, moveTo, type World } from './world.ts';

/** A channel answers ten calls a second, and each of its orders takes a few. */
const ORDERS = 6;

let folder: string;
let world: World;
const machines: Machine[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-restore-'));
});
afterAll(async () => {
  for (const machine of machines) await machine.remove();
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});
const newMachine = (): Machine => {
  const machine = aMachine();
  machines.push(machine);
  return machine;
};
const hears = (what: string, isSo: () => boolean): Promise<void> => waitUntil(what, isSo, 60_000);
const newestOf = (key: string): number => world.subscriber.orders().get(key)?.version ?? 0;

/** The house goes on, and the world learns what the backup does not hold. Answers own orders of this time. */
async function liveOn(name: string, known: string): Promise<readonly string[]> {
  await world.bustle(ORDERS);
  const told = await Promise.all([1, 2, 3].map(async (n) => (await world.tell(`${name}-${n}`)).orderKey));
  await world.call('POST', `/v1/orders/${known}:hold`, { why: name });
  await world.call('POST', `/v1/orders/${told[0]}:hold`, { why: name });
  await world.settled();
  return told;
}

async function lose(running: Running, machine: Machine): Promise<void> {
  world.douyin.pushTo(null);
  running.kill('SIGKILL');
  await running.ended;
  await machine.remove();
}

test('restored twice from one backup: every order of the channel is here once and right, the subscriber holds what we hold, and no number was used twice', async () => {
  const first = newMachine();
  let running = await first.start();
  copyFileSync(join(first.home, 'root.key'), join(folder, 'root.key'));
  world = await aWorld(4711, running.url);
  await connect(world);
  await world.bustle(ORDERS);
  const { orderKey: known } = await world.tell('known');

  let isBackedUp = false;
  const backup = weir(first.home, ['backup', '--to', join(folder, 'backups')]).finally(() => (isBackedUp = true));
  let meanwhile = 0;
  while (!isBackedUp) {
    await world.tell(`meanwhile-${meanwhile}`);
    if (meanwhile++ < ORDERS) await world.bustle(1);
  }
  const { code, answer: made, said } = await backup;
  expect([code, said]).toEqual([0, expect.stringContaining('root.key')]);

  const lost: string[] = [...(await liveOn('first', known))];
  await lose(running, first);

  const versions = [newestOf(known)];
  for (const name of ['second', 'third']) {
    const before = newestOf(known);
    const next = newMachine();
    const restored = await weir(next.home, ['restore', made.folder, '--root-key', join(folder, 'root.key')]);
    expect(restored).toMatchObject({ code: 0, answer: { backupOf: made.startedAt } });
    running = await next.start();
    await moveTo(world, running.url);
    await hears('the known order is told again', () => newestOf(known) > before);
    versions.push(newestOf(known));
    expect(world.subscriber.orders().get(known)?.['holds']).toEqual([]); // the lost hold is gone for the subscriber too
    await world.settled();
    lost.push(...(await liveOn(name, known)));
    if (name === 'second') await lose(running, next);
  }

  // Orders that were told to us directly come back with their sender, once.
  for (let n = 0; n < meanwhile; n++) await world.tell(`meanwhile-${n}`);
  for (const name of ['first', 'second', 'third']) for (const n of [1, 2, 3]) await world.tell(`${name}-${n}`);
  expect((await world.tell('first-1')).result).toBe('unchanged');
  await world.settled();

  const shown = await everyOrder(world);
  const names = shown.map((order) => `${order.channel}/${order.shop}/${order.channelOrderId}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBe(world.douyin.truth().size + 1 + 9 + meanwhile);
  expect(world.subscriber.violations()).toEqual([]);
  expect(numbersUsedTwice()).toEqual([]);
  const here = new Set(shown.map((order) => order.orderKey));
  expect(lost.slice(0, 6).filter((key) => here.has(key))).toEqual([]); // keys of lost orders belong to nobody now
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  const { items } = await world.call('GET', '/v1/endpoints');
  expect(items[0]).toMatchObject({ parked: 0, dead: 0, mismatches: 0 });
  process.stdout.write(
    `  restore: ${shown.length} orders, ${world.arrivals.length} arrivals in three timelines, version of one order ${versions.join(' → ')}\n`,
  );
  running.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
});

/** Over all that the subscriber ever got: one (order, version) with two contents, one order key for two orders, one hold id for two holds. */
function numbersUsedTwice(): string[] {
  const [contents, owners] = [new Map<string, string>(), new Map<string, string>()];
  const found: string[] = [];
  const once = (map: Map<string, string>, number: string, use: string): void => {
    if ((map.get(number) ?? use) !== use) found.push(`${number}: ${map.get(number)} and ${use}`);
    map.set(number, use);
  };
  for (const { subject, version, webhookId, order } of world.arrivals) {
    once(contents, `${subject} version ${version}`, webhookId);
    if (order === null) continue;
    once(owners, subject, `${String(order['shop'])}/${String(order['channelOrderId'])}`);
    for (const { id } of order['holds'] as { id: string }[]) if (id.startsWith('hold_')) once(owners, id, subject);
  }
  return found;
}
