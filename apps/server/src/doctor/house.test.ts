/** Judgements over facts that no test can bring about within its patience. */
import { expect, test } from 'vitest';
import { checkBackups } from './machine.ts';
import { checkBloat, checkChannels, checkLag, checkProvenTime, checkTransactions } from './house.ts';
import type { HouseFacts } from './store.ts';

const FINE: HouseFacts = {
  holder: 'home 1',
  leaseSeconds: 5,
  clockMs: 0,
  provenMs: 0,
  writeLagSeconds: 0,
  waiting: 0,
  deadIn: 0,
  deadOut: 0,
  reviews: 0,
  stillEndpoints: [],
  parkedEndpoints: [],
  pullAlarms: 0,
  tokenErrors: [],
  linksDown: [],
  pullsStuck: [],
  writeBackStillSeconds: 0,
  writeBacksOld: 0,
  headsUnsent: 0,
  retentionFailed: [],
  oldestTransactionSeconds: 0,
  deadTuples: [],
  databaseBytes: 1e9,
};

test('messages that wait for minutes, then for long', () => {
  expect([0, 61, 601].map((writeLagSeconds) => checkLag({ ...FINE, waiting: 9, writeLagSeconds }).state)).toEqual([
    'fine',
    'warning',
    'bad',
  ]);
});
test('a transaction that is open for minutes, then for hours', () => {
  expect([0, 301, 3_601].map((age) => checkTransactions({ ...FINE, oldestTransactionSeconds: age }).state)).toEqual([
    'fine',
    'warning',
    'bad',
  ]);
});
test('a socket that has been down for long is named', () => {
  expect(checkChannels(FINE).state).toBe('fine');
  expect(checkChannels({ ...FINE, linksDown: ['taobao/42 socket'] })).toMatchObject({
    state: 'warning',
    en: expect.stringContaining('taobao/42 socket'),
  });
});
test('dead rows that pile up', () => {
  expect(checkBloat(FINE).state).toBe('fine');
  expect(checkBloat({ ...FINE, deadTuples: ['orders'] })).toMatchObject({ state: 'warning', en: expect.stringContaining('orders') });
});

test('a backup of yesterday, one of last week, none at all', () => {
  const now = Date.parse('2026-02-20T00:00:00Z');
  const hoursAgo = (hours: number): number => now - hours * 3_600_000;
  expect([[hoursAgo(30), hoursAgo(200)], [hoursAgo(49)], []].map((times) => checkBackups(times, true, now).state)).toEqual([
    'fine',
    'bad',
    'bad',
  ]);
  expect([true, false].map((isEmbedded) => checkBackups(null, isEmbedded, now).state)).toEqual(['warning', 'warning']);
});
test('a clock that is far beyond what is proven', () => {
  const day = 86_400_000;
  expect([1, 7, 8].map((days) => checkProvenTime(FINE, days * day).state)).toEqual(['fine', 'fine', 'bad']);
});
