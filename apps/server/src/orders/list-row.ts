/** The narrow row of the order list. */
import { formatInstant, type Seen } from '@weir/core';
import type { Order } from './order.ts';
import type { ListRow } from './save-store.ts';

const DAY_MS = 86_400_000;

export function listRowOf(order: Order, { view, facts }: Seen, firstPosition: number): ListRow {
  const fallback = Math.floor(firstPosition / 2 ** 32) * DAY_MS;
  return {
    partition: order.partition,
    orderKey: order.orderKey,
    channel: order.channel,
    shop: order.shop,
    channelOrderId: order.channelOrderId,
    status: view.status,
    payment: view.payment,
    refund: view.refund,
    held: [...new Set(view.holds.map((hold) => hold.kind))].sort(),
    payable: view.payable,
    currency: view.currency,
    lineCount: view.lines.length,
    title: view.lines[0]?.title ?? '',
    shipBy: facts.content.shipBy?.value ?? null,
    placedAt: view.placedAt ?? formatInstant(fallback),
    paidAt: view.paidAt ?? null,
  };
}

/** Whether the list must be told: people filter and sort by these columns. */
export const sameListRow = (a: ListRow, b: ListRow): boolean =>
  (Object.keys(a) as (keyof ListRow)[]).every((name) => (name === 'held' ? a.held.join() === b.held.join() : a[name] === b[name]));
