/** Telling Douyin what left: the calls, and what its answers ask of us. Pure; who calls, when and how often is the server's affair. */
import type { NeutralMessage } from '@weir/contract';
import type { Answer, Call, Failure } from '../adapter.ts';
import { field, filled } from '../fields.ts';

export interface Parcel {
  /** As order.logisticsCompanyList names it, e.g. "shunfeng". */
  readonly carrier: string;
  readonly trackingNumber: string;
}
export interface PackedLine {
  readonly lineId: string;
  readonly quantity: number;
}
export interface PackedParcel extends Parcel {
  readonly lines: readonly PackedLine[];
}
/** True ships a line whose refund the buyer has asked for, and refuses that refund. Only a person may decide that. */
export interface ShipOptions {
  readonly rejectRefund?: boolean;
}

const parcelParams = ({ carrier, trackingNumber }: Parcel) => ({ company_code: carrier, logistics_code: trackingNumber });
const linesParams = (lines: readonly PackedLine[]) =>
  lines.map(({ lineId, quantity }) => ({ shipped_order_id: lineId, shipped_num: quantity }));

/** The whole order in one parcel. Source of all calls here: open platform pages 16/718, 16/562, 16/390, 16/539, read 2026-11-25 by way of our protocol notes. */
export const shipWhole = (orderId: string, parcel: Parcel, { rejectRefund = false }: ShipOptions = {}): Call => ({
  method: 'order.logisticsAdd',
  params: { order_id: orderId, ...parcelParams(parcel), is_reject_refund: rejectRefund },
});

/**
 * Some lines, or some pieces of them, in one or several parcels; the rest may follow later. All or nothing: one line in after-sale fails
 * the whole call. `requestId` must be the same whenever the same shipment is told again; the platform insists on one.
 */
export function shipParcels(
  orderId: string,
  requestId: string,
  parcels: readonly PackedParcel[],
  { rejectRefund = false }: ShipOptions = {},
): Call {
  if (
    requestId === '' ||
    parcels.length === 0 ||
    parcels.some(({ lines }) => lines.length === 0 || lines.some(({ quantity }) => !(quantity >= 1)))
  )
    throw new RangeError('a shipment needs a request id, at least one parcel, and in each parcel at least one piece');
  const packs = parcels.map((parcel) => ({ ...parcelParams(parcel), shipped_order_info: linesParams(parcel.lines) }));
  return {
    method: 'order.logisticsAddMultiPack',
    params: { order_id: orderId, request_id: requestId, is_reject_refund: rejectRefund, pack_list: packs },
  };
}

/** A wrong tracking number. `packId`: which parcel, as the platform numbers it; only an order that left by `shipWhole` needs none, and what was told in packs is refused without one (70011). */
export const correctTracking = (orderId: string, parcel: Parcel, packId?: string): Call => ({
  method: packId === undefined ? 'order.logisticsEdit' : 'order.logisticsEditByPack',
  params: { order_id: orderId, ...(packId === undefined ? {} : { pack_id: packId }), ...parcelParams(parcel) },
});

/** What to do after a refusal. `read_back`: fetch the order and see whether it is ours, then it is done. */
export type Remedy =
  | 'read_back'
  | 'stop'
  | 'hold'
  | 'wait'
  | 'fix_number'
  | 'new_number'
  | 'other_carrier'
  | 'retry'
  | 'slow_down'
  | 'new_token'
  | 'ask_person';

/** Number behind the colon of sub_code → remedy. Source: codes of the shipping calls, generated from official metadata (one source), read 2026-11-25 by way of our protocol notes. */
export const SHIP_REMEDIES: ReadonlyMap<string, Remedy> = new Map([
  ['60110', 'read_back'], // already shipped
  ['70023', 'read_back'],
  ['60021', 'stop'], // cancelled
  ['60113', 'stop'], // finished
  ['60068', 'stop'], // refunded before shipping
  ['60137', 'stop'], // unpaid
  ['60040', 'hold'], // refund asked for
  ['60118', 'hold'], // in after-sale
  ['60120', 'hold'],
  ['60109', 'wait'], // in risk review, one to two hours
  ['60127', 'fix_number'],
  ['60128', 'fix_number'],
  ['60017', 'fix_number'],
  ['70018', 'new_number'], // waybill cancelled
  ['70019', 'new_number'], // first scan before the payment
  ['70020', 'new_number'], // receiver differs
  ['70022', 'new_number'], // used by another order
  ['60018', 'other_carrier'],
  ['10005', 'retry'],
  ['10009', 'retry'],
  ['10018', 'retry'],
  ['20003', 'retry'],
  ['99997', 'retry'],
  ['60106', 'retry'], // 系统繁忙, from here on, under isv. all the same
  ['60121', 'retry'],
  ['60124', 'retry'],
  ['60125', 'retry'],
  ['60132', 'retry'],
  ['70009', 'retry'],
  ['8888', 'retry'],
  ['120032', 'retry'], // an after-sale is worked on at the same moment
]);

export type ShipAnswer =
  /** The platform's numbers of the parcels, to correct them later; empty where it tells none. */
  | { readonly done: true; readonly packIds: readonly string[] }
  | { readonly done: false; readonly remedy: Remedy; readonly failure: Failure };

export function readShipAnswer(answer: Answer): ShipAnswer {
  if (answer.ok) return { done: true, packIds: packIdsOf(answer) };
  const { failure } = answer;
  const number = failure.subCode.split(':')[1] ?? '';
  return { done: false, remedy: SHIP_REMEDIES.get(number) ?? BY_CLASS[failure.class], failure };
}

const BY_CLASS = {
  retry: 'retry',
  throttled: 'slow_down',
  token_expired: 'new_token',
  already_done: 'read_back',
  do_not: 'ask_person',
} as const satisfies Record<Failure['class'], Remedy>;

function packIdsOf({ data }: Extract<Answer, { ok: true }>): string[] {
  const one = filled(field(data, 'pack_id'));
  const list = field(data, 'pack_list');
  const many = Array.isArray(list) ? list.map((pack) => filled(field(pack, 'pack_id'))) : [];
  return [one, ...many].filter((id) => id !== undefined);
}

/** After "already shipped": whether every parcel that we told of stands in the order as it was read back. Else somebody else shipped it. */
export const isShippedAsTold = (order: NeutralMessage, parcels: readonly Parcel[]): boolean =>
  parcels.length > 0 &&
  parcels.every((told) =>
    order.shipments?.some(({ carrier, trackingNumber }) => carrier === told.carrier && trackingNumber === told.trackingNumber),
  );
