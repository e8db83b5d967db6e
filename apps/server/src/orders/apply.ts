/** What one entry does to one order: facts recorded, counters, bundle, cases and events following from what changed. */
import type { EventType } from '@weir/contract';
import { addressOf, eventsOf, type Fact, nextCounter, record, type Seen, stateText } from '@weir/core';
import type { Keys } from '#access';
import type { Entry, EventRow, Issuer, Outcome, Personal } from '#intake';
import { applyBundle, type Prints } from './bundle.ts';
import { changedCases, type SealedMessage } from './cases.ts';
import { type Order, seenOf, type Working } from './order.ts';
import type { Asked } from './fold-channel.ts';
import type { CaseRow } from './save-store.ts';

export type FoldKeys = Pick<Keys, 'box' | 'fingerprint' | 'blindToken' | 'serialSecret' | 'counterFloor'>;

/** What folding one entry may use and change. */
export interface Fold {
  readonly keys: FoldKeys;
  readonly issuer: Issuer;
  readonly now: number;
  readonly events: EventRow[];
  readonly cases: CaseRow[];
  /** Orders of which the channel must be asked for the rest. */
  readonly asked: Asked[];
}
/** What an entry brings beside its facts. */
export interface Brought {
  readonly occurredAt: number;
  readonly personal?: Personal;
  readonly prints?: Prints;
  /** Kept beside a case that this entry opens. */
  readonly blocked?: SealedMessage;
}

type Draft = { -readonly [K in keyof Order]: Order[K] };

/** Records `facts` on the order; true when they added anything. Counters, bundle, cases and events follow from what changed. */
export function apply(fold: Fold, work: Working, entry: Entry, facts: readonly Fact[], brought: Brought): boolean {
  const before = work.seen;
  const after = facts.reduce(record, work.order.facts);
  if (after === work.order.facts && before !== null) return false;
  const seen = seenOf(after);
  const addressChanged = addressOf(after) !== addressOf(work.order.facts);
  const events = eventsOf(before, seen, { fromVersion: work.order.withheldFrom, everOutward: work.order.everOutward });
  const bundleChanged = applyBundle(fold.keys, work, after, brought, versionAfter(fold, work.order.version, events.length));
  const known = fold.cases.length;
  fold.cases.push(...changedCases(fold.keys, work.order, before, seen, entry, brought.blocked));
  const draft: Draft = { ...work.order, facts: after }; // behind applyBundle, which may have dropped the bundle
  const { counterFloor } = fold.keys;
  if (addressChanged) draft.addressVersion = nextCounter(draft.addressVersion, counterFloor);
  if (bundleChanged) draft.bundleVersion = nextCounter(draft.bundleVersion, counterFloor);
  const viewText = events.length === 0 ? '' : JSON.stringify(seen.view);
  for (const event of events) emit(fold, draft, entry, event, brought.occurredAt, viewText);
  work.order = draft;
  work.seen = seen;
  work.dirty = true;
  return events.length > 0 || fold.cases.length > known;
}

const versionAfter = (fold: Fold, version: number, events: number): number =>
  events === 0 ? version : nextCounter(version, fold.keys.counterFloor) + events - 1;

/** One event that says nothing new of the order but what its type says: the state as it is. */
export function announce(fold: Fold, work: Working, entry: Entry, type: EventType, detail: object = {}): void {
  const draft: Draft = { ...work.order };
  const withheld = draft.withheldFrom !== undefined;
  emit(fold, draft, entry, { type, detail, withheld }, entry.receivedAt, JSON.stringify((work.seen as Seen).view));
  work.order = draft;
  work.dirty = true;
}

function emit(
  fold: Fold,
  order: Draft,
  entry: Entry,
  event: { type: EventType; detail: object; withheld: boolean },
  occurredAt: number,
  viewText: string,
): void {
  const position = fold.issuer.eventPosition(order.partition);
  const letGo = event.type === 'order.released' && !event.withheld;
  order.version = nextCounter(order.version, fold.keys.counterFloor);
  order.lastPosition = position;
  order.firstPosition ||= position;
  order.withheldFrom = letGo ? undefined : (order.withheldFrom ?? (event.withheld ? order.version : undefined));
  order.everOutward ||= !event.withheld;
  const { partition, orderKey, version, addressVersion, bundleVersion } = order;
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
    detail: detailText(event.detail),
    state: stateText(identityOf(order), { version, addressVersion, bundleVersion }, viewText),
  });
}
const NOTHING = '{}';
const detailText = (detail: object): string => (Object.keys(detail).length === 0 ? NOTHING : JSON.stringify(detail));
const identityOf = ({ orderKey, channel, shop, channelOrderId }: Order) => ({ orderKey, channel, shop, channelOrderId });

export const outcomeOf = (entry: Entry, work: Working, result: Outcome['result'], more: Partial<Outcome> = {}): Outcome => ({
  position: entry.position,
  result,
  orderKey: work.order.orderKey,
  version: work.order.version,
  ...more,
});
