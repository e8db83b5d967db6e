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
import { anOrderWithoutFacts, isForgotten, type Order, seenOf, type Working } from './order.ts';
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
  before: ReadonlyMap<string, Order>,
  entries: readonly Entry[],
  issuer: Issuer,
  now: number,
  poisoned: ReadonlyMap<number, string>,
): Folded<After> {
  const working = new Map<string, Working>();
  const fold: Fold = { keys, issuer, now, events: [], cases: [], asked: [] };
  const outcomes = entries.map((entry) => foldOne(fold, readers, working, before, entry, poisoned.get(entry.position)));
  return { after: { ...finish(keys, working), cases: fold.cases, asked: fold.asked, at: now }, events: fold.events, outcomes };
}

/** An entry that throws leaves nothing behind but a dead letter and a hold on its subject. */
function foldOne(
  fold: Fold,
  readers: Readers,
  working: Map<string, Working>,
  before: ReadonlyMap<string, Order>,
  entry: Entry,
  poison: string | undefined,
): Outcome {
  const text = subjectText(entry.subject);
  const known = working.get(text) ?? open(before.get(text));
  if (known === null && entry.kind === 'command') return { position: entry.position, result: 'refused', code: 'order.not_found' };
  const saved = known && { ...known };
  const [events, cases, asked] = [fold.events.length, fold.cases.length, fold.asked.length];
  const keep = (work: Working, outcome: Outcome): Outcome => {
    // A hint about an order that we never heard of leaves no order behind, only what is asked for.
    if (!work.isNew || work.dirty) working.set(text, work);
    return outcome;
  };
  try {
    const heard = isChannelKind(entry.kind) && poison === undefined ? hear(readers, entry) : null;
    const work = known ?? begin(fold, entry, heard);
    const isBeside = readers.has(entry.subject.channel);
    if (poison !== undefined) return keep(work, foldPoisoned(fold, work, entry));
    if (heard !== null) return keep(work, foldChannel(fold, work, entry, heard));
    return keep(work, entry.kind === 'command' ? foldCommand(fold, work, entry, isBeside) : foldMessage(fold, work, entry, isBeside));
  } catch {
    fold.events.length = events;
    fold.cases.length = cases;
    fold.asked.length = asked;
    const again = saved ?? begin(fold, entry, null);
    return keep(again, foldPoisoned(fold, again, entry));
  }
}

function open(order: Order | undefined): Working | null {
  if (order === undefined) return null;
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
