import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Overview } from '../api/types.ts';
import { wordsOf } from '../words/words.ts';
import { shopRows } from '../channels/view-model.ts';
import { awayLead, endpointState, failureText, hourChart, sourceLag, statusCounts, todosOf } from './view-model.ts';

const zh = wordsOf('zh');
const anOverview = (parts: Partial<Overview> = {}): Overview => ({
  asOf: '2026-02-22T02:00:00Z',
  today: 0,
  byStatus: {},
  byHour: [],
  held: {},
  reviewsOpen: 0,
  deadLetters: 0,
  sources: [],
  endpoints: [],
  worker: { holds: true },
  ...parts,
});
const now = Date.parse('2026-02-22T10:20:00+08:00');

test('what counts nothing is not something to do', () => {
  expect(todosOf(anOverview(), [], zh)).toEqual([]);
});
test('every number that has a list opens that list with the same filter', () => {
  const todos = todosOf(anOverview({ deadLetters: 3, reviewsOpen: 17, held: { review: 17, after_sale: 3 } }), [], zh);
  expect(todos.map(({ label, count, to }) => [label, count, to])).toEqual([
    ['死信', 3, { page: 'dead-letters' }],
    ['待人工复核', 17, { page: 'reviews' }],
    ['挂起：售后中', 3, { page: 'orders', search: { held: 'after_sale' } }],
  ]);
});
const aPull = (cursor: string, ranAt: string | null) => ({
  channel: 'douyin',
  shop: '1',
  feed: 'orders',
  cursor,
  lagMs: 0,
  ranAt,
  lastRows: 1,
  lastError: null,
  sweptAt: null,
  alarm: null,
  fetches: { waiting: 0, dead: 0, lastError: null },
});
const shop = { channel: 'douyin', shop: '1', name: '旗舰店', app: 'app_1' };
const rowsOf = (more: { readonly tokenError?: string; readonly permitError?: string }, cursor: string, ranAt: string | null) =>
  shopRows({ shops: [{ ...shop, ...more }], pulls: [aPull(cursor, ranAt)], apps: null, linksDown: [], offered: [] }, now);
const FRESH = new Date(now - 30_000).toISOString();
const HOURS_AGO = new Date(now - 3 * 3_600_000).toISOString();

test.each([
  [{ tokenError: 'expired' }, FRESH, '旗舰店 需要重新授权'],
  [{ permitError: 'denied' }, FRESH, '旗舰店 消息未开通'],
  [{}, HOURS_AGO, '旗舰店 停滞'],
])('a shop that does not flow (%o) is something to do, and leads to the shops in trouble', (more, cursor, note) => {
  expect(todosOf(anOverview(), rowsOf(more, cursor, cursor), zh)).toMatchObject([
    { id: 'shops', count: 1, tone: 'bad', note, to: { page: 'troubles' } },
  ]);
});
test('a shop that flows is nothing to do', () => {
  expect(todosOf(anOverview(), rowsOf({}, FRESH, FRESH), zh)).toEqual([]);
});
test('parked orders lead to their endpoint, a link that is down to the shops in trouble, in words', () => {
  const endpoint = { id: 'ep_1', name: 'ERP', url: '', state: 'active', lag: 0, parked: 5 } as const;
  const link = { app: 'a', channel: 'taobao', name: '应用', kind: 'socket', since: FRESH, lastError: 'isv.no' } as const;
  const todos = todosOf(anOverview({ endpoints: [endpoint, { ...endpoint, id: 'ep_2', parked: 0 }], linksDown: [link] }), [], zh);
  expect(todos.map(({ id, note, to }) => [id, note, to])).toEqual([
    ['link.a.socket', '平台原话：isv.no', { page: 'troubles' }],
    ['parked.ep_1', 'ERP', { page: 'endpoint', id: 'ep_1' }],
  ]);
});
test('the lag of a shop grows while its list is not walked, whatever its newest order took', () => {
  const [still] = rowsOf({}, HOURS_AGO, HOURS_AGO);
  const [flowing] = rowsOf({}, FRESH, FRESH);
  expect(sourceLag(2_000, still, now)).toEqual({ ms: 3 * 3_600_000, isLate: true, isMoving: false });
  expect(sourceLag(2_000, still, now + 60_000).ms).toBe(3 * 3_600_000 + 60_000);
  expect(sourceLag(2_000, flowing, now)).toEqual({ ms: 2_000, isLate: false, isMoving: false });
  expect(sourceLag(null, undefined, now)).toEqual({ ms: null, isLate: false, isMoving: false });
});
test('a shop that catches up by itself is late and moves; one that was never walked is not late by the reach of its first walk', () => {
  const [catching] = rowsOf({}, HOURS_AGO, FRESH);
  expect(sourceLag(2_000, catching, now)).toEqual({ ms: 3 * 3_600_000, isLate: true, isMoving: true });
  const [starting] = rowsOf({}, HOURS_AGO, null);
  expect(sourceLag(null, starting, now)).toEqual({ ms: null, isLate: false, isMoving: false });
});
test('why an endpoint was not reached is told in words', () => {
  expect(['http_410', 'UND_ERR_HEADERS_TIMEOUT', 'ECONNREFUSED'].map((code) => failureText(code, zh))).toEqual([
    '对方回答 HTTP 410',
    '对方没有按时回答（UND_ERR_HEADERS_TIMEOUT）',
    '没有送到（ECONNREFUSED）',
  ]);
});
test('statuses stand in the order of the walk, and orders without one come first', () => {
  const statuses = statusCounts(anOverview({ byStatus: { paid: 2, none: 1 } })).map(({ status, count }) => [status, count]);
  expect(statuses.slice(0, 3)).toEqual([
    [null, 1],
    ['awaiting_payment', 0],
    ['paid', 2],
  ]);
});
test('the chart has 24 hours up to now, in +08:00, empty ones too', () => {
  const { bars } = hourChart([], now);
  expect(bars.map(({ label }) => label).slice(-3)).toEqual(['08', '09', '10']);
  expect(bars).toHaveLength(24);
});
test('no order of the last 24 hours is left out of the chart, and parts stack without gaps', () => {
  const count = fc.record({
    ago: fc.integer({ min: 0, max: 23 }),
    channel: fc.constantFrom('douyin', 'own', 'taobao'),
    count: fc.integer({ min: 1, max: 999 }),
  });
  fc.assert(
    fc.property(fc.array(count, { maxLength: 40 }), (counts) => {
      const rows = counts.map(({ ago, ...row }) => ({ ...row, hour: new Date(now - ago * 3_600_000).toISOString() }));
      const { bars, highest } = hourChart(rows, now);
      expect(bars.reduce((sum, bar) => sum + bar.total, 0)).toBe(counts.reduce((sum, row) => sum + row.count, 0));
      for (const bar of bars) {
        expect(bar.total).toBeLessThanOrEqual(highest);
        for (const [index, part] of bar.parts.entries())
          expect(part.below).toBe(bar.parts.slice(0, index).reduce((sum, { count: n }) => sum + n, 0));
      }
    }),
  );
});
test('an endpoint with parked orders is not shown as healthy', () => {
  const endpoint = { id: 'e', name: 'ERP', url: 'https://erp.example/hook', state: 'active', lag: 0, parked: 1 } as const;
  expect(endpointState(endpoint)).toMatchObject({ word: 'someParked', tone: 'waiting' });
  expect(endpointState({ ...endpoint, parked: 0, lag: 7 })).toMatchObject({ word: 'behind', tone: 'moving' });
  expect(endpointState({ ...endpoint, parked: 0 })).toMatchObject({ word: 'active' });
  for (const state of ['broken', 'full', 'gone'] as const)
    expect(endpointState({ ...endpoint, state })).toMatchObject({ word: state, tone: 'bad' });
});

test('while it catches up, the card says that there may be more', () => {
  const away = { from: '', to: '', completeAt: null, orders: 0, mustShipWithin2h: 0, items: [] };
  expect(awayLead(away, zh)).toBe('还没有补到新订单。');
  expect(awayLead({ ...away, completeAt: '2026-02-22T02:00:00Z' }, zh)).toBe('没有新订单。');
  expect(awayLead({ ...away, orders: 12, mustShipWithin2h: 3 }, zh)).toContain('还没有补完');
  expect(awayLead({ ...away, orders: 12, mustShipWithin2h: 3, completeAt: '2026-02-22T02:00:00Z' }, zh)).toBe(
    '来了 12 单，其中 3 单须在 2 小时内发货。',
  );
});
test('a queue or socket that has been down for long is named with what the channel said', () => {
  const down = { app: 'app_1', channel: 'taobao', name: '主应用', kind: 'socket', since: '', lastError: 'closed_1006' } as const;
  const [first] = todosOf(anOverview({ reviewsOpen: 1, linksDown: [down] }), [], zh);
  expect(first).toMatchObject({ label: '淘宝 主应用：消息连接断开', tone: 'bad', note: '平台原话：closed_1006' });
});
test('a list with suspiciously few rows comes before everything else', () => {
  const alarm = { channel: 'douyin', shop: '1', feed: 'orders', since: '', rows: 0, expected: 20 };
  const [first] = todosOf(anOverview({ reviewsOpen: 1, pullAlarms: [alarm] }), [], zh);
  expect(first).toMatchObject({
    label: '抖音小店 1：拉取行数少得可疑',
    tone: 'bad',
    pull: { channel: 'douyin', shop: '1', feed: 'orders' },
  });
});
