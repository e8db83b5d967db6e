import { expect, test } from 'vitest';
import { may } from './may.ts';

const operations = { role: 'operations', shops: null } as const;

test('what the matrix gives a role is offered to it, the rest is not', () => {
  expect(may(operations, 'GET /v1/shops')).toBe(true);
  expect(may(operations, 'POST /v1/shops/{channel}/{shop}:backfill')).toBe(true);
  expect(may(operations, 'POST /v1/shops')).toBe(false);
  expect(may({ role: 'warehouse' }, 'POST /v1/pulls/{channel}/{shop}/{feed}:accept')).toBe(false);
});
test('whoever is bound to some shops is not offered what concerns every shop', () => {
  expect(may({ role: 'admin', shops: null }, 'GET /v1/apps')).toBe(true);
  expect(may({ role: 'admin' }, 'GET /v1/apps')).toBe(true);
  expect(may({ role: 'admin', shops: ['own/tea'] }, 'GET /v1/apps')).toBe(false);
});
test('nobody, and an address that no matrix names, get nothing but what anybody may', () => {
  expect(may(undefined, 'GET /v1/shops')).toBe(false);
  expect(may(undefined, 'POST /v1/login')).toBe(true);
  expect(may(operations, 'GET /v1/nothing')).toBe(false);
  expect(may(operations, 'constructor')).toBe(false);
});
