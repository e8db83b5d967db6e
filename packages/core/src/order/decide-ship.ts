/** Reporting that parcels left: per line and per piece, in one or several parcels; and correcting what a parcel that left was said to be. */
import type { OrderStatus } from '@weir/contract';
import { formatInstant, parseInstant } from '../instant.ts';
import { ofId } from './by-id.ts';
import { accept, type Decision, holdNames, refuse, type Refused } from './decision.ts';
import type { OwnShipment, Shipment } from './facts.ts';
import type { Seen } from './events-of.ts';
import { hasLeft } from './has-left.ts';
import { carriesTheRest, parcelsOf, sameNumber } from './parcels.ts';
import { sameValue } from './register.ts';

export interface ShipParcel {
  /** Without one: the parcel of this tracking number, whose id is the number itself. */
  readonly id?: string;
  readonly carrier: string;
  readonly trackingNumber: string;
  /** When it left; without it: now. */
  readonly at?: string;
  /** Without them: every piece that has not left. Of a parcel that is known: the pieces it was said to hold. */
  readonly lines?: Shipment['lines'];
}
/** A label is corrected once or twice; more than this many numbers is a program that runs in circles. */
export const MAX_NUMBERS_OF_PARCEL = 20;
const MAX_SKEW_MS = 600_000;

type Told = Readonly<Record<string, Shipment>>;
const isRefused = (value: Told | Refused): value is Refused => value['ok'] === false;

/** All parcels or none. A repeat adds no fact. */
export function decideShip(order: Seen, asked: readonly ShipParcel[], at: number): Decision {
  let told: Told = {};
  for (const parcel of asked) {
    const next = addParcel(order, told, parcel, at);
    if (isRefused(next)) return next;
    told = next;
  }
  if (Object.keys(told).length === 0) return accept();
  const newest = Math.max(0, ...Object.keys(told).map((id) => ofId(order.facts.ownShipments, id)?.at ?? 0));
  return accept({ type: 'shipped', at: Math.max(at, newest + 1), shipments: told });
}

/** A parcel that has left is out, whatever holds the order: only its number and carrier are corrected. Anything else is a move. */
function addParcel(order: Seen, told: Told, asked: ShipParcel, at: number): Told | Refused {
  if (asked.at !== undefined && !mayHaveLeftAt(order, asked.at, at)) return refuse('order.impossible_ship_time', { time: asked.at });
  const id = asked.id ?? idOfNumber(order, told, asked.trackingNumber) ?? asked.trackingNumber;
  const known = ofId(told, id) ?? ofId(order.facts.ownShipments, id)?.value;
  const taken = idOfNumber(order, told, asked.trackingNumber);
  if (taken !== undefined && taken !== id)
    return refuse('order.tracking_number_known', { trackingNumber: asked.trackingNumber, shipmentId: taken });
  const lines = known && (asked.lines === undefined || sameLines(asked.lines, known.lines)) ? known.lines : undefined;
  const value = (pieces: Shipment['lines']): Shipment => ({
    carrier: asked.carrier,
    trackingNumber: asked.trackingNumber,
    at: asked.at ?? known?.at ?? formatInstant(at),
    lines: pieces,
  });
  if (known && lines) return corrected(order, told, id, known, value(lines));
  const pieces = mayLeave(order) ?? piecesOf(order, told, id, asked);
  return 'ok' in pieces ? pieces : { ...told, [id]: value(pieces) };
}

/** A real day, not before the order was placed, and not in the future beyond what two clocks may differ. */
function mayHaveLeftAt({ facts }: Seen, text: string, now: number): boolean {
  const [left, placed] = [parseInstant(text), parseInstant(facts.content.placedAt?.value ?? '')];
  return left !== null && left <= now + MAX_SKEW_MS && (placed === null || left >= placed);
}

function corrected({ facts }: Seen, told: Told, id: string, known: Shipment, value: Shipment): Told | Refused {
  const numbers = ofId(facts.ownShipments, id)?.numbers ?? [];
  if (sameValue(value, known)) return told;
  if (numbers.length >= MAX_NUMBERS_OF_PARCEL && !numbers.includes(value.trackingNumber))
    return refuse('order.too_many_corrections', { shipmentId: id, limit: MAX_NUMBERS_OF_PARCEL });
  return { ...told, [id]: value };
}

function idOfNumber({ facts }: Seen, told: Told, trackingNumber: string): string | undefined {
  const all: readonly [string, Shipment][] = [
    ...Object.entries(facts.ownShipments).map(([id, { value }]: [string, OwnShipment]): [string, Shipment] => [
      id,
      ofId(told, id) ?? value,
    ]),
    ...Object.entries(told),
  ];
  return all.find(([, value]) => sameNumber(value.trackingNumber, trackingNumber))?.[0];
}

const textOfLines = (lines: Shipment['lines']): string => JSON.stringify(lines.map((line) => [line.lineId, line.quantity]).sort());
const sameLines = (a: Shipment['lines'], b: Shipment['lines']): boolean => textOfLines(a) === textOfLines(b);

/** Why nothing may leave; undefined when it may. The same reasons as `mayShip`, as a refusal. */
function mayLeave({ view }: Seen): Refused | undefined {
  if (view.status === null) return refuse('order.no_status');
  if (view.status === 'cancelled' || view.status === 'closed') return refuse('order.already_ended');
  if (view.holds.length > 0) return refuse('order.is_held', { holds: holdNames(view.holds) });
  if (view.status === 'awaiting_payment') return refuse('order.not_paid');
  return undefined;
}

function piecesOf(order: Seen, told: Told, id: string, asked: ShipParcel): Shipment['lines'] | Refused {
  const left = leftOf(order, told, id, asked.trackingNumber);
  if (asked.lines === undefined) {
    const rest = order.view.lines.filter((line) => !isEnded(line.status) && (left.get(line.lineId) ?? 0) > 0);
    return rest.length === 0
      ? refuse('order.nothing_to_ship')
      : rest.map(({ lineId }) => ({ lineId, quantity: left.get(lineId) as number }));
  }
  for (const { lineId, quantity } of asked.lines) {
    const line = order.view.lines.find((each) => each.lineId === lineId);
    if (!line) return refuse('order.line_not_found', { lineId });
    if (isEnded(line.status)) return refuse('order.step_not_allowed', { lineId, from: line.status, to: 'shipped' });
    const still = left.get(lineId) ?? 0;
    if (quantity > still) return refuse('order.too_many_pieces', { lineId, left: still });
    left.set(lineId, still - quantity);
  }
  return asked.lines;
}
const isEnded = (status: OrderStatus): boolean => status === 'cancelled' || status === 'closed';

/** Pieces that are in no parcel but this one; a channel's word of the same number is this one. */
function leftOf({ facts, view }: Seen, told: Told, id: string, trackingNumber: string): Map<string, number> {
  const left = new Map(view.lines.map((line) => [line.lineId, line.quantity]));
  const known = new Set(left.keys());
  const before = parcelsOf(facts).filter((parcel) => parcel.own !== true || ofId(told, parcel.id) === undefined);
  for (const parcel of [...before, ...Object.entries(told).map(([key, value]) => ({ id: key, own: true as const, ...value }))]) {
    if ((parcel.own === true && parcel.id === id) || sameNumber(parcel.trackingNumber, trackingNumber)) continue;
    const lines = carriesTheRest(parcel, known) ? view.lines : parcel.lines;
    for (const { lineId, quantity } of lines) left.set(lineId, Math.max(0, (left.get(lineId) ?? 0) - quantity));
  }
  for (const { lineId } of view.lines) if (isSaidToHaveLeft(facts, lineId, trackingNumber)) left.set(lineId, 0);
  return left;
}

/** Whether others say that a line left, and not with this number. Where a parcel of ours holds some of it, they may only repeat our own word. */
function isSaidToHaveLeft({ lineStatus, live, ownShipments, shipments }: Seen['facts'], lineId: string, trackingNumber: string): boolean {
  const holds = ({ lines }: Shipment): boolean => lines.some((line) => line.lineId === lineId);
  const ours = Object.values(ownShipments).map(({ value }) => value);
  const isTold = hasLeft(ofId(lineStatus, lineId)?.value) || (ours.length === 0 && hasLeft(live?.value));
  if (!isTold || ours.some(holds)) return false;
  const same = Object.values(shipments).filter(({ value }) => sameNumber(value.trackingNumber, trackingNumber));
  return !same.some(({ value }) => value.lines.length === 0 || holds(value));
}
