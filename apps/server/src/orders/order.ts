/** One order as it lies in memory while a batch is folded. */
import type { NeutralMessage } from '@weir/contract';
import { type Counters, type Identity, NO_FACTS, type OrderFacts, type Seen, view } from '@weir/core';

import type { ListRow } from './save-store.ts';

/** The personal values of an order: sealed as one bundle, opened only to be merged or revealed. */
export interface Bundle {
  /** Where the parcel goes. */
  readonly receiver?: NeutralMessage['receiver'];
  /** Once a person has corrected it: her text, and what others told last. One of the two is `receiver`. */
  readonly corrected?: NeutralMessage['receiver'];
  readonly told?: NeutralMessage['receiver'];
  readonly buyer?: NeutralMessage['buyer'];
  readonly remark?: string | null;
  /** Who, with which device, where: by the version they caused; the newest CONTEXTS of them. */
  readonly contexts?: Readonly<Record<string, NonNullable<NeutralMessage['context']>>>;
  /** What people wrote when they placed a hold, by the hold's id; the newest HOLD_WORDS of them. */
  readonly holdWords?: Readonly<Record<string, string>>;
  /** What a person wrote when the order was cancelled here. */
  readonly cancelReason?: string;
}
export const CONTEXTS = 50;
export const HOLD_WORDS = 50;

export interface Order extends Identity, Counters {
  readonly partition: number;
  readonly facts: OrderFacts;
  /** As stored; `undefined` = none. */
  readonly sealedBundle: Buffer | undefined;
  /** First withheld version that was not yet let go. */
  readonly withheldFrom: number | undefined;
  readonly everOutward: boolean;
  readonly firstPosition: number;
  readonly lastPosition: number;
}
/** A stored order whose facts cannot be read: it is left as it is. */
export interface Unreadable extends Identity {
  readonly why: unknown;
}
export type Loaded = Order | Unreadable;
export const isUnreadable = (order: Loaded): order is Unreadable => 'why' in order;
/** An order under work: `seen` is computed once and kept. */
export interface Working {
  order: Order;
  seen: Seen | null;
  readonly isNew: boolean;
  /** Whether facts changed and the row must be written. */
  dirty: boolean;
  /** Opened bundle, when somebody needed it; sealed again at the end of the fold. */
  bundle: Bundle | undefined;
  bundleDirty: boolean;
  /** The row of the list as it is stored; undefined for a new order. */
  listBefore: ListRow | undefined;
  readonly phones: Set<string>;
  /** Erased by this batch: the phones that the bundle still knew. */
  erased: readonly string[] | undefined;
  /** Somebody asked for that; otherwise the order's time had come. */
  isErasureAsked?: boolean;
  /** Forgotten by this batch: the tracking numbers by which it could be found. */
  forgotten?: { readonly numbers: readonly string[] };
}

export const seenOf = (facts: OrderFacts): Seen => ({ facts, view: view(facts) });
export const anOrderWithoutFacts = (partition: number, id: Omit<Identity, 'orderKey'>, orderKey: string): Order => ({
  ...id,
  orderKey,
  partition,
  version: 0,
  addressVersion: 0,
  bundleVersion: 0,
  facts: NO_FACTS,
  sealedBundle: undefined,
  withheldFrom: undefined,
  everOutward: false,
  firstPosition: 0,
  lastPosition: 0,
});
/** Only identity, key and version are left. A late message fills it again under the same key. */
export const isForgotten = (facts: OrderFacts): boolean => facts.firstAt === undefined && Object.keys(facts.cases).length === 0;
export const bundleSeal = (orderKey: string): string => `bundle ${orderKey}`;
