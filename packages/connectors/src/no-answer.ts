/** Answers that are none, or not the platform's own, or not what was asked for: the same on every channel that is called over HTTP. */
import type { Answer, Asked, Failure, Response } from './adapter.ts';
import { isObject } from './fields.ts';
import type { Json } from './lossless-json.ts';

const MAX_RETRY_AFTER_SECONDS = 86_400;

/** No usable answer: the connection broke, or something before the platform answered. */
export const noAnswer = (code: string, message: string, retryAfterMs?: number): Failure => ({
  class: code === 'http:429' ? 'throttled' : 'retry',
  isKnown: true,
  code,
  subCode: '',
  message,
  logId: '',
  mayHaveHappened: code !== 'http:429',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

/** Something before the platform said no, in its own words: a wrong address, a wall. The same call would meet it again. */
const refusedOnTheWay = (status: number): Failure => ({
  class: 'do_not',
  isKnown: false,
  code: `http:${status}`,
  subCode: '',
  message: 'refused before the platform saw the call',
  logId: '',
  mayHaveHappened: false,
});

export const brokenOff = (error: unknown): Failure => noAnswer('network', error instanceof Error ? error.message : String(error));

/** Why an HTTP answer is not the platform's own word; null when it is. Business refusals come with HTTP 200. */
export function unlessAnswered(status: number, answer: Json, retryAfter: number | undefined): Failure | null {
  if (status >= 400 && status < 500 && status !== 429 && !isObject(answer)) return refusedOnTheWay(status);
  if (status === 429 || status >= 500 || !isObject(answer))
    return noAnswer(`http:${status}`, isObject(answer) ? '' : 'the answer is no JSON object', retryAfter);
  return null;
}

export function retryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, MAX_RETRY_AFTER_SECONDS) * 1_000 : undefined;
}

/** A success that does not hold what was asked for: try again, and let a person see it when it stays so. */
export const strangeAnswer = (answer: Extract<Answer, { ok: true }>): Extract<Asked<never>, { ok: false }> => ({
  ok: false,
  failure: {
    class: 'retry',
    isKnown: false,
    code: 'answer',
    subCode: '',
    message: 'the answer is a success without the part that was asked for',
    logId: answer.logId,
    mayHaveHappened: true,
  },
});
