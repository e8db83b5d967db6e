/** What a refusal of the platform asks of us. Data, so that somebody who knows the platform can check it without reading code. */
import type { Failure, FailureClass } from '../adapter.ts';
import { field, filled } from '../fields.ts';
import type { Json } from '../lossless-json.ts';

/**
 * sub_code, with or without its number. Source: official list of platform errors (guide 212/1427) as two community SDKs hold it, and the
 * documented codes of order.searchList, order.orderDetail, order.logisticsAdd and token.refresh; read 2026-11-25.
 */
export const SUB_CODES: ReadonlyMap<string, FailureClass> = new Map([
  ['isv.access-token-expired', 'token_expired'],
  ['isv.access-token-no-existed', 'token_expired'],
  ['isv.timestamp-invalid', 'retry'], // our judgement: every call is signed anew, and a clock that is off is put right
  ['isv.business-failed:60110', 'already_done'],
  ['isv.business-failed:70023', 'already_done'],
  ['isv.business-failed:60109', 'retry'],
  ['isv.business-failed:50040', 'already_done'],
  ['isv.business-failed:20004', 'retry'], // 系统繁忙, of order.orderDetail
  ['isv.business-failed:20045', 'retry'],
  ['isv.business-failed:20055', 'retry'],
]);

/** code of an answer. Source: as above. 30002 is "address not on the allow list" here, and "token expired" in the old shape below. */
export const CODES: ReadonlyMap<string, FailureClass> = new Map([
  ['10001', 'do_not'],
  ['20000', 'retry'],
  ['20001', 'retry'],
  ['30001', 'do_not'],
  ['30002', 'do_not'],
  ['40001', 'do_not'],
  ['40002', 'do_not'],
  ['40003', 'do_not'],
  ['40004', 'do_not'],
  ['50001', 'do_not'],
  ['50002', 'do_not'],
  ['60000', 'throttled'],
  ['70000', 'do_not'],
  ['80000', 'do_not'],
  ['90000', 'do_not'],
]);

/** err_no of the old shape, without `code`. Source: error list of the older SDKs (one source), read 2026-11-25 by way of our protocol notes. */
export const OLD_ERR_NOS: ReadonlyMap<string, FailureClass> = new Map([
  ['9', 'throttled'],
  ['11', 'do_not'],
  ['30001', 'do_not'],
  ['30002', 'token_expired'],
  ['30003', 'do_not'],
  ['30004', 'do_not'],
]);

export const SUCCESS = '10000';

/** The refusal in an answer, or null when it is a success. `isp.` in a sub_code means the platform's own side: try again. */
export function failureIn(answer: Json): Failure | null {
  const code = filled(field(answer, 'code'));
  const errNo = filled(field(answer, 'err_no'));
  if (code === SUCCESS || (code === undefined && errNo === '0')) return null;
  const subCode = filled(field(answer, 'sub_code')) ?? '';
  const found = code === undefined ? OLD_ERR_NOS.get(errNo ?? '') : classOf(code, subCode);
  return {
    class: found ?? 'do_not',
    isKnown: found !== undefined,
    code: code ?? `err_no:${errNo ?? 'none'}`,
    subCode,
    message: filled(field(answer, 'sub_msg')) ?? filled(field(answer, 'msg')) ?? filled(field(answer, 'message')) ?? '',
    logId: filled(field(answer, 'log_id')) ?? '',
    mayHaveHappened: false,
  };
}

function classOf(code: string, subCode: string): FailureClass | undefined {
  const bySubCode = SUB_CODES.get(subCode) ?? SUB_CODES.get(subCode.split(':')[0] ?? '');
  if (bySubCode !== undefined) return bySubCode;
  return subCode.startsWith('isp.') && code !== '70000' && code !== '90000' ? 'retry' : CODES.get(code);
}
