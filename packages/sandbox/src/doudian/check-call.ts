/**
 * Whether a call is one that the platform would work: written from the protocol page alone, shares no code with the connector that it checks.
 * The text that is signed is the body as it came, wrapped in the secret on both ends; access_token and sign_method are not in it.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Params } from '../market/params.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

export interface Checked {
  readonly method: string;
  readonly params: Params;
  readonly token: string | null;
}
const MAX_CLOCK_SECONDS = 600;

export function checkCall(
  app: { readonly key: string; readonly secret: string },
  url: URL,
  body: string,
  nowSeconds: number,
): Checked | Refusal {
  const query = url.searchParams;
  const [method, timestamp, sign] = [query.get('method') ?? '', query.get('timestamp') ?? '', query.get('sign')];
  if (query.get('app_key') !== app.key) return REFUSALS.appKey;
  if (sign === null) return REFUSALS.signatureMissing;
  if (url.pathname !== `/${method.split('.').join('/')}`) return REFUSALS.noSuchMethod;
  const seconds = secondsOf(timestamp);
  if (seconds === null || Math.abs(seconds - nowSeconds) > MAX_CLOCK_SECONDS) return REFUSALS.timestamp;
  const middle = ['app_key', app.key, 'method', method, 'param_json', body, 'timestamp', timestamp, 'v', '2'].join('');
  const text = app.secret + middle + app.secret;
  const isHmac = query.get('sign_method') === 'hmac-sha256';
  const right = isHmac ? createHmac('sha256', app.secret).update(text).digest('hex') : createHash('md5').update(text).digest('hex');
  if (query.get('v') !== '2' || sign !== right) return REFUSALS.signature;
  const params = objectIn(body);
  if (params === null || !isSorted(params)) return REFUSALS.format;
  return { method, params, token: query.get('access_token') };
}

/** Epoch seconds, or Beijing text as older clients write it. */
function secondsOf(text: string): number | null {
  if (/^\d{10}$/.test(text)) return Number(text);
  const at = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text.replace(' ', 'T')}+08:00`) : Number.NaN;
  return Number.isNaN(at) ? null : at / 1_000;
}

function objectIn(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Names must be sorted at every level. */
function isSorted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return names.every((name, i) => i === 0 || (names[i - 1] ?? '') < name) && Object.values(value).every(isSorted);
}

/** event-sign of a message: md5 over key, body and secret. */
export const eventSign = (app: { readonly key: string; readonly secret: string }, body: string): string =>
  createHash('md5').update(`${app.key}${body}${app.secret}`, 'utf8').digest('hex');
