/** What an endpoint is told of an event: the public state; while an order is withheld only that it is held. Nothing sealed. */
import { WITHHOLDING, type OrderState } from '@weir/contract';
import { holdsForOutside } from './shown.ts';

interface StoredEvent {
  readonly type: string;
  readonly detail: string;
  readonly state: string;
}
interface Audience {
  readonly eventTypes: readonly string[] | null;
  readonly shops: readonly string[] | null;
}

export function projectOrder(event: StoredEvent, audience: Audience): object | null {
  if (audience.eventTypes !== null && !audience.eventTypes.includes(event.type)) return null;
  const order = JSON.parse(event.state) as OrderState;
  if (audience.shops !== null && !audience.shops.includes(`${order.channel}/${order.shop}`)) return null;
  const detail = JSON.parse(event.detail) as object;
  const isWithheld = order.holds.some((hold) => WITHHOLDING.has(hold.kind));
  if (event.type === 'order.held' && isWithheld)
    return { orderKey: order.orderKey, version: order.version, held: [...new Set(order.holds.map((hold) => hold.kind))] };
  return { order: { ...order, holds: holdsForOutside(order.holds) }, detail };
}
