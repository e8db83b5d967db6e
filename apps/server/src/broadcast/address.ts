/** Where a webhook may go: never to private, loopback, link-local or other special addresses, unless the installation allows it. */
import { lookup as lookupHost } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** IPv4 rules hold for IPv4-mapped IPv6 addresses too: BlockList sees through them. */
const special = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['100::', 64],
  ['2001::', 23],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  special.addSubnet(net, bits, 'ipv6');

export const isSpecialAddress = (address: string): boolean => special.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

export class AddressRefused extends Error {
  readonly host: string;
  constructor(host: string) {
    super(`webhooks may not go to ${host}`);
    this.host = host;
  }
}

/** The URL when it may be an endpoint; throws AddressRefused. Names are checked again at each connection, after they were looked up. */
export function checkUrl(text: string, allowPrivate: boolean): URL {
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new AddressRefused(url.protocol);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (allowPrivate) return url;
  if (isIP(host) !== 0 ? isSpecialAddress(host) : host === 'localhost' || host.endsWith('.localhost') || !host.includes('.'))
    throw new AddressRefused(host);
  return url;
}

/** A lookup that answers only addresses a webhook may go to: the checked address is the one that is connected to. */
export const guardedLookup =
  (allowPrivate: boolean): LookupFunction =>
  (hostname, options, callback) => {
    lookupHost(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      if (!allowPrivate && addresses.some(({ address }) => isSpecialAddress(address))) return callback(new AddressRefused(hostname), []);
      if (options.all) return callback(null, addresses);
      const first = addresses[0];
      return first ? callback(null, first.address, first.family) : callback(new AddressRefused(hostname), []);
    });
  };
