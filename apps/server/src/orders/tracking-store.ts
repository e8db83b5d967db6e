/** SQL of the tracking index: a number of a parcel, as a shipment ever named it → its orders. */
import type { Sql } from '#platform';
import type { Order } from './order.ts';

/** A number that is known already costs a look into the index and no write. */
export async function saveTracking(tx: Sql, orders: readonly Pick<Order, 'partition' | 'orderKey' | 'facts'>[]): Promise<void> {
  const rows = orders.flatMap(({ partition, orderKey, facts }) =>
    Object.values(facts.shipments).map(({ value }) => ({ n: value.trackingNumber, p: partition, k: orderKey })),
  );
  if (rows.length === 0) return;
  await tx.queryNamed(
    'orders.save_tracking',
    `insert into tracking_index (tracking_number, log_partition, order_key)
     select n, p, k from json_to_recordset($1::json) as r (n text, p smallint, k text)
     on conflict on constraint tracking_index_pk do nothing`,
    [JSON.stringify(rows)],
  );
}
