/** What is fetched first, and what becomes of what cannot be: looks that are only due stand behind everything that somebody told us of. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { failure } from '../../../../tests/support/fake-channel.ts';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import { createLog, manualClock } from '#platform';
import type { Desk } from './desk.ts';
import { countFetches, dueFetches, saveAsked } from './fetch-store.ts';
import { fetchDue } from './fetcher.ts';
import type { Line } from './lines.ts';

const SHOP = { channel: 'wechat', shop: '1900000001' };
const NOW = Date.parse('2026-02-22T10:00:00+08:00');
const LIMITS = { most: 40, mostIdle: 4 };
let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
});
afterAll(() => base.drop());
beforeEach(() => base.db.query('delete from fetches'));

interface More {
  readonly isIdle?: true;
  readonly askedAt?: number;
  readonly waitMs?: number;
}
const ask = (ids: readonly string[], more: More = {}, now = NOW) =>
  base.db.atOnce(
    saveAsked(
      ids.map((id) => ({ partition: 1, ...SHOP, id, wants: ['detail'] as const, askedAt: 1, waitMs: 0, ...more })),
      now,
    ),
  );
const due = async (now = NOW): Promise<string[]> => (await dueFetches(base.db, SHOP, now, LIMITS)).map(({ id }) => id);
const many = Array.from({ length: 100 }, (_, i) => `idle-${i}`);

test('a hundred looks wait for one hint, and are made a few at a time when nothing is told', async () => {
  await ask(many, { isIdle: true });
  expect(await due()).toHaveLength(4);
  await ask(['new']);
  expect(await due()).toEqual(['new']);
  expect(await countFetches(base.db)).toEqual([{ ...SHOP, waiting: 1, dead: 0, lastError: null }]);
});

test('a hint about an order whose look waits makes it urgent, and a look that is due takes no urgency away', async () => {
  await ask(many, { isIdle: true });
  await ask(['idle-7']);
  expect(await due()).toEqual(['idle-7']);
  await ask(['idle-7'], { isIdle: true, askedAt: 2 });
  expect(await due()).toEqual(['idle-7']);
});

test('a look that the channel refuses for good is over: nothing told of a change, so it is nobody’s dead letter', async () => {
  const refused = async () => ({ ok: false as const, failure: failure({ class: 'do_not', code: 'gone' }) });
  const log = createLog({ write: () => {}, level: 'error', pretty: false });
  const desk = { db: base.db, clock: manualClock(NOW), log, dice: () => 0, mayWork: () => true } as unknown as Desk;
  const line = { ...SHOP, adapter: { fetchDetail: refused }, call: refused } as unknown as Line;
  await ask(['old'], { isIdle: true });
  expect(await fetchDue(desk, line)).toBe(1);
  const { rows } = await base.db.query<{ fetches: number; letters: number }>(
    'select (select count(*)::int from fetches) as fetches, (select count(*)::int from dead_letters) as letters',
  );
  expect(rows).toEqual([{ fetches: 0, letters: 0 }]);
});

test('an order of which our tries ended is one letter, and the letter is settled when its detail is worked after all', async () => {
  let isThere = false;
  const refused = { ok: false as const, failure: failure({ class: 'do_not', code: 'gone' }) };
  const fetchDetail = async () => (isThere ? { ok: true as const, value: Buffer.from('{}') } : refused);
  const log = createLog({ write: () => {}, level: 'error', pretty: false });
  const keys = { box: { seal: (bytes: Buffer) => bytes } };
  const rest = { dice: () => 0, mayWork: () => true, tell: async () => true };
  const clock = manualClock(NOW);
  const desk = { db: base.db, clock, log, keys, ...rest } as unknown as Desk;
  const line = { ...SHOP, adapter: { fetchDetail }, call: fetchDetail } as unknown as Line;
  const letters = async () => (await base.db.query<{ state: string }>('select state from dead_letters')).rows.map(({ state }) => state);
  for (const askedAt of [1, 2]) {
    await ask(['refused'], { askedAt });
    for (const tried of [1, 2, 3]) {
      expect(await letters(), `a no is believed at the third time; this is try ${tried}`).toEqual(askedAt === 1 ? [] : ['open']);
      expect(await fetchDue(desk, line)).toBe(1);
      clock.advance(60_000);
    }
    expect(await letters(), 'however often').toEqual(['open']);
  }
  isThere = true;
  await ask(['refused'], { askedAt: 3 });
  await fetchDue(desk, line);
  expect(await letters()).toEqual(['settled']);
});

test('an answer that asks again waits, each time longer, and takes no turn of others; a hint meanwhile makes it due at once', async () => {
  const clock = manualClock(NOW);
  const log = createLog({ write: () => {}, level: 'error', pretty: false });
  const heard: { position: number; during: () => Promise<unknown> } = { position: 100, during: () => Promise.resolve() };
  const tell = async () => {
    await heard.during();
    await ask(['torn'], { askedAt: ++heard.position, waitMs: 10_000 }, clock.now()); // as the fold of the answer does
    return true;
  };
  const desk = { db: base.db, clock, log, dice: () => 0, mayWork: () => true, tell } as unknown as Desk;
  const fetchDetail = async () => ({ ok: true as const, value: Buffer.from('{}') });
  const line = { ...SHOP, adapter: { fetchDetail }, call: fetchDetail } as unknown as Line;
  await ask(['torn']);
  for (const waitMs of [10_000, 20_000, 40_000]) {
    expect(await fetchDue(desk, line)).toBe(1);
    expect(await due(clock.now() + waitMs - 1)).toEqual([]);
    clock.advance(waitMs);
    expect(await due(clock.now())).toEqual(['torn']);
  }
  heard.during = () => ask(['torn'], { askedAt: ++heard.position }, clock.now());
  expect(await fetchDue(desk, line)).toBe(1);
  expect(await due(clock.now())).toEqual(['torn']);
  heard.during = () => Promise.resolve();
  expect(await fetchDue(desk, line)).toBe(1);
  expect(await due(clock.now() + 10_000), 'the count begins anew').toEqual(['torn']);
});
