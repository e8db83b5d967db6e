/** Calls of the open platform over a fetch that is given to it. It has no network, clock, timer or token of its own and never tries twice. */
import type { Answer, App, Client, ClientOptions } from '../adapter.ts';
import { canonicalJson, parseBytes } from '../lossless-json.ts';
import { field } from '../fields.ts';
import { brokenOff, retryAfterMs, unlessAnswered } from '../no-answer.ts';
import { failureIn } from './errors.ts';
import { signCall } from './sign.ts';

const BASE_URL = 'https://openapi-fxg.jinritemai.com';
/** Asks for the error shape with sub_code in place of err_no. */
const NEW_ERRORS = { 'x-open-no-old-err-code': '1' };

export function createClient({ app, send, now, baseUrl = BASE_URL }: ClientOptions): Client {
  return {
    async call({ method, params }, accessToken) {
      const paramJson = canonicalJson(JSON.stringify(params));
      const url = `${baseUrl}/${method.replaceAll('.', '/')}?${systemQuery(app, method, paramJson, accessToken, now())}`;
      try {
        const response = await send(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...NEW_ERRORS },
          body: paramJson,
        });
        return readAnswer(response.status, retryAfterMs(response), new Uint8Array(await response.arrayBuffer()));
      } catch (error) {
        return { ok: false, failure: brokenOff(error) };
      }
    },
  };
}

function systemQuery(app: App, method: string, paramJson: string, accessToken: string | null, nowMs: number): string {
  const timestamp = String(Math.floor(nowMs / 1_000));
  return new URLSearchParams({
    app_key: app.key,
    method,
    ...(accessToken === null ? {} : { access_token: accessToken }),
    timestamp,
    v: '2',
    sign: signCall(app, { method, paramJson, timestamp }),
    sign_method: 'hmac-sha256',
  }).toString();
}

function readAnswer(status: number, retryAfter: number | undefined, bytes: Uint8Array): Answer {
  const answer = parseBytes(bytes);
  const failure = unlessAnswered(status, answer, retryAfter) ?? failureIn(answer);
  if (failure !== null) return { ok: false, failure: retryAfter === undefined ? failure : { ...failure, retryAfterMs: retryAfter } };
  const logId = field(answer, 'log_id');
  return { ok: true, data: field(answer, 'data') ?? null, bytes, logId: typeof logId === 'string' ? logId : '' };
}
