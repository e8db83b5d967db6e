/**
 * The parcels of an order, each counted once: those we reported ourselves, and those a channel tells of. Both tell of one parcel when its tracking
 * number is the same. A number that we corrected hides what a channel still tells of the old one; a parcel that the channel's newest list no longer
 * names is gone.
 */
import { sortedIds, valuesById } from './by-id.ts';
import type { OrderFacts, OwnShipment, ParcelList, Shipment } from './facts.ts';
import { hear } from './register.ts';
import { RANK } from './facts.ts';

export interface Parcel extends Shipment {
  readonly id: string;
  /** Reported by us: the channel has to be told. */
  readonly own?: true;
  /** Numbers that it was said to have before. */
  readonly former?: string[];
}

/**
 * Whether a parcel stands for everything that no other one lists. One that lists nothing does. So does one of our own whose lines are all gone: a channel
 * that knew no lines has named others since, which of them it carried cannot be told, and nothing may leave twice. What a channel lists of lines
 * that the order does not have moves none of them.
 */
export const carriesTheRest = ({ lines, own }: Pick<Parcel, 'lines' | 'own'>, known: ReadonlySet<string>): boolean =>
  lines.length === 0 || (own === true && known.size > 0 && lines.every(({ lineId }) => !known.has(lineId)));

/** Two spellings of one number on a label. */
export const sameNumber = (a: string, b: string): boolean => numberOf(a) === numberOf(b);
const numberOf = (text: string): string => text.trim().toUpperCase();

export function parcelsOf(facts: OrderFacts): Parcel[] {
  const { ownShipments, shipments, parcelList } = facts;
  const ownIds = sortedIds(ownShipments);
  if (ownIds.length === 0 && parcelList === undefined) return valuesById(shipments);
  const told = valuesById(shipments).filter(({ id }) => !isGone(facts, id));
  const ours = ownIds.map((id) => ownShipments[id] as OwnShipment);
  const hidden = new Set(ours.flatMap((own) => own.numbers.map(numberOf)));
  const others = told.filter((parcel) => !hidden.has(numberOf(parcel.trackingNumber)));
  const standing = ownIds.filter((id) => others.length === 0 || !isReplaced(facts, ownShipments[id] as OwnShipment));
  return [...standing.map((id) => ownParcel(id, ownShipments[id] as OwnShipment)), ...others];
}

function ownParcel(id: string, { value, numbers }: OwnShipment): Parcel {
  const former = numbers.filter((number) => number !== value.trackingNumber);
  return { id, ...value, own: true, ...(former.length > 0 ? { former } : {}) };
}

/** Told before the channel's newest list, and not in it. At the very same time it stays: which came first cannot be told. */
const isGone = ({ shipments, parcelList }: OrderFacts, id: string): boolean =>
  parcelList !== undefined && (shipments[id]?.at ?? 0) < parcelList.at && !parcelList.ids.includes(id);

/** The channel knew our number and, after we last spoke, names another in its place: somebody corrected it there. */
function isReplaced(facts: OrderFacts, own: OwnShipment): boolean {
  if (facts.parcelList === undefined || facts.parcelList.at <= own.at) return false;
  const known = Object.keys(facts.shipments).filter((id) =>
    sameNumber(facts.shipments[id]?.value.trackingNumber ?? '', own.value.trackingNumber),
  );
  return known.length > 0 && known.every((id) => isGone(facts, id));
}

/** The newest word of ours wins; every number that the parcel ever had is remembered. */
export function hearOwn(before: OwnShipment | undefined, at: number, value: Shipment): OwnShipment {
  const heard = hear(before, at, RANK.person, value);
  const known = before?.numbers ?? [];
  const numbers = known.includes(value.trackingNumber) ? known : [...known, value.trackingNumber].sort();
  return heard === before && numbers === known ? before : { ...heard, numbers };
}

/** Of two lists with one time neither is older: what either names is there. */
export function hearList(before: ParcelList | undefined, at: number, ids: readonly string[]): ParcelList {
  if (before === undefined || at > before.at) return { at, ids: [...ids].sort() };
  const missing = at === before.at ? ids.filter((id) => !before.ids.includes(id)) : [];
  return missing.length === 0 ? before : { at, ids: [...before.ids, ...missing].sort() };
}
