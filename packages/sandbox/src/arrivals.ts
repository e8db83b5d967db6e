/** What the sample subscriber holds: first arrivals, the newest version of each order, and every promise it saw broken. */
import { hash } from 'node:crypto';
import type { Envelope, OrderData } from './envelope.ts';

/** One line of the file: a webhook-id that arrived for the first time. */
export interface Arrival {
  readonly webhookId: string;
  readonly subject: string;
  readonly version: number;
  readonly type: string;
  /** ms UTC, the subscriber's clock. */
  readonly at: number;
  /** SHA-256 of the body, to see when one webhook-id comes with two bodies. */
  readonly bodyHash: string;
  readonly order: OrderData | null;
}
export type ViolationKind = 'signature' | 'envelope' | 'personal_field' | 'went_back' | 'id_reused' | 'canary';
export interface Violation {
  readonly kind: ViolationKind;
  readonly webhookId: string | undefined;
  readonly detail: string;
}

/** In memory; the file has everything. Unless said otherwise: older first arrivals, orders and violations are forgotten, oldest first. */
const MAX_REMEMBERED = 500_000;
/** Sends the current version of an order again on purpose. */
const SNAPSHOT = 'weir.order.snapshot';

export interface Arrivals {
  has(webhookId: string): boolean;
  /** Records a first arrival; breaks of order are noted. Call it in the order of arrival. */
  take(arrival: Arrival): void;
  /** Notes when a webhook-id that was here before comes with other bytes. */
  seeAgain(webhookId: string, bodyHash: string): void;
  break(violation: Violation): void;
  newest(subject: string): OrderData | undefined;
  /** First arrivals ever taken, forgotten ones too. */
  count(): number;
  /** Without the orders: those are in `orders()`. */
  received(): Omit<Arrival, 'order'>[];
  orders(): ReadonlyMap<string, OrderData>;
  violations(): readonly Violation[];
}

export function createArrivals(most = MAX_REMEMBERED): Arrivals {
  let count = 0;
  const byId = new Map<string, Omit<Arrival, 'order'>>();
  const orders = new Map<string, OrderData>();
  const versions = new Map<string, number>();
  const broken: Violation[] = [];
  const note = (violation: Violation): void => {
    broken.push(violation);
    if (broken.length > most) broken.shift();
  };
  return {
    has: (webhookId) => byId.has(webhookId),
    take({ order, ...arrival }) {
      count += 1;
      byId.set(arrival.webhookId, arrival);
      forgetFirst(byId, most);
      const known = versions.get(arrival.subject) ?? 0;
      if (arrival.version > known) {
        versions.delete(arrival.subject); // behind all others: what changed last is forgotten last
        versions.set(arrival.subject, arrival.version);
        if (order !== null) {
          orders.delete(arrival.subject);
          orders.set(arrival.subject, order);
        }
        for (const set of [versions, orders]) forgetFirst(set, most);
      }
      const isBack = arrival.type === SNAPSHOT ? arrival.version < known : arrival.version <= known;
      if (isBack)
        note({ kind: 'went_back', webhookId: arrival.webhookId, detail: `${arrival.subject}: version ${arrival.version} after ${known}` });
    },
    seeAgain(webhookId, bodyHash) {
      if (byId.get(webhookId)?.bodyHash !== bodyHash)
        note({ kind: 'id_reused', webhookId, detail: 'the same webhook-id came with another body' });
    },
    break: note,
    newest: (subject) => orders.get(subject),
    count: () => count,
    received: () => [...byId.values()],
    orders: () => orders,
    violations: () => broken,
  };
}

function forgetFirst(set: Map<string, unknown>, most: number): void {
  const first = set.size > most ? set.keys().next().value : undefined;
  if (first !== undefined) set.delete(first);
}

export const toArrival = (webhookId: string, envelope: Envelope, at: number, body: Buffer): Arrival => ({
  webhookId,
  subject: envelope.subject,
  version: envelope.version,
  type: envelope.type,
  at,
  bodyHash: hash('sha256', body),
  order: envelope.order,
});
