/** Retention, with a clock that jumps: what goes goes whole, and nothing that is still needed does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { appendMessages, decodeSegment, makeParts } from '#intake';
import { type ManualClock, manualClock, silentLog } from '#platform';
import { keepRetention, type RetentionDeps } from './retention.ts';
import { KEEP_DEFAULTS } from './settings.ts';
import { trustTime } from './time-store.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 1, 21, 4);
let clock: ManualClock;
let house: TestHouse;
beforeEach(async () => {
  clock = manualClock(START);
  house = await testHouse({ clock, allowPrivateEndpoints: true });
});
afterEach(() => house.close());

const run = (more: Partial<RetentionDeps> = {}): Promise<void> =>
  keepRetention({
    db: house.house.db,
    keys: house.house.keys,
    clock,
    log: silentLog,
    days: KEEP_DEFAULTS,
    mayWork: () => true,
    daysAtOnce: 1_000,
    sweep: async () => 0,
    ...more,
  });
const send = async (id: string, more: Record<string, unknown> = {}) =>
  (await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: id, ...more }))).body.orderKey as string;
const parcel = {
  shipments: [{ id: 'p1', carrier: 'sf', trackingNumber: 'SF1', at: '2026-02-20T20:30:00+08:00', lines: [{ lineId: '2', quantity: 1 }] }],
};
const ended = { status: 'completed', completedAt: '2026-02-20T20:30:00+08:00', shippedAt: '2026-02-20T20:30:00+08:00' };
const parts = async (parent: string): Promise<string[]> =>
  (
    await house.house.db.query<{ name: string }>(
      'select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass order by 1',
      [parent],
    )
  ).rows.map(({ name }) => name);
const hasPerson = async (key: string): Promise<boolean> =>
  (await house.house.db.query('select 1 from orders where order_key = $1 and bundle is not null', [key])).rowCount === 1;
const runs = async () =>
  (
    await house.house.db.query<{ job: string; removed: number; reached: number | null; error: string | null; whole: boolean }>(
      'select job, removed, reached, error, ended_at is not null as whole from retention_runs order by began_at, job',
    )
  ).rows;
const prove = async (now: number): Promise<void> => trustTime(house.house.db, now);
/** Days ahead, which nobody doubts; the tables of the days that come are made as the house makes them. */
async function later(days: number): Promise<void> {
  clock.advance(days * DAY_MS);
  await prove(clock.now());
  await makeParts(house.house.db, clock.now());
}
const settled = (): Promise<void> =>
  waitUntil('everything is worked', async () => {
    const { rows } = await house.house.db.query<{ open: number }>(
      'select count(*) as open from inbox where first_position > (select min(position) from leases, unnest(positions) as position)',
    );
    return rows[0]?.open === 0;
  });

test('raw days are dropped whole after 90 days, with their outcomes; the order, its person and its case stay', async () => {
  const key = await send('1');
  await send('2', { payable: '1.00', paid: '1.00', payments: undefined });
  const [first] = await parts('inbox');
  await later(89);
  await run();
  expect(await parts('inbox')).toContain('inbox_20260221');
  await later(2);
  await run();
  expect(first).toBe('inbox_20260220');
  for (const parent of ['inbox', 'outcomes']) expect((await parts(parent)).filter((name) => name <= `${parent}_20260221`)).toEqual([]);
  expect((await house.send('GET', `/v1/orders/${key}`)).body).toMatchObject({ status: 'paid', personal: { receiver: expect.anything() } });
  const { items } = (await house.send('GET', '/v1/reviews')).body;
  expect((await house.send('POST', `/v1/reviews/${items[0].id}:release`, {})).body.result).toBe('changed');
  expect(await send('3')).toBeTruthy();
});

test('a day with a message that was not worked yet stays, however old', async () => {
  await send('1');
  await settled();
  await house.house.worker.stop();
  const subject = { kind: 'order', channel: 'own', shop: 's1', id: 'waits' } as const;
  const bytes = Buffer.from(JSON.stringify(neutralOrder({ channelOrderId: 'waits' })));
  await appendMessages(
    { db: house.house.db, keys: house.house.keys },
    [{ kind: 'order', subject, bytes, by: 'test', receivedAt: clock.now() }],
    clock.now(),
  );
  await later(400);
  await run();
  expect(await parts('inbox')).toContain('inbox_20260221');
  await house.another({ clock });
  await settled();
  clock.advance(DAY_MS);
  await run();
  expect(await parts('inbox')).not.toContain('inbox_20260221');
  expect((await house.send('GET', '/v1/orders?channelOrderId=waits&channel=own&shop=s1')).body.items.length).toBe(1);
});

test('180 days after an ended order last changed its person goes, as by an administrator; one that goes on keeps its own', async () => {
  const [done, open] = [await send('done', ended), await send('open')];
  await later(100);
  const late = await send('late', ended);
  await later(79);
  await run();
  await settled();
  expect(await Promise.all([done, open, late].map(hasPerson))).toEqual([true, true, true]);
  await later(3);
  await run();
  await waitUntil('the first one is erased', async () => !(await hasPerson(done)));
  await settled();
  expect(await Promise.all([open, late].map(hasPerson))).toEqual([true, true]);
  const { items } = (await house.send('GET', `/v1/orders/${done}/events`)).body;
  expect(items.at(-1)).toMatchObject({ type: 'order.erased', by: 'retention' });
  await send('open', { ...ended, modifiedAt: '2026-08-21T00:00:00+08:00' });
  await later(185);
  await run();
  await waitUntil('the others too', async () => !(await hasPerson(open)) && !(await hasPerson(late)));
});

test('once a day and job, each run is a record, and the next one goes on where it ended', async () => {
  await send('1', ended);
  await later(200);
  await run();
  const first = await runs();
  expect(first.map(({ job, whole, error }) => [job, whole, error])).toEqual([
    ['facts', true, null],
    ['personal', true, null],
    ['raw', true, null],
    ['rows', true, null],
  ]);
  expect(first[1]).toMatchObject({ job: 'personal', removed: 1, reached: Math.floor(clock.now() / DAY_MS) - 181 });
  clock.advance(DAY_MS - 1);
  await run();
  expect((await runs()).length).toBe(4);
  clock.advance(1);
  await run();
  const second = (await runs()).slice(4);
  expect(second[1]).toMatchObject({ job: 'personal', removed: 0, reached: Math.floor(clock.now() / DAY_MS) - 181 });
});

test('a run that fails says so, is tried again after an hour, and a process that may not work does nothing', async () => {
  await run({ mayWork: () => false });
  expect(await runs()).toEqual([]);
  const failing = async (): Promise<number> => {
    throw new Error('no');
  };
  await run({ sweep: failing });
  expect((await runs()).find(({ job }) => job === 'rows')).toMatchObject({ whole: true, error: 'fault' });
  clock.advance(3_600_000);
  await run();
  expect((await runs()).filter(({ job }) => job === 'rows').map(({ error }) => error)).toEqual(['fault', null]);
});

test('rows that are done go, those that wait for somebody stay', async () => {
  const { db } = house.house;
  const at = (days: number): string => new Date(START - days * DAY_MS).toISOString();
  const back = (n: number, state: string, days: number) =>
    db.query(
      `insert into write_backs (log_partition, order_key, what, channel, shop, channel_order_id, version, wanted, next_at, since, state)
       values (0, $1, 'ship', 'own', 's1', $1, 1, '{}', $2, $2, $3)`,
      [`K${n}`, at(days), state],
    );
  await back(1, 'done', 91);
  await back(2, 'done', 89);
  await back(3, 'due', 400);
  await back(4, 'dead', 400);
  const letter = (id: string, state: string, days: number) =>
    db.query(`insert into dead_letters (id, position, reason, created_at, sealed, state) values ($1, 1, 'message.failed', $2, '', $3)`, [
      id,
      at(days),
      state,
    ]);
  await letter('dl_old', 'erased', 91);
  await letter('dl_open', 'open', 400);
  await run();
  expect((await db.query<{ k: string }>('select order_key as k from write_backs order by 1')).rows.map(({ k }) => k)).toEqual([
    'K2',
    'K3',
    'K4',
  ]);
  expect((await db.query<{ id: string }>('select id from dead_letters')).rows).toEqual([{ id: 'dl_open' }]);
});

test('a dropped raw message answers 410 with its keyed hash, the same for the same bytes and for no others', async () => {
  await send('1');
  await send('2');
  await settled();
  const [first] = (await house.house.db.query<{ at: number }>('select first_position as at from inbox order by 1 limit 1')).rows;
  const at = (first as { at: number }).at;
  const url = (position: number): string => `/v1/messages/${position}`;
  const before = await house.send('GET', url(at));
  expect(before.status).toBe(200);
  const entry = await house.house.db.query<{ sealed: Buffer }>('select sealed from inbox where first_position = $1', [at]);
  const [kept] = decodeSegment(house.house.keys.box.open((entry.rows[0] as { sealed: Buffer }).sealed, 'inbox'), at);
  await later(92);
  await run();
  const gone = await house.send('GET', url(at));
  expect(gone).toMatchObject({ status: 410, body: { code: 'raw.expired' } });
  expect(gone.body.detail).toContain(house.house.keys.fingerprint((kept as { bytes: Buffer }).bytes.toString('latin1')));
  expect((await house.send('GET', url(at - 1))).status).toBe(404);
  expect((await house.send('GET', url(at + 1_000))).status).toBe(404);
});

test('after three years an ended order is forgotten but for its identity, and a late message goes on under its key', async () => {
  const [done, open] = [await send('done', { ...ended, ...parcel }), await send('open')];
  await later(200);
  await run(); // its person goes, which is the last that happens to it
  await settled();
  await later(1_094);
  await run();
  await settled();
  expect((await house.send('GET', `/v1/orders/${done}`)).status).toBe(200);
  await later(3);
  await run();
  await settled();
  expect(await house.send('GET', `/v1/orders/${done}`)).toMatchObject({ status: 410, body: { code: 'order.forgotten' } });
  expect(await house.send('POST', `/v1/orders/${done}:hold`, { why: 'x' })).toMatchObject({ status: 410 });
  expect(
    (await house.send('GET', '/v1/orders?channel=own&shop=s1')).body.items.map(({ orderKey }: { orderKey: string }) => orderKey),
  ).toEqual([open]);
  expect((await house.send('GET', '/v1/orders:count?channel=own&shop=s1')).body.count).toBe(1);
  const { rows } = await house.house.db.query<{ n: number }>(`select count(*)::int as n from tracking_index where tracking_number = 'SF1'`);
  expect(rows[0]?.n).toBe(0);
  expect((await house.send('GET', `/v1/orders/${open}`)).body.status).toBe('paid');
  const again = await house.send(
    'POST',
    '/v1/orders',
    neutralOrder({ channelOrderId: 'done', ...ended, modifiedAt: '2029-09-09T00:00:00+08:00' }),
  );
  expect(again.body).toMatchObject({ orderKey: done, result: 'changed' });
  expect(again.body.version).toBeGreaterThan(1);
  expect((await house.send('GET', `/v1/orders/${done}`)).body).toMatchObject({ status: 'completed', version: again.body.version });
  expect((await house.send('GET', '/v1/orders:count?channel=own&shop=s1')).body.count).toBe(2);
});

test('months of events go whole, and not before every subscriber has heard them', async () => {
  await send('1', ended);
  await settled();
  const endpoint = await house.send('POST', '/v1/endpoints', { name: 'slow', url: 'http://127.0.0.1:9/', startAt: 'earliest' });
  await house.send('POST', `/v1/endpoints/${endpoint.body.id}:pause`);
  await later(1_200);
  await run();
  await settled();
  expect(await parts('events')).toContain('events_202602');
  await house.send('POST', `/v1/endpoints/${endpoint.body.id}:remove`);
  await waitUntil('the month is gone, once everybody else has heard it too', async () => {
    clock.advance(DAY_MS);
    await run();
    return !(await parts('events')).includes('events_202602');
  });
});

test('a clock that jumped ahead drops nothing, however often it is asked, and says so; set right, everything goes on', async () => {
  const key = await send('1', ended);
  await settled();
  await prove(START);
  const warned: unknown[] = [];
  const log = { ...silentLog, warn: (event: string, fields?: object) => void warned.push([event, fields]) };
  clock.advance(400 * DAY_MS);
  await makeParts(house.house.db, clock.now());
  expect(await send('while it is wrong')).toBeTruthy();
  for (let n = 0; n < 3; n++) {
    await run({ log });
    clock.advance(DAY_MS);
  }
  expect(await runs()).toEqual([]);
  expect(await parts('inbox')).toContain('inbox_20260221');
  expect(await hasPerson(key)).toBe(true);
  expect(warned[0]).toEqual([
    'retention.clock_doubtful',
    { now: new Date(START + 400 * DAY_MS).toISOString(), provenAt: new Date(START).toISOString() },
  ]);
  clock.set(START + DAY_MS);
  await run({ log });
  expect((await runs()).map(({ error }) => error)).toEqual([null, null, null, null]);
  expect(warned).toHaveLength(3);
});

test('a run that reached too far by a wrong clock is not counted: the days it skipped are done', async () => {
  const key = await send('1', ended);
  await settled();
  await house.house.db.query(
    `insert into retention_runs (job, began_at, ended_at, reached) values ('personal', to_timestamp(0), to_timestamp(1), 99999)`,
  );
  await later(200);
  await run();
  await settled();
  expect(await hasPerson(key)).toBe(false);
});

test('after a long pause retention goes on once a person says so, or a channel tells of an order by its own clock', async () => {
  const pause = async (): Promise<void> => {
    await prove(clock.now());
    clock.advance(60 * DAY_MS);
    await makeParts(house.house.db, clock.now());
    const before = (await runs()).length;
    await run();
    expect((await runs()).length).toBe(before);
  };
  await pause();
  const trust = (now: string) => house.send('POST', '/v1/retention:trustClock', { now });
  expect((await trust(new Date(clock.now() - DAY_MS).toISOString())).body.code).toBe('retention.other_time');
  expect((await trust('2026-02-30T00:00:00Z')).status).toBe(409);
  expect((await trust(new Date(clock.now()).toISOString())).status).toBe(200);
  await run();
  expect(await runs()).toHaveLength(4);
  await pause();
  const at = new Date(clock.now() - DAY_MS).toISOString();
  await send('own', { placedAt: at, paidAt: at, modifiedAt: at });
  await run();
  expect(await runs()).toHaveLength(4); // anybody may tell us that
  await house.house.db.query(
    `insert into apps (id, channel, app_key, name, wrapped_secret, created_at) values ('app_1', 'fake', 'k', 'app', '', now())`,
  );
  await house.house.db.query(`insert into shops (channel, shop, name, app_id) values ('fake', 's1', 's1', 'app_1')`);
  await send('theirs', { channel: 'fake', placedAt: at, paidAt: at, modifiedAt: at });
  await run();
  expect(await runs()).toHaveLength(8);
});

test('a long way is gone in several days', async () => {
  await send('1', ended);
  await settled();
  await later(400);
  await run({ daysAtOnce: 31 });
  const reached = async () => (await runs()).filter(({ job }) => job === 'personal').at(-1)?.reached ?? 0;
  const first = await reached();
  expect(first).toBeLessThan(Math.floor(START / DAY_MS) + 31);
  await later(1);
  await run({ daysAtOnce: 31 });
  expect(await reached()).toBe(first + 31);
});

test('commands of retention wait while more messages wait for the worker than it can do at once', async () => {
  const key = await send('1', ended);
  await settled();
  await house.house.worker.stop();
  await later(200);
  const subject = { kind: 'order', channel: 'own', shop: 's1', id: 'many' } as const;
  const bytes = Buffer.from('{}');
  const many = Array.from({ length: 2_001 }, () => ({ kind: 'order', subject, bytes, by: 'test', receivedAt: clock.now() }));
  await appendMessages({ db: house.house.db, keys: house.house.keys }, many, clock.now());
  const last = async () =>
    (await house.house.db.query<{ n: number }>('select entry_count as n from inbox order by first_position desc limit 1')).rows[0]?.n;
  const running = run();
  await sleep(1_000);
  expect(await last()).toBe(2_001);
  await house.another({ clock });
  await running;
  await waitUntil('its person goes', async () => !(await hasPerson(key)));
});

test('what belongs to no order and nobody judged loses its message after as long as a person is kept', async () => {
  const { db } = house.house;
  const at = (days: number): string => new Date(START - days * DAY_MS).toISOString();
  for (const [id, days] of [
    ['old', 181],
    ['young', 179],
  ] as const) {
    await db.query(
      `insert into review_cases (log_partition, order_key, case_id, channel, shop, state, cause, opened_at, problems, sealed) values (0, 'unrouted', $1, 'fake', '', 'open', 1, $2, '[]', 'x')`,
      [id, at(days)],
    );
    await db.query(`insert into dead_letters (id, position, reason, created_at, sealed) values ($1, 1, 'message.failed', $2, 'x')`, [
      `dl_${id}`,
      at(days),
    ]);
  }
  await run();
  const { rows } = await db.query(`select case_id, state, sealed is null as gone, closed_by from review_cases order by 1`);
  expect(rows).toEqual([
    { case_id: 'old', state: 'rejected', gone: true, closed_by: 'retention' },
    { case_id: 'young', state: 'open', gone: false, closed_by: null },
  ]);
  const letters = await db.query(`select id, state, length(sealed) as bytes from dead_letters order by 1`);
  expect(letters.rows).toEqual([
    { id: 'dl_old', state: 'erased', bytes: 0 },
    { id: 'dl_young', state: 'open', bytes: 1 },
  ]);
});
