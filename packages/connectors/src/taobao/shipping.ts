/** Telling Taobao what left: the calls, and what its refusals ask of us. Pure; who calls, when and how often is the server's affair. */
import type { Answer, Call, Failure } from '../adapter.ts';
import { field, filled } from '../fields.ts';
import { noAnswer } from '../no-answer.ts';
import { failureIn, REMOTE } from './errors.ts';

export interface Parcel {
  /** As taobao.logistics.companies.get codes it, e.g. "SF". */
  readonly carrier: string;
  readonly trackingNumber: string;
}
export interface PackedLine {
  readonly lineId: string;
  readonly quantity: number;
  /** More of the line will follow in another parcel. */
  readonly isPart: boolean;
}

const parcelParams = ({ carrier, trackingNumber }: Parcel) => ({ out_sid: trackingNumber, company_code: carrier });

/** The whole trade in one parcel. Source: logistics.offline.send, two sources, read 2026-11-25 by way of our protocol notes. */
export const shipWhole = (tid: string, parcel: Parcel): Call => ({
  method: 'taobao.logistics.offline.send',
  params: { tid, ...parcelParams(parcel) },
});

/** `again`: a parcel for pieces that have left before, sent once more. */
export const CONSIGN_TYPES = { first: 1, again: 3 } as const;

/** One parcel of several, with some lines or some pieces of them. Source: alibaba.ascp.logistics.offline.send, official SDK, read 2026-11-25 by way of our protocol notes. */
export function shipParcel(tid: string, parcel: Parcel, lines: readonly PackedLine[], type: keyof typeof CONSIGN_TYPES): Call {
  if (lines.length === 0 || lines.some(({ quantity }) => !(quantity >= 1)))
    throw new RangeError('a parcel needs at least one piece of a line');
  const goods = lines.map(({ lineId, quantity }) => ({ sub_tid: lineId, item_type: 0, num: quantity }));
  return {
    method: 'alibaba.ascp.logistics.offline.send',
    params: {
      tid,
      consign_type: CONSIGN_TYPES[type],
      consign_pkgs: [{ ...parcelParams(parcel), goods }],
      consign_status: lines.map(({ lineId, isPart }) => ({ sub_tid: lineId, is_part_consign: isPart })),
    },
  };
}

/**
 * Another number or carrier for a parcel that stands there. `subTids`: its lines, where the trade left in several parcels; none where it left whole. The platform takes
 * it within a day of shipping. Source: taobao.logistics.consign.resend, request classes of several SDKs, read 2026-11-25.
 */
export const correctTracking = (tid: string, parcel: Parcel, subTids: readonly string[]): Call => ({
  method: 'taobao.logistics.consign.resend',
  params: { tid, ...parcelParams(parcel), ...(subTids.length === 0 ? {} : { sub_tid: subTids.join(','), is_split: 1 }) },
});

/** All parcels of a trade, with the lines in each. Source: taobao.logistics.orders.get, request classes of three SDKs, read 2026-11-25. */
export const parcelsOfTrade = (tid: string): Call => ({
  method: 'taobao.logistics.orders.get',
  params: { fields: 'tid,out_sid,company_name,sub_tids,is_spilt,status', tid },
});

/** What to do after a refusal. `look`: read the trade; what stands there decides. */
export type Remedy = 'look' | 'fix_number' | 'new_number' | 'other_carrier' | 'retry' | 'slow_down' | 'new_token' | 'ask_person';

const NOTHING_TO_CHANGE = 'P07';
/** The platform says of a correction that it holds just that. */
export const isThere = ({ subCode }: Failure): boolean => subCode.endsWith(`:${NOTHING_TO_CHANGE}`);

/**
 * Code behind the colon of sub_code → remedy, for both ways of shipping and for the correction. Source: lists of two sellers' programs, which agree; B27 in our protocol notes;
 * read 2026-11-25. A code that is not here is shown to a person.
 */
export const SHIP_REMEDIES: ReadonlyMap<string, Remedy> = new Map([
  ['B27', 'look'], // already shipped
  ['B02', 'look'], // state of the trade
  ['B04', 'look'], // shipped, or closed
  ['B55', 'look'],
  ['CD16', 'look'],
  ['CD19', 'look'], // nothing to correct: not shipped yet
  ['CD22', 'ask_person'], // the trade left in several parcels, and no line was named
  ['HD06', 'look'],
  ['P06', 'look'], // state of the trade does not allow a correction
  [NOTHING_TO_CHANGE, 'look'],
  ['B56', 'other_carrier'],
  ['B57', 'other_carrier'],
  ['B58', 'other_carrier'],
  ['B59', 'fix_number'],
  ['B60', 'fix_number'], // against the rules, or used
  ['P10', 'fix_number'],
  ['CD18', 'fix_number'],
  ['F', 'new_number'], // taken for a false one
  ['F01', 'new_number'], // run out
  ['F02', 'new_number'], // first scan before the payment
  ['F03', 'new_number'], // receiver differs
  ['F04', 'new_number'], // used by another trade
  ['F05', 'new_number'],
  ['S01', 'retry'],
  ['B150', 'retry'],
  ['CD28', 'retry'],
]);
/** The same code means something else when a number is corrected. Source: as above. */
const CORRECTION = 'isv.logistics-update-company-or-mailno-error:';
const CORRECTION_REMEDIES: ReadonlyMap<string, Remedy> = new Map([['P03', 'other_carrier']]);

const BY_CLASS = {
  retry: 'retry',
  throttled: 'slow_down',
  token_expired: 'new_token',
  already_done: 'look',
  do_not: 'ask_person',
} as const satisfies Record<Failure['class'], Remedy>;

export type ShipAnswer = { readonly done: true } | { readonly done: false; readonly remedy: Remedy; readonly failure: Failure };

export function readShipAnswer(answer: Answer): ShipAnswer {
  if (answer.ok && isSuccess(answer)) return { done: true };
  const failure = answer.ok ? refusedIn(answer) : answer.failure;
  if (failure === null) return { done: false, remedy: 'look', failure: unsaid(answer.ok ? answer.logId : '') };
  const code = failure.subCode.split(':').at(-1) ?? '';
  const ofCorrection = failure.subCode.startsWith(CORRECTION) ? CORRECTION_REMEDIES.get(code) : undefined;
  return { done: false, remedy: ofCorrection ?? SHIP_REMEDIES.get(code) ?? BY_CLASS[failure.class], failure };
}

/** Remedies of calls that ship nothing. */
export const remedyOf = (failure: Failure): Remedy => (failure.class === 'already_done' ? 'retry' : BY_CLASS[failure.class]);

/** `result.success` of the newer call, `shipping.is_success` of the older ones. */
const isSuccess = ({ data }: Extract<Answer, { ok: true }>): boolean =>
  field(field(data, 'result'), 'success') === true || field(field(data, 'shipping'), 'is_success') === true;

/** The newer call may say no without an error: a reason in `result`, which counts as one of the gateway's. No source tells its names: those of its sister calls are tried. Null: it tells none. */
function refusedIn({ data, logId }: Extract<Answer, { ok: true }>): Failure | null {
  const result = field(data, 'result');
  const told = (names: readonly string[]): string =>
    names.map((name) => filled(field(result, name))).find((text) => text !== undefined) ?? '';
  const [sub_code, sub_msg] = [told(['sub_code', 'error_code', 'code']), told(['sub_msg', 'error_msg', 'error_message', 'message', 'msg'])];
  if (sub_code === '' && sub_msg === '') return null;
  return failureIn({ error_response: { code: REMOTE, sub_code, sub_msg, request_id: logId } });
}

/** An answer without an error that does not say yes. */
const unsaid = (logId: string): Failure => ({
  ...noAnswer('answer', 'the answer is no error and does not say that it was done'),
  isKnown: false,
  logId,
});
