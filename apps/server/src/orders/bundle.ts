/** The sealed bundle of an order: merged with what a message brought, where that message's word is the one that holds. */
import { addressOf, isCorrected, type OrderFacts } from '@weir/core';
import { Sealed } from '#access';
import type { Personal } from '#intake';
import type { FoldKeys } from './apply.ts';
import { type Bundle, bundleSeal, CONTEXTS, HOLD_WORDS, type Order, type Working } from './order.ts';

export function openBundle(keys: Pick<FoldKeys, 'box'>, order: Order): Bundle {
  if (order.sealedBundle === undefined) return {};
  return JSON.parse(keys.box.open(order.sealedBundle, bundleSeal(order.orderKey)).toString()) as Bundle;
}

/** Nobody but the door of `#access` gets text out of it. */
export const sealedBundleOf = (keys: Pick<FoldKeys, 'box'>, order: Order): Sealed<Bundle> => new Sealed(() => openBundle(keys, order));

/** A whole Chinese mobile number however it was typed: digits only, without the country's 86. */
export const phoneDigits = (text: string): string => text.replace(/\D/g, '').replace(/^86(?=1\d{10}$)/, '');

const LEAST_DIGITS = 5;
/** A channel's mask is nobody's number: who searches by phone would find strangers' orders. */
const isWhole = (phone: string): boolean => !/[*＊]/.test(phone) && phoneDigits(phone).length >= LEAST_DIGITS;

/** By these numbers a person is found whose message waits for somebody to judge it. They stay in the index as older numbers of an order do, until its person is erased. */
export function findableBy(work: Working, message: unknown): void {
  if (work.order.facts.erasedAt !== undefined) return;
  const { receiver, buyer } = (message ?? {}) as Readonly<Record<string, { readonly phone?: unknown } | null | undefined>>;
  for (const phone of [receiver?.phone, buyer?.phone]) if (typeof phone === 'string' && isWhole(phone)) work.phones.add(phoneDigits(phone));
}

/** Fingerprints of the personal parts that a message brought. */
export type Prints = Partial<Readonly<Record<'address' | 'buyer' | 'remark', string | null>>>;

interface Brings {
  readonly personal?: Personal;
  readonly prints?: Prints;
}
/** Takes over the parts of `personal` whose fingerprint the registers now hold; true when the bundle changed. */
export function applyBundle(keys: FoldKeys, work: Working, facts: OrderFacts, brought: Brings, version: number): boolean {
  if (facts.erasedAt !== undefined) return dropBundle(keys, work);
  const { personal = {}, prints = {} } = brought;
  const before = work.order.facts.content;
  const wins = (name: 'address' | 'buyer' | 'remark'): boolean =>
    facts.content[name]?.value !== before[name]?.value && facts.content[name]?.value === prints[name];
  const patch: Patch = receiversAfter(keys, work, facts, brought);
  const { buyer, remark, context, holdWords, cancelReason } = personal;
  if (buyer !== undefined && wins('buyer')) patch.buyer = buyer;
  if (remark !== undefined && wins('remark')) patch.remark = remark;
  if (cancelReason !== undefined) patch.cancelReason = cancelReason;
  if (Object.keys(patch).length === 0 && context === undefined && holdWords === undefined) return false;
  work.bundle ??= openBundle(keys, work.order);
  if (context !== undefined)
    patch.contexts = Object.fromEntries([...Object.entries(work.bundle.contexts ?? {}), [String(version), context]].slice(-CONTEXTS));
  if (holdWords !== undefined)
    patch.holdWords = Object.fromEntries(Object.entries({ ...work.bundle.holdWords, ...holdWords }).slice(-HOLD_WORDS));
  work.bundle = { ...work.bundle, ...patch };
  work.bundleDirty = true;
  for (const phone of [patch.receiver?.phone, patch.buyer?.phone]) if (phone && isWhole(phone)) work.phones.add(phoneDigits(phone));
  return true;
}

type Patch = { -readonly [K in keyof Bundle]: Bundle[K] };

/** Of an order whose address a person corrected both texts are kept, for either may be the one that holds after the next message. */
function receiversAfter(keys: FoldKeys, work: Working, facts: OrderFacts, { personal = {}, prints = {} }: Brings): Patch {
  const { receiver } = personal;
  const before = work.order.facts;
  const isNews = (was: string | null | undefined, is: string | null | undefined): boolean =>
    receiver !== undefined && was !== is && is === prints.address;
  const isTold = isNews(before.content.address?.value, facts.content.address?.value);
  const isCorrection = isNews(before.corrected?.value, facts.corrected?.value);
  if (facts.corrected === undefined) return isTold ? { receiver } : {};
  if (!isTold && !isCorrection && addressOf(facts) === addressOf(before)) return {};
  work.bundle ??= openBundle(keys, work.order);
  const told = isTold ? receiver : 'told' in work.bundle ? work.bundle.told : work.bundle.receiver;
  const corrected = isCorrection ? receiver : work.bundle.corrected;
  return { told, corrected, receiver: isCorrected(facts) ? corrected : told };
}

/** Nothing personal stays, and nothing comes back; true when there was something. */
function dropBundle(keys: FoldKeys, work: Working): boolean {
  const { receiver, corrected, told, buyer } = work.bundle ?? openBundle(keys, work.order);
  const hadAny = work.order.sealedBundle !== undefined || work.bundleDirty;
  if (work.order.facts.erasedAt === undefined) {
    const phones = [receiver, corrected, told, buyer].map((each) => each?.phone).filter((phone) => phone !== undefined);
    work.erased = [...new Set([...phones.map(phoneDigits), ...work.phones])];
  }
  work.phones.clear();
  work.bundle = {};
  work.bundleDirty = false;
  work.order = { ...work.order, sealedBundle: undefined };
  return hadAny;
}

export const sealBundle = (keys: Pick<FoldKeys, 'box'>, work: Working): Order => ({
  ...work.order,
  sealedBundle: keys.box.seal(Buffer.from(JSON.stringify(work.bundle)), bundleSeal(work.order.orderKey)),
});
