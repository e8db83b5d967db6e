/** Calls of the open platform over a fetch that is given to it. It has no network, clock, timer or token of its own and never tries twice. */
import type { Answer, App, Call, Client, ClientOptions } from '../adapter.ts';
import { field, filled, isObject } from '../fields.ts';
import { parseBytes } from '../lossless-json.ts';
import { brokenOff, retryAfterMs, strangeAnswer, unlessAnswered } from '../no-answer.ts';
import { failureIn } from './errors.ts';
import { ROOT_KEYS } from './root-keys.ts';
import { signCall, signedText } from './sign.ts';

const BASE_URL = 'https://gw-api.pinduoduo.com';
const PATH = '/api/router';

export function createClient({ app, send, now, baseUrl = BASE_URL }: ClientOptions): Client {
  return {
    async call(call, accessToken) {
      const body = JSON.stringify(signed(app, call, accessToken, now()));
      try {
        const response = await send(`${baseUrl}${PATH}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
        return readAnswer(call.method, response.status, retryAfterMs(response), new Uint8Array(await response.arrayBuffer()));
      } catch (error) {
        return { ok: false, failure: brokenOff(error) };
      }
    },
  };
}

/** All that is sent, with its signature; a parameter that is nested goes as the JSON text that is signed. */
export function signed(app: App, { method, params }: Call, accessToken: string | null, nowMs: number): Record<string, unknown> {
  const business = Object.entries(params).filter(([, value]) => value !== undefined && value !== null);
  const all: Record<string, unknown> = {
    ...Object.fromEntries(business.map(([name, value]) => [name, typeof value === 'object' ? signedText(value) : value])),
    type: method,
    client_id: app.key,
    ...(accessToken === null ? {} : { access_token: accessToken }),
    timestamp: String(Math.floor(nowMs / 1_000)),
    data_type: 'JSON',
  };
  return { ...all, sign: signCall(app, all) };
}

/** Refusals come with HTTP 200; anything that is not the platform's own JSON is no answer. */
function readAnswer(method: string, status: number, retryAfter: number | undefined, bytes: Uint8Array): Answer {
  const answer = parseBytes(bytes);
  const none = unlessAnswered(status, answer, retryAfter);
  if (none !== null) return { ok: false, failure: none };
  const failure = failureIn(answer);
  if (failure !== null) return { ok: false, failure: retryAfter === undefined ? failure : { ...failure, retryAfterMs: retryAfter } };
  const data = field(answer, ROOT_KEYS.get(method) ?? '');
  const logId = filled(field(data, 'request_id')) ?? '';
  return isObject(data) ? { ok: true, data, bytes, logId } : strangeAnswer({ ok: true, data: null, bytes, logId });
}
