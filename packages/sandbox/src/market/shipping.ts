/** Whether parcels may leave, and their leaving. Each platform has its own words for a no. */
import { type News, ship } from './actions.ts';
import { hasLeft, openCase, type Order, type Parcel, soldOf } from './order.ts';

export interface Pack {
  readonly company: string;
  readonly number: string;
  readonly pieces: Parcel['pieces'];
}
export type WhyNot =
  | 'unpaid'
  | 'deposit_only'
  | 'under_check'
  | 'cancelled'
  | 'refunded'
  | 'finished'
  | 'already_shipped'
  | 'no_such_line'
  | 'refund_open'
  | 'number_used';
export interface ShippingDesk {
  readonly orders: ReadonlyMap<string, Order>;
  nextId(): string;
  /** Sends the message of what has just happened to the order. */
  tell(order: Order, news: News): void;
}
const ENDED = { unpaid: 'unpaid', deposit_paid: 'deposit_only', under_check: 'under_check', finished: 'finished' } as const;

/** Null when all of them may leave. `rejectsRefund`: the seller says no to the open after-sales by shipping. */
export function mayNotShip(desk: ShippingDesk, order: Order, packs: readonly Pack[], rejectsRefund = false): WhyNot | null {
  if (order.state === 'cancelled') return order.paidAt > 0 && order.parcels.length === 0 ? 'refunded' : 'cancelled';
  if (order.state !== 'paid') return ENDED[order.state];
  if (order.lines.every(hasLeft)) return 'already_shipped';
  const wanted = new Map<string, number>();
  for (const { lineId, quantity } of packs.flatMap((pack) => pack.pieces)) wanted.set(lineId, (wanted.get(lineId) ?? 0) + quantity);
  if (wanted.size === 0) return 'no_such_line';
  for (const [lineId, quantity] of wanted) {
    const line = soldOf(order).find((each) => each.id === lineId); // one that was closed before payment never leaves
    if (line === undefined || !Number.isInteger(quantity) || quantity < 1) return 'no_such_line';
    if (line.shipped + quantity > line.quantity) return hasLeft(line) ? 'already_shipped' : 'no_such_line';
    if (openCase(order, lineId) !== undefined && !rejectsRefund) return 'refund_open';
  }
  return packs.some((pack) => isUsedElsewhere(desk.orders, order, pack)) ? 'number_used' : null;
}

const isUsedElsewhere = (orders: ReadonlyMap<string, Order>, order: Order, { company, number }: Pack): boolean =>
  [...orders.values()].some(
    (other) => other !== order && other.parcels.some((parcel) => parcel.company === company && parcel.number === number),
  );

/** All or nothing: one line that may not leave stops all parcels. */
export function shipPacks(desk: ShippingDesk, order: Order, packs: readonly Pack[], now: number, rejectsRefund = false): WhyNot | null {
  const why = mayNotShip(desk, order, packs, rejectsRefund);
  if (why !== null) return why;
  for (const pack of packs)
    desk.tell(order, ship(order, { packId: desk.nextId(), ...pack, shippedAt: Math.max(now, order.updatedAt + 1) }, now));
  return null;
}
