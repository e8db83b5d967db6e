/** What one delivery does to what is held. */
import type { Event, Order } from './event.ts';
import type { Held, StoreSession } from './store.ts';

export interface Change<Handle> {
  /** `weir.order.paid`, …; `weir.order.snapshot` when it was sent again on request. */
  readonly type: string;
  readonly orderKey: string;
  readonly version: number;
  readonly time: string;
  /** Null: the order waits for a person, and no more than that is told. */
  readonly order: Order | null;
  /** What was held before; null for an order that is new here. */
  readonly previous: Order | null;
  readonly detail: unknown;
  readonly personal: Event['personal'];
  /** What you write with it is kept together with the delivery, once, also over a crash. */
  readonly tx: Handle;
}
/** `changed`: it counted. `stale`: something newer is held. `repeat`: this very delivery was here before. */
export type Effect = 'changed' | 'stale' | 'repeat';
export interface Delivery {
  readonly webhookId: string;
  /** ms UTC. */
  readonly atMs: number;
  readonly event: Event;
}

const SNAPSHOT = 'weir.order.snapshot';
/** A snapshot of the version that is held counts: whoever asks for it may have lost what followed from it. */
const isStale = ({ type, version }: Event, held: Held | null): boolean =>
  held !== null && (type === SNAPSHOT ? version < held.version : version <= held.version);

export async function apply<Handle>(
  session: StoreSession<Handle>,
  { webhookId, atMs, event }: Delivery,
  onChange: (change: Change<Handle>) => Promise<void> | void,
): Promise<Effect> {
  const before = await session.find(event.orderKey);
  if (!(await session.remember(webhookId, atMs))) return 'repeat';
  if (isStale(event, before)) return 'stale';
  const { type, orderKey, version, time, order, detail, personal } = event;
  await session.put(orderKey, { version, order: order ?? before?.order ?? null });
  await onChange({ type, orderKey, version, time, order, previous: before?.order ?? null, detail, personal, tx: session.handle });
  return 'changed';
}
