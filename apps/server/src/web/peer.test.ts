import { expect, test } from 'vitest';
import { clientOf, trustOf } from './peer.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['not an address', 'not an address'],
])('%s is counted as %s', (address, client) => {
  expect(clientOf(address)).toBe(client);
});

test('only what the setting names is trusted, also where it comes as IPv6', () => {
  const isTrusted = trustOf(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']);
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.1', '2001:db8:9::1']) expect(isTrusted(address)).toBe(true);
  for (const address of ['11.1.2.3', '192.0.2.2', '2001:db9::1', '', 'unknown']) expect(isTrusted(address)).toBe(false);
  expect(trustOf([])('127.0.0.1')).toBe(false);
});
