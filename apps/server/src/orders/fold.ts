/** Folds a batch of messages into orders, events and outcomes. Pure but for the box that seals. */
import type { Heard } from '@weir/connectors/adapter';
import { prefixOf } from '@weir/contract';
import { subjectText } from '@weir/contract/subject';
import { businessDay, orderKeyOf, type Seen, serialText } from '@weir/core';
import type { Entry, Folded, Issuer, Outcome } from '#intake';
import type { Fold, FoldKeys } from './apply.ts';
import { sealBundle } from './bundle.ts';
import { type Asked, foldChannel, hear, isChannelKind, type Readers } from './fold-channel.ts';
import { foldCommand } from './fold-command.ts';
import { foldMessage, foldPoisoned } from './fold-message.ts';
import { anOrderWithoutFacts, isForgotten, isUnreadable, type Loaded, type Order, seenOf, type Working } from './order.ts';
import { listRowOf, sameListRow } from './list-row.ts';
import type { ErasedRow } from './erase-store.ts';
import type { ForgottenRow } from './forget-store.ts';
import type { BlindRow, CaseRow, ListRow } from './save-store.ts';

export interface After {
  readonly inserted: readonly Order[];
  readonly updated: readonly Order[];
  /** Rows of the order list: new ones, and those of which a column changed. */
  readonly listed: readonly ListRow[];
  readonly relisted: readonly ListRow[];
  readonly blind: readonly BlindRow[];
  readonly erased: readonly ErasedRow[];
  readonly forgotten: readonly ForgottenRow[];
  readonly cases: readonly CaseRow[];
  readonly asked: readonly Asked[];
  /** When it was decided, ms UTC. */
  readonly at: number;
  /** Every order that was looked at, as it is now, by the text of its subject. */
  readonly orders: ReadonlyMap<string, Order>;
}
export function foldOrders(
  keys: FoldKeys,
  readers: Readers,
  before: ReadonlyMap<string, Loaded>,
  entries: readonly Entry[],
  issuer: Issuer,
  now: number,
  poisoned: ReadonlyMap<number, unknown>,
): Folded<After> {
  const working = new Map<string, Working>();
  const fold: Fold = { keys, issuer, now, events: [], cases: [], asked: [] };
  const thrown = new Map<number, unknown>();
  const outcomes = entries.map((entry) => {
    const note = (error: unknown): void => void (thrown.has(entry.position) || thrown.set(entry.position, error));
    return foldOne(fold, readers, working, before, entry, poisoned.has(entry.position), note);
  });
  return { after: { ...finish(keys, working), cases: fold.cases, asked: fold.asked, at: now }, events: fold.events, outcomes, thrown };
}

/**
 * An entry that throws leaves nothing behind but a dead letter and a hold on its subject. Where not even the hold can be placed, for what is stored of the
 * order cannot be read, the order stays as it is and only the letter is left: one order must not stop all others.
 */
function foldOne(
  fold: Fold,
  readers: Readers,
  working: Map<string, Working>,
  before: ReadonlyMap<string, Loaded>,
  entry: Entry,
  isPoisoned: boolean,
  note: (error: unknown) => void,
): Outcome {
  const text = subjectText(entry.subject);
  const stored = before.get(text);
  const buried: Outcome = {
    position: entry.position,
    result: 'failed',
    code: 'message.failed',
    ...(stored ? { orderKey: stored.orderKey } : {}),
  };
  let known: Working | null;
  try {
    known = working.get(text) ?? open(stored);
  } catch (error) {
    note(error);
    return buried;
  }
  if (known === null && entry.kind === 'command') return { position: entry.position, result: 'refused', code: 'order.not_found' };
  const saved = known && { ...known, phones: new Set(known.phones) };
  const [events, cases, asked] = [fold.events.length, fold.cases.length, fold.asked.length];
  const takeBack = (): void => {
    fold.events.length = events;
    fold.cases.length = cases;
    fold.asked.length = asked;
  };
  const keep = (work: Working, outcome: Outcome): Outcome => {
    // A hint about an order that we never heard of leaves no order behind, only what is asked for.
    if (!work.isNew || work.dirty) working.set(text, work);
    return outcome;
  };
  try {
    const heard = isChannelKind(entry.kind) && !isPoisoned ? hear(readers, entry) : null;
    const work = known ?? begin(fold, entry, heard);
    const isBeside = readers.has(entry.subject.channel);
    if (isPoisoned) return keep(work, foldPoisoned(fold, work, entry));
    if (heard !== null) return keep(work, foldChannel(fold, work, entry, heard));
    return keep(work, entry.kind === 'command' ? foldCommand(fold, work, entry, isBeside) : foldMessage(fold, work, entry, isBeside));
  } catch (error) {
    note(error);
  }
  takeBack();
  try {
    const again = saved ? { ...saved, phones: new Set(saved.phones) } : begin(fold, entry, null);
    return keep(again, foldPoisoned(fold, again, entry));
  } catch (error) {
    note(error);
    takeBack();
    if (saved && working.has(text)) working.set(text, saved);
    return buried;
  }
}

function open(order: Loaded | undefined): Working | null {
  if (order === undefined) return null;
  if (isUnreadable(order)) throw order.why;
  const seen = seenOf(order.facts);
  return {
    order,
    seen,
    isNew: false,
    dirty: false,
    bundle: undefined,
    bundleDirty: false,
    listBefore: isForgotten(order.facts) ? undefined : listRowOf(order, seen, order.firstPosition),
    phones: new Set(),
    erased: undefined,
  };
}

function begin(fold: Fold, entry: Entry, heard: Heard | null): Working {
  const { channel, shop, id } = entry.subject;
  const day = businessDay(placedAtOf(entry, heard) ?? entry.receivedAt);
  const orderKey = orderKeyOf(
    prefixOf(channel),
    day,
    serialText(entry.partition, fold.issuer.serial(entry.partition), fold.keys.serialSecret),
  );
  const order = anOrderWithoutFacts(entry.partition, { channel, shop, channelOrderId: id }, orderKey);
  return {
    order,
    seen: null,
    isNew: true,
    dirty: false,
    bundle: {},
    bundleDirty: false,
    listBefore: undefined,
    phones: new Set(),
    erased: undefined,
  };
}

/** Order keys have eight digits for the day in +08:00. */
const LAST_CHINESE_DAY_ENDS = Date.UTC(9999, 11, 31, 16);

function placedAtOf(entry: Entry, heard: Heard | null): number | null {
  const text = isChannelKind(entry.kind)
    ? heard?.messages.find((message) => message.placedAt !== undefined)?.placedAt
    : ((entry.parsed as { placedAt?: unknown } | undefined)?.placedAt ??
      (JSON.parse(entry.bytes.toString('utf8')) as { placedAt?: unknown }).placedAt);
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return at >= 0 && at < LAST_CHINESE_DAY_ENDS ? at : null;
}

function finish(keys: FoldKeys, working: ReadonlyMap<string, Working>): Omit<After, 'cases' | 'asked' | 'at'> {
  const after = {
    inserted: [] as Order[],
    updated: [] as Order[],
    listed: [] as ListRow[],
    relisted: [] as ListRow[],
    blind: [] as BlindRow[],
    erased: [] as ErasedRow[],
    forgotten: [] as ForgottenRow[],
    orders: new Map<string, Order>(),
  };
  for (const [text, work] of working) {
    const order = work.bundleDirty ? sealBundle(keys, work) : work.order;
    after.orders.set(text, order);
    if (!work.dirty) continue;
    (work.isNew ? after.inserted : after.updated).push(order);
    if (work.forgotten) after.forgotten.push({ partition: order.partition, orderKey: order.orderKey, ...work.forgotten });
    if (isForgotten(order.facts)) continue;
    const row = listRowOf(order, work.seen as Seen, order.firstPosition);
    if (work.listBefore === undefined) after.listed.push(row);
    else if (!sameListRow(row, work.listBefore)) after.relisted.push(row);
    if (order.facts.erasedAt !== undefined)
      after.erased.push({
        partition: order.partition,
        orderKey: order.orderKey,
        isNow: work.erased !== undefined,
        isAsked: work.isErasureAsked ?? false,
        tokens: (work.erased ?? []).map((phone) => keys.blindToken(phone)),
      });
    for (const phone of work.phones)
      after.blind.push({ token: keys.blindToken(phone), partition: order.partition, orderKey: order.orderKey });
  }
  return after;
}
