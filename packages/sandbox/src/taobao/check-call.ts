/**
 * Whether a call is one that the gateway would work: written from the protocol page alone, shares no code with the connector that it checks. System and business
 * parameters may stand in the query or in the form; all of them but `sign` are signed.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Params } from '../market/params.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

export interface Checked {
  readonly method: string;
  /** Business and system parameters together, as text. */
  readonly params: Params;
  readonly session: string | null;
}
const MAX_CLOCK_SECONDS = 600;
export const ROUTER = '/router/rest';

export function paramsOf(url: URL, body: string): Map<string, string> {
  return new Map([...url.searchParams, ...new URLSearchParams(body)]);
}

/** What is signed, without the secret. */
export const signedText = (params: ReadonlyMap<string, string>): string =>
  [...params]
    .filter(([name]) => name !== 'sign')
    .toSorted(([a], [b]) => Buffer.from(a).compare(Buffer.from(b)))
    .map(([name, value]) => name + value)
    .join('');

export function signOf(secret: string, how: string | undefined, text: string): string | null {
  if (how === 'md5') return createHash('md5').update(`${secret}${text}${secret}`, 'utf8').digest('hex').toUpperCase();
  if (how === 'hmac') return createHmac('md5', secret).update(text, 'utf8').digest('hex').toUpperCase();
  if (how === 'hmac-sha256') return createHmac('sha256', secret).update(text, 'utf8').digest('hex').toUpperCase();
  return null;
}

export function checkCall(
  app: { readonly key: string; readonly secret: string },
  url: URL,
  body: string,
  nowSeconds: number,
): Checked | Refusal {
  const params = paramsOf(url, body);
  const method = params.get('method');
  if (url.pathname !== ROUTER || method === undefined) return REFUSALS.method;
  if (params.get('app_key') !== app.key) return REFUSALS.appKey;
  if (params.get('v') !== '2.0') return REFUSALS.version;
  if (params.get('format') !== 'json') return REFUSALS.format;
  const at = beijingSeconds(params.get('timestamp') ?? '');
  if (at === null || Math.abs(at - nowSeconds) > MAX_CLOCK_SECONDS) return REFUSALS.timestamp;
  const sign = params.get('sign');
  if (sign === undefined) return REFUSALS.signatureMissing;
  if (sign !== signOf(app.secret, params.get('sign_method'), signedText(params))) return REFUSALS.signature;
  return { method, params: Object.fromEntries(params), session: params.get('session') ?? null };
}

/** Null for what is no Beijing text. */
export function beijingSeconds(text: string): number | null {
  const at = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text.replace(' ', 'T')}+08:00`) : Number.NaN;
  return Number.isNaN(at) ? null : at / 1_000;
}
