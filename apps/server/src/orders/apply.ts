/** What one entry does to one order: facts recorded, counters, bundle, cases and events following from what changed. */
import type { EventType } from '@weir/contract';
import { eventsOf, type Fact, record, type Seen, stateOf } from '@weir/core';
import type { Keys } from '#access';
import type { Entry, EventRow, Issuer, Outcome, Personal } from '#intake';
import { applyBundle, type Prints } from './bundle.ts';
import { changedCases, type SealedMessage } from './cases.ts';
import { type Order, seenOf, type Working } from './order.ts';
import type { CaseRow } from './save-store.ts';

export type FoldKeys = Pick<Keys, 'box' | 'fingerprint' | 'blindToken' | 'serialSecret'>;

/** What folding one entry may use and change. */
export interface Fold {
  readonly keys: FoldKeys;
  readonly issuer: Issuer;
  readonly now: number;
  readonly events: EventRow[];
  readonly cases: CaseRow[];
}
/** What an entry brings beside its facts. */
export interface Brought {
  readonly occurredAt: number;
  readonly personal?: Personal;
  readonly prints?: Prints;
  /** Kept beside a case that this entry opens. */
  readonly blocked?: SealedMessage;
}

/** Records `facts` on the order; true when they added anything. Counters, bundle, cases and events follow from what changed. */
export function apply(fold: Fold, work: Working, entry: Entry, facts: readonly Fact[], brought: Brought): boolean {
  const before = work.seen;
  const after = facts.reduce(record, work.order.facts);
  if (after === work.order.facts && before !== null) return false;
  const seen = seenOf(after);
  const addressChanged = after.content.address?.value !== work.order.facts.content.address?.value;
  const events = eventsOf(before, seen, { fromVersion: work.order.withheldFrom, everOutward: work.order.everOutward });
  const bundleChanged = applyBundle(fold.keys, work, after, brought, work.order.version + events.length);
  const known = fold.cases.length;
  fold.cases.push(...changedCases(fold.keys, work.order, before, seen, entry, brought.blocked));
  work.order = {
    ...work.order,
    facts: after,
    addressVersion: work.order.addressVersion + (addressChanged ? 1 : 0),
    bundleVersion: work.order.bundleVersion + (bundleChanged ? 1 : 0),
  };
  work.seen = seen;
  work.dirty = true;
  for (const event of events) emit(fold, work, entry, event, brought.occurredAt);
  return events.length > 0 || fold.cases.length > known;
}

function emit(
  fold: Fold,
  work: Working,
  entry: Entry,
  event: { type: EventType; detail: object; withheld: boolean },
  occurredAt: number,
): void {
  const position = fold.issuer.eventPosition(work.order.partition);
  const version = work.order.version + 1;
  const { partition, orderKey } = work.order;
  const letGo = event.type === 'order.released' && !event.withheld;
  work.order = {
    ...work.order,
    version,
    lastPosition: position,
    firstPosition: work.order.firstPosition || position,
    withheldFrom: letGo ? undefined : (work.order.withheldFrom ?? (event.withheld ? version : undefined)),
    everOutward: work.order.everOutward || !event.withheld,
  };
  const state = JSON.stringify(
    stateOf(
      identityOf(work.order),
      { version, addressVersion: work.order.addressVersion, bundleVersion: work.order.bundleVersion },
      (work.seen as Seen).view,
    ),
  );
  fold.events.push({
    partition,
    position,
    subjectKey: orderKey,
    version,
    type: event.type,
    withheld: event.withheld,
    occurredAt,
    recordedAt: fold.now,
    cause: entry.position,
    by: entry.by,
    detail: JSON.stringify(event.detail),
    state,
  });
}

const identityOf = ({ orderKey, channel, shop, channelOrderId }: Order) => ({ orderKey, channel, shop, channelOrderId });

export const outcomeOf = (entry: Entry, work: Working, result: Outcome['result'], more: Partial<Outcome> = {}): Outcome => ({
  position: entry.position,
  result,
  orderKey: work.order.orderKey,
  version: work.order.version,
  ...more,
});
