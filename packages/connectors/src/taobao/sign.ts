/**
 * Signatures of TOP: our calls, the first frame of the message socket, calls of the platform to us. Source: guide 101617 with its printed example, official SDKs
 * for Go and PHP, the message clients for Node and Python; read 2026-11-25 by way of our protocol notes. UTF-8 bytes are signed, before any URL encoding.
 */
import { createHash, createHmac } from 'node:crypto';
import type { App } from '../adapter.ts';

/** As `sign_method` names them. */
export type SignMethod = 'md5' | 'hmac' | 'hmac-sha256';
export type Params = Readonly<Record<string, string>>;

/** Names in the order of their bytes, each with its value behind it; `sign` itself is left out. */
const glued = (params: Params): string =>
  Object.keys(params)
    .filter((name) => name !== 'sign')
    .sort()
    .map((name) => `${name}${params[name]}`)
    .join('');

const md5 = (parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').toUpperCase();
};

/** md5 has the secret at both ends; the two others have it as their key and nowhere else. */
export function signCall({ secret }: Pick<App, 'secret'>, params: Params, how: SignMethod): string {
  const text = glued(params);
  if (how === 'md5') return md5([secret, text, secret]);
  return createHmac(how === 'hmac' ? 'md5' : 'sha256', secret)
    .update(text)
    .digest('hex')
    .toUpperCase();
}

/** `timestamp`: milliseconds since 1970 as text, although every other time of the platform is Beijing text. */
export const signConnect = ({ key, secret }: App, group: string, timestamp: string): string =>
  md5([secret, glued({ app_key: key, group_name: group, timestamp }), secret]);

/** What is signed of a call of the platform to us: query and named headers together, then the body as it came. */
export const signSpi = ({ secret }: Pick<App, 'secret'>, params: Params, body: Uint8Array): string =>
  md5([secret, glued(params), body, secret]);
