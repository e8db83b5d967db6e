/** Parcels of an order: its own, and those that stand in lists beside it. None of them says what is in it. */
import type { NeutralOrder } from '@weir/contract';
import { chinaTime } from '../china-time.ts';
import type { Fields } from '../fields.ts';
import { isGiftLine, type Line } from './lines.ts';
import { UNSHIPPED } from './status-tables.ts';

export type Shipment = NonNullable<NeutralOrder['shipments']>[number];

/** 分包, 补寄, 赠品. Source: field texts of pdd.order.information.get, read 2026-11-25. */
const LISTS = ['extra_delivery_list', 'resend_delivery_list', 'gift_delivery_list'] as const;
const GIFTS = 'gift_delivery_list';
/** logistics_id of an order without a parcel. */
const NO_CARRIER = '0';

/** Carrier and number of a parcel, or null where none is told. */
export function parcelIn(from: Fields): { readonly carrier: string; readonly trackingNumber: string } | null {
  if (!from.has('tracking_number') || !from.has('logistics_id') || from.text('logistics_id') === NO_CARRIER) return null;
  const [carrier, trackingNumber] = [from.id('logistics_id'), from.id('tracking_number')];
  return carrier === undefined || trackingNumber === undefined ? null : { carrier, trackingNumber };
}

/** The order's own parcel first. */
export const parcelsIn = (order: Fields): readonly { readonly list: string; readonly parcel: ReturnType<typeof parcelIn> }[] => [
  { list: '', parcel: parcelIn(order) },
  ...LISTS.flatMap((list) => order.each(list).map((item) => ({ list, parcel: parcelIn(item) }))),
];

/** `at`: when it left, as far as the order tells. A parcel without lines stands for all of them in Weir; a parcel of gifts holds the gifts. */
export function shipmentsOf(order: Fields, lines: readonly Line[], at: number): Shipment[] {
  if (order.text('order_status') === UNSHIPPED) return [];
  const gifts = lines.filter(({ lineId }) => isGiftLine(lineId)).map(({ lineId, quantity }) => ({ lineId, quantity }));
  const found = parcelsIn(order).flatMap(({ list, parcel }): Shipment[] =>
    parcel === null
      ? []
      : [
          {
            id: `${parcel.carrier}_${parcel.trackingNumber}`.slice(0, 128),
            ...parcel,
            at: chinaTime(at),
            lines: list === GIFTS ? gifts : [],
          },
        ],
  );
  return found.filter((each, i) => found.findIndex(({ id }) => id === each.id) === i);
}
