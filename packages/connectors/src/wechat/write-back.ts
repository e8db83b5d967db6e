/**
 * WeChat's half of write-back. What it holds is asked first, so that a call whose answer was lost may be made again without harm. Parcels are added one upload
 * after the other until the last one; from then on another upload is "shipping anew", which is allowed once and replaces all that was told. No field
 * of a payment can hold our order key.
 */
import type { WriteBackCause } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { sameNumber } from '@weir/core';
import type { Ask, Failure, LeftParcel, Told, WriteBack } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { orderOf } from './requests.ts';
import { type Known, MAX_PARCELS, type Remedy, UPLOAD_REMEDIES, uploadShipping } from './shipping.ts';
import { isTrue } from './shipments.ts';
import { BY_COURIER, ORDER_STATE } from './tables.ts';

type Failed = Extract<Told, { done: false }>;
const DONE: Told = { done: true, packIds: {} };

/** A parcel as it stands there. */
interface Stands {
  readonly number: string;
  readonly carrier: string | undefined;
}
interface Standing extends Known {
  readonly parcels: readonly Stands[];
  /** Something left without a number: fetched by the buyer, brought by the shop, or nothing that can be carried. */
  readonly isUnnumbered: boolean;
  readonly isFinished: boolean;
  readonly isSplit: boolean;
  /** Refunded, confirmed or settled: nothing will be shipped there any more. */
  readonly isOver: boolean;
}

export const wechatWriteBack: WriteBack = {
  async tellShipped(ask, order, parcels, now) {
    const first = await tellOnce(ask, order, parcels, now);
    // While it is not finished a number or carrier that was wrong stays beside the right one; finished, the order is told anew, which replaces all.
    return first === 'finished' ? asTold(await tellOnce(ask, order, parcels, now)) : asTold(first);
  },
};
const asTold = (ended: Told | 'finished'): Told => (ended === 'finished' ? DONE : ended);

async function tellOnce(ask: Ask, order: Subject, parcels: readonly LeftParcel[], now: number): Promise<Told | 'finished'> {
  const before = await lookAt(ask, order);
  if (!before.ok) return before.failed;
  const upload = uploadFor(before.standing, parcels);
  if (upload === null) return DONE;
  if (upload === 'others') return failed('shipped_otherwise', 'person');
  if (upload.parcels.length > MAX_PARCELS) return failed('refused', 'person');
  const answer = await ask(uploadShipping(before.standing, upload.parcels, upload.isAll, upload.isSplit, now));
  if (!answer.ok) return afterRefusal(ask, order, parcels, answer.failure);
  const isFinishedNow = upload.isAll && !before.standing.isFinished;
  return isFinishedNow && before.standing.parcels.some((stands) => isCorrected(stands, parcels)) ? 'finished' : DONE;
}

/** Whose parcel it is: one of ours under its number of today or of before. */
const isOurs = ({ number }: Stands, parcels: readonly LeftParcel[]): boolean =>
  parcels.some(({ trackingNumber, former }) => [trackingNumber, ...former].some((known) => sameNumber(known, number)));
/** The same number with the same carrier: under another carrier nobody finds it. That WeChat repeats a carrier as it was told is not proven. */
const isSame = ({ number, carrier }: Stands, parcel: LeftParcel): boolean =>
  sameNumber(number, parcel.trackingNumber) && (carrier === undefined || sameNumber(carrier, parcel.carrier));
/** Whether one of our parcels stood so before, and none does now. */
const isCorrected = (stands: Stands, parcels: readonly LeftParcel[]): boolean =>
  isOurs(stands, parcels) && !parcels.some((parcel) => isSame(stands, parcel));

interface Upload {
  readonly parcels: readonly LeftParcel[];
  readonly isAll: boolean;
  readonly isSplit: boolean;
}
/** What is to be told; null: nothing. `others`: it is finished there with parcels that are not ours, or without parcels. */
function uploadFor(
  { parcels: there, isUnnumbered, isFinished, isSplit }: Standing,
  parcels: readonly LeftParcel[],
): Upload | 'others' | null {
  const isAll = parcels.some((parcel) => parcel.isLast === true);
  const missing = parcels.filter((parcel) => !there.some((stands) => isSame(stands, parcel)));
  if (!isFinished) {
    if (missing.length === 0 && !isAll) return null;
    const told = missing.length > 0 ? missing : parcels.slice(-1);
    return { parcels: told, isAll, isSplit: isSplit || there.length > 0 || told.length > 1 || !isAll };
  }
  if (isUnnumbered || there.some((stands) => !isOurs(stands, parcels))) return missing.length === 0 ? null : 'others';
  const isRight = missing.length === 0 && !there.some((stands) => isCorrected(stands, parcels));
  return isRight ? null : { parcels, isAll: true, isSplit: parcels.length > 1 };
}

type Looked = { readonly ok: true; readonly standing: Standing } | { readonly ok: false; readonly failed: Failed };
async function lookAt(ask: Ask, order: Subject): Promise<Looked> {
  const answer = await ask(orderOf(order));
  if (!answer.ok) return { ok: false, failed: failedBy(answer.failure) };
  const found = new Fields(answer.data).child('order');
  const shipping = found.child('shipping');
  const [transactionId, openid] = [found.text('transaction_id'), found.text('openid')];
  if (transactionId === undefined || openid === undefined) return { ok: false, failed: failed('refused', 'later') };
  const state = ORDER_STATE.get(found.code('order_state') ?? '');
  const isOver = state === 'refunded' || state === 'confirmed';
  const entries = shipping.each('shipping_list');
  const parcels = entries.flatMap((entry): Stands[] => {
    const number = entry.text('tracking_no');
    return number === undefined ? [] : [{ number, carrier: entry.text('express_company') }];
  });
  const isSplit = shipping.text('delivery_mode') === '2';
  const standing = {
    transactionId,
    openid,
    description: found.text('description'),
    parcels,
    isUnnumbered: parcels.length === 0 || parcels.length < entries.length || shipping.text('logistics_type') !== BY_COURIER,
    isSplit,
    isOver,
    isFinished: isTrue(shipping, 'finish_shipping'),
  };
  return { ok: true, standing };
}

async function afterRefusal(ask: Ask, order: Subject, parcels: readonly LeftParcel[], failure: Failure): Promise<Told> {
  const remedy = UPLOAD_REMEDIES.get(failure.code);
  if (remedy !== 'look' && remedy !== 'look_used' && remedy !== 'look_ended') return failedBy(failure);
  const after = await lookAt(ask, order);
  if (!after.ok) return after.failed;
  if (remedy === 'look_ended') return after.standing.isOver ? failedBy(failure) : failed('after_sale_open', 'later', failure);
  return uploadFor(after.standing, parcels) === null ? DONE : failedBy(failure);
}

const CAUSES = {
  look: ['shipped_otherwise', 'person'],
  look_used: ['corrections_used', 'person'],
  wait: ['unpaid_there', 'later'],
  look_ended: ['ended_there', 'person'],
  number: ['number_wrong', 'person'],
  carrier: ['carrier_wrong', 'person'],
  contact: ['phone_needed', 'person'],
  too_many: ['refused', 'person'],
} as const satisfies Record<Remedy, readonly [WriteBackCause, Failed['next']]>;
const BY_CLASS = {
  retry: ['no_answer', 'later'],
  throttled: ['throttled', 'later'],
  token_expired: ['no_token', 'later'],
  already_done: ['no_answer', 'later'],
  do_not: ['refused', 'person'],
} as const satisfies Record<Failure['class'], readonly [WriteBackCause, Failed['next']]>;

const failed = (cause: WriteBackCause, next: Failed['next'], failure?: Failure): Failed => ({
  done: false,
  packIds: {},
  cause,
  next,
  ...(failure === undefined ? {} : { failure }),
});
function failedBy(failure: Failure): Failed {
  const remedy = UPLOAD_REMEDIES.get(failure.code);
  const [cause, next] = remedy === undefined ? BY_CLASS[failure.class] : CAUSES[remedy];
  return failed(cause, next, failure);
}
