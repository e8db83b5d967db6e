/**
 * Calls of the platform to us (SPI, 奇门): who sent them. Pure; no road of the server leads here yet. Source: SPI helpers of the official SDKs, read 2026-11-25 by way
 * of our protocol notes. The charset of the request is that of the bytes, so a body in GBK is signed as it came.
 */
import type { App, Headers, Knock } from '../adapter.ts';
import { readBeijing } from '../china-time.ts';
import { isSameSignature } from '../signature.ts';
import { signSpi } from './sign.ts';

/** Older or newer than this is not believed. */
const MAX_SKEW_MS = 10 * 60_000;
const SIGN_LIST = 'top-sign-list';
const FORM = 'application/x-www-form-urlencoded';

const one = (value: string | readonly string[] | undefined): string | null => (typeof value === 'string' ? value : null);

/** The headers that the platform says it has signed, under the names that it gives them; null when one of them is not there once. */
function signedHeaders(headers: Headers): Record<string, string> | null {
  const found: Record<string, string> = {};
  for (const name of (one(headers[SIGN_LIST]) ?? '').split(',').filter((each) => each !== '')) {
    const value = one(headers[name.toLowerCase()]);
    if (value === null) return null;
    found[name] = value;
  }
  return found;
}

/** Whether the call is signed with our secret and of this hour. A form's fields count as parameters, any other body as it stands. */
export function verifySpi({ headers, query, body }: Omit<Knock, 'method'>, app: Pick<App, 'secret'>, now: number): boolean {
  const named = signedHeaders(headers);
  const given = one(query['sign']);
  const isForm = (one(headers['content-type']) ?? '').toLowerCase().startsWith(FORM);
  const params: Record<string, string> = { ...named };
  for (const [name, value] of Object.entries(query)) if (typeof value === 'string') params[name] = value;
  if (isForm) for (const [name, value] of new URLSearchParams(Buffer.from(body).toString())) params[name] = value;
  const at = readBeijing(params['timestamp'] ?? '');
  if (named === null || given === null || at === null || Math.abs(now - at * 1_000) > MAX_SKEW_MS) return false;
  return isSameSignature(given, signSpi(app, params, isForm ? new Uint8Array() : body));
}
