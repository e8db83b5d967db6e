/** A platform that runs for days forgets what came to rest long ago. */
import { type AfterSale, isOpen, type Order } from './order.ts';

export const MAX_REMEMBERED_ORDERS = 20_000;
/** Forgotten at once when there are too many, so that each new order does not walk the old ones. */
const FORGOTTEN_SHARE = 0.1;

const isAtRest = (order: Order): boolean => (order.state === 'finished' || order.state === 'cancelled') && !order.afterSales.some(isOpen);

/** The oldest that are at rest go first; when there are none, the oldest of all. */
export function forgetOldest(orders: Map<string, Order>, afterSales: Map<string, AfterSale>, most: number): void {
  if (orders.size < most) return;
  const wanted = Math.max(1, Math.ceil(most * FORGOTTEN_SHARE));
  const all = [...orders.values()];
  const going = [...all.filter(isAtRest), ...all.filter((order) => !isAtRest(order))].slice(0, wanted);
  for (const order of going) {
    orders.delete(order.id);
    for (const each of order.afterSales) afterSales.delete(each.id);
  }
}
