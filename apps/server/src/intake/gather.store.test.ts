import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase, waitUntil } from '../../../../tests/support/index.ts';
import { type Keys, openKeys } from '#access';
import { type Clock, type Db, manualClock, openDb, systemClock } from '#platform';
import { aGather, aMessage, stoppable } from './fault.test-support.ts';
import { type Gather, IntakeFull, SEGMENT_SEAL, Stopping } from './gather.ts';
import { makeParts } from './parts.ts';
import { dayOf, dayOfPosition, floorOf } from './positions.ts';
import { decodeSegment, type Entry } from './segment.ts';
import { readSegments } from './store.ts';

let base: TestDatabase;
let keys: Keys;
let home: string;
const others: Db[] = [];
beforeAll(async () => {
  base = await testDatabase();
  home = mkdtempSync(join(tmpdir(), 'weir-gather-'));
  keys = await openKeys(base.db, home, systemClock.now());
  await makeParts(base.db, systemClock.now());
});
afterAll(async () => {
  await base.drop();
  await Promise.all(others.map((db) => db.end()));
  rmSync(home, { recursive: true, force: true });
});
/** A gather of another process: its own connections. */
const elsewhere = (clock: Clock = systemClock): Gather => {
  const db = openDb({ url: base.url, max: 4, name: 'weir-elsewhere' });
  others.push(db);
  return aGather(db, keys, clock);
};

/** Polls `> position` as every reader does, until `count` entries are there. */
function aReader(from: number) {
  const entries: Entry[] = [];
  let at = from;
  const poll = async (): Promise<void> => {
    for (const row of await readSegments(base.db, at, 3)) {
      entries.push(...decodeSegment(keys.box.open(row.sealed, SEGMENT_SEAL), row.first));
      at = row.first + row.count - 1;
    }
  };
  return {
    entries,
    poll,
    readAll: (count: number) => waitUntil(`${count} entries were read`, async () => (await poll(), entries.length >= count)),
  };
}
const headNow = async (): Promise<number> =>
  (await base.db.query<{ position: number }>('select position from inbox_head')).rows[0]?.position as number;

describe('a reader of the inbox', () => {
  test('sees what two busy processes append exactly once, in order, and skips nothing', async () => {
    const reader = aReader(await headNow());
    const gathers = [elsewhere(), elsewhere()];
    const [rounds, each] = [25, 8];
    const reading = reader.readAll(rounds * each * gathers.length);
    const answered = await Promise.all(
      gathers.flatMap((gather, g) =>
        Array.from({ length: each }, async (_, i) => {
          const positions: [string, number][] = [];
          for (let n = 0; n < rounds; n++) {
            const id = `${g}/${i}/${n}`;
            const key = i % 3 === 0 ? { tokenId: 't', key: id, inputHash: Buffer.from(id) } : undefined; // both roads into the inbox
            positions.push([id, (await gather.append(aMessage(id, id), key)).position]);
          }
          return positions;
        }),
      ),
    );
    await reading;
    const positions = reader.entries.map((entry) => entry.position);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    expect(positions.map((position, i) => position - i)).toEqual(positions.map(() => positions[0])); // within a day, without a hole
    expect(new Map(reader.entries.map((entry) => [entry.bytes.toString(), entry.position]))).toEqual(new Map(answered.flat()));
  });

  test('waits while an appender is stopped before its COMMIT, and then sees all in order', async () => {
    const from = await headNow();
    const reader = aReader(from);
    const [a, b] = [elsewhere(), elsewhere()];
    const coming: Promise<number>[] = [];
    await base.db.transaction(async (tx) => {
      await tx.query('update inbox_head set position = greatest(position, $1::bigint) + 1', [floorOf(systemClock.now())]);
      coming.push(...[a, b].map(async (gather, i) => (await gather.append(aMessage(`behind${i}`, `behind${i}`))).position));
      await waitUntil('both appends wait for the lock', async () => {
        const { rows } = await base.db.query<{ n: number }>(
          `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'with old as%'`,
        );
        return (rows[0]?.n ?? 0) >= 2;
      });
      await reader.poll();
      expect(reader.entries).toEqual([]);
      const first = (await tx.query<{ position: number }>('select position from inbox_head', [])).rows[0]?.position as number;
      const sealed = keys.box.seal(
        Buffer.from((await import('./segment.ts')).encodeSegment([aMessage('stopped', 'stopped')])),
        SEGMENT_SEAL,
      );
      await tx.query('insert into inbox (first_position, entry_count, received_at, sealed) values ($1, 1, now(), $2)', [first, sealed]);
    });
    const positions = await Promise.all(coming);
    await reader.readAll(3);
    expect(reader.entries[0]?.bytes.toString()).toBe('stopped');
    expect(reader.entries.map((entry) => entry.position)).toEqual([reader.entries[0]?.position, ...positions.sort((x, y) => x - y)]);
  });

  test('an appender stopped inside its transaction holds up the others for no longer than three seconds, and is told 503', async () => {
    const asleep = stoppable(base.db, (name) => name === 'intake.take_keys');
    const gather = aGather(asleep.db, keys, systemClock);
    const late = gather
      .append(aMessage('late'), { tokenId: 't', key: 'late', inputHash: Buffer.alloc(1) })
      .catch((error: Error) => error.message);
    await waitUntil('it is stopped with the head in its hand', () => asleep.waiting() > 0);
    const from = performance.now();
    await elsewhere().append(aMessage('awake'));
    expect(performance.now() - from).toBeLessThan(10_000);
    asleep.wake();
    expect(await late).toBe('the segment was not stored');
  });
});

describe('positions', () => {
  test('begin above the floor of the day, and go on counting when the clock falls back, also over days', async () => {
    const clock = manualClock(systemClock.now());
    const gather = elsewhere(clock);
    const append = async (): Promise<number> => (await gather.append(aMessage('p'))).position;
    const today = await append();
    expect(dayOfPosition(today)).toBe(dayOf(clock.now()));
    clock.advance(2 * 86_400_000);
    const ahead = await append();
    expect(ahead).toBe(floorOf(clock.now()) + 1);
    clock.advance(-2 * 86_400_000);
    expect(await append()).toBe(ahead + 1);
  });

  test('a clock that is put back over midnight before the first message stops nobody: the day before has its tables', async () => {
    const fresh = await testDatabase();
    try {
      const keysHere = await openKeys(fresh.db, mkdtempSync(join(home, 'fresh-')), systemClock.now());
      await makeParts(fresh.db, systemClock.now());
      const gather = aGather(fresh.db, keysHere, manualClock(systemClock.now() - 86_400_000));
      expect(dayOfPosition((await gather.append(aMessage('back'))).position)).toBe(dayOf(systemClock.now()) - 1);
    } finally {
      await fresh.drop();
    }
  });

  test('a hub that is started again after its clock ran a week ahead can still append: the head’s day has its tables', async () => {
    const week = systemClock.now() + 7 * 86_400_000;
    await makeParts(base.db, week);
    const ahead = (await elsewhere(manualClock(week)).append(aMessage('ahead'))).position;
    for (const parent of ['inbox', 'outcomes']) {
      const { rows } = await base.db.query<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits where inhparent = '${parent}'::regclass order by 1 desc limit 3`,
      );
      for (const { name } of rows) await base.db.query(`drop table ${name}`);
    }
    await makeParts(base.db, systemClock.now());
    const { rows } = await base.db.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'inbox'::regclass`,
    );
    const day = (d: number): string => `inbox_${new Date(d * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')}`;
    expect(rows.map((row) => row.name)).toEqual(expect.arrayContaining([day(dayOfPosition(ahead) + 1), day(dayOfPosition(ahead) + 3)]));
  });
});

describe('a database that hangs', () => {
  test('fills the buffer to its limit; then the edge refuses at once, and what was taken is stored when the database is back', async () => {
    const asleep = stoppable(base.db);
    const gather = aGather(asleep.db, keys, systemClock);
    asleep.stop();
    const taken: Promise<unknown>[] = [];
    const body = Buffer.alloc(1_000_000, 0x20);
    let refused: unknown;
    while (refused === undefined) {
      const coming = gather.append(aMessage(`big${taken.length}`, body));
      const early = await Promise.race([
        coming.catch((error: unknown) => error),
        new Promise((resolve) => setImmediate(() => resolve(undefined))),
      ]);
      if (early instanceof IntakeFull) refused = early;
      else taken.push(coming);
      expect(taken.length).toBeLessThan(200);
    }
    expect(taken.length).toBeGreaterThanOrEqual(64);
    asleep.wake();
    const answers = (await Promise.all(taken)) as { kind: string }[];
    expect(new Set(answers.map((answer) => answer.kind))).toEqual(new Set(['stored']));
    await expect(gather.append(aMessage('again'))).resolves.toMatchObject({ kind: 'stored' });
  });

  test('small messages are counted as well as their bytes', async () => {
    const asleep = stoppable(base.db);
    const gather = aGather(asleep.db, keys, systemClock);
    asleep.stop();
    const all = Array.from({ length: 25_000 }, () =>
      gather.append(aMessage('small')).then(
        () => 'stored',
        (error: unknown) => (error instanceof IntakeFull ? 'full' : 'other'),
      ),
    );
    asleep.wake();
    const counts = Map.groupBy(await Promise.all(all), (answer) => answer);
    expect(counts.get('other')).toBeUndefined();
    expect(counts.get('full')?.length).toBeGreaterThan(3_000);
    expect(counts.get('stored')?.length).toBeGreaterThanOrEqual(20_000);
    expect(gather.waiting()).toBe(0);
  });
});

test('a gather that stops stores what it has taken and takes nothing more', async () => {
  const gather = elsewhere();
  const coming = gather.append(aMessage('last'));
  const stopping = gather.stop();
  await expect(gather.append(aMessage('too late'))).rejects.toThrow(Stopping);
  await stopping;
  await expect(coming).resolves.toMatchObject({ kind: 'stored' });
});

test.each(['without a key', 'with one'])(
  'a clock that went ahead by weeks, as that of a machine that slept, stores at once (%s)',
  async (how) => {
    const clock = manualClock(systemClock.now() + (how === 'with one' ? 60 : 40) * 86_400_000);
    const key = how === 'with one' ? { tokenId: 't', key: how, inputHash: Buffer.from('x') } : undefined;
    const accepted = await elsewhere(clock).append(aMessage('slept', how), key);
    expect([accepted.kind, dayOfPosition(accepted.position)]).toEqual(['stored', dayOf(clock.now())]);
  },
);
