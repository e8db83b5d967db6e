/** The narrow row of the order list. */
import { formatInstant, type Seen } from '@weir/core';
import type { Order } from './order.ts';
import type { ListRow } from './store.ts';

const DAY_MS = 86_400_000;

export function listRowOf(order: Order, { view, facts }: Seen, firstPosition: number): ListRow {
  const fallback = Math.floor(firstPosition / 2 ** 32) * DAY_MS;
  return {
    p: order.partition,
    k: order.orderKey,
    c: order.channel,
    s: order.shop,
    i: order.channelOrderId,
    st: view.status,
    pay: view.payment,
    ref: view.refund,
    h: [...new Set(view.holds.map((hold) => hold.kind))].sort(),
    amt: view.payable,
    cur: view.currency,
    n: view.lines.length,
    t: view.lines[0]?.title ?? '',
    sb: facts.content.shipBy?.value ?? null,
    at: view.placedAt ?? formatInstant(fallback),
  };
}
