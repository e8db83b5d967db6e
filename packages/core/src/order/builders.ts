/** Orders and messages for tests: a test writes only what it is about, the rest is an ordinary paid order of 100.00. */
import type { OrderStatus } from '@weir/contract';
import { formatInstant } from '../instant.ts';
import { formatFen } from '../money.ts';
import type { Seen } from './events-of.ts';
import { type Fact, type Line, NO_FACTS, type OrderFacts, type Payment, RANK, type Refund, type Report, type Shipment } from './facts.ts';
import { record } from './record.ts';
import { sumOf } from './sums.ts';
import { view } from './view.ts';

const NOON = Date.UTC(2026, 1, 20, 4);
/** So many minutes after noon (+08:00) of an ordinary day, ms UTC. */
export const minute = (minutes: number): number => NOON + minutes * 60_000;
export const minuteText = (minutes: number): string => formatInstant(minute(minutes));

export const aLine = (parts: Partial<Line> = {}): Line => ({
  lineId: 'L1',
  sku: 'TEA-250',
  title: '龙井 250 g',
  quantity: 2,
  unitPrice: '50.00',
  discount: '0.00',
  ...parts,
});
export const aPayment = (amount: string, parts: Partial<Payment> = {}): Payment => ({ amount, at: minuteText(0), kind: 'full', ...parts });
export const aRefund = (amount: string, status: Refund['status'], parts: Partial<Refund> = {}): Refund => ({
  amount,
  status,
  at: minuteText(0),
  ...parts,
});
export const aShipment = (lines: Shipment['lines'] = [], parts: Partial<Shipment> = {}): Shipment => ({
  carrier: 'sf',
  trackingNumber: 'SF1000000001',
  at: minuteText(0),
  lines,
  ...parts,
});

type ReportParts = Partial<Report>;
const UNPAID: ReadonlySet<OrderStatus> = new Set(['awaiting_payment', 'cancelled']);

/** A partial message: nothing but what is said. `at` and `rank` are those of a push at noon. */
export const aPush = (parts: ReportParts = {}): Report => ({
  at: minute(0),
  rank: RANK.push,
  full: false,
  content: {},
  lineStatus: {},
  payments: {},
  refunds: {},
  shipments: {},
  warnings: [],
  ...parts,
});

/** A whole message whose sums hold: `payable` follows the lines, `paid` follows the status, unless they are said. */
export function aReport(parts: ReportParts = {}): Report {
  const { status = 'paid', content = {} } = parts;
  const { lines = [aLine()], discounts = [], shippingFee = '0.00' } = content;
  const payable = content.payable ?? formatFen(sumOf(lines, discounts, shippingFee) ?? 0);
  const paid = UNPAID.has(status) ? '0.00' : payable;
  const whole = {
    lines,
    discounts,
    shippingFee,
    payable,
    paid,
    refunded: '0.00',
    placedAt: minuteText(0),
    address: 'address-A',
    ...content,
  };
  return aPush({ rank: RANK.detail, full: true, status, ...parts, content: whole });
}

export const reported = (report: Report): Fact => ({ type: 'reported', report });
/** The fact of a whole message. */
export const told = (parts: ReportParts = {}): Fact => reported(aReport(parts));
/** The fact that we reported these parcels ourselves. */
export const weShipped = (at: number, shipments: Readonly<Record<string, Shipment>>): Fact => ({ type: 'shipped', at, shipments });
/** The fact of a partial message. */
export const pushed = (parts: ReportParts = {}): Fact => reported(aPush(parts));

/** A message that may not pass, newer than every message at noon. */
export const reviewHold = (id: string, at = minute(1), more: { readonly heardAs?: number } = {}): Fact => ({
  type: 'case.opened',
  id,
  case: { at, state: 'open', since: at, codes: ['sum.payable'], ...more },
});
export const personHold = (id: string, kind: 'person' | 'rule' = 'person'): Fact => ({
  type: 'hold.placed',
  id,
  hold: { kind, who: 'lin', since: minute(0), why: 'asked by the buyer' },
});
export const released = (id: string): Fact => ({ type: 'hold.released', id, by: 'lin' });

export const factsOf = (facts: readonly Fact[]): OrderFacts => facts.reduce(record, NO_FACTS);

/** The order that follows from these facts alone. */
export function seen(...facts: readonly Fact[]): Seen {
  const all = factsOf(facts);
  return { facts: all, view: view(all) };
}

/** An order as one whole message tells it, with its holds and whatever else is known. */
export function anOrder({
  holds = [],
  and = [],
  ...parts
}: ReportParts & { readonly holds?: readonly Fact[]; readonly and?: readonly Fact[] } = {}): Seen {
  return seen(told(parts), ...holds, ...and);
}
