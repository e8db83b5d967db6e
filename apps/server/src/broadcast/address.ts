/** Where a webhook may go: never to private, loopback or other special addresses, unless the installation allows it; to link-local and metadata never. */
import { lookup as lookupHost } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type Allowed, mayGoTo } from './allowed.ts';

/** Names that never leave a machine, a home or a cloud, whatever the resolver says of them. */
const INNER_NAME = /^[^.]+$|(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|corp|home|home\.arpa|in-addr\.arpa|ip6\.arpa)$/;
/** Ports of other protocols, to which a POST would be an attack through us. Source: the "bad ports" of the Fetch standard, read 2026-11-25, and data stores. */
const OTHER_PROTOCOLS = new Set(
  (
    '0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 ' +
    '526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 2375 2376 2379 3306 3389 3659 4045 4190 5060 5061 5432 6000 6379 6566 6665 6666 6667 6668 ' +
    '6669 6679 6697 10080 10250 11211 27017'
  ).split(' '),
);
const LOOKUP_LIMIT_MS = 2_000;

export class AddressRefused extends Error {
  readonly host: string;
  constructor(host: string) {
    super(`webhooks may not go to ${host}`);
    this.host = host;
  }
}

/** The URL when it may be an endpoint; throws AddressRefused. Names are checked again at each connection, after they were looked up. */
export function checkUrl(text: string, allowed: Allowed): URL {
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new AddressRefused(url.protocol);
  // Never sent, but shown in lists and kept in the audit: a password has no place in an address.
  if (url.username !== '' || url.password !== '') throw new AddressRefused('…@');
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
  // Where some networks are allowed an inner name may mean one of them: its address decides.
  if (isIP(host) !== 0 ? !mayGoTo(host, allowed) : allowed === false && INNER_NAME.test(host)) throw new AddressRefused(host);
  if (allowed !== true && OTHER_PROTOCOLS.has(url.port)) throw new AddressRefused(`${host}:${url.port}`);
  return url;
}

/** The system's resolver; tests bring their own. */
export type Resolve = LookupFunction;
export const systemResolve: Resolve = (hostname, options, callback) => lookupHost(hostname, options, callback);

/**
 * A lookup that answers only addresses a webhook may go to. Each connection asks it once and connects to what it answered, so a name that
 * changes between check and connection gains nothing. One address among many that is not allowed refuses them all.
 */
export const guardedLookup =
  (allowed: Allowed, resolve: Resolve = systemResolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
      if (addresses.some(({ address }) => !mayGoTo(address, allowed))) return callback(new AddressRefused(hostname), []);
      if (options.all) return callback(null, addresses);
      const first = addresses[0];
      return first ? callback(null, first.address, first.family) : callback(new AddressRefused(hostname), []);
    });
  };

/** The check of a new endpoint: also of what its name means today. A name that cannot be looked up now is checked when it is connected to. */
export async function checkReachable(text: string, allowed: Allowed, resolve?: Resolve): Promise<void> {
  const { hostname } = checkUrl(text, allowed);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return;
  await new Promise<void>((settle, refuse) => {
    const limit = setTimeout(settle, LOOKUP_LIMIT_MS);
    guardedLookup(allowed, resolve)(hostname, { all: true }, (error) => {
      clearTimeout(limit);
      if (error instanceof AddressRefused) refuse(error);
      else settle();
    });
  });
}
