import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testDatabase, type TestDatabase, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { type Keys, openKeys } from '#access';
import { appendEvents, orderKind } from '#orders';
import { CommitUnknown, Fault } from '#platform';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aMessage } from './fault.test-support.ts';
import { halfSent } from './half-sent.test-support.ts';
import type { Kind } from './kinds.ts';
import { createNoted, notedKind, readNoted } from './noted-test-support-store.ts';
import { makeParts } from './parts.ts';
import { floorOf } from './positions.ts';
import { type Entry, entryOf, VOID_KIND } from './segment.ts';
import { type LeaseRow, takeLease } from './store.ts';
import { type BatchDeps, LeaseLost, workBatch } from './work-batch.ts';

const now = Date.parse('2026-02-20T12:30:00Z');
let base: TestDatabase;
let keys: Keys;
let home: string;
let next = floorOf(now);
beforeAll(async () => {
  base = await testDatabase();
  home = mkdtempSync(join(tmpdir(), 'weir-batch-'));
  keys = await openKeys(base.db, home, now);
  await makeParts(base.db, now);
  await createNoted(base.db);
});
afterAll(async () => {
  await base.drop();
  rmSync(home, { recursive: true, force: true });
});

const deps = (kind: Kind = notedKind, more: Partial<BatchDeps> = {}): BatchDeps => ({
  db: base.db,
  keys,
  kind,
  appendEvents,
  reach: () => {},
  ...more,
});
const lease = async (): Promise<LeaseRow> => (await takeLease(base.db, 'home 1', 'home', 60_000)) as LeaseRow;
const entriesOf = (...words: string[]): Entry[] =>
  words.map((word) => entryOf(aMessage(`m${next + 1}`, word, word === '' ? VOID_KIND : 'order'), ++next));
const upTo = (entries: readonly Entry[]): number => (entries.at(-1) as Entry).position;
const resultsOf = (outcomes: readonly { result: string }[]): string[] => outcomes.map((outcome) => outcome.result);
const deadLetters = async (): Promise<{ position: number; sealed: Buffer; id: string }[]> =>
  (await base.db.query<{ position: number; sealed: Buffer; id: string }>('select id, position, sealed from dead_letters order by position'))
    .rows;
const word = (position: number) => readNoted(base.db).then((rows) => rows.find((row) => row.position === position)?.word);

describe('a message that cannot be stored', () => {
  test('stops nobody else, wherever it stands in the batch: found by halving, one dead letter with its exact bytes', async () => {
    for (const at of [0, 3, 7, 8]) {
      const words = Array.from({ length: 9 }, (_, i) => (i === at ? `far too long to be noted ${i}` : `w${i}`));
      const entries = entriesOf(...words);
      const worked = await workBatch(deps(), await lease(), entries, upTo(entries), now);
      expect(resultsOf(worked.outcomes)).toEqual(words.map((_, i) => (i === at ? 'failed' : 'created')));
      expect(worked.lease.positions.every((position) => position === upTo(entries))).toBe(true);
      const bad = entries[at] as Entry;
      const dead = (await deadLetters()).filter((letter) => letter.position >= (entries[0] as Entry).position);
      expect(dead.map((letter) => letter.position)).toEqual([bad.position]);
      expect(keys.box.open(dead[0]?.sealed as Buffer, dead[0]?.id as string).toString()).toBe(words[at]);
      for (const entry of entries) expect(await word(entry.position)).toBe(entry === bad ? undefined : entry.bytes.toString());
    }
  });

  test('also when there are several of them, and next to voids', async () => {
    const words = ['a', '', 'far too long to be noted', 'b', 'also far too long to be noted', '', ''];
    const entries = entriesOf(...words);
    const worked = await workBatch(deps(), await lease(), entries, upTo(entries), now);
    expect(resultsOf(worked.outcomes)).toEqual(['created', 'failed', 'created', 'failed']);
    expect(worked.lease.positions[0]).toBe(upTo(entries));
  });

  test('also when the fold itself throws on it', async () => {
    const entries = entriesOf('c', 'd', 'throws', 'e');
    const worked = await workBatch(deps(), await lease(), entries, upTo(entries), now);
    expect(resultsOf(worked.outcomes)).toEqual(['created', 'created', 'failed', 'created']);
  });
});

describe('a fault of the surroundings', () => {
  test('is thrown on and never counts as a fault of the message: nothing stored, nothing buried, the same batch passes later', async () => {
    const entries = entriesOf('f', 'g');
    const before = (await deadLetters()).length;
    const held = await lease();
    const gone: Kind = {
      ...(notedKind as Kind),
      save: () => [{ name: 'test.gone', text: 'select pg_terminate_backend(pg_backend_pid())' }],
    };
    await expect(workBatch(deps(gone), held, entries, upTo(entries), now)).rejects.toThrow(CommitUnknown);
    await expect(
      workBatch(
        deps({ ...(notedKind as Kind), load: () => Promise.reject(new Fault('database.busy', { message: 'x', retry: true })) }),
        held,
        entries,
        upTo(entries),
        now,
      ),
    ).rejects.toThrow(Fault);
    expect((await deadLetters()).length).toBe(before);
    expect(await word(upTo(entries))).toBeUndefined();
    expect(resultsOf((await workBatch(deps(), held, entries, upTo(entries), now)).outcomes)).toEqual(['created', 'created']);
  });
});

describe('compare-and-set', () => {
  test('a batch of a worker that lost its lease changes nothing, also when it is repeated with the same entries', async () => {
    const old = await lease();
    const entries = entriesOf('h', 'i');
    const young = await lease();
    await expect(workBatch(deps(), old, entries, upTo(entries), now)).rejects.toThrow(LeaseLost);
    expect(await word(upTo(entries))).toBeUndefined();
    const worked = await workBatch(deps(), young, entries, upTo(entries), now);
    await expect(workBatch(deps(), young, entries, upTo(entries), now)).rejects.toThrow(LeaseLost);
    expect(await word(upTo(entries))).toBe('i');
    expect(worked.lease.epoch).toBe(young.epoch);
  });

  test('a worker stopped while it sends a batch does not keep the lease from its standby', async () => {
    const asleep = await halfSent(base.url, 'weir home 1');
    const old = await lease();
    await base.db.query("update leases set until = clock_timestamp() - interval '1 second'");
    const entries = entriesOf('j', ...Array.from({ length: 2_000 }, (_, i) => `padding ${i}`));
    asleep.arm();
    const late = workBatch(deps(notedKind as Kind, { db: asleep.db }), old, entries, upTo(entries), now).catch((error: unknown) => error);
    while (!asleep.isCut()) await new Promise(setImmediate);
    await waitUntil('half of the batch holds its locks', async () => {
      const { rowCount } = await base.db.query(
        "select 1 from pg_locks join pg_stat_activity using (pid) where application_name = 'weir home 1' and mode = 'RowExclusiveLock'",
      );
      return rowCount > 0;
    });
    const from = performance.now();
    const young = await takeLease(base.db, 'other 1', 'other', 60_000);
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(young?.epoch).toBe(old.epoch + 1);
    expect(await late).toBeInstanceOf(CommitUnknown);
    expect(await word(upTo(entries))).toBeUndefined();
    await base.db.query("update leases set until = '-infinity'");
    await asleep.close();
  });
});

describe('through the whole house', () => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await testHouse();
    await house.house.db.query("alter table order_list add constraint no_poison check (title not like 'poison%')");
  });
  afterAll(() => house.close());

  test('an order that the database refuses is held with a dead letter, and the forty others beside it are created', async () => {
    const titled = (id: string, title: string) =>
      neutralOrder({ channelOrderId: id, lines: [{ lineId: '1', sku: 'A', title, quantity: 1, unitPrice: '120.00', discount: '0.00' }] });
    const poison = titled('bad', 'poison 茶');
    const answers = await Promise.all(
      Array.from({ length: 41 }, (_, i) => house.send('POST', '/v1/orders', i === 17 ? poison : titled(`o${i}`, '茶'))),
    );
    const { body } = answers[17] as (typeof answers)[0];
    expect(body).toMatchObject({ result: 'needs_review', version: 1, problems: [{ code: 'message.failed', severity: 'blocking' }] });
    expect(answers.filter((answer) => answer.status === 201 && answer.body.result === 'created')).toHaveLength(40);
    const { rows } = await house.house.db.query<{ id: string; sealed: Buffer }>('select id, sealed from dead_letters');
    expect(rows).toHaveLength(1);
    expect(house.house.keys.box.open(rows[0]?.sealed as Buffer, rows[0]?.id as string).toString()).toBe(JSON.stringify(poison));
    const shown = (await house.send('GET', `/v1/orders/${body.orderKey}`)).body;
    expect(shown.holds.map((hold: { kind: string }) => hold.kind)).toContain('review');
    expect(shown.mayShip).not.toEqual([]);
  });

  test('later facts of the held subject still apply, and a good order after it is not delayed', async () => {
    const fixed = neutralOrder({ channelOrderId: 'bad', modifiedAt: '2026-02-20T20:30:00+08:00' });
    expect((await house.send('POST', '/v1/orders', fixed)).body.version).toBeGreaterThan(1);
    expect((await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'after' }))).status).toBe(201);
  });
});

test('an order whose fold throws is a dead letter and holds its subject; its neighbours and the order before it are untouched', async () => {
  const broken = {
    ...keys,
    fingerprint: (text: string) =>
      text === '"boom"'
        ? (() => {
            throw new RangeError('boom');
          })()
        : keys.fingerprint(text),
  };
  const order = (id: string, remark: string): Entry =>
    entryOf(aMessage(id, JSON.stringify(neutralOrder({ channelOrderId: id, remark }))), ++next);
  const entries = [order('t1', 'fine'), order('t2', 'boom'), order('t1', 'boom'), order('t3', 'fine')];
  const worked = await workBatch(
    deps(orderKind(broken, { readers: new Map(), saveAsked: () => [] })),
    await lease(),
    entries,
    upTo(entries),
    now,
  );
  expect(resultsOf(worked.outcomes)).toEqual(['created', 'failed', 'failed', 'created']);
  const byId = Object.fromEntries(
    (
      await base.db.query<{ channel_order_id: string; status: string | null; held: string[] }>(
        'select channel_order_id, status, held from order_list',
      )
    ).rows.map((row) => [row.channel_order_id, row]),
  );
  expect(byId['t1']).toMatchObject({ status: 'paid', held: expect.arrayContaining(['review']) });
  expect(byId['t2']).toMatchObject({ status: null, held: expect.arrayContaining(['review']) });
  expect(byId['t3']).toMatchObject({ status: 'paid', held: [] });
});

const orderOf = (id: string, more: object = {}): Entry =>
  entryOf(aMessage(id, JSON.stringify(neutralOrder({ channelOrderId: id, ...more }))), ++next);
const worksOrders = (keysOf: Keys = keys) => deps(orderKind(keysOf, { readers: new Map(), saveAsked: () => [] }));
const boomKeys = (): Keys => ({
  ...keys,
  fingerprint: (text) => {
    if (text === '"boom"') throw new RangeError('boom');
    return keys.fingerprint(text);
  },
});

test('a failing message that comes again has one letter, waits as long as its case, and after a rejection changes nothing', async () => {
  const lettersOf = async (): Promise<number[]> => (await deadLetters()).map((letter) => letter.position);
  const before = await lettersOf();
  const [first, again] = [orderOf('r1', { remark: 'boom' }), orderOf('r1', { remark: 'boom' })];
  const worked = await workBatch(worksOrders(boomKeys()), await lease(), [first, again], again.position, now);
  expect(resultsOf(worked.outcomes)).toEqual(['failed', 'needs_review']);
  expect(worked.failures.map(({ entry, error }) => [entry.position, (error as Error).message])).toEqual([[first.position, 'boom']]);
  expect((await lettersOf()).filter((position) => !before.includes(position))).toEqual([first.position]);
  const { rows } = await base.db.query<{ case_id: string }>('select case_id from review_cases where order_key = $1', [
    worked.outcomes[0]?.orderKey,
  ]);
  const reject = entryOf(
    { ...aMessage('r1', JSON.stringify({ verb: 'review.reject', caseId: rows[0]?.case_id })), kind: 'command' },
    ++next,
  );
  const third = orderOf('r1', { remark: 'boom' });
  const later = await workBatch(worksOrders(boomKeys()), worked.lease, [reject, third], third.position, now);
  expect(resultsOf(later.outcomes)).toEqual(['changed', 'unchanged']);
  expect((await base.db.query(`select state from dead_letters where position = $1`, [first.position])).rows).toEqual([
    { state: 'settled' },
  ]);
  expect((await lettersOf()).filter((position) => !before.includes(position))).toEqual([first.position]);
});

test.each([
  ['cannot be read', 'null'],
  ['cannot be understood', '{"f":2,"at":1,"rank":1,"c":{"lines":5}}'],
])('one order whose stored facts %s stops nobody else: it stays as it is, and its messages are letters', async (_, facts) => {
  const [bad, good] = [orderOf(`u${facts.length}`), orderOf(`v${facts.length}`)];
  const made = await workBatch(worksOrders(), await lease(), [bad, good], good.position, now);
  const key = made.outcomes[0]?.orderKey;
  await base.db.query('update orders set facts = $2 where order_key = $1', [key, facts]);
  const entries = [
    orderOf(`u${facts.length}`, { remark: 'later' }),
    orderOf(`v${facts.length}`, { remark: 'later' }),
    entryOf({ ...aMessage(`u${facts.length}`, JSON.stringify({ verb: 'cancel' })), kind: 'command' }, ++next),
  ];
  const worked = await workBatch(worksOrders(), made.lease, entries, upTo(entries), now);
  expect(resultsOf(worked.outcomes)).toEqual(['failed', 'changed', 'failed']);
  expect(worked.failures.map(({ orderKey, error }) => [orderKey, error instanceof Error])).toEqual([
    [key, true],
    [key, true],
  ]);
  expect((await base.db.query('select facts::text as facts from orders where order_key = $1', [key])).rows).toEqual([{ facts }]);
  const letters = await base.db.query('select order_key as key from dead_letters where position = any ($1::bigint[]) order by position', [
    [entries[0]?.position, entries[2]?.position],
  ]);
  expect(letters.rows).toEqual([{ key }, { key }]);
});

test('a message that waits for a person and is erased with its order in the same batch is kept by no case', async () => {
  const order = (minute: number, more: object = {}): Entry => {
    const message = neutralOrder({ channelOrderId: 'e1', modifiedAt: `2026-02-20T20:2${minute}:00+08:00`, ...more });
    return entryOf(aMessage('e1', JSON.stringify(message)), ++next);
  };
  const erase = (): Entry => {
    const { subject, ...rest } = aMessage('e1', JSON.stringify({ verb: 'erase', evenOpen: true }));
    return entryOf({ ...rest, subject, kind: 'command' }, ++next);
  };
  const entries = [order(3), order(4, { payable: '1.00', paid: '1.00', payments: undefined }), erase()];
  const worked = await workBatch(
    deps(orderKind(keys, { readers: new Map(), saveAsked: () => [] })),
    await lease(),
    entries,
    upTo(entries),
    now,
  );
  expect(resultsOf(worked.outcomes)).toEqual(['created', 'needs_review', 'changed']);
  const { rows } = await base.db.query('select state, sealed from review_cases where order_key = $1', [worked.outcomes[0]?.orderKey]);
  expect(rows).toEqual([{ state: 'rejected', sealed: null }]);
});
