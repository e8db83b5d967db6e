/** What a refusal of the gateway asks of us. Data, so that somebody who knows the platform can check it without reading code. */
import type { Failure, FailureClass } from '../adapter.ts';
import { field, filled, isObject } from '../fields.ts';
import type { Json } from '../lossless-json.ts';

/**
 * sub_code → class, where it says more than `code`. Source: samples of our protocol notes; B27, S01 and B150 as several sellers' programs hold them; the rest general
 * knowledge. Read 2026-11-25. `isp.` is the platform's own side and needs no row.
 */
export const SUB_CODES: ReadonlyMap<string, FailureClass> = new Map([
  ['sessionkey-not-generated-by-server', 'token_expired'],
  ['session-expired', 'token_expired'],
  ['isv.session-expired', 'token_expired'],
  ['isv.invalid-session', 'token_expired'],
  ['isv.invalid-timestamp', 'retry'], // our judgement: every call is signed anew, and a clock that is off is put right
  ['isv.logistics-offline-service-error:B27', 'already_done'],
  ['isv.logistics-offline-service-error:S01', 'retry'],
  ['isv.logistics-offline-service-error:B150', 'retry'],
]);
/** Beginnings of a sub_code: of a limit there are several kinds. Source: as above. */
const LIMITED = 'accesscontrol.limited';

/** code of error_response → class. Source: the gateway's list of error codes, general knowledge but for 7, 15, 25, 26 and 27 (our protocol notes), 2026-11-25. */
export const CODES: ReadonlyMap<string, FailureClass> = new Map([
  ['4', 'throttled'],
  ['5', 'throttled'],
  ['6', 'throttled'],
  ['7', 'throttled'],
  ['8', 'throttled'],
  ['9', 'do_not'],
  ['10', 'retry'],
  ['11', 'do_not'],
  ['12', 'do_not'],
  ['13', 'do_not'],
  ['21', 'do_not'],
  ['22', 'do_not'],
  ['23', 'do_not'],
  ['24', 'do_not'],
  ['25', 'do_not'],
  ['26', 'do_not'],
  ['27', 'token_expired'],
  ['28', 'do_not'],
  ['29', 'do_not'],
  ['30', 'do_not'],
  ['31', 'retry'],
  ['32', 'do_not'],
  ['33', 'do_not'],
  ['34', 'do_not'],
  ['40', 'do_not'],
  ['41', 'do_not'],
  ['42', 'do_not'],
  ['43', 'do_not'],
]);
/** The service behind the gateway said no: sub_code tells what, and without one nobody knows. */
export const REMOTE = '15';

const BAN = /ban will last for (\d{1,9}) more seconds/;
const MAX_BAN_SECONDS = 86_400;

/** The refusal in an answer, or null when there is none. `error_response: null` stands beside some successes. */
export function failureIn(answer: Json): Failure | null {
  const error = field(answer, 'error_response');
  if (!isObject(error)) return null;
  const text = (name: string): string => filled(field(error, name)) ?? '';
  const [code, subCode] = [text('code'), text('sub_code')];
  const found = classOf(code, subCode);
  const seconds = BAN.exec(text('sub_msg'))?.[1];
  return {
    class: found ?? 'do_not',
    isKnown: found !== undefined,
    code: code === '' ? 'none' : code,
    subCode,
    message: text('sub_msg') || text('msg'),
    logId: text('request_id'),
    mayHaveHappened: false,
    ...(seconds === undefined ? {} : { retryAfterMs: Math.min(Number(seconds), MAX_BAN_SECONDS) * 1_000 }),
  };
}

function classOf(code: string, subCode: string): FailureClass | undefined {
  const told = SUB_CODES.get(subCode) ?? SUB_CODES.get(subCode.split(':')[0] ?? '');
  if (told !== undefined) return told;
  if (subCode.startsWith(LIMITED)) return 'throttled';
  if (subCode.startsWith('isp.')) return 'retry';
  if (code === REMOTE) return subCode.startsWith('isv.') ? 'do_not' : undefined;
  return CODES.get(code);
}
