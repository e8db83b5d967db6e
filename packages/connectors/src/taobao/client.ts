/** Calls of the gateway over a fetch that is given to it. It has no network, clock, timer or token of its own and never tries twice. */
import type { Answer, App, Call, Client, ClientOptions } from '../adapter.ts';
import { beijingText } from '../china-time.ts';
import { field, filled, isObject } from '../fields.ts';
import { type Json, parseBytes } from '../lossless-json.ts';
import { brokenOff, noAnswer, retryAfterMs, unlessAnswered } from '../no-answer.ts';
import { failureIn } from './errors.ts';
import { type Params, signCall } from './sign.ts';

const BASE_URL = 'https://eco.taobao.com';
const ROUTER = '/router/rest';
const SIGN_METHOD = 'hmac-sha256';

export function createClient({ app, send, now, baseUrl = BASE_URL }: ClientOptions): Client {
  return {
    async call(call, session) {
      const params = signed(app, call, session, now());
      try {
        const response = await send(`${baseUrl}${ROUTER}`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
          body: new URLSearchParams(params).toString(),
        });
        return readAnswer(call.method, response.status, retryAfterMs(response), new Uint8Array(await response.arrayBuffer()));
      } catch (error) {
        return { ok: false, failure: brokenOff(error) };
      }
    },
  };
}

function signed(app: App, { method, params }: Call, session: string | null, nowMs: number): Params {
  const all: Record<string, string> = {
    ...textsOf(params),
    method,
    app_key: app.key,
    ...(session === null ? {} : { session }),
    timestamp: beijingText(Math.floor(nowMs / 1_000)),
    v: '2.0',
    format: 'json',
    sign_method: SIGN_METHOD,
  };
  return { ...all, sign: signCall(app, all, SIGN_METHOD) };
}

/** Nested parameters travel as JSON text; what is undefined is not sent. */
function textsOf(params: Call['params']): Record<string, string> {
  const told = Object.entries(params).filter(([, value]) => value !== undefined);
  return Object.fromEntries(told.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
}

const OWN = 'taobao.';
/** The root of a success: the method's name with a line for each dot, without the platform's own name at its head. */
export const rootOf = (method: string): string =>
  `${(method.startsWith(OWN) ? method.slice(OWN.length) : method).replaceAll('.', '_')}_response`;

function readAnswer(method: string, status: number, retryAfter: number | undefined, bytes: Uint8Array): Answer {
  const answer: Json = parseBytes(bytes);
  const data = field(answer, rootOf(method));
  const failure =
    unlessAnswered(status, answer, retryAfter) ??
    failureIn(answer) ??
    (isObject(data) ? null : noAnswer('answer', 'no root of this method'));
  if (failure !== null) return { ok: false, failure: retryAfter === undefined ? failure : { ...failure, retryAfterMs: retryAfter } };
  return { ok: true, data: data ?? null, bytes, logId: filled(field(data, 'request_id')) ?? '' };
}
