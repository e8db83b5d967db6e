/** What is true of an order now: computed from its facts, never stored beside them. */
import {
  type EndedStatus,
  LIVE_STATUSES,
  type LiveStatus,
  type OrderState,
  type OrderStatus,
  type PaymentState,
  type StateLine,
} from '@weir/contract';
import { formatFen } from '../money.ts';
import { endingOf, paidOf, paymentOf, refundedOf, refundOf } from './amounts.ts';
import { ofId, sortedIds, valuesById } from './by-id.ts';
import type { Discount, Line, OrderFacts, Payment, Refund } from './facts.ts';
import { holdsOf } from './holds.ts';
import { carriesTheRest, type Parcel, parcelsOf } from './parcels.ts';
import { notOlder } from './register.ts';

/** Numbers that depend on the road taken, not on the facts alone; kept beside the facts. */
export interface Identity {
  readonly orderKey: string;
  readonly channel: string;
  readonly shop: string;
  readonly channelOrderId: string;
}
export interface Counters {
  readonly version: number;
  readonly addressVersion: number;
  readonly bundleVersion: number;
}
/** The part of the public state that depends on the facts alone. */
export type View = Omit<OrderState, keyof Identity | keyof Counters>;

const rankOf = (status: LiveStatus): number => LIVE_STATUSES.indexOf(status);
const isLive = (status: OrderStatus): status is LiveStatus => (LIVE_STATUSES as readonly string[]).includes(status);
/**
 * Pieces of each line that left. However many parcels stand for the rest, no line counts more pieces by them than it has; nor by what a channel tells: one that names a
 * line in its last parcel only means all of it, also the pieces in a parcel of ours.
 */
export function shippedPieces(facts: OrderFacts, parcels: readonly Parcel[]): ReadonlyMap<string, number> {
  const pieces = new Map<string, number>();
  if (parcels.length === 0) return pieces;
  const lines = facts.content.lines?.value ?? [];
  const known = new Set(lines.map((line) => line.lineId));
  const ordered = new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]));
  const add = (parcel: Parcel): void => {
    for (const { lineId, quantity } of parcel.lines) {
      const before = pieces.get(lineId) ?? 0;
      const most = parcel.own === true ? Number.POSITIVE_INFINITY : Math.max(before, ordered.get(lineId) ?? Number.POSITIVE_INFINITY);
      pieces.set(lineId, Math.min(before + quantity, most));
    }
  };
  for (const parcel of parcels) if (parcel.own === true) add(parcel);
  for (const parcel of parcels) if (parcel.own !== true) add(parcel);
  if (parcels.some((parcel) => carriesTheRest(parcel, known)))
    for (const { lineId, quantity } of lines) pieces.set(lineId, Math.max(pieces.get(lineId) ?? 0, quantity));
  return pieces;
}

/**
 * The furthest of our own steps, shipments, payment and the newest status the channel told (a channel never pulls our steps back).
 * A line that the channel ended after it left keeps its status: see `lineHolds`.
 */
function statusOfLine(
  facts: OrderFacts,
  line: Line,
  pieces: ReadonlyMap<string, number>,
  payment: PaymentState,
  ending: EndedStatus | null,
): OrderStatus {
  if (ending !== null) return ending;
  const told = ofId(facts.lineStatus, line.lineId);
  const [own, left] = [ofId(facts.own, line.lineId), pieces.get(line.lineId) ?? 0];
  if (told && !isLive(told.value) && left === 0 && own !== 'shipped') return told.value;
  const candidates: (LiveStatus | undefined)[] = [
    told && isLive(told.value) ? told.value : undefined,
    told && notOlder(told, facts.live) ? undefined : facts.live?.value,
    own,
    left >= line.quantity ? 'shipped' : undefined,
    payment === 'full' ? 'paid' : undefined,
  ];
  return candidates.reduce<LiveStatus>((furthest, next) => (next && rankOf(next) > rankOf(furthest) ? next : furthest), 'awaiting_payment');
}

/** Status of the order: that of its least advanced live line. */
function statusOf(facts: OrderFacts, lines: readonly StateLine[], ending: EndedStatus | null): OrderStatus | null {
  if (ending !== null) return ending;
  if (lines.length === 0) return facts.live?.value ?? null;
  const live = lines.map((line) => line.status).filter(isLive);
  if (live.length === 0) return paidOf(facts) > 0 ? 'closed' : 'cancelled';
  return live.reduce((least, next) => (rankOf(next) < rankOf(least) ? next : least));
}

export function view(facts: OrderFacts): View {
  const { content } = facts;
  const ending = endingOf(facts);
  const parcels = parcelsOf(facts);
  const pieces = shippedPieces(facts, parcels);
  const payment = paymentOf(facts);
  const lines: StateLine[] = (content.lines?.value ?? []).map((line) => ({
    ...line,
    status: statusOfLine(facts, line, pieces, payment, ending),
    shipped: pieces.get(line.lineId) ?? 0,
  }));
  const status = statusOf(facts, lines, ending);
  const progress: Record<string, number> = {};
  for (const line of lines) progress[line.status] = (progress[line.status] ?? 0) + 1;
  return {
    status,
    payment,
    refund: refundOf(facts),
    currency: content.currency?.value ?? 'CNY',
    payable: content.payable?.value ?? '0.00',
    paid: formatFen(paidOf(facts)),
    refunded: formatFen(refundedOf(facts)),
    shippingFee: content.shippingFee?.value ?? '0.00',
    discounts: [...(content.discounts?.value ?? [])] as Discount[],
    ...timesOf(facts),
    ...(facts.erasedAt === undefined ? {} : { erasedAt: new Date(facts.erasedAt).toISOString() }),
    lines,
    progress,
    payments: valuesById<Payment>(facts.payments),
    refunds: valuesById<Refund>(facts.refunds),
    shipments: parcels.map((parcel) => ({ ...parcel, lines: [...parcel.lines] })),
    holds: holdsOf(facts, status, lines),
    warnings: sortedIds(facts.warnings).flatMap((from) => facts.warnings[from]?.value ?? []),
  };
}

function timesOf(facts: OrderFacts): Pick<View, 'placedAt' | 'paidAt' | 'shippedAt' | 'completedAt' | 'modifiedAt' | 'shipBy'> {
  const { placedAt, paidAt, shippedAt, completedAt, shipBy } = facts.content;
  return {
    ...(placedAt ? { placedAt: placedAt.value } : {}),
    ...(paidAt ? { paidAt: paidAt.value } : {}),
    ...(shippedAt ? { shippedAt: shippedAt.value } : {}),
    ...(completedAt ? { completedAt: completedAt.value } : {}),
    ...(facts.modifiedAt ? { modifiedAt: facts.modifiedAt.value } : {}),
    ...(shipBy?.value ? { shipBy: shipBy.value } : {}),
  };
}

/** The JSON text of `stateOf`, from the text of the view: events of one change differ in their version only. */
export const stateText = (identity: Identity, counters: Counters, viewText: string): string =>
  `${JSON.stringify({ ...identity, ...counters }).slice(0, -1)},${viewText.slice(1)}`;

export const stateOf = (identity: Identity, counters: Counters, seen: View): OrderState => ({ ...identity, ...counters, ...seen });
