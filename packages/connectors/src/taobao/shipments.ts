/** Parcels of a trade. There is no list of them: each line names the one that it left in. */
import type { NeutralOrder } from '@weir/contract';
import { beijing } from '../beijing.ts';
import { chinaTime } from '../china-time.ts';
import type { Fields } from '../fields.ts';
import { type Line, ordersOf } from './lines.ts';

export type Shipment = NonNullable<NeutralOrder['shipments']>[number];

/** A line names its parcel and not always the company. */
const UNNAMED = 'unknown';
const HAS_LEFT: ReadonlySet<Line['status']> = new Set(['shipped', 'delivered', 'completed']);

/**
 * Lines with the same company and number are one parcel. Of a line that left in part nobody is told how many pieces, so its parcel is not told until all of them have left.
 * A line that was refunded after it left is closed, and its parcel is what it was.
 */
export function shipmentsOf(trade: Fields, lines: readonly Line[], changedAt: number): Shipment[] {
  const found = new Map<string, Shipment>();
  for (const order of ordersOf(trade)) {
    const line = lines.find(({ lineId }) => lineId === order.text('oid'));
    if (line === undefined || !order.has('invoice_no') || !hasLeft(line)) continue;
    const trackingNumber = order.id('invoice_no');
    const carrier = order.has('logistics_company') ? order.id('logistics_company') : UNNAMED;
    if (trackingNumber === undefined || carrier === undefined) continue;
    const id = `${carrier}_${trackingNumber}`.slice(0, 128);
    const at = beijing(order, 'consign_time') ?? beijing(trade, 'consign_time') ?? changedAt;
    const known = found.get(id);
    const piece = { lineId: line.lineId, quantity: line.quantity };
    found.set(id, { id, carrier, trackingNumber, at: known?.at ?? chinaTime(at), lines: [...(known?.lines ?? []), piece] });
  }
  return [...found.values()];
}

const hasLeft = ({ status, quantity }: Line): boolean => HAS_LEFT.has(status) || status === 'closed' || quantity === 1;
