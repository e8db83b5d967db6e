/** Addresses that are not of the public internet. Source: the special-purpose registries of IANA for IPv4 and IPv6, read 2026-11-25. */
import { BlockList, isIP } from 'node:net';

const SPECIAL_V4 = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carriers' own; 100.100.100.200 tells a virtual machine of Aliyun its secrets
  ['127.0.0.0', 8],
  ['168.63.129.16', 32], // Azure's host, seen from inside
  ['169.254.0.0', 16], // link-local, and most clouds' metadata
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24], // relays to 6to4
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3], // multicast, reserved, broadcast
] as const;
/** Of 2000::/3; what lies outside is special as a whole: ::1, unique local, link-local, site-local, multicast, NAT64, … */
const SPECIAL_V6 = [
  ['2001::', 23], // Teredo and other tunnels
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4: an IPv4 address inside
  ['3fff::', 20],
] as const;

const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');
const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', 96, 'ipv6');
/** Rules for IPv4 hold for IPv4-mapped IPv6 too: BlockList sees through it. */
const special = new BlockList();
for (const [net, bits] of SPECIAL_V4) special.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of SPECIAL_V6) special.addSubnet(net, bits, 'ipv6');

/** ISATAP hides an IPv4 address behind these in the lower half of an address of any network. */
const ISATAP = /(?:::|:0{1,4}:|:0?200:)5efe:(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|[\d.]+)$/i;

/** Also of what is no address at all. A zone (`%eth0`) names a link, and only special addresses need one. */
export function isSpecialAddress(address: string): boolean {
  if (isIP(address) === 4) return special.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%')) return true;
  if (mapped.check(address, 'ipv6')) return special.check(address, 'ipv6');
  return !globalV6.check(address, 'ipv6') || special.check(address, 'ipv6') || ISATAP.test(address);
}
