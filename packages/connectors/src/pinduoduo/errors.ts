/** What a refusal of the platform asks of us. Data, so that somebody who knows the platform can check it without reading code. */
import type { Failure, FailureClass } from '../adapter.ts';
import { field, filled, isObject } from '../fields.ts';
import type { Json } from '../lossless-json.ts';

/** error_code of an answer. Source: our protocol notes (one source); codes marked [G] are general knowledge. Read 2026-11-25. */
export const ERROR_CODES: ReadonlyMap<string, FailureClass> = new Map([
  ['10000', 'do_not'], // [G] a parameter is wrong
  ['10001', 'do_not'], // [G] a public parameter is missing
  ['10019', 'token_expired'],
  ['20004', 'do_not'], // the signature
  ['20005', 'do_not'], // our address is not on the allow list
  ['20031', 'do_not'], // the app lacks the package of rights
  ['52101', 'throttled'],
  ['52102', 'retry'], // degraded for a while
  ['52103', 'retry'],
  ['70031', 'throttled'],
  ['70032', 'do_not'], // forbidden
  ['70033', 'retry'], // closed for maintenance
  ['70034', 'do_not'], // risk
  ['70035', 'do_not'],
  ['70036', 'do_not'], // the quota of an app under test
]);
/** 50000 to 52002 are the platform's own trouble: one range in our notes, of which single numbers are explained nowhere. */
const INTERNAL = { first: 50_000, last: 52_002 } as const;
const isInternal = (code: string): boolean => /^\d{5}$/.test(code) && Number(code) >= INTERNAL.first && Number(code) <= INTERNAL.last;
const classOf = (code: string): FailureClass | undefined => ERROR_CODES.get(code) ?? (isInternal(code) ? 'retry' : undefined);
/** The gateway passes on what the service behind it said: a sub_code of its own is that service's no, and the same call would hear it again. */
const PASSED_ON = '50001';

/** A call whose time was refused is signed anew, and a clock that is off is put right. No code of its own is known, only that the message names the parameter [G]. */
const NAMES_TIME = /timestamp/i;
const PARAMETERS: ReadonlySet<string> = new Set(['10000', '10001']);

/** The refusal in an answer, or null when there is none. */
export function failureIn(answer: Json): Failure | null {
  const error = field(answer, 'error_response');
  if (!isObject(error)) return null;
  const code = filled(error['error_code']) ?? 'none';
  const subCode = filled(error['sub_code']) ?? '';
  const isBusiness = code === PASSED_ON && subCode !== '' && subCode !== code && classOf(subCode) === undefined;
  const message = filled(error['sub_msg']) ?? filled(error['error_msg']) ?? '';
  const told = isBusiness ? undefined : (classOf(code === PASSED_ON ? subCode : code) ?? classOf(code));
  const found = PARAMETERS.has(code) && NAMES_TIME.test(message) ? 'retry' : told;
  return {
    class: found ?? 'do_not',
    isKnown: found !== undefined,
    code,
    subCode,
    message,
    logId: filled(error['request_id']) ?? '',
    mayHaveHappened: false,
  };
}
