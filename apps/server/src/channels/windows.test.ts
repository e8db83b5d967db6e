/** What a channel lets us ask in one query: how long a window, how new a change, which lists. */
import { afterEach, expect, test } from 'vitest';
import type { Adapter, Page, Row, Window } from '@weir/connectors/adapter';
import { failure, FAKE, fakeAdapter, telling } from '../../../../tests/support/fake-channel.ts';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { manualClock } from '#platform';

const START = Date.parse('2026-02-22T10:00:00+08:00');
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
let house: TestHouse | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

interface Asked extends Window {
  readonly feed: string;
  readonly page: Page;
}
async function opened(adapter: Partial<Adapter>, clock = manualClock(START)) {
  const asked: Asked[] = [];
  const list: Adapter['listChanged'] = async (ask, feed, shop, window, page) => {
    asked.push({ ...window, feed, page });
    return adapter.listChanged?.(ask, feed, shop, window, page) ?? { ok: true, value: { rows: [], total: 0, next: null } };
  };
  const placed: Adapter['listPlaced'] = async (_ask, _shop, window, page) => {
    asked.push({ ...window, feed: 'placed', page });
    return { ok: true, value: { rows: [], total: 0, next: null } };
  };
  house = await testHouse({ clock, adapters: [fakeAdapter({ ...adapter, listChanged: list, listPlaced: placed })] });
  const { send } = house;
  const app = (await send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', name: 'app' })).body.id;
  await send('POST', '/v1/shops', { channel: FAKE, shop: '1', name: '店', app });
  const cursors = async (): Promise<{ feed: string; cursor: string; lastError: string | null }[]> =>
    (await send('GET', '/v1/pulls')).body.items;
  const reached = (at: number) =>
    waitUntil('it is walked so far', async () => (await cursors()).some(({ cursor }) => Date.parse(cursor) >= at));
  return { asked, clock, send, cursors, reached };
}

test('no query spans more than the channel allows, overlap included, and together they leave out nothing; what is too new waits', async () => {
  const limits = { ...fakeAdapter().limits, windowSeconds: 1_800, settleSeconds: 60 };
  const { asked, reached, cursors, clock, send } = await opened({ limits, feeds: ['orders'] });
  await reached(START - MINUTE);
  expect(await cursors()).toEqual([expect.objectContaining({ feed: 'orders', cursor: new Date(START - MINUTE).toISOString() })]);
  clock.advance(HOUR + MINUTE); // a sweep of the last day is due, too
  await reached(START + HOUR);
  await send('POST', `/v1/shops/${FAKE}/1:backfill`, { from: '2026-02-20T00:00:00+08:00', to: '2026-02-21T00:00:00+08:00' });
  await waitUntil('the back-fill is finished', async () => {
    clock.advance(100); // it may just have looked, and looks again later
    return (await send('GET', '/v1/backfills')).body.items[0].finishedAt !== null;
  });
  expect(asked.length).toBeGreaterThan(48 * 2);
  for (const { from, to } of asked) {
    expect(to - from).toBeLessThanOrEqual(1_800);
    expect(to).toBeLessThanOrEqual((clock.now() - MINUTE) / 1_000);
  }
  expect(new Set(asked.map(({ feed }) => feed))).toEqual(new Set(['orders', 'placed']));
  const changed = asked.filter(({ feed }) => feed === 'orders');
  expect(Math.min(...changed.map(({ from }) => from))).toBeLessThanOrEqual((START - DAY) / 1_000);
  let covered = (START - DAY) / 1_000;
  for (const { from, to } of changed) if (from <= covered) covered = Math.max(covered, to);
  expect(covered).toBe((START + HOUR) / 1_000);
});

test('a sweep asks for a quiet time in one piece and for a busy one in small ones, and leaves out nothing', async () => {
  const limits = { ...fakeAdapter().limits, busyWindowSeconds: 1_800 };
  const [busyFrom, busyTo] = [START - 8 * HOUR, START - 6 * HOUR].map((at) => at / 1_000) as [number, number];
  const asked: { readonly from: number; readonly to: number }[] = [];
  const { clock, send } = await opened({
    limits,
    feeds: ['orders'],
    listChanged: async (_ask, _feed, _shop, window) => {
      asked.push(window);
      const seconds = Math.max(0, Math.min(window.to, busyTo) - Math.max(window.from, busyFrom));
      const rows = Array.from({ length: Math.min(limits.pageRows - 1, Math.ceil(seconds / 30)) }, (_, i): Row => {
        const id = `${Math.max(window.from, busyFrom)}${i}`;
        return { id, subject: { kind: 'order', channel: FAKE, shop: '1', id }, bytes: telling('1', [id]) };
      });
      return { ok: true, value: { rows, total: rows.length, next: null } };
    },
  });
  const { db } = (house as TestHouse).house;
  const sweptAt = async () =>
    (await db.query<{ at: number }>('select extract(epoch from swept_at)::int8 as at from pulls')).rows[0]?.at ?? 0;
  await waitUntil(
    'the first day is walked',
    async () => (await sweptAt()) > 0 && (await send('GET', '/v1/pulls')).body.items[0].cursor >= new Date(START - MINUTE).toISOString(),
  );
  const pulled = asked.splice(0);
  expect(Math.max(...pulled.map(({ from, to }) => to - from))).toBeLessThanOrEqual(1_800 + 300);
  clock.advance(HOUR + MINUTE);
  await waitUntil('the last day is swept', async () => (await sweptAt()) >= (START + HOUR) / 1_000);
  const swept = asked.filter(({ to }) => to < START / 1_000 - 600);
  expect(swept.length).toBeLessThan(pulled.length / 2);
  const quiet = swept.filter(({ to }) => to < busyFrom);
  expect(Math.max(...quiet.map(({ from, to }) => to - from))).toBeGreaterThanOrEqual(4 * 3_600);
  let covered = (START + HOUR + MINUTE - DAY) / 1_000;
  for (const { from, to } of asked) if (from <= covered) covered = Math.max(covered, to);
  expect(covered).toBeGreaterThanOrEqual(START / 1_000);
});

test('an alarm about a list that the channel does not have cannot be accepted', async () => {
  const { send, reached } = await opened({ feeds: ['orders'] });
  await reached(START - MINUTE);
  expect(await send('POST', `/v1/pulls/${FAKE}/1/after_sales:accept`, {})).toMatchObject({ status: 409, body: { code: 'pull.no_alarm' } });
});

test.each([
  ['where unpaid orders are listed', undefined, true],
  ['where they are in no list', false, false],
])('unpaid orders that a list does not tell of are an alarm %s', async (_, listsUnpaid, isAlarm) => {
  const limits = { ...fakeAdapter().limits, ...(listsUnpaid === undefined ? {} : { listsUnpaid }) };
  const { send, reached, clock } = await opened({ limits });
  await reached(START - MINUTE);
  const unpaid = {
    status: 'awaiting_payment',
    paid: '0.00',
    payments: [],
    paidAt: undefined,
    placedAt: new Date(START + 1_000).toISOString(),
  };
  for (let i = 0; i < 6; i++)
    expect((await send('POST', '/v1/orders', neutralOrder({ channel: FAKE, shop: '1', channelOrderId: `u${i}`, ...unpaid }))).status).toBe(
      201,
    );
  clock.advance(2 * MINUTE);
  const pull = async () => (await send('GET', '/v1/pulls')).body.items[0];
  await waitUntil('it was walked', async () => Date.parse((await pull()).ranAt) >= START + 2 * MINUTE);
  expect((await pull()).alarm !== null).toBe(isAlarm);
});

test('a list that is read by cursor is asked with the cursor of the page before', async () => {
  const row = (id: string): Row => ({ id, subject: { kind: 'order', channel: FAKE, shop: '1', id }, bytes: telling('1', [id]) });
  const { asked, send } = await opened({
    walk: 'by_cursor',
    listChanged: async (_ask, _feed, _shop, window, { after }) => {
      const isOurs = window.from <= START / 1_000 && window.to >= START / 1_000 - 100;
      if (!isOurs) return { ok: true, value: { rows: [], total: null, next: null } };
      return { ok: true, value: { rows: [row(after ?? 'first')], total: null, next: after === 'c' ? null : after === 'b' ? 'c' : 'b' } };
    },
  });
  const ids = async (): Promise<string[]> =>
    (await send('GET', `/v1/orders?channel=${FAKE}`)).body.items.map((item: { channelOrderId: string }) => item.channelOrderId);
  await waitUntil('all pages are worked', async () => (await ids()).length === 3);
  expect((await ids()).sort()).toEqual(['b', 'c', 'first']);
  expect(
    asked
      .filter(({ page }) => page.after !== undefined)
      .map(({ page }) => page.after)
      .slice(0, 2),
  ).toEqual(['b', 'c']);
});

test('more changes within the overlap than one walk may have do not stop the cursor', async () => {
  const PER_SECOND = 40;
  const { reached, cursors } = await opened({
    limits: { ...fakeAdapter().limits, pageRows: 10_000, windowRows: 10_000 },
    // So many rows that five minutes of them are too full; the pages of whole windows are never asked for.
    listChanged: async (_ask, _feed, _shop, { from, to }) => ({
      ok: true,
      value: {
        rows: (to - from) * PER_SECOND > 5_000 ? [] : [{ id: `${from}`, subject: null, bytes: telling('1', [`${from}`]) }],
        total: (to - from) * PER_SECOND > 5_000 ? (to - from) * PER_SECOND : 1,
      },
    }),
  });
  await reached(START - DAY + 10 * MINUTE);
  expect((await cursors())[0]?.lastError).toBeNull();
});

test('a shop that is connected in the morning is walked through its quiet night: what was usual in the evening proves nothing', async () => {
  const evening = (START - 12 * HOUR) / 1_000;
  const { reached, cursors } = await opened({
    feeds: ['orders'],
    listChanged: async (_ask, _feed, _shop, { from, to }) => {
      const seconds = Math.max(0, Math.min(to, evening) - from);
      const rows = Array.from({ length: Math.round((seconds * 40) / 3_600) }, (_, i): Row => {
        const id = `${from}${i}`;
        return { id, subject: { kind: 'order', channel: FAKE, shop: '1', id }, bytes: telling('1', [id]) };
      });
      return { ok: true, value: { rows, total: rows.length, next: null } };
    },
  });
  await reached(START - MINUTE);
  expect(await cursors()).toMatchObject([{ alarm: null }]);
});

test('a back-fill that the platform refuses keeps no other waiting, and what grew too old for its lists is left out', async () => {
  const from = Date.parse('2026-02-01T00:00:00+08:00') / 1_000;
  const refused = { ok: false as const, failure: failure({ class: 'do_not', code: 'too old' }) };
  const clock = manualClock(START);
  const asked: number[] = [];
  const adapter = fakeAdapter({
    listPlaced: async (_ask, _shop, window) => {
      asked.push(window.from);
      return window.from < from + 3_600 ? refused : { ok: true, value: { rows: [], total: 0, next: null } };
    },
  });
  house = await testHouse({ clock, adapters: [adapter] });
  const { send } = house;
  const app = (await send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', name: 'app' })).body.id;
  await send('POST', '/v1/shops', { channel: FAKE, shop: '1', name: '店', app });
  const fill = (day: string) =>
    send('POST', `/v1/shops/${FAKE}/1:backfill`, { from: `2026-02-${day}T00:00:00+08:00`, to: `2026-02-${day}T12:00:00+08:00` });
  const fills = async () =>
    (await send('GET', '/v1/backfills')).body.items as { from: string; finishedAt: string | null; lastError: string | null }[];
  await fill('01');
  await waitUntil('it is refused', async () => (await fills())[0]?.lastError !== null);
  await fill('10');
  clock.advance(2 * MINUTE);
  await waitUntil('the other is done', async () => (await fills()).some(({ finishedAt }) => finishedAt !== null));
  clock.set(from * 1_000 + 90 * DAY + 30 * MINUTE);
  asked.length = 0;
  await waitUntil('the first is done, too', async () => (await fills()).every(({ finishedAt }) => finishedAt !== null));
  expect(Math.min(...asked)).toBeGreaterThanOrEqual(from + 86_400);
});
