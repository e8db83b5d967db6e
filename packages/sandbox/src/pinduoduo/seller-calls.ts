/** What a seller's program may do on the simulated platform: ship, overwrite a number, put parcels beside the order's own, write a note. */
import * as act from '../market/actions.ts';
import { type Order, piecesLeft } from '../market/order.ts';
import { type Params, textIn } from '../market/params.ts';
import { type ShippingDesk as Desk, shipPacks, type WhyNot } from '../market/shipping.ts';
import { isWaiting } from './numbers.ts';
import { type Books, findOrder, listIn } from './queries.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

const WHY: Readonly<Record<WhyNot, Refusal>> = {
  unpaid: REFUSALS.mayNotShip,
  deposit_only: REFUSALS.mayNotShip,
  under_check: REFUSALS.mayNotShip,
  refunded: REFUSALS.mayNotShip,
  cancelled: REFUSALS.mayNotShip,
  finished: REFUSALS.notWaiting,
  already_shipped: REFUSALS.notWaiting,
  no_such_line: REFUSALS.mayNotShip,
  refund_open: REFUSALS.refundOpen,
  number_used: REFUSALS.numberUsed,
};
const MAX_NOTE = 300;
const isCarrier = (text: string): boolean => /^[1-9]\d*$/.test(text);

/** redelivery_type 1, or none: the order leaves, whole. 2: another number in place of the one that stands there. */
export function sendOrder(desk: Desk & Books, params: Params, now: number): object | Refusal {
  const order = findOrder(desk, params);
  const [company, number, how] = [
    textIn(params, 'logistics_id'),
    textIn(params, 'tracking_number'),
    Number(params['redelivery_type'] ?? 1),
  ];
  if (order === null) return REFUSALS.noSuchOrder;
  if (!isCarrier(company) || number === '') return REFUSALS.carrier;
  if (how === 2) return overwrite(desk, order, { company, number }, now);
  if (how !== 1 || !isWaiting(order)) return REFUSALS.notWaiting;
  const why = shipPacks(desk, order, [{ company, number, pieces: piecesLeft(order) }], now);
  return why === null ? { is_success: true } : WHY[why];
}

function overwrite(desk: Desk, order: Order, to: { readonly company: string; readonly number: string }, now: number): object | Refusal {
  const [own] = order.parcels;
  if (own === undefined) return REFUSALS.notSent;
  desk.tell(order, act.correctNumber(order, own, to, now));
  return { is_success: true };
}

/** Added to what stands there; one that stands there already is not added again. Whether the real one adds or replaces is not known. */
export function addParcels(desk: Desk & Books, params: Params, now: number): object | Refusal {
  const order = findOrder(desk, params);
  const wanted = listIn(textIn(params, 'extra_track_list'));
  if (order === null) return REFUSALS.noSuchOrder;
  if (isWaiting(order)) return REFUSALS.notSent;
  const parcels = (wanted ?? []).map((each) => ({ company: textIn(each, 'shipping_id'), number: textIn(each, 'tracking_number') }));
  if (parcels.length === 0 || parcels.some(({ company, number }) => !isCarrier(company) || number === '')) return REFUSALS.carrier;
  for (const { company, number } of parcels) {
    if (order.parcels.some((each) => each.number === number)) continue;
    desk.tell(order, act.ship(order, { packId: desk.nextId(), company, number, shippedAt: now, pieces: [] }, now));
  }
  return { success: true };
}

/** The whole note is replaced. Tags are looked at and not kept. */
export function writeNote(desk: Desk & Books, params: Params, now: number): object | Refusal {
  const order = findOrder(desk, params);
  const note = textIn(params, 'note');
  if (order === null) return REFUSALS.noSuchOrder;
  if (note.length > MAX_NOTE || (params['tag'] === undefined) !== (params['tag_name'] === undefined)) return REFUSALS.note;
  desk.tell(order, act.writeNote(order, note, now));
  return { success: true };
}
