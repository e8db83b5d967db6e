/** SQL of the tracking index: a number of a parcel, as a shipment ever named it → its orders. */
import { arrayOf, type Step } from '#platform';
import type { Order } from './order.ts';

/** Every number that a parcel of the order has or had. */
export const trackingNumbersOf = ({ shipments, ownShipments }: Order['facts']): readonly string[] => [
  ...Object.values(shipments).map(({ value }) => value.trackingNumber),
  ...Object.values(ownShipments).flatMap(({ numbers }) => numbers),
];

/** A number that is known already costs a look into the index and no write. */
export function saveTracking(orders: readonly Pick<Order, 'partition' | 'orderKey' | 'facts'>[]): readonly Step[] {
  const rows = orders.flatMap(({ partition, orderKey, facts }) =>
    trackingNumbersOf(facts).map((trackingNumber) => ({ trackingNumber, partition, orderKey })),
  );
  if (rows.length === 0) return [];
  return [
    {
      name: 'orders.save_tracking',
      text: `insert into tracking_index (tracking_number, log_partition, order_key)
       select n, p, k from unnest($1::text[], $2::smallint[], $3::text[]) as r (n, p, k)
       on conflict on constraint tracking_index_pk do nothing`,
      values: [
        arrayOf.text(rows.map((row) => row.trackingNumber)),
        arrayOf.int2(rows.map((row) => row.partition)),
        arrayOf.text(rows.map((row) => row.orderKey)),
      ],
    },
  ];
}
