/** Douyin's half of write-back: what it holds is asked first, so that a call whose answer was lost may be made again without harm. */
import type { WriteBackCause } from '@weir/contract';
import { sameNumber } from '@weir/core';
import type { Answer, Ask, Failure, LeftParcel, PackIds, Told, WriteBack } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { strangeAnswer } from '../no-answer.ts';
import { withOrderKey } from '../note-mark.ts';
import { orderId as orderIdOf } from './ids.ts';
import { writeRemark } from './remark.ts';
import { orderDetail } from './requests.ts';
import { correctTracking, type Parcel, readShipAnswer, type Remedy, shipParcels } from './shipping.ts';

/** A parcel as the detail lists it. */
interface Listed extends Parcel {
  readonly packId: string | undefined;
}
type Failed = Extract<Told, { done: false }>;

/** What a remedy is called for people, and whether time alone may settle it. `read_back` was read back, and is something else. */
const CAUSES = {
  read_back: ['shipped_otherwise', 'person'],
  stop: ['ended_there', 'person'],
  hold: ['after_sale_open', 'later'],
  wait: ['risk_check', 'later'],
  fix_number: ['number_wrong', 'person'],
  new_number: ['number_used', 'person'],
  other_carrier: ['carrier_wrong', 'person'],
  retry: ['no_answer', 'later'],
  slow_down: ['throttled', 'later'],
  new_token: ['no_token', 'later'],
  ask_person: ['refused', 'person'],
} as const satisfies Record<Remedy, readonly [WriteBackCause, Failed['next']]>;
const UNPAID = '60137';
/** Its sub_code belongs to the family that is retried; people are told the truth. */
const THROTTLED = '60000';

export const doudianWriteBack: WriteBack = {
  async tellShipped(ask, { id: orderId }, parcels) {
    const read = await listParcels(ask, orderId);
    if (!read.done) return read;
    let [packIds, { listed }]: [PackIds, typeof read] = [{}, read];
    for (const parcel of parcels) {
      const told = await tellParcel(ask, orderId, parcel, listed);
      packIds = { ...packIds, ...told.packIds };
      if (!told.done) return { ...told, packIds };
      listed = withTold(listed, parcel, told.packIds[parcel.id]);
    }
    return { done: true, packIds };
  },
  async writeOrderKey(ask, { id: orderId }, orderKey) {
    const answer = await ask(orderDetail(orderId));
    if (!answer.ok) return failed(answer.failure);
    const order = orderIn(answer, orderId);
    if (order === null) return failed(strangeAnswer(answer).failure);
    const words = withOrderKey(noteIn(order), orderKey);
    if (words === null) return { done: true, packIds: {} };
    const written = await ask(writeRemark(orderId, words));
    return written.ok ? { done: true, packIds: {} } : failed(written.failure);
  },
};

/** Null when the answer is not about this order: it must not look like one without a note or a parcel. */
function orderIn({ data }: Extract<Answer, { ok: true }>, orderId: string): Fields | null {
  const order = new Fields(data).child('shop_order_detail');
  return orderIdOf(order, 'order_id') === orderId ? order : null;
}
/** Absent and empty are the same: then nobody has written anything. A note is kept character by character, spaces too. */
function noteIn(order: Fields): string {
  const note = order.at('seller_words');
  return typeof note === 'string' ? note : '';
}

async function listParcels(ask: Ask, orderId: string): Promise<Failed | { readonly done: true; readonly listed: readonly Listed[] }> {
  const answer = await ask(orderDetail(orderId));
  if (!answer.ok) return failed(answer.failure);
  const order = orderIn(answer, orderId);
  if (order === null) return failed(strangeAnswer(answer).failure);
  const listed = order.each('logistics_info').map((parcel) => ({
    carrier: parcel.text('company') ?? '',
    trackingNumber: parcel.text('tracking_no') ?? '',
    packId: parcel.text('delivery_id'),
  }));
  return { done: true, listed };
}
const under = (listed: readonly Listed[], trackingNumber: string): Listed | undefined =>
  listed.find((each) => sameNumber(each.trackingNumber, trackingNumber));
const holds = (listed: readonly Listed[], { carrier, trackingNumber }: Parcel): boolean =>
  listed.some((each) => sameNumber(each.trackingNumber, trackingNumber) && !isOtherCarrier(each.carrier, carrier));

const CARRIER_CODE = /^[a-z]\w*$/i;
/** Not proven that the detail always tells the code that we send: what is no code cannot be compared, and is not told again for ever. */
const isOtherCarrier = (told: string, ours: string): boolean => CARRIER_CODE.test(told) && told.toLowerCase() !== ours.toLowerCase();

/** What stands there now. */
function withTold(
  listed: readonly Listed[],
  { carrier, trackingNumber, former }: LeftParcel,
  packId: string | undefined,
): readonly Listed[] {
  const isIt = (each: Listed): boolean => [trackingNumber, ...former].some((number) => sameNumber(each.trackingNumber, number));
  const known = listed.find(isIt);
  return [...listed.filter((each) => each !== known), { carrier, trackingNumber, packId: packId ?? known?.packId }];
}

async function tellParcel(ask: Ask, orderId: string, parcel: LeftParcel, listed: readonly Listed[]): Promise<Told> {
  if (holds(listed, parcel)) return { done: true, packIds: {} };
  const { carrier, trackingNumber, lines, requestId } = parcel;
  const before = [trackingNumber, ...parcel.former].map((number) => under(listed, number)).find((each) => each !== undefined);
  const call =
    before === undefined
      ? shipParcels(orderId, requestId, [{ carrier, trackingNumber, lines }])
      : correctTracking(orderId, { carrier, trackingNumber }, parcel.packId ?? before.packId);
  const answer = readShipAnswer(await ask(call));
  if (answer.done) {
    const [packId] = answer.packIds;
    return { done: true, packIds: packId === undefined ? {} : { [parcel.id]: packId } };
  }
  if (answer.remedy === 'read_back') {
    const again = await listParcels(ask, orderId);
    if (!again.done) return again;
    if (holds(again.listed, parcel)) return { done: true, packIds: {} };
  }
  return failed(answer.failure, answer.remedy);
}

function failed(failure: Failure, remedy: Remedy = OF_CLASS[failure.class]): Failed {
  const isThrottled = failure.code === THROTTLED;
  const isUnpaid = failure.subCode.endsWith(`:${UNPAID}`);
  const [cause, next] = isUnpaid ? (['unpaid_there', 'person'] as const) : CAUSES[isThrottled ? 'slow_down' : remedy];
  return { done: false, packIds: {}, cause, next, failure };
}
/** Of calls that ship nothing. */
const OF_CLASS = {
  retry: 'retry',
  throttled: 'slow_down',
  token_expired: 'new_token',
  already_done: 'retry',
  do_not: 'ask_person',
} as const satisfies Record<Failure['class'], Remedy>;
