/**
 * Whether a call is one that the platform would work: written from the protocol page alone, shares no code with the connector that it checks. Signed is
 * every parameter but the signature: name and value glued in the order of the names, with the secret at both ends.
 */
import { createHash } from 'node:crypto';
import type { Params } from '../market/params.ts';
import type { SandboxApp } from '../market/platform.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

export interface Checked {
  readonly type: string;
  readonly params: Params;
  readonly token: string | null;
}
const PATH = '/api/router';
const MAX_CLOCK_SECONDS = 600;

export function checkCall({ key, secret }: SandboxApp, path: string, body: string, nowSeconds: number): Checked | Refusal {
  const params = objectIn(body);
  if (path !== PATH || params === null) return REFUSALS.parameters;
  const { type, client_id, timestamp, sign, data_type } = params;
  if (typeof type !== 'string' || type === '' || client_id !== key || data_type !== 'JSON') return REFUSALS.publicParameters;
  if (Object.values(params).some((value) => typeof value === 'object')) return REFUSALS.parameters; // nested ones go as text
  const seconds = /^\d{10}$/.test(String(timestamp)) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(seconds - nowSeconds) <= MAX_CLOCK_SECONDS)) return REFUSALS.timestamp;
  if (sign !== rightSign(secret, params)) return REFUSALS.signature;
  const token = params['access_token'];
  return { type, params, token: typeof token === 'string' ? token : null };
}

function rightSign(secret: string, params: Params): string {
  const rest = Object.entries(params).filter(([name]) => name !== 'sign');
  const sorted = rest.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = secret + sorted.map(([name, value]) => name + String(value)).join('') + secret;
  return createHash('md5').update(text, 'utf8').digest('hex').toUpperCase();
}

function objectIn(body: string): Params | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Params) : null;
  } catch {
    return null;
  }
}

/** `/message/{client_id}/{ms}/{Base64 of the hex text of md5(client_id, ms, secret)}`, at most ten minutes old. */
export function isSocketPath({ key, secret }: SandboxApp, path: string, nowSeconds: number): boolean {
  const [, start, client, ms = '', told = '', ...more] = path.split('?')[0]?.split('/') ?? [];
  if (start !== 'message' || client !== key || more.length > 0 || !/^\d{13}$/.test(ms)) return false;
  const hex = createHash('md5').update(`${key}${ms}${secret}`, 'utf8').digest('hex');
  const isFresh = Math.abs(Number(ms) / 1_000 - nowSeconds) <= MAX_CLOCK_SECONDS;
  return isFresh && told === encodeURIComponent(Buffer.from(hex, 'latin1').toString('base64'));
}
