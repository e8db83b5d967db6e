/** What a call came to when the platform itself did not decide it: said the same for every channel. */
import type { Answer, Failure, Response } from './adapter.ts';

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
export const refusedOnTheWay = (status: number): Failure => ({
  class: 'do_not',
  isKnown: false,
  code: `http:${status}`,
  subCode: '',
  message: 'refused before the platform saw the call',
  logId: '',
  mayHaveHappened: false,
});

export function retryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, MAX_RETRY_AFTER_SECONDS) * 1_000 : undefined;
}

/** A success that does not hold what was asked for: try again, and let a person see it when it stays so. */
export const strangeAnswer = (answer: Extract<Answer, { ok: true }>): { readonly ok: false; readonly failure: Failure } => ({
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
