/** What a refusal of WeChat asks of us. Data, so that somebody who knows the platform can check it without reading code. */
import type { Failure, FailureClass } from '../adapter.ts';
import { field, filled } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import { noAnswer } from '../no-answer.ts';

/**
 * errcode of api.weixin.qq.com. Source: guides of shipping information and of tokens (one source each), read 2026-11-25 by way of our protocol notes and of
 * public SDKs that quote them; 268440065 is quoted by one.
 */
export const ERR_CODES: ReadonlyMap<string, FailureClass> = new Map([
  ['-1', 'retry'],
  ['40001', 'token_expired'],
  ['40014', 'token_expired'],
  ['42001', 'token_expired'],
  ['40013', 'do_not'], // AppID
  ['40097', 'do_not'],
  ['40125', 'do_not'], // AppSecret
  ['40164', 'do_not'], // our address is not on the allow list
  ['43002', 'do_not'],
  ['44990', 'throttled'],
  ['45009', 'throttled'],
  ['45011', 'throttled'],
  ['47001', 'do_not'],
  ['48001', 'do_not'], // the mini-program may not use this
  ['50002', 'do_not'],
  ['61004', 'do_not'],
  ['10060001', 'retry'], // no such payment: it takes ten seconds and more until a payment is known there
  ['10060002', 'already_done'],
  ['10060003', 'do_not'],
  ['10060004', 'do_not'],
  ['10060005', 'do_not'],
  ['10060006', 'do_not'],
  ['10060007', 'do_not'],
  ['10060008', 'do_not'],
  ['10060009', 'do_not'],
  ['10060011', 'retry'], // last_index is of another walk
  ['10060012', 'retry'],
  ['10060014', 'do_not'],
  ['10060019', 'retry'],
  ['10060020', 'do_not'],
  ['10060023', 'already_done'],
  ['10060024', 'do_not'],
  ['10060025', 'do_not'],
  ['10060026', 'do_not'],
  ['10060031', 'do_not'],
  ['268440065', 'already_done'],
  ['268485194', 'do_not'],
  ['268485195', 'do_not'],
  ['268485196', 'do_not'],
  ['268485197', 'do_not'],
  ['268485216', 'do_not'],
  ['268485224', 'do_not'],
  ['268485226', 'do_not'],
  ['268485227', 'do_not'],
  ['268485228', 'do_not'],
]);
/** No such payment, or not yet: a no about one order, and the least pause before the payment may be known. Source: as above. */
export const NO_SUCH_PAYMENT = '10060001';
const WAIT_MS = 10_000;

/** `code` of api.mch.weixin.qq.com v3. Source: v3 documentation (general knowledge for the rarer ones), not read page by page. */
export const PAY_CODES: ReadonlyMap<string, FailureClass> = new Map([
  ['SYSTEM_ERROR', 'retry'],
  ['SYSTEMERROR', 'retry'],
  ['BANK_ERROR', 'retry'],
  ['FREQUENCY_LIMITED', 'throttled'],
  ['FREQUENCY_LIMIT_EXCEED', 'throttled'],
  ['RATELIMIT_EXCEEDED', 'throttled'],
  ['PARAM_ERROR', 'do_not'],
  ['INVALID_REQUEST', 'do_not'],
  ['SIGN_ERROR', 'do_not'],
  ['NO_AUTH', 'do_not'],
  ['MCH_NOT_EXISTS', 'do_not'],
  ['APPID_MCHID_NOT_MATCH', 'do_not'],
  ['ORDER_NOT_EXIST', 'do_not'],
  ['ORDERNOTEXIST', 'do_not'],
  ['RESOURCE_NOT_EXISTS', 'do_not'],
]);

interface Said {
  readonly code: string;
  readonly message: string;
  readonly logId: string;
}
const failure = ({ code, message, logId }: Said, found: FailureClass | undefined, waitMs: number | undefined): Failure => ({
  class: found ?? 'do_not',
  isKnown: found !== undefined,
  code,
  subCode: '',
  message,
  logId,
  mayHaveHappened: false,
  ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
});

const RID = /rid: ([0-9a-f-]{8,64})/;
/** The refusal in an answer of api.weixin.qq.com, or null when it is a success: 0, or no errcode at all where there is nothing else to say. */
export function openFailure(answer: Json): Failure | null {
  const code = filled(field(answer, 'errcode')) ?? '0';
  if (code === '0') return null;
  const message = filled(field(answer, 'errmsg')) ?? '';
  const said = { code, message, logId: RID.exec(message)?.[1] ?? '' };
  if (code === NO_SUCH_PAYMENT) return { ...failure(said, ERR_CODES.get(code), WAIT_MS), isAboutOne: true };
  return failure(said, ERR_CODES.get(code), undefined);
}

/** Of the payment API. A status without a code we know still says whose fault it is. */
export function payFailure(status: number, answer: Json, logId: string, waitMs: number | undefined): Failure {
  const code = filled(field(answer, 'code')) ?? `http:${status}`;
  const found = PAY_CODES.get(code) ?? (status === 429 ? 'throttled' : undefined);
  return failure({ code, message: filled(field(answer, 'message')) ?? '', logId }, found, waitMs);
}

/** err_code of the API before v3. Source: its documentation (general knowledge), not read page by page. `already_done`: there is nothing to list. */
export const ERR_CODES_BEFORE_V3: ReadonlyMap<string, FailureClass> = new Map([
  ['REFUNDNOTEXIST', 'already_done'],
  ['SYSTEMERROR', 'retry'],
  ['FREQUENCY_LIMITED', 'throttled'],
  ['INVALID_TRANSACTIONID', 'do_not'],
  ['PARAM_ERROR', 'do_not'],
  ['SIGNERROR', 'do_not'],
  ['MCHID_NOT_EXIST', 'do_not'],
  ['APPID_NOT_EXIST', 'do_not'],
]);
/** Null when the signed answer is a success. */
export function beforeV3Failure(answer: Json): Failure | null {
  if (field(answer, 'return_code') === 'SUCCESS' && field(answer, 'result_code') === 'SUCCESS') return null;
  const code = filled(field(answer, 'err_code')) ?? 'FAIL';
  return failure({ code, message: filled(field(answer, 'err_code_des')) ?? '', logId: '' }, ERR_CODES_BEFORE_V3.get(code), undefined);
}
/** A refusal at the door is not signed: mostly our key is wrong. Anything else without a signature is nobody's word. */
export function unsignedFailure(answer: Json): Failure {
  const said = field(answer, 'return_code') === 'FAIL' ? (filled(field(answer, 'return_msg')) ?? '') : null;
  if (said === null) return { ...noAnswer('signature', 'the answer is not signed with apiV2Key'), isKnown: false };
  return failure({ code: 'FAIL', message: said, logId: '' }, undefined, undefined);
}

/** We ourselves cannot make this call: a setting is missing. Nothing left the house. */
export const notSet = (code: string, message: string): Failure => failure({ code, message, logId: '' }, 'do_not', undefined);
