/** What was put off by a clock that was ahead: fetches and write-backs of a shop, and the upkeep that makes them due again. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TestHouse, testHouse, waitUntil } from '../../../tests/support/index.ts';
import { LONGEST_PAUSE_MS, mendDueTimes } from './due-times.ts';
import { KEEP_DEFAULTS } from '#keep';
import { createLog, type Db, manualClock } from '#platform';
import { startUpkeep } from './upkeep.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-02-22T10:00:00+08:00');
let house: TestHouse;
beforeEach(async () => {
  house = await testHouse({ clock: manualClock(NOW) });
});
afterEach(() => house.close());

const at = (ms: number): string => new Date(ms).toISOString();
const fetchRow = (id: string, nextAt: number, { againAt = null as number | null, dead = false } = {}) =>
  house.house.db.query(
    `insert into fetches (log_partition, channel, shop, id, wants, asked_at, next_at, again_at, dead) values (1, 'douyin', 'f', $1, '{detail}', 1, $2, $3, $4)`,
    [id, at(nextAt), againAt === null ? null : at(againAt), dead],
  );
const writeBack = (id: string, nextAt: number, state = 'due') =>
  house.house.db.query(
    `insert into write_backs (log_partition, order_key, what, channel, shop, channel_order_id, version, wanted, next_at, since, state)
     values (0, $1, 'ship', 'douyin', 'w', $1, 1, '[]', $2, $2, $3)`,
    [id, at(nextAt), state],
  );
/** Hours from now at which each row is due, by its id. */
async function dueIn(): Promise<Record<string, number>> {
  const { rows } = await house.house.db.query<{ id: string; hours: number }>(
    `select id, (extract(epoch from at) - $1) / 3600 as hours from (select id, next_at from fetches union all select id || ' again', again_at from fetches
       where again_at is not null union all select order_key, next_at from write_backs) as due (id, at)`,
    [NOW / 1_000],
  );
  return Object.fromEntries(rows.map(({ id, hours }) => [id, Number(hours)]));
}

test('only what lies further ahead than anything is ever put off is made due, as long as nobody saw the clock put back', async () => {
  await fetchRow('soon', NOW + 6 * HOUR);
  await fetchRow('far', NOW + LONGEST_PAUSE_MS + HOUR);
  await fetchRow('answer', NOW + HOUR, { againAt: NOW + 72 * HOUR });
  await fetchRow('dead', NOW + 72 * HOUR, { dead: true });
  await writeBack('K-soon', NOW + 24 * HOUR);
  await writeBack('K-far', NOW + 72 * HOUR);
  await writeBack('K-done', NOW + 72 * HOUR, 'done');
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), level: 'info', pretty: false });
  const mend = (wasPutBack: boolean) => mendDueTimes({ db: house.house.db, log }, NOW, wasPutBack);

  await mend(false);
  const kept = { dead: 72, 'K-done': 72 };
  expect(await dueIn()).toEqual({ soon: 6, far: 0, answer: 0, 'answer again': 0, 'K-soon': 24, 'K-far': 0, ...kept });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ event: 'due_times.mended', fetches: 2, writeBacks: 1 }),
  ]);

  await mend(true);
  expect(await dueIn()).toEqual({ soon: 0, far: 0, answer: 0, 'answer again': 0, 'K-soon': 0, 'K-far': 0, ...kept });
  await mend(true);
  expect(lines).toHaveLength(2);
});

test('a clock that is put back by three hours leaves nothing waiting for three hours', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { db, keys } = house.house;
  const clock = manualClock(NOW); // not that of the house, which watches its own and must see nothing
  let epoch: number | null = null;
  const log = createLog({ write: () => {}, level: 'error', pretty: false });
  const upkeep = startUpkeep({ db, keys, clock, log, days: KEEP_DEFAULTS, erasures: `${house.home}/erasures.ndjson`, epoch: () => epoch });
  try {
    clock.advance(3 * HOUR);
    vi.advanceTimersByTime(1_000);
    await fetchRow('order', clock.now() + 1_000);
    await writeBack('K-order', clock.now());
    clock.advance(-3 * HOUR);
    vi.advanceTimersByTime(1_000); // somebody else works, and it is not ours to mend
    epoch = 1;
    expect((await dueIn())['K-order']).toBe(3);
    vi.advanceTimersByTime(600_000);
    await waitUntil('both are due', async () => Object.values(await dueIn()).every((hours) => hours <= 0));

    clock.advance(3 * HOUR);
    vi.advanceTimersByTime(1_000);
    await writeBack('K-next', clock.now());
    clock.advance(-3 * HOUR);
    vi.advanceTimersByTime(1_000);
    await waitUntil('it is noticed within a second', async () => ((await dueIn())['K-next'] as number) <= 0);

    await writeBack('K-later', clock.now() + 2 * HOUR);
    await writeBack('K-far', clock.now() + 72 * HOUR);
    vi.advanceTimersByTime(600_000);
    await waitUntil('the next round is over', async () => ((await dueIn())['K-far'] as number) <= 0);
    expect((await dueIn())['K-later']).toBe(2);
  } finally {
    vi.useRealTimers();
    await upkeep.stop();
  }
});

test('a clock that is put back while a round is under way, which then fails, is made up for all the same', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { db, keys } = house.house;
  const clock = manualClock(NOW + 3 * HOUR);
  const rounds = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let begun = 0;
  const query: Db['query'] = async (text, values) => {
    if (text.startsWith('update fetches')) await rounds[begun++]?.promise;
    return db.query(text, values);
  };
  const upkeep = startUpkeep({
    db: { ...db, query },
    keys,
    clock,
    log: createLog({ write: () => {}, level: 'error', pretty: false }),
    days: KEEP_DEFAULTS,
    erasures: `${house.home}/erasures.ndjson`,
    epoch: () => 1,
  });
  try {
    await writeBack('K-order', clock.now());
    vi.advanceTimersByTime(600_000);
    await waitUntil('the usual round is under way', () => begun === 1);
    clock.advance(-3 * HOUR);
    vi.advanceTimersByTime(1_000);
    rounds[0]?.resolve();
    await waitUntil('the one for the clock is', () => begun === 2);
    rounds[1]?.reject(new Error('the database is away'));
    expect((await dueIn())['K-order']).toBe(3);
    vi.advanceTimersByTime(600_000);
    await waitUntil('the next usual round makes up for it', async () => ((await dueIn())['K-order'] as number) <= 0);
  } finally {
    vi.useRealTimers();
    await upkeep.stop();
  }
});
