import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeOverMs, testDatabase, type TestDatabase, waitUntil, watchLease } from '../../../../tests/support/index.ts';
import { type Keys, openKeys } from '#access';
import { manualClock, systemClock } from '#platform';
import { aGather, aMessage, aWorker, stoppable, type Work } from './fault.test-support.ts';
import type { Gather } from './gather.ts';
import { type HalfSent, halfSent } from './half-sent.test-support.ts';
import type { Kind } from './kinds.ts';
import { createNoted, notedKind, readNoted } from './noted-test-support-store.ts';
import { makeParts } from './parts.ts';

/** From the last renewal of a stopped worker to the first of its standby (design §2). */
const TAKE_OVER_MS = 5_000;
const kind = notedKind as Kind;
const clock = systemClock;
let base: TestDatabase;
let keys: Keys;
let home: string;
let gather: Gather;
let works: Work[];
/** Closed before the workers are asked to stop: a worker whose statements never return cannot. */
let relays: HalfSent[];
beforeEach(async () => {
  base = await testDatabase();
  home = mkdtempSync(join(tmpdir(), 'weir-worker-'));
  keys = await openKeys(base.db, home, clock.now());
  await makeParts(base.db, clock.now());
  await createNoted(base.db);
  gather = aGather(base.db, keys, clock);
  works = [];
  relays = [];
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.close()));
  await Promise.all(works.map((work) => work.worker.stop()));
  await base.drop();
  rmSync(home, { recursive: true, force: true });
});
const begin = (holder: string, db = base.db): Work => {
  const work = aWorker({ db, keys, kind, clock, holder });
  works.push(work);
  work.worker.start();
  return work;
};
const append = async (...words: string[]): Promise<number[]> =>
  Promise.all(words.map(async (word) => (await gather.append(aMessage(word, word))).position));
const LEASE_MS = 4_000;
const words = async (): Promise<string[]> => (await readNoted(base.db)).map((row) => row.word);
/** How long the lease still lasts by the database's clock; 0 when it was given away. */
const left = async (): Promise<number> => {
  const text =
    'select case when isfinite(until) then extract(epoch from until - clock_timestamp())::float8 * 1000 else 0 end as left from leases';
  return (await base.db.query<{ left: number }>(text)).rows[0]?.left as number;
};

test('a stopped worker loses its lease to the standby within five seconds of its last renewal, and its late batch changes nothing', async () => {
  await watchLease(base.db);
  const asleep = stoppable(base.db);
  const first = begin('a 1', asleep.db);
  await waitUntil('the first holds the lease', () => first.worker.state().holds);
  const second = begin('b 1');
  await append('one');
  await waitUntil('the first has worked', async () => (await words()).length === 1);
  asleep.stop();
  await waitUntil('the first is caught in a statement', () => asleep.waiting() > 0);
  await append('two', 'three');
  await waitUntil('the standby has worked', async () => (await words()).length === 3);
  expect(await takeOverMs(base.db)).toBeLessThanOrEqual(TAKE_OVER_MS);
  expect(second.worker.state()).toMatchObject({ holds: true, isSure: true, epoch: first.worker.state().epoch + 1 });
  expect(first.worker.state(), 'it thinks that it holds the lease, and knows that it may be wrong').toMatchObject({
    holds: true,
    isSure: false,
  });
  asleep.wake();
  await waitUntil('the first has noticed', () => !first.worker.state().holds);
  await append('four');
  await waitUntil('the standby goes on', async () => (await words()).length === 4);
  expect(await words()).toEqual(['one', 'two', 'three', 'four']);
  expect(first.worked.flatMap((each) => each.outcomes)).toHaveLength(1);
});

test('a worker whose batch is stuck half sent loses its lease, and what it had written is gone', async () => {
  const asleep = await halfSent(base.url, 'weir a 1');
  relays.push(asleep);
  const first = begin('a 1', asleep.db);
  await waitUntil('the first holds the lease', () => first.worker.state().holds);
  const second = begin('b 1');
  asleep.arm();
  const all = Array.from({ length: 900 }, (_, i) => `word ${i} of them`);
  await append(...all);
  await waitUntil('the first is cut in the middle of its batch', () => asleep.isCut());
  // This process lives and may renew once more; one that is stopped cannot: see `tests/crash/stopped.test.ts`.
  await waitUntil('the standby holds the lease', () => second.worker.state().holds);
  await waitUntil('the standby has worked', async () => (await words()).length === all.length);
  await waitUntil('the first has noticed', () => !first.worker.state().holds);
  expect(await words()).toEqual(all);
  expect(first.worked).toEqual([]);
  expect(second.worker.state().holds).toBe(true);
});

test('an idle worker whose lease another one took says so within a renewal, although no message wakes it', async () => {
  const first = begin('a 1');
  await waitUntil('the first holds the lease', () => first.worker.state().holds);
  await base.db.query(`update leases set holder = 'b 1', epoch = epoch + 1, until = clock_timestamp() + interval '1 minute'`);
  await waitUntil('the first has noticed', () => !first.worker.state().holds);
  expect(first.worker.state().isSure).toBe(false);
});

test('a worker that renews keeps its lease for longer than the lease lasts', async () => {
  const first = begin('a 1');
  await waitUntil('the first holds the lease', () => first.worker.state().holds);
  const second = begin('b 1');
  const { epoch } = first.worker.state();
  const from = performance.now();
  await waitUntil('five seconds have passed', () => performance.now() - from > TAKE_OVER_MS);
  expect(await left()).toBeGreaterThan(0);
  expect(first.worker.state()).toMatchObject({ holds: true, epoch });
  expect(second.worker.state().holds).toBe(false);
});

test('the next process of the same home takes its dead predecessor’s lease at once; a stopped worker gives it away', async () => {
  const dead = stoppable(base.db);
  const first = begin('a 1', dead.db);
  await waitUntil('the first holds the lease', () => first.worker.state().holds);
  dead.stop();
  const heir = begin('a 2');
  await waitUntil('the heir holds it', () => heir.worker.state().holds, LEASE_MS - 1_000);
  await append('one');
  await waitUntil('it was worked', async () => (await words()).length === 1);
  await heir.worker.stop();
  expect(await left()).toBe(0);
  dead.wake();
});

test('whoever waits is answered, although another process does the work', async () => {
  const holder = begin('a 1');
  await waitUntil('the first holds the lease', () => holder.worker.state().holds);
  const standby = begin('b 1');
  const [position] = await append('one');
  expect(await standby.outcomes.wait(position as number)).toEqual({ position, result: 'created' });
});

test('a clock that is put back by hours does not keep the worker from what other processes append', async () => {
  const jumping = manualClock(clock.now());
  const work = aWorker({ db: base.db, keys, kind, clock: jumping, holder: 'a 1' });
  works.push(work);
  work.worker.start();
  await append('one');
  await waitUntil('the worker has worked', async () => (await words()).length === 1);
  jumping.advance(-6 * 3_600_000);
  await append('two');
  await waitUntil('the worker goes on', async () => (await words()).length === 2);
  expect(await words()).toEqual(['one', 'two']);
});
