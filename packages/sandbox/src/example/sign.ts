/** The platform's signature, by its page; shares no code with the connector that it checks. */
import { createHmac } from 'node:crypto';
import type { Explained, Signed } from '../market/explained.ts';
import { shownText } from '../market/explained.ts';
import type { SandboxApp } from '../market/platform.ts';
import type { WireCall } from '../market/server.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

const MAX_CLOCK_SECONDS = 600;

const textOf = (timestamp: string, method: string, token: string, body: string): string => [timestamp, method, token, body].join('\n');
const hmac = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('hex');
const header = (headers: Signed['headers'], name: string): string => String(headers[name] ?? '');

export function signPush({ key, secret }: SandboxApp, now: number, body: string): Readonly<Record<string, string>> {
  const timestamp = String(now);
  return {
    'content-type': 'application/json',
    'x-app-key': key,
    'x-timestamp': timestamp,
    'x-sign': hmac(secret, textOf(timestamp, 'push', '', body)),
  };
}

export interface Checked {
  readonly method: string;
  readonly token: string;
  readonly params: Readonly<Record<string, unknown>>;
}
/** Who calls, when, and whether it was signed; only then what for. */
export function checkCall(app: SandboxApp, { url, headers, body }: WireCall, now: number): Checked | Refusal {
  const [timestamp, token, given] = ['x-timestamp', 'x-token', 'x-sign'].map((name) => header(headers, name)) as [string, string, string];
  const method = url.pathname.replace(/^\/api\//, '');
  if (header(headers, 'x-app-key') !== app.key) return REFUSALS.app;
  if (!/^\d{10}$/.test(timestamp) || Math.abs(Number(timestamp) - now) > MAX_CLOCK_SECONDS) return REFUSALS.clock;
  if (given !== hmac(app.secret, textOf(timestamp, method, token, body))) return REFUSALS.signature;
  const params = objectIn(body);
  return params === null ? REFUSALS.params : { method, token, params };
}
function objectIn(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** For the page of the sandbox. */
export function explain({ secret }: SandboxApp, { way, url, headers, body }: Signed): Explained {
  const method = way === 'push' ? 'push' : new URL(url, 'http://sandbox').pathname.replace(/^\/api\//, '');
  const text = textOf(header(headers, 'x-timestamp'), method, header(headers, 'x-token'), body);
  const [given, expected] = [header(headers, 'x-sign'), hmac(secret, text)];
  return {
    algorithm: 'HMAC-SHA256',
    text: shownText(text),
    given: given === '' ? null : given,
    expected,
    isRight: given === expected,
    zh: '时间戳、方法、令牌、正文原样，各占一行；以密钥作 HMAC-SHA256，十六进制小写。推送的方法写 push，令牌为空。',
    en: 'Timestamp, method, token and the body as it is, a line each; HMAC-SHA256 with the secret, lower hex. Of a push the method is `push` and the token empty.',
  };
}
