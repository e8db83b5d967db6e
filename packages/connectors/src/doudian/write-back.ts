/** Douyin's half of write-back: what it holds is asked first, so that a call whose answer was lost may be made again without harm. */
import type { WriteBackCause } from '@weir/contract';
import { sameNumber } from '@weir/core';
import type { Answer, Ask, Call, Failure, LeftParcel, PackIds, Told, WriteBack } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { missingPieces, requestIdOfRest } from '../missing-pieces.ts';
import { strangeAnswer } from '../no-answer.ts';
import { withOrderKey } from '../note-mark.ts';
import { orderId as orderIdOf } from './ids.ts';
import { writeRemark } from './remark.ts';
import { orderDetail } from './requests.ts';
import { correctTracking, type Parcel, readShipAnswer, type Remedy, shipParcels } from './shipping.ts';

/** A parcel as the detail lists it. What came into it later stands beside it, under the same number. */
interface Listed extends Parcel {
  readonly packId: string | undefined;
  /** What lies in it; none: it does not say, and holds all of what was told. */
  readonly lines: LeftParcel['lines'];
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
      listed = withTold(listed, parcel);
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
    lines: piecesIn(parcel),
  }));
  return { done: true, listed };
}
/** None where one of them cannot be read: it does not say what it holds. */
function piecesIn(parcel: Fields): LeftParcel['lines'] {
  const items = parcel.each('product_info');
  const pieces = items.flatMap((item) => {
    const [lineId, quantity] = [orderIdOf(item, 'sku_order_id'), item.whole('product_count')];
    return lineId === undefined || quantity === undefined ? [] : [{ lineId, quantity }];
  });
  return pieces.length === items.length ? pieces : [];
}

const CARRIER_CODE = /^[a-z]\w*$/i;
/** Not proven that the detail always tells the code that we send: what is no code cannot be compared, and is not told again for ever. */
const isOtherCarrier = (told: string, ours: string): boolean => CARRIER_CODE.test(told) && told.toLowerCase() !== ours.toLowerCase();

const isAsSaid = (each: Parcel, { carrier, trackingNumber }: Parcel): boolean =>
  sameNumber(each.trackingNumber, trackingNumber) && !isOtherCarrier(each.carrier, carrier);
/** What stands there under a number that the parcel has or had. */
const ofParcel = ({ trackingNumber, former }: LeftParcel, listed: readonly Listed[]): readonly Listed[] =>
  listed.filter((each) => [trackingNumber, ...former].some((number) => sameNumber(each.trackingNumber, number)));

/** What of the parcel does not stand there. */
function restOf(parcel: LeftParcel, there: readonly Listed[]): LeftParcel['lines'] {
  const told = there.flatMap(({ lines }) => lines);
  return there.some(({ lines }) => lines.length === 0) ? [] : missingPieces(parcel, told);
}

/** What stands there once the parcel is told. */
const withTold = (listed: readonly Listed[], parcel: LeftParcel): readonly Listed[] => {
  const there = ofParcel(parcel, listed);
  return [...listed.filter((each) => !there.includes(each)), { ...parcel, packId: parcel.packId }];
};

/** First what stands there is made right, then what is missing is told under the same number. */
async function tellParcel(ask: Ask, orderId: string, parcel: LeftParcel, listed: readonly Listed[]): Promise<Told> {
  const there = ofParcel(parcel, listed);
  for (const each of there.filter((one) => !isAsSaid(one, parcel))) {
    // The number that the platform gave when it was told names the first of them; the detail may number parcels otherwise.
    const packId = there.length === 1 ? (parcel.packId ?? each.packId) : each.packId;
    const isCorrected = (then: readonly Listed[]): boolean => then.some((one) => isAsSaid(one, parcel));
    const corrected = await judged(ask, orderId, parcel, correctTracking(orderId, parcel, packId), isCorrected);
    if (!corrected.done) return corrected;
  }
  const rest = restOf(parcel, there);
  if (rest.length === 0) return { done: true, packIds: {} };
  const requestId = there.length === 0 ? parcel.requestId : requestIdOfRest(parcel, rest);
  const call = shipParcels(orderId, requestId, [{ ...parcel, lines: rest }]);
  return judged(
    ask,
    orderId,
    parcel,
    call,
    (then) => then.some((one) => isAsSaid(one, parcel)) && restOf(parcel, ofParcel(parcel, then)).length === 0,
  );
}

/** Makes the call; where it is refused as done before, what stands there decides. */
async function judged(
  ask: Ask,
  orderId: string,
  parcel: LeftParcel,
  call: Call,
  isSettled: (then: readonly Listed[]) => boolean,
): Promise<Told> {
  const answer = readShipAnswer(await ask(call));
  if (answer.done) {
    const [packId] = answer.packIds;
    return { done: true, packIds: packId === undefined || parcel.packId !== undefined ? {} : { [parcel.id]: packId } };
  }
  if (answer.remedy === 'read_back') {
    const again = await listParcels(ask, orderId);
    if (!again.done) return again;
    if (isSettled(again.listed)) return { done: true, packIds: {} };
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
