/** Telling Example Market what left, and our key into the seller's note. What it holds is asked first, so that a call whose answer was lost may be made again. */
import { sameNumber } from '@weir/core';
import type { Ask, Call, Failure, LeftParcel, PackIds, Told, WriteBack } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { withOrderKey } from '../note-mark.ts';
import { SHIP_CAUSES } from './tables.ts';

type Failed = Extract<Told, { done: false }>;
/** Causes of refusals that are not about shipping. */
const BY_CLASS = {
  retry: ['no_answer', 'later'],
  throttled: ['throttled', 'later'],
  token_expired: ['no_token', 'later'],
  already_done: ['shipped_otherwise', 'person'],
  do_not: ['refused', 'person'],
} as const satisfies Record<Failure['class'], readonly [Failed['cause'], Failed['next']]>;
const DONE = { done: true, packIds: {} } as const;

function failed(failure: Failure): Failed {
  const [cause, next] = SHIP_CAUSES.get(failure.code) ?? BY_CLASS[failure.class];
  return { done: false, packIds: {}, cause, next, failure };
}

export const getOrder = (order: string): Call => ({ method: 'order.get', params: { order } });

interface Held {
  readonly note: string;
  readonly parcels: readonly { readonly id: string; readonly number: string }[];
}
async function held(ask: Ask, id: string): Promise<{ readonly done: true; readonly order: Held } | Failed> {
  const answer = await ask(getOrder(id));
  if (!answer.ok) return failed(answer.failure);
  const order = new Fields(answer.data).child('order');
  const note = order.at('note');
  const parcels = order.each('parcels').map((parcel) => ({ id: parcel.text('id') ?? '', number: parcel.text('number') ?? '' }));
  return { done: true, order: { note: typeof note === 'string' ? note : '', parcels } };
}
const parcelWith = ({ parcels }: Held, number: string) => parcels.find((each) => sameNumber(each.number, number));

async function tellParcel(ask: Ask, id: string, parcel: LeftParcel, order: Held): Promise<Told> {
  const { carrier, trackingNumber: number, lines, requestId, former } = parcel;
  if (parcelWith(order, number)) return DONE;
  const before = former.map((each) => parcelWith(order, each)).find((each) => each !== undefined);
  const goods = lines.map(({ lineId, quantity }) => ({ line: lineId, count: quantity }));
  const call: Call =
    before === undefined
      ? { method: 'order.ship', params: { order: id, request: requestId, parcels: [{ carrier, number, goods }] } }
      : { method: 'order.correct', params: { order: id, parcel: before.id, carrier, number } };
  const answer = await ask(call);
  if (answer.ok) return DONE;
  if (answer.failure.class !== 'already_done') return failed(answer.failure);
  // "Already shipped": by us, and the answer was lost; or by somebody else.
  const again = await held(ask, id);
  if (!again.done) return again;
  return parcelWith(again.order, number) ? DONE : failed(answer.failure);
}

export const writeBack: WriteBack = {
  async tellShipped(ask, { id }, parcels) {
    const now = await held(ask, id);
    if (!now.done) return now;
    const packIds: PackIds = {}; // a parcel is found by its number, former ones too: nothing has to be remembered
    for (const parcel of parcels) {
      const told = await tellParcel(ask, id, parcel, now.order);
      if (!told.done) return { ...told, packIds };
    }
    return DONE;
  },
  async writeOrderKey(ask, { id }, orderKey) {
    const now = await held(ask, id);
    if (!now.done) return now;
    const note = withOrderKey(now.order.note, orderKey);
    if (note === null) return DONE;
    const written = await ask({ method: 'order.note', params: { order: id, note } });
    return written.ok ? DONE : failed(written.failure);
  },
};
