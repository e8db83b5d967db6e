/** Folds a batch of messages into orders, events and outcomes. Pure but for the box that seals. */
import { type EventType, prefixOf } from '@weir/contract';
import { subjectText } from '@weir/contract/subject';
import { businessDay, type Fact, orderKeyOf, serialText, stateOf, eventsOf, record, type Seen } from '@weir/core';
import type { Keys } from '#access';
import type { Entry, EventRow, Folded, Issuer, Outcome, Personal } from '#intake';
import { applyBundle, sealBundle } from './bundle.ts';
import { changedCases, type SealedMessage } from './cases.ts';
import { foldCommand } from './fold-command.ts';
import { foldMessage, foldPoisoned } from './fold-message.ts';
import { anOrderWithoutFacts, type Order, seenOf, type Working } from './order.ts';
import { listRowOf } from './list-row.ts';
import type { CaseRow, ListRow } from './store.ts';

export interface After {
  readonly inserted: readonly Order[];
  readonly updated: readonly Order[];
  readonly list: readonly ListRow[];
  readonly blind: readonly { token: Buffer; partition: number; orderKey: string }[];
  readonly cases: readonly CaseRow[];
}
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
  /** Kept beside a case that this entry opens. */
  readonly blocked?: SealedMessage;
}

export function foldOrders(keys: FoldKeys, before: ReadonlyMap<string, Order>, entries: readonly Entry[], issuer: Issuer, now: number, poisoned: ReadonlyMap<number, string>): Folded<After> {
  const working = new Map<string, Working>();
  const fold: Fold = { keys, issuer, now, events: [], cases: [] };
  const outcomes = entries.map((entry) => foldOne(fold, working, before, entry, poisoned.get(entry.position)));
  return { after: { ...finish(keys, working), cases: fold.cases }, events: fold.events, outcomes };
}

/** An entry that throws leaves nothing behind but a dead letter and a hold on its subject. */
function foldOne(fold: Fold, working: Map<string, Working>, before: ReadonlyMap<string, Order>, entry: Entry, poison: string | undefined): Outcome {
  const text = subjectText(entry.subject);
  const known = working.get(text) ?? open(before.get(text));
  if (known === null && entry.kind === 'command') return { position: entry.position, result: 'refused', code: 'order.not_found' };
  const saved = known && { ...known };
  const [events, cases] = [fold.events.length, fold.cases.length];
  const work = known ?? begin(fold, entry);
  working.set(text, work);
  try {
    if (poison !== undefined) return foldPoisoned(fold, work, entry);
    return entry.kind === 'command' ? foldCommand(fold, work, entry) : foldMessage(fold, work, entry);
  } catch {
    fold.events.length = events;
    fold.cases.length = cases;
    const again = saved ?? begin(fold, entry);
    working.set(text, again);
    return foldPoisoned(fold, again, entry);
  }
}

function open(order: Order | undefined): Working | null {
  if (order === undefined) return null;
  const seen = seenOf(order.facts);
  return { order, seen, isNew: false, dirty: false, bundle: undefined, bundleDirty: false, listBefore: JSON.stringify(listRowOf(order, seen, order.firstPosition)), phones: new Set() };
}

function begin(fold: Fold, entry: Entry): Working {
  const { channel, shop, id } = entry.subject;
  const day = businessDay(placedAtOf(entry) ?? entry.receivedAt);
  const orderKey = orderKeyOf(prefixOf(channel), day, serialText(entry.partition, fold.issuer.serial(entry.partition), fold.keys.serialSecret));
  const order = anOrderWithoutFacts(entry.partition, { channel, shop, channelOrderId: id }, orderKey);
  return { order, seen: null, isNew: true, dirty: false, bundle: {}, bundleDirty: false, listBefore: undefined, phones: new Set() };
}

function placedAtOf(entry: Entry): number | null {
  const text = (entry.parsed as { placedAt?: unknown } | undefined)?.placedAt ?? (JSON.parse(entry.bytes.toString('utf8')) as { placedAt?: unknown }).placedAt;
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return at >= 0 && at < 253_402_300_800_000 ? at : null;
}

/** Records `facts` on the order; true when they added anything. Counters, bundle, cases and events follow from what changed. */
export function apply(fold: Fold, work: Working, entry: Entry, facts: readonly Fact[], brought: Brought): boolean {
  const before = work.seen;
  const after = facts.reduce(record, work.order.facts);
  if (after === work.order.facts && before !== null) return false;
  const seen = seenOf(after);
  const addressChanged = after.content.address?.value !== work.order.facts.content.address?.value;
  const events = eventsOf(before, seen, { fromVersion: work.order.withheldFrom, everOutward: work.order.everOutward });
  const bundleChanged = applyBundle(fold.keys, work, after, brought.personal ?? {}, work.order.version + events.length);
  const known = fold.cases.length;
  fold.cases.push(...changedCases(fold.keys, work.order, before, seen, entry, brought.blocked));
  work.order = {
    ...work.order, facts: after, addressVersion: work.order.addressVersion + (addressChanged ? 1 : 0), bundleVersion: work.order.bundleVersion + (bundleChanged ? 1 : 0),
  };
  work.seen = seen;
  work.dirty = true;
  for (const event of events) emit(fold, work, entry, event, brought.occurredAt);
  return events.length > 0 || fold.cases.length > known;
}

function emit(fold: Fold, work: Working, entry: Entry, event: { type: EventType; detail: object; withheld: boolean }, occurredAt: number): void {
  const position = fold.issuer.eventPosition(work.order.partition);
  const version = work.order.version + 1;
  const { partition, orderKey } = work.order;
  const letGo = event.type === 'order.released' && !event.withheld;
  work.order = {
    ...work.order, version, lastPosition: position, firstPosition: work.order.firstPosition || position,
    withheldFrom: letGo ? undefined : (work.order.withheldFrom ?? (event.withheld ? version : undefined)), everOutward: work.order.everOutward || !event.withheld,
  };
  const state = JSON.stringify(stateOf(identityOf(work.order), { version, addressVersion: work.order.addressVersion, bundleVersion: work.order.bundleVersion }, (work.seen as Seen).view));
  fold.events.push({
    partition, position, subjectKey: orderKey, version, type: event.type, withheld: event.withheld, occurredAt, recordedAt: fold.now, cause: entry.position, by: entry.by,
    detail: JSON.stringify(event.detail), state,
  });
}

const identityOf = ({ orderKey, channel, shop, channelOrderId }: Order) => ({ orderKey, channel, shop, channelOrderId });

function finish(keys: FoldKeys, working: ReadonlyMap<string, Working>): Omit<After, 'cases'> {
  const after = { inserted: [] as Order[], updated: [] as Order[], list: [] as ListRow[], blind: [] as { token: Buffer; partition: number; orderKey: string }[], };
  for (const work of working.values()) {
    if (!work.dirty) continue;
    const order = work.bundleDirty ? sealBundle(keys, work) : work.order;
    (work.isNew ? after.inserted : after.updated).push(order);
    const row = listRowOf(order, work.seen as Seen, order.firstPosition);
    if (JSON.stringify(row) !== work.listBefore) after.list.push(row);
    for (const phone of work.phones) after.blind.push({ token: keys.blindToken(phone), partition: order.partition, orderKey: order.orderKey });
  }
  return after;
}

export const outcomeOf = (entry: Entry, work: Working, result: Outcome['result'], more: Partial<Outcome> = {}): Outcome => ({
  position: entry.position, result, orderKey: work.order.orderKey, version: work.order.version, ...more,
});

