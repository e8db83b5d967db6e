/** Telling Example Market what left, and our key into the seller's note. What it holds is asked first, so that a call whose answer was lost may be made again. */
import { sameNumber } from '@weir/core';
import type { Ask, Call, Failure, LeftParcel, PackIds, Told, WriteBack } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { missingPieces, requestIdOfRest } from '../missing-pieces.ts';
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

interface Standing {
  readonly id: string;
  readonly carrier: string;
  readonly number: string;
  readonly lines: LeftParcel['lines'];
}
interface Held {
  readonly note: string;
  readonly parcels: readonly Standing[];
}
async function held(ask: Ask, id: string): Promise<{ readonly done: true; readonly order: Held } | Failed> {
  const answer = await ask(getOrder(id));
  if (!answer.ok) return failed(answer.failure);
  const order = new Fields(answer.data).child('order');
  const note = order.at('note');
  const parcels = order.each('parcels').map(standing);
  return { done: true, order: { note: typeof note === 'string' ? note : '', parcels } };
}
const standing = (parcel: Fields): Standing => ({
  id: parcel.text('id') ?? '',
  carrier: parcel.text('carrier') ?? '',
  number: parcel.text('number') ?? '',
  lines: parcel.each('goods').map((each) => ({ lineId: each.text('line') ?? '', quantity: each.whole('count') ?? 0 })),
});
/** What came into a parcel later stands beside it, under the same number. */
const standingOf = ({ trackingNumber, former }: LeftParcel, { parcels }: Held): readonly Standing[] =>
  parcels.filter(({ number }) => [trackingNumber, ...former].some((each) => sameNumber(each, number)));
const isAsSaid = (each: Standing, { carrier, trackingNumber }: LeftParcel): boolean =>
  each.carrier === carrier && sameNumber(each.number, trackingNumber);

/** What is not as it should be there: each as one call. */
function callsFor(id: string, parcel: LeftParcel, order: Held): readonly Call[] {
  const { carrier, trackingNumber: number, requestId } = parcel;
  const there = standingOf(parcel, order);
  const wrong = there.filter((each) => !isAsSaid(each, parcel));
  const corrections = wrong.map((each): Call => ({ method: 'order.correct', params: { order: id, parcel: each.id, carrier, number } }));
  const rest = missingPieces(
    parcel,
    there.flatMap(({ lines }) => lines),
  );
  if (rest.length === 0) return corrections;
  const request = there.length === 0 ? requestId : requestIdOfRest(parcel, rest);
  const goods = rest.map(({ lineId, quantity }) => ({ line: lineId, count: quantity }));
  return [...corrections, { method: 'order.ship', params: { order: id, request, parcels: [{ carrier, number, goods }] } }];
}

async function tellParcel(ask: Ask, id: string, parcel: LeftParcel, order: Held): Promise<Told> {
  for (const call of callsFor(id, parcel, order)) {
    const answer = await ask(call);
    if (answer.ok) continue;
    if (answer.failure.class !== 'already_done') return failed(answer.failure);
    // "Already shipped": by us, and the answer was lost; or by somebody else.
    const again = await held(ask, id);
    if (!again.done) return again;
    if (callsFor(id, parcel, again.order).length > 0) return failed(answer.failure);
  }
  return DONE;
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
