/** A simulated platform on disk between two runs: a platform does not forget its orders because somebody restarted a program. */
import type { AfterSale, Order } from './order.ts';

/** JSON. */
export interface SavedMarket {
  readonly version: 2;
  readonly orders: readonly (Omit<Order, 'shippedBy'> & { readonly shippedBy: readonly (readonly [string, readonly string[]])[] })[];
}

export const saveOrders = (orders: Iterable<Order>): SavedMarket => ({
  version: 2,
  orders: [...orders].map((order) => ({ ...order, shippedBy: [...order.shippedBy] })),
});

export function loadOrders({ orders: saved }: SavedMarket): { orders: Map<string, Order>; afterSales: Map<string, AfterSale> } {
  const orders = saved.map((order): Order => ({ ...order, shippedBy: new Map(order.shippedBy) }));
  return {
    orders: new Map(orders.map((order) => [order.id, order])),
    afterSales: new Map(orders.flatMap((order) => order.afterSales.map((each): [string, AfterSale] => [each.id, each]))),
  };
}
