/** Pinduoduo's half of write-back: what it holds is asked first, so that a call whose answer was lost may be made again without harm. */
import type { WriteBackCause } from '@weir/contract';
import { sameNumber } from '@weir/core';
import type { Ask, Call, Failure, LeftParcel, WriteBack } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { strangeAnswer } from '../no-answer.ts';
import { AFTER_SALE_STATUS, isOpen } from './after-sale-tables.ts';
import { isGiftLine } from './lines.ts';
import { writeKey } from './note.ts';
import { because, CAUSES, DONE, type Failed, failed, isYes, saidNo } from './told.ts';
import { orderDetail, refundCheck } from './requests.ts';
import { addParcels, isCarrier, type Parcel, sendOrder } from './shipping.ts';
import { parcelIn, parcelsIn } from './shipments.ts';
import { UNSHIPPED } from './status-tables.ts';

export const pinduoduoWriteBack: WriteBack = {
  async tellShipped(ask, { id }, parcels) {
    const before = await look(ask, id);
    if (!before.ok) return failed(before.failure);
    if (parcels.every((parcel) => before.standing.holds(parcel))) return holdsWrong(before.standing, parcels) ? OTHERWISE : DONE;
    if (parcels.some(({ carrier }) => !isCarrier(carrier))) return because('carrier_wrong', 'person');
    const told = before.hasLeft ? await tellMore(ask, id, parcels, before) : await tellFirst(ask, id, parcels, before);
    return told ?? DONE;
  },
  writeOrderKey: (ask, { id }, orderKey) => writeKey(ask, id, orderKey),
};

/** What stands at the platform. */
interface Standing {
  readonly ok: true;
  readonly order: Fields;
  readonly hasLeft: boolean;
  readonly own: Parcel | null;
  readonly standing: Parcels;
}
class Parcels {
  readonly parcels: readonly Parcel[];
  constructor(parcels: readonly Parcel[]) {
    this.parcels = parcels;
  }
  has(number: string): boolean {
    return this.parcels.some(({ trackingNumber }) => sameNumber(trackingNumber, number));
  }
  /** With its carrier; one in another platform's word cannot be compared. */
  holds(parcel: Parcel): boolean {
    const isIt = (each: Parcel): boolean => each.carrier === parcel.carrier || !isCarrier(parcel.carrier);
    return this.parcels.some((each) => sameNumber(each.trackingNumber, parcel.trackingNumber) && isIt(each));
  }
}

async function look(ask: Ask, id: string): Promise<Standing | { readonly ok: false; readonly failure: Failure }> {
  const answer = await ask(orderDetail(id));
  if (!answer.ok) return answer;
  const order = new Fields(answer.data).child('order_info');
  if (order.text('order_sn') !== id) return strangeAnswer(answer);
  const hasLeft = order.text('order_status') !== UNSHIPPED;
  const parcels = hasLeft ? parcelsIn(order).flatMap(({ parcel }) => parcel ?? []) : [];
  return { ok: true, order, hasLeft, own: hasLeft ? parcelIn(order) : null, standing: new Parcels(parcels) };
}

/** A parcel with goods in it is the order's own; gifts alone travel beside it, and are told with it: alone they would say that the goods have left. */
const ownOf = (parcels: readonly LeftParcel[], order: Fields): LeftParcel | undefined =>
  parcels.find(({ lines }) => !isOfGifts(lines)) ?? (order.each('item_list').length === 0 ? parcels[0] : undefined);
const isOfGifts = (lines: LeftParcel['lines']): boolean => lines.length > 0 && lines.every(({ lineId }) => isGiftLine(lineId));

/** The order still waits there. Null: all was told that can be told yet. */
async function tellFirst(ask: Ask, id: string, parcels: readonly LeftParcel[], before: Standing): Promise<Failed | null> {
  const own = ownOf(parcels, before.order);
  if (own === undefined) return null;
  const hindrance = hindranceOf(before.order);
  if (hindrance !== null) return because(...hindrance);
  const checked = await ask(refundCheck([id]));
  if (!checked.ok) return failed(checked.failure);
  const inAfterSale = new Fields(checked.data).each('order_sns_exists_refund').some((each) => (each.text('order_sn') ?? each.value) === id);
  if (inAfterSale) return because('after_sale_open', 'later');
  const told = await tell(ask, id, sendOrder(id, own, 'first'), own);
  return (
    told ??
    tellBeside(
      ask,
      id,
      parcels.filter((each) => each !== own),
      new Parcels([]),
    )
  );
}

/** It has left there: a number or a carrier of ours is put right, or parcels are put beside the one that stands. */
async function tellMore(ask: Ask, id: string, parcels: readonly LeftParcel[], { own, standing }: Standing): Promise<Failed | null> {
  const isOwn = (numbers: readonly string[]): boolean => own !== null && numbers.some((number) => sameNumber(number, own.trackingNumber));
  const corrected = parcels.find((parcel) => {
    const { trackingNumber, former } = parcel;
    return isOwn([trackingNumber]) ? !standing.holds(parcel) : !standing.has(trackingNumber) && isOwn(former);
  });
  const first = corrected ?? parcels.find(({ trackingNumber }) => isOwn([trackingNumber]));
  if (first === undefined) return because('shipped_otherwise', 'person');
  if (corrected !== undefined) {
    const told = await tell(ask, id, sendOrder(id, corrected, 'overwrite'), corrected);
    if (told !== null) return told;
  }
  return tellBeside(
    ask,
    id,
    parcels.filter((each) => each !== first),
    standing,
  );
}

/**
 * Further parcels, all of them at once, for no source says whether the platform adds to its list or replaces it. A number or a carrier that was wrong and still stands
 * there afterwards is shown to a person: no call takes one away.
 */
async function tellBeside(ask: Ask, id: string, parcels: readonly LeftParcel[], standing: Parcels): Promise<Failed | null> {
  for (const what of ['part', 'gift'] as const) {
    const these = parcels.filter(({ lines }) => isOfGifts(lines) === (what === 'gift'));
    const missing = these.filter(({ trackingNumber }) => !standing.has(trackingNumber));
    const [first] = missing;
    if (first === undefined) continue;
    const told = await tell(ask, id, addParcels(id, these, what), first);
    if (told !== null) return told;
  }
  if (!holdsWrong(standing, parcels)) return null;
  const after = await look(ask, id);
  if (!after.ok) return failed(after.failure);
  return holdsWrong(after.standing, parcels) ? OTHERWISE : null;
}
const OTHERWISE = because('shipped_otherwise', 'person');
/** Whether a number stands there that one of our parcels had before, and none has now; or one of ours with another carrier. */
const holdsWrong = (standing: Parcels, parcels: readonly LeftParcel[]): boolean => {
  const right = new Parcels(parcels);
  const isWrong = (parcel: LeftParcel): boolean => standing.has(parcel.trackingNumber) && !standing.holds(parcel);
  return parcels.some((parcel) => isWrong(parcel) || parcel.former.some((number) => standing.has(number) && !right.has(number)));
};

/** One call. After a no the order is read back: our parcel there is a success, whatever was said, and else its state says why. */
async function tell(ask: Ask, id: string, call: Call, parcel: Parcel): Promise<Failed | null> {
  const answer = await ask(call);
  if (isYes(answer)) return null;
  const failure = answer.ok ? saidNo(answer) : answer.failure;
  if (failure.class !== 'do_not' && failure.class !== 'already_done') return failed(failure);
  const after = await look(ask, id);
  if (!after.ok) return failed(after.failure);
  if (after.standing.holds(parcel)) return null;
  if (after.hasLeft) return because(call.method === 'pdd.logistics.online.send' ? 'shipped_otherwise' : 'refused', 'person', failure);
  return because(...(hindranceOf(after.order) ?? CAUSES[failure.class]), failure);
}

/**
 * Why the order itself may not be shipped there. Neither its refusals' codes nor their words are documented anywhere that we know of, so the
 * order's own state is what tells: it is looked at before we call, and again after a no.
 */
function hindranceOf(order: Fields): readonly [WriteBackCause, Failed['next']] | null {
  const is = (name: string, ...codes: readonly string[]): boolean => codes.includes(order.text(name) ?? '');
  if (is('confirm_status', '2') || is('group_status', '2') || is('refund_status', '4')) return ['ended_there', 'person'];
  if (is('refund_status', '2', '3') || isOpen(AFTER_SALE_STATUS.get(order.text('after_sales_status') ?? '') ?? 'none'))
    return ['after_sale_open', 'later'];
  if (is('risk_control_status', '1')) return ['risk_check', 'later'];
  const step = order.child('step_order_info').text('step_trade_status');
  return step === '0' || step === '1' ? ['unpaid_there', 'person'] : null;
}
