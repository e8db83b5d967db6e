import { expect, test } from 'vitest';
import type { App, Channel, Pull, Shop } from '../api/channel-types.ts';
import { type Answers, isLate, lagNow, pushAddress, rangeText, shopRows, type ShopRow, summaryOf } from './view-model.ts';

const NOW = Date.parse('2026-02-22T10:00:00+08:00');
const MINUTE = 60_000;
const ago = (minutes: number): string => new Date(NOW - minutes * MINUTE).toISOString();
const aShop = (more: Partial<Shop> = {}): Shop => ({ channel: 'douyin', shop: '1', name: '旗舰店', app: 'app_1', ...more });
const aPull = (more: Partial<Pull> = {}): Pull => ({
  channel: 'douyin',
  shop: '1',
  feed: 'orders',
  cursor: ago(1),
  lagMs: MINUTE,
  ranAt: ago(1),
  lastRows: 4,
  lastError: null,
  sweptAt: null,
  alarm: null,
  fetches: { waiting: 0, dead: 0, lastError: null },
  ...more,
});
const anApp = (more: Partial<App> = {}): App => ({
  id: 'app_1',
  channel: 'douyin',
  key: '72',
  name: '应用',
  baseUrl: null,
  settings: [],
  pushPath: '/v1/intake/douyin/app_1',
  pushUrl: null,
  links: [],
  openings: null,
  wrongSignatures: { total: 0, lastAt: null, alarmAt: null },
  createdAt: ago(9_000),
  ...more,
});
const row = (more: Partial<Answers> = {}): ShopRow =>
  shopRows({ shops: [aShop()], pulls: [aPull()], apps: [anApp()], linksDown: [], offered: [], ...more }, NOW)[0] as ShopRow;
const CHANNEL: Channel = {
  channel: 'douyin',
  settings: [],
  consentCode: 'needed',
  pushPath: '/v1/intake/douyin/{app}',
  links: [],
  feeds: ['orders'],
  backfillDays: 90,
  settleSeconds: 0,
  canNoteOrderKey: true,
};
const link = (more: object) => ({ kind: 'socket', upSince: null, downSince: null, lastMessageAt: null, lastError: null, ...more }) as const;

test('a shop whose lists were just walked flows', () => {
  expect(row()).toMatchObject({ key: 'douyin/1', state: 'fine', tone: 'calm', shape: '●', troubles: [], ranAt: ago(1), waiting: 0 });
});
test('one that is connected through no app is told of by programs, and waits for no pull', () => {
  const { app: _, ...shop } = aShop();
  expect(row({ shops: [shop], pulls: [] })).toMatchObject({ state: 'told', tone: 'calm', cursor: null });
});
test('a new one waits for its first pull, then catches up, which is no trouble', () => {
  expect(row({ pulls: [] }).state).toBe('starting');
  expect(row({ pulls: [aPull({ ranAt: null, cursor: ago(1_440) })] })).toMatchObject({ state: 'starting', cursor: null });
  expect(row({ pulls: [aPull({ cursor: ago(700) })] })).toMatchObject({ state: 'behind', tone: 'moving', troubles: [] });
});
test('the slowest of its lists tells how far behind it is, the newest walk when it last moved', () => {
  const slow = row({ pulls: [aPull({ ranAt: ago(2) }), aPull({ feed: 'after_sales', cursor: ago(5), ranAt: ago(1) })] });
  expect(slow).toMatchObject({ state: 'behind', cursor: ago(5), ranAt: ago(1) });
  expect(lagNow(slow, NOW + MINUTE)).toBe(6 * MINUTE);
  const usual = { lateMs: 3 * MINUTE };
  expect([isLate(usual, 6 * MINUTE), isLate(usual, MINUTE), isLate(usual, null)]).toEqual([true, false, false]);
});

test.each([
  ['a consent that the platform takes no more', { shops: [aShop({ tokenError: '30001 · token expired' })] }, 'reauthorise', 'bad'],
  ['a platform that could not be reached for a token', { shops: [aShop({ tokenError: 'http:503' })] }, 'noToken', 'waiting'],
  ['messages that the platform would not send', { shops: [aShop({ permitError: '27 · no' })] }, 'notPermitted', 'bad'],
  ['few rows', { pulls: [aPull({ alarm: { since: ago(9), from: ago(70), to: ago(9), rows: 0, expected: 84 } })] }, 'fewRows', 'bad'],
  ['a list that has failed for long', { pulls: [aPull({ cursor: ago(40), ranAt: ago(39), lastError: 'http:500' })] }, 'stalled', 'bad'],
  ['a first walk that fails', { pulls: [aPull({ cursor: ago(1_440), ranAt: null, lastError: 'x' })] }, 'stalled', 'bad'],
  ['a list that failed several times', { pulls: [aPull({ ranAt: ago(4), lastError: 'http:500' })] }, 'failing', 'waiting'],
  ['a socket that is down', { apps: [anApp({ links: [link({ downSince: ago(4) })] })] }, 'socketDown', 'bad'],
  ['a queue that cannot be read', { apps: [anApp({ links: [link({ kind: 'queue', downSince: ago(4) })] })] }, 'queueDown', 'bad'],
  ['wrong signatures', { apps: [anApp({ wrongSignatures: { total: 7, lastAt: ago(3), alarmAt: ago(3) } })] }, 'wrongSignatures', 'waiting'],
  ['orders that could not be fetched', { pulls: [aPull({ fetches: { waiting: 2, dead: 3, lastError: 'x' } })] }, 'dead', 'waiting'],
] as const)('%s is trouble and the state of the shop', (_what, more, kind, tone) => {
  expect(row(more)).toMatchObject({ state: kind, tone, troubles: [{ kind, tone }] });
});

test('one try that failed is no trouble: the next one comes within a minute', () => {
  expect(row({ pulls: [aPull({ lastError: 'http:500' })] })).toMatchObject({ state: 'fine', troubles: [] });
  expect(row({ pulls: [aPull({ cursor: ago(9), lastError: 'http:500' })] })).toMatchObject({ state: 'behind', troubles: [] });
});
test('where no seller consents to anything, no token means that the app was refused', () => {
  const offered = [{ channel: 'douyin', consentCode: 'none' }] as unknown as Answers['offered'];
  expect(row({ shops: [aShop({ tokenError: '40125 · invalid appsecret' })], offered }).state).toBe('appRefused');
  expect(row({ shops: [aShop({ tokenError: 'network · ECONNRESET' })], offered }).state).toBe('noToken');
});
test('what is over is no trouble: a link that has just ended, signatures of two days ago', () => {
  expect(row({ apps: [anApp({ links: [link({ downSince: ago(0.5) })] })] }).state).toBe('fine');
  expect(row({ apps: [anApp({ wrongSignatures: { total: 7, lastAt: ago(2_900), alarmAt: ago(2_900) } })] }).state).toBe('fine');
});
test('a platform whose lists lag is not behind for that alone', () => {
  const pulls = [aPull({ cursor: ago(5) })];
  const offered = (settleSeconds: number) => [{ ...CHANNEL, settleSeconds }];
  expect(row({ pulls, offered: offered(0) }).state).toBe('behind');
  expect(row({ pulls, offered: offered(180) }).state).toBe('fine');
});
test('of several troubles the worst gives the state and stands first', () => {
  const { state, troubles } = row({
    shops: [aShop({ tokenError: 'gone' })],
    pulls: [aPull({ fetches: { waiting: 0, dead: 1, lastError: null } })],
    apps: [anApp({ links: [link({ downSince: ago(4) })] })],
  });
  expect([state, ...troubles.map(({ kind }) => kind)]).toEqual(['reauthorise', 'reauthorise', 'socketDown', 'dead']);
});
test('lists that fail for one reason are one trouble, and two where the reasons differ', () => {
  const failing = (...errors: readonly [string, string]) =>
    row({ pulls: errors.map((lastError, n) => aPull({ feed: n === 0 ? 'orders' : 'after_sales', ranAt: ago(4), lastError })) }).troubles;
  expect(failing('x', 'x')).toMatchObject([{ kind: 'failing', feeds: ['orders', 'after_sales'] }]);
  expect(failing('x', 'y').map(({ feeds }) => feeds)).toEqual([['orders'], ['after_sales']]);
});
test('that nothing is pulled without a token is not explained twice', () => {
  const { troubles } = row({ shops: [aShop({ tokenError: 'x' })], pulls: [aPull({ cursor: ago(90), ranAt: ago(90), lastError: 'x' })] });
  expect(troubles.map(({ kind }) => kind)).toEqual(['reauthorise']);
});
test('what is wrong with an app is explained at the first of its shops', () => {
  const apps = [anApp({ links: [link({ downSince: ago(4) })] })];
  const [first, second] = shopRows(
    { shops: [aShop(), aShop({ shop: '2', name: '二店' })], pulls: [], apps, linksDown: [], offered: [] },
    NOW,
  );
  expect(first?.troubles[0]).not.toHaveProperty('sameAs');
  expect(second).toMatchObject({ state: 'socketDown', troubles: [{ kind: 'socketDown', sameAs: '旗舰店' }] });
});
test('a range has both days, and years only where they differ', () => {
  expect(rangeText('2026-02-20T12:00:00Z', '2026-02-22T01:30:00Z')).toBe('02-20 20:00 – 02-22 09:30');
  expect(rangeText('2025-12-31T12:00:00Z', '2026-01-01T12:00:00Z')).toBe('2025-12-31 20:00 – 2026-01-01 20:00');
});
test('whoever may not see the apps still learns of a link that has been down for long', () => {
  const down = { app: 'app_1', channel: 'douyin', name: '应用', kind: 'socket', since: ago(30), lastError: 'closed 1006' } as const;
  expect(row({ apps: null, linksDown: [down] })).toMatchObject({ app: null, troubles: [{ kind: 'socketDown', error: 'closed 1006' }] });
  expect(row({ apps: null, linksDown: [{ ...down, app: 'app_2' }] }).state).toBe('fine');
});
test('pulls of another shop say nothing about this one', () => {
  expect(row({ pulls: [aPull(), aPull({ shop: '2', lastError: 'x' }), aPull({ channel: 'taobao', lastError: 'x' })] }).state).toBe('fine');
});
test('the head counts what waits for a person and what is still moving', () => {
  expect(summaryOf([row(), row({ pulls: [] }), row({ shops: [aShop({ tokenError: 'x' })] })])).toEqual({ all: 3, trouble: 1, moving: 1 });
});
test.each([
  ['https://weir.example.com', true],
  ['http://weir.example.com', false],
  ['https://127.0.0.1:7700', false],
  ['https://10.1.2.3', false],
  ['https://localhost:7700', false],
  ['https://weir.local', false],
])('a platform reaches %s: %s', (origin, isPublic) => {
  const url = `${origin}/v1/intake/douyin/a`;
  expect(pushAddress({ pushUrl: null, pushPath: '/v1/intake/douyin/a' }, origin)).toEqual({ url, isPublic });
  expect(pushAddress({ pushUrl: url, pushPath: '/v1/intake/douyin/a' }, 'http://127.0.0.1:7700')).toEqual({ url, isPublic });
});
