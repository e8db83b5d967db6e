import { expect, test } from 'vitest';
import { createAddressTries, createTries } from './tries.ts';

const options = { most: 3, windowMs: 60_000 };

test('the failures of one window close the rest of it, and only for that key', () => {
  const tries = createTries(options);
  for (let i = 0; i < 3; i++) {
    expect(tries.waitSeconds('anna', i)).toBe(0);
    tries.failed('anna', i);
  }
  expect(tries.waitSeconds('anna', 10_000)).toBe(50);
  expect(tries.waitSeconds('ben', 10_000)).toBe(0);
  expect(tries.waitSeconds('anna', 60_000)).toBe(0);
});

test('a success forgets the failures before it', () => {
  const tries = createTries(options);
  for (let i = 0; i < 3; i++) tries.failed('anna', 0);
  tries.forget('anna');
  expect(tries.waitSeconds('anna', 1)).toBe(0);
});

test('a flood of other names pushes out the oldest, never the one that just failed', () => {
  const tries = createTries(options);
  for (let i = 0; i < 20_000; i++) {
    tries.failed(`name ${i}`, 0);
    if (i % 5_000 === 0) tries.failed('anna', 0);
  }
  expect(tries.waitSeconds('anna', 1)).toBeGreaterThan(0);
});

test('addresses of one network of IPv6 are one client, and its closing is told once', () => {
  const told: string[] = [];
  const tries = createAddressTries({ ...options, closed: (client) => told.push(client) });
  for (let i = 0; i < 5; i++) tries.failed(`2001:db8:1:2::${i}`, i);
  expect(tries.waitSeconds('2001:db8:1:2:ffff::1', 10)).toBeGreaterThan(0);
  expect(tries.waitSeconds('2001:db8:1:3::1', 10)).toBe(0);
  expect(told).toEqual(['2001:db8:1:2::/64']);
});
