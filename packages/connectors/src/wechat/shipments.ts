/** Parcels as get_order lists them. It never says what lies in which parcel. */
import type { NeutralOrder } from '@weir/contract';
import { chinaTime } from '../china-time.ts';
import { type Fields, isObject } from '../fields.ts';
import { BY_COURIER, IN_ONE } from './tables.ts';
import { neededSeconds } from './times.ts';

export type Shipment = NonNullable<NeutralOrder['shipments']>[number];
export interface Left {
  /** All that is to leave has left. */
  readonly isWhole: boolean;
  readonly shipments: readonly Shipment[];
  /** When the last parcel was told, seconds since 1970. */
  readonly at: number | undefined;
}

/**
 * Part of an order left, and nobody knows which part. A parcel without lines would stand for all of them, and a line's own id might be of the stand-in that
 * the shop's own lines replace: this one is no line's, so the parcel is seen and moves no line.
 */
const UNLISTED = { lineId: 'unlisted', quantity: 1 } as const;

const parcelId = (carrier: string, trackingNumber: string): string => `${carrier}_${trackingNumber}`.slice(0, 128);

export function leftIn(order: Fields): Left {
  const shipping = order.child('shipping');
  if (order.has('shipping') && !isObject(shipping.value)) order.complain('shipping', 'field.wrong_type', 'an object', '对象');
  const parcels = shipping.each('shipping_list');
  const isWhole = isTrue(shipping, 'finish_shipping') || (shipping.text('delivery_mode') === IN_ONE && parcels.length > 0);
  const times = parcels.flatMap((parcel) => parcel.seconds('upload_time') ?? []);
  // What the shop brings itself may have a number of its own; without a company it is no courier's parcel.
  const isCouriers = (parcel: Fields): boolean => parcel.has('tracking_no') && parcel.has('express_company');
  const byCourier = parcels.filter((parcel) => shipping.text('logistics_type') === BY_COURIER || isCouriers(parcel));
  const found = byCourier.flatMap((parcel) => shipment(parcel, isWhole));
  return {
    isWhole,
    shipments: [...new Map(found.map((each) => [each.id, each])).values()],
    at: times.length === 0 ? undefined : Math.max(...times),
  };
}

function shipment(parcel: Fields, isWhole: boolean): Shipment[] {
  const [trackingNumber, carrier] = [parcel.id('tracking_no'), parcel.id('express_company')];
  const at = neededSeconds(parcel, 'upload_time');
  if (carrier === undefined || trackingNumber === undefined || at === undefined) return [];
  return [{ id: parcelId(carrier, trackingNumber), carrier, trackingNumber, at: chinaTime(at), lines: isWhole ? [] : [UNLISTED] }];
}

/** JSON's own true, or the text of it in XML and careless senders. */
export function isTrue(from: Fields, name: string): boolean {
  const value = from.at(name);
  if (value === true || value === 'true') return true;
  if (from.has(name) && value !== false && value !== 'false') from.complain(name, 'field.wrong_type', 'true or false', 'true 或 false');
  return false;
}
