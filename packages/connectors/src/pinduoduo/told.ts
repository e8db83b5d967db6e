/** How a call of write-back ended, in the words that people are shown. */
import type { WriteBackCause } from '@weir/contract';
import type { Answer, Failure, Told } from '../adapter.ts';
import { field, Fields } from '../fields.ts';

export type Failed = Extract<Told, { done: false }>;
export const DONE: Told = { done: true, packIds: {} };

/** What the class of a refusal is called for people, and whether time alone may settle it. */
export const CAUSES = {
  retry: ['no_answer', 'later'],
  throttled: ['throttled', 'later'],
  token_expired: ['no_token', 'later'],
  already_done: ['shipped_otherwise', 'person'],
  do_not: ['refused', 'person'],
} as const satisfies Record<Failure['class'], readonly [WriteBackCause, Failed['next']]>;

export const because = (cause: WriteBackCause, next: Failed['next'], failure?: Failure): Failed => ({
  done: false,
  packIds: {},
  cause,
  next,
  ...(failure === undefined ? {} : { failure }),
});
export const failed = (failure: Failure): Failed => {
  const [cause, next] = CAUSES[failure.class];
  return because(cause, next, failure);
};

/** Some calls answer `is_success`, some `success`; anything but true is a no. */
export const isYes = (answer: Answer): boolean => answer.ok && ['is_success', 'success'].some((name) => isTrue(field(answer.data, name)));
const isTrue = (value: unknown): boolean => value === true || value === 'true';
export const saidNo = (answer: Extract<Answer, { ok: true }>): Failure => ({
  class: 'do_not',
  isKnown: false,
  code: 'is_success:false',
  subCode: new Fields(answer.data).text('error_code') ?? '',
  message: new Fields(answer.data).text('error_msg') ?? '',
  logId: answer.logId,
  mayHaveHappened: false,
});
