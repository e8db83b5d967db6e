/** Calls of Example Market over a fetch that is given: signed, sent once, answered. It has no network, clock, timer or token of its own. */
import { createHmac } from 'node:crypto';
import type { Answer, App, Client, ClientOptions, Failure } from '../adapter.ts';
import { field, filled } from '../fields.ts';
import { type Json, parseBytes } from '../lossless-json.ts';
import { brokenOff, retryAfterMs, unlessAnswered } from '../no-answer.ts';
import { BASE_URL, REFUSALS } from './tables.ts';

interface Signed {
  /** Seconds since 1970, as they are sent. */
  readonly timestamp: string;
  /** Of a push: `push`. */
  readonly method: string;
  /** '' where there is none. */
  readonly token: string;
  /** The bytes as they travel. */
  readonly body: string | Uint8Array;
}
/** x-sign of our calls and of its pushes. */
export const sign = ({ secret }: Pick<App, 'secret'>, { timestamp, method, token, body }: Signed): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${method}\n${token}\n`).update(body).digest('hex');

export const createClient = ({ app, send, now, baseUrl = BASE_URL }: ClientOptions): Client => ({
  async call({ method, params }, accessToken) {
    const body = JSON.stringify(params);
    const [timestamp, token] = [String(Math.floor(now() / 1_000)), accessToken ?? ''];
    const headers = {
      'content-type': 'application/json',
      'x-app-key': app.key,
      'x-timestamp': timestamp,
      'x-token': token,
      'x-sign': sign(app, { timestamp, method, token, body }),
    };
    try {
      const response = await send(`${baseUrl}/api/${method}`, { method: 'POST', headers, body });
      return readAnswer(response.status, retryAfterMs(response), new Uint8Array(await response.arrayBuffer()));
    } catch (error) {
      return { ok: false, failure: brokenOff(error) };
    }
  },
});

function readAnswer(status: number, retryAfter: number | undefined, bytes: Uint8Array): Answer {
  const answer = parseBytes(bytes);
  const failure = unlessAnswered(status, answer, retryAfter) ?? failureIn(answer);
  return failure === null
    ? { ok: true, data: field(answer, 'data') ?? null, bytes, logId: filled(field(answer, 'trace')) ?? '' }
    : { ok: false, failure };
}

/** The refusal in an answer; null when it is a success. A code that no table holds is `do_not` until somebody looks. */
function failureIn(answer: Json): Failure | null {
  const code = filled(field(answer, 'code')) ?? 'none';
  if (code === '0') return null;
  const found = REFUSALS.get(code);
  return {
    class: found ?? 'do_not',
    isKnown: found !== undefined,
    code,
    subCode: '',
    message: filled(field(answer, 'message')) ?? '',
    logId: filled(field(answer, 'trace')) ?? '',
    mayHaveHappened: false,
  };
}
