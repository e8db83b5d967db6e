import { expect, test } from 'vitest';
import { auditQueryOf, linesOf, readAuditSearch } from './filters.ts';

test('an address anyone may have typed: what is unknown, empty or no text is left out', () => {
  expect(readAuditSearch({ who: ' tok_1 ', what: '', subject: 5, since: '24h', x: 'y' })).toEqual({ who: 'tok_1', since: '24h' });
  expect(readAuditSearch({ since: 'ever' })).toEqual({});
});

test('a span ends now and is asked in whole minutes', () => {
  const now = Date.parse('2026-02-21T08:00:59.500Z');
  expect(auditQueryOf({ who: 'a', since: '24h' }, now)).toEqual({ who: 'a', from: '2026-02-20T08:00:00.000Z' });
  expect(auditQueryOf({ who: 'a' }, now)).toEqual({ who: 'a' });
});

test('only what changed is told, with before and after; what was made has no before', () => {
  expect(linesOf({ before: { name: '茶铺', app: null }, after: { name: '新茶铺', app: null }, credentialsChanged: true })).toEqual([
    { name: 'name', before: '茶铺', after: '新茶铺' },
    { name: 'credentialsChanged', after: 'true' },
  ]);
  expect(linesOf({ before: null, after: { role: 'owner', shops: ['own/a'] } })).toEqual([
    { name: 'role', after: 'owner' },
    { name: 'shops', after: '["own/a"]' },
  ]);
  expect(linesOf({ before: { role: 'owner' } })).toEqual([{ name: 'role', before: 'owner', after: '–' }]);
  expect(linesOf({})).toEqual([]);
});
