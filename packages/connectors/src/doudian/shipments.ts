/** Parcels of an order, from the detail's logistics_info and from the push of a shipment. */
import type { NeutralOrder } from '@weir/contract';
import { chinaTime } from '../china-time.ts';
import type { Fields } from '../fields.ts';
import { orderId } from './ids.ts';
import { ORDER_STATUS } from './status-tables.ts';

export type Shipment = NonNullable<NeutralOrder['shipments']>[number];
type Piece = Shipment['lines'][number];

/**
 * The detail calls a parcel `delivery_id`, the push `pack_id`, and the two numbers differ for one parcel (our samples). Keyed by them a parcel
 * would be counted twice, so it is keyed by what both tell: carrier and tracking number, in the form `shunfeng_SF1` of the published detail.
 */
const parcelId = (carrier: string, trackingNumber: string): string => `${carrier}_${trackingNumber}`.slice(0, 128);

export function shipmentsOf(order: Fields): Shipment[] {
  const parcels = withoutRepeats(order.each('logistics_info'));
  const isWhole = parcels.length === 1 && hasLeftWhole(order.text('order_status') ?? '');
  const found = parcels.flatMap((parcel) => {
    if (!isWhole && parcel.each('product_info').length === 0)
      parcel.complain('product_info', 'field.missing', 'the pieces in this parcel', '包裹内的商品');
    const lines = parcel.each('product_info').flatMap((item) => piece(item, 'sku_order_id', 'product_count'));
    const at = parcel.seconds('ship_time') ?? order.seconds('ship_time') ?? order.seconds('update_time');
    return shipment(parcel, parcel.has('company') ? 'company' : 'company_name', 'tracking_no', at, lines);
  });
  return [...Map.groupBy(found, ({ id }) => id).values()].map(together);
}

/** A row that comes again under the platform's own number of it is no second parcel. */
const withoutRepeats = (rows: readonly Fields[]): readonly Fields[] => {
  const idOf = (row: Fields): string | undefined => row.text('delivery_id');
  return rows.filter((row, i) => idOf(row) === undefined || rows.findIndex((each) => idOf(each) === idOf(row)) === i);
};

/** What came into a parcel later is listed beside it, under the same number: one parcel, that left first. */
function together(parcels: readonly Shipment[]): Shipment {
  const [first] = parcels as readonly [Shipment];
  return { ...first, lines: perLine(parcels.flatMap(({ lines }) => lines)) };
}

/** Then its only parcel holds all of it, whether it says so or not. A parcel without pieces stands for all lines in Weir. */
const hasLeftWhole = (orderStatus: string): boolean => ['shipped', 'completed'].includes(ORDER_STATUS.get(orderStatus) ?? '');

/** From the push messages 102 and 108; `at` is the message's own time. */
export function pushedShipment(data: Fields, at: number): Shipment[] {
  const parcel = data.child('logistics_msg');
  if (!parcel.has('logistics_code')) return [];
  const lines = parcel.each('shipped_order_info').flatMap((item) => piece(item, 'shipped_order_id', 'shipped_num'));
  return shipment(parcel, 'express_company_id', 'logistics_code', at, lines);
}

function shipment(parcel: Fields, carrierName: string, numberName: string, at: number | undefined, pieces: readonly Piece[]): Shipment[] {
  const carrier = parcel.id(carrierName);
  const trackingNumber = parcel.id(numberName);
  if (at === undefined) parcel.complain('ship_time', 'field.missing', 'seconds since 1970', '1970 年以来的秒数');
  if (carrier === undefined || trackingNumber === undefined || at === undefined) return [];
  return [{ id: parcelId(carrier, trackingNumber), carrier, trackingNumber, at: chinaTime(at), lines: perLine(pieces) }];
}

function piece(item: Fields, idName: string, countName: string): Piece[] {
  const lineId = orderId(item, idName);
  const quantity = item.whole(countName);
  if (quantity === undefined || quantity < 1) item.complain(countName, 'field.not_allowed', '1 or more', '不小于 1');
  return lineId === undefined || quantity === undefined || quantity < 1 ? [] : [{ lineId, quantity }];
}

/** A parcel may name a line more than once. */
function perLine(pieces: readonly Piece[]): Piece[] {
  const counts = new Map<string, number>();
  for (const { lineId, quantity } of pieces) counts.set(lineId, (counts.get(lineId) ?? 0) + quantity);
  return [...counts].map(([lineId, quantity]) => ({ lineId, quantity }));
}
