import { expect, test } from 'vitest';
import { AddressRefused, checkUrl } from './address.ts';
import { pauseAfter, retryAfterMs } from './ladder.ts';

test.each([
  'http://127.0.0.1/',
  'http://10.1.2.3/',
  'http://192.168.1.1:8080/x',
  'http://172.31.0.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://[::1]/',
  'http://[::ffff:10.0.0.1]/',
  'http://0x7f000001/',
  'http://2130706433/',
  'http://0177.0.0.1/',
  'http://localhost/',
  'http://a.localhost/',
  'http://intranet/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
  'http://100.64.0.1/',
  'http://0.0.0.0/',
  'ftp://example.com/',
  'http://[64:ff9b::a00:1]/',
])('%s is refused unless private addresses are allowed', (url) => {
  expect(() => checkUrl(url, false)).toThrow(AddressRefused);
});

test('a public address is fine, and a private one when the installation allows it', () => {
  expect(checkUrl('https://hooks.example.com/weir', false).hostname).toBe('hooks.example.com');
  expect(checkUrl('https://1.1.1.1/', false).hostname).toBe('1.1.1.1');
  expect(checkUrl('http://127.0.0.1:9/', true).port).toBe('9');
});

test('the ladder is 5 s, 30 s, 2 min, 10 min, 30 min, 2 h, 6 h, 12 h, then daily for seven days, then the end', () => {
  const seconds = Array.from({ length: 16 }, (_, i) => pauseAfter(i + 1, null)).map((ms) => (ms === null ? null : ms / 1000));
  expect(seconds).toEqual([5, 30, 120, 600, 1_800, 7_200, 21_600, 43_200, ...Array<number>(7).fill(86_400), null]);
});

test('Retry-After makes a pause longer, never shorter, and is bounded', () => {
  expect(pauseAfter(1, 60_000)).toBe(60_000);
  expect(pauseAfter(2, 1_000)).toBe(30_000);
  expect(pauseAfter(1, 10 ** 12)).toBe(86_400_000);
  expect(retryAfterMs('120', 0)).toBe(120_000);
  expect(retryAfterMs('Tue, 24 Nov 2026 00:00:10 GMT', Date.parse('2026-11-24T00:00:00Z'))).toBe(10_000);
  expect(retryAfterMs('soon', 0)).toBeNull();
});
