/** Which events a change of an order yields, in the fixed order of EVENT_TYPES. */
import { EVENT_TYPES, type EventType, LIVE_STATUSES, type LiveStatus, type OrderStatus } from '@weir/contract';
import { addressOf } from './address.ts';
import type { OrderFacts } from './facts.ts';
import { isWithheld } from './holds.ts';
import { sameValue } from './register.ts';
import type { View } from './view.ts';

export interface OrderEvent {
  readonly type: EventType;
  /** Public details of this event, e.g. which fields changed or which holds came. */
  readonly detail: Readonly<Record<string, unknown>>;
  /** Outward consumers step over a withheld event until the order is released. */
  readonly withheld: boolean;
}
export interface Seen {
  readonly facts: OrderFacts;
  readonly view: View;
}

const MILESTONES = [
  ['paid', 'order.paid'],
  ['shipped', 'order.shipped'],
  ['delivered', 'order.delivered'],
  ['completed', 'order.completed'],
] as const satisfies readonly (readonly [LiveStatus, EventType])[];
const CHANGES = [
  'lines',
  'discounts',
  'shippingFee',
  'payable',
  'currency',
  'shipBy',
  'placedAt',
  'paidAt',
  'shippedAt',
  'completedAt',
] as const;
const levelOf = (status: OrderStatus | null | undefined): number => (status ? LIVE_STATUSES.indexOf(status as LiveStatus) : -1);
/** How far a line has come: two lines may change places while `progress` counts the same. */
const sameWalk = (a: View['lines'], b: View['lines']): boolean =>
  a.length === b.length &&
  a.every(({ lineId, status, shipped }, i) => lineId === b[i]?.lineId && status === b[i]?.status && shipped === b[i]?.shipped);

/**
 * `fromVersion` is the first withheld version not yet let go (undefined when nothing is withheld); `everOutward` tells whether any
 * consumer may already have a version of this order: only then does `order.held` go out while the rest is withheld, and only before it:
 * versions that arrive must increase, so a hold that comes while something is withheld already waits with it.
 */
export function eventsOf(
  before: Seen | null,
  after: Seen,
  since: { readonly fromVersion: number | undefined; readonly everOutward: boolean },
): readonly OrderEvent[] {
  const found = new Map<EventType, Record<string, unknown>>();
  const add = (type: EventType, detail: Record<string, unknown> = {}) => found.set(type, detail);
  if (before === null) add('order.created');
  else compareContent(before, after, add);
  addMilestones(before?.view ?? null, after.view, add);
  if (before?.facts.erasedAt === undefined && after.facts.erasedAt !== undefined) add('order.erased');
  if (before !== null) addHolds(before.view, after.view, add); // a created order shows its holds in its own state
  const withheldNow = isWithheld(after.view.holds);
  if (!withheldNow && since.fromVersion !== undefined)
    add('order.released', { fromVersion: since.fromVersion, ...found.get('order.released') });
  return EVENT_TYPES.filter((type) => found.has(type)).map((type, place) => ({
    type,
    detail: found.get(type) ?? {},
    // Behind another withheld event of the same change it waits too, e.g. when one review hold gives way to another.
    withheld: withheldNow && !(type === 'order.held' && place === 0 && since.everOutward && since.fromVersion === undefined),
  }));
}

/** As they were ordered: how far each has come is compared apart. */
const linesOf = ({ facts }: Seen) => facts.content.lines?.value ?? [];

function compareContent(before: Seen, after: Seen, add: (type: EventType, detail?: Record<string, unknown>) => void): void {
  const [a, b] = [before.view, after.view];
  const fields = CHANGES.filter((name) =>
    name === 'lines' ? !sameValue(linesOf(before), linesOf(after)) : !sameValue(a[name], b[name]),
  ) as string[];
  for (const name of ['buyer', 'remark'] as const)
    if (before.facts.content[name]?.value !== after.facts.content[name]?.value) fields.push(name);
  const [was, is] = [addressOf(before.facts), addressOf(after.facts)];
  // An address that is told for the first time is no change of one: nobody has packed for another.
  if (was !== is) {
    if (was === undefined) fields.push('receiver');
    else add('order.address_changed');
  }
  if (!sameValue(a.warnings, b.warnings)) fields.push('warnings');
  if (fields.length > 0) add('order.changed', { fields });
  if (a.paid !== b.paid || a.payment !== b.payment || !sameValue(a.payments, b.payments))
    add('order.payment_changed', { paid: b.paid, payment: b.payment });
  if (a.refunded !== b.refunded || a.refund !== b.refund || !sameValue(a.refunds, b.refunds))
    add('order.refund_changed', { refunded: b.refunded, refund: b.refund });
  if (!sameValue(a.shipments, b.shipments) || !sameWalk(a.lines, b.lines))
    add('order.status_changed', { from: a.status, to: b.status, progress: b.progress });
}

function addMilestones(before: View | null, after: View, add: (type: EventType, detail?: Record<string, unknown>) => void): void {
  const [from, to] = [before?.status ?? null, after.status];
  if (before !== null && from !== to) add('order.status_changed', { from, to, progress: after.progress });
  if (to === 'cancelled' || to === 'closed') {
    if (from !== to) add(to === 'cancelled' ? 'order.cancelled' : 'order.closed', { from });
    return;
  }
  const reached = from === 'cancelled' || from === 'closed' ? -1 : levelOf(from);
  for (const [status, type] of MILESTONES) if (levelOf(to) >= levelOf(status) && reached < levelOf(status)) add(type);
}

function addHolds(before: View, after: View, add: (type: EventType, detail?: Record<string, unknown>) => void): void {
  const had = new Set(before.holds.map((hold) => hold.id));
  const has = new Set(after.holds.map((hold) => hold.id));
  const came = after.holds.filter((hold) => !had.has(hold.id));
  const went = before.holds.filter((hold) => !has.has(hold.id));
  if (came.length > 0) add('order.held', { kinds: [...new Set(came.map((hold) => hold.kind))], ids: came.map((hold) => hold.id) });
  if (went.length > 0) add('order.released', { kinds: [...new Set(went.map((hold) => hold.kind))], ids: went.map((hold) => hold.id) });
}
