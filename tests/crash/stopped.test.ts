/** SIGSTOP and SIGKILL: a worker that wakes up as if nothing had happened, or never, while a standby of another home has taken over. */
import { setTimeout as pause } from 'node:timers/promises';
import { createDice } from '@weir/sandbox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeOverMs, testDatabase, type TestDatabase, waitUntil, watchLease } from '../support/index.ts';
import { judge } from './judge.ts';
import { judgeArrivals } from './judge-arrivals.ts';
import { startSender } from './sender.ts';
import { aMachine, type Machine, TOKEN } from './server.ts';
import { aSubscription } from './subscription.ts';
import { moreOrders, within } from './waiting.ts';

const SEED = 20_260_220;
/** From the last renewal of the old holder to the first of the new one, as promised; the worker renews each second. */
const TAKEN_OVER_MS = 5_000;
const STILL_MS = 45_000;

let database: TestDatabase;
let machines: Machine[];
beforeEach(async () => {
  database = await testDatabase();
  machines = [];
});
afterEach(async () => {
  for (const machine of machines) await machine.remove();
  await database.drop();
});
const added = (machine: Machine): Machine => {
  machines.push(machine);
  return machine;
};
const isWorking = async (url: string): Promise<boolean> =>
  ((await (await fetch(`${url}/readyz`)).json()) as { worker: string }).worker === 'working';

/** The one that works, and its standby with a data directory of its own. */
async function aPair() {
  const first = added(aMachine({ databaseUrl: database.url }));
  const worker = await first.start();
  await waitUntil('the first one works', () => isWorking(worker.url));
  await watchLease(database.db);
  const standby = await added(aMachine({ databaseUrl: database.url, keyOf: first.home })).start();
  expect(await isWorking(standby.url)).toBe(false);
  return { worker, standby };
}

test('a worker stopped in full work is replaced within 5 s of its last renewal, and when it wakes it changes nothing: 0 lost, 0 doubled, each order told in order', async () => {
  const { worker, standby } = await aPair();
  const subscription = await aSubscription(SEED);
  const sender = startSender(createDice(SEED).next);
  try {
    await subscription.subscribe(worker.url);
    sender.aim(worker.url);
    await moreOrders(sender);

    worker.kill('SIGSTOP');
    sender.aim(standby.url);
    await waitUntil('the standby works', () => isWorking(standby.url));
    const tookMs = await takeOverMs(database.db);
    await moreOrders(sender);

    worker.kill('SIGCONT');
    await waitUntil('the woken one stands by', async () => !(await isWorking(worker.url)));
    await moreOrders(sender);

    const sent = await within(sender.finish(), 'everything is acknowledged');
    const verdict = await judge(standby.url, TOKEN, sent);
    const { arrivals, report } = await subscription.settled(verdict.events, STILL_MS);
    process.stdout.write(
      `  SIGSTOP: taken over after ${Math.round(tookMs)} ms; ${verdict.orders} orders, ${verdict.events} events, ${report.arrivals} arrived in ${report.tries} tries\n`,
    );
    expect(tookMs).toBeLessThanOrEqual(TAKEN_OVER_MS);
    expect(verdict).toMatchObject({ lost: [], doubled: [], wrong: [] });
    expect(judgeArrivals(arrivals, verdict.versions, sent.acknowledged)).toEqual({ lost: [], doubled: [], wrong: [] });
    expect(report.violations).toEqual([]);
  } finally {
    sender.abandon();
    worker.kill('SIGCONT');
    await pause(0);
    await subscription.remove();
  }
});

test('a worker killed in full work is replaced by the standby of another home within 5 s of its last renewal: 0 lost, 0 doubled', async () => {
  const { worker, standby } = await aPair();
  const sender = startSender(createDice(SEED).next);
  try {
    sender.aim(worker.url);
    await moreOrders(sender);
    worker.kill('SIGKILL');
    sender.aim(standby.url);
    await waitUntil('the standby works', () => isWorking(standby.url));
    const tookMs = await takeOverMs(database.db);
    await moreOrders(sender);
    const verdict = await judge(standby.url, TOKEN, await within(sender.finish(), 'everything is acknowledged'));
    process.stdout.write(`  SIGKILL: taken over after ${Math.round(tookMs)} ms; ${verdict.orders} orders, ${verdict.events} events\n`);
    expect(tookMs).toBeLessThanOrEqual(TAKEN_OVER_MS);
    expect(verdict).toMatchObject({ lost: [], doubled: [], wrong: [] });
  } finally {
    sender.abandon();
  }
});
