/** Everything that was ever reported of one order, as sets and registers. No old message is read again; the status is computed from this alone. */
import type { EndedStatus, HoldKind, LiveStatus, NeutralOrder, OrderStatus, RefundStatus } from '@weir/contract';
import type { Register } from './register.ts';

export type Line = Omit<NeutralOrder['lines'][number], 'status'>;
export type Discount = NeutralOrder['discounts'][number];
export type Payment = Omit<NonNullable<NeutralOrder['payments']>[number], 'id'>;
export type Refund = Omit<NonNullable<NeutralOrder['refunds']>[number], 'id'>;
export type Shipment = Omit<NonNullable<NeutralOrder['shipments']>[number], 'id'>;
/** A parcel that we reported ourselves: the newest word, and every tracking number that it ever had. */
export interface OwnShipment extends Register<Shipment> {
  readonly numbers: readonly string[];
}
/** Which parcels a channel named when it listed all of them. */
export interface ParcelList {
  readonly at: number;
  readonly ids: readonly string[];
}
/** Where a person sends the parcel instead of to `over`, the address that was known then: keyed fingerprints both; null where none was known. */
export interface CorrectedAddress {
  readonly at: number;
  readonly value: string;
  readonly over: string | null;
}
/** A fault that stops nothing: its code and where it is. */
export interface Warning {
  readonly code: string;
  readonly pointer: string;
}
export type DoNotShip = NonNullable<NeutralOrder['doNotShip']>[number];

/** Registers whose equal-time rivals nobody can settle but a person. */
export const CONTENT = [
  'lines',
  'discounts',
  'shippingFee',
  'payable',
  'paid',
  'refunded',
  'currency',
  'placedAt',
  'paidAt',
  'shippedAt',
  'completedAt',
  'shipBy',
  'doNotShip',
  'shopSigns',
  'address',
  'buyer',
  'remark',
] as const;
export type ContentName = (typeof CONTENT)[number];

/** What one message says of the changeable fields. `address`, `buyer` and `remark` are keyed fingerprints: the texts are in the bundle. */
export interface ContentValues {
  lines: readonly Line[];
  discounts: readonly Discount[];
  shippingFee: string;
  payable: string;
  paid: string;
  refunded: string;
  currency: string;
  placedAt: string;
  paidAt: string;
  shippedAt: string;
  completedAt: string;
  shipBy: string | null;
  doNotShip: readonly DoNotShip[];
  /** The same of the shop's own system, where it speaks of an order beside the channel. */
  shopSigns: readonly DoNotShip[];
  address: string | null;
  buyer: string | null;
  remark: string | null;
}
export type Content = { readonly [K in ContentName]?: Register<ContentValues[K]> };

export type CaseState = 'open' | 'released' | 'fixed' | 'rejected' | 'superseded';
/** A message that may not pass, by the fingerprint of its bytes. */
export interface CaseFact {
  /** Source time of the blocked message, ms UTC. */
  readonly at: number;
  readonly state: CaseState;
  readonly since: number;
  readonly codes: readonly string[];
  /** Position of it in the inbox, where a channel said it of its own order: a later whole answer of that channel holds all that it said, whatever its time. */
  readonly heardAs?: number;
  /** How often a rejection of it was taken back; absent = never. What closes it names the round that it closes. */
  readonly round?: number;
}
/** The buyer asked the channel for another address, and the seller has not answered: why such an order is held. */
export const ADDRESS_WISHED = 'order.address_wished';

/** A hold set by a person or a rule, or by what a channel asks a person for. */
export interface PlacedHold {
  readonly kind: Extract<HoldKind, 'person' | 'rule'>;
  readonly who: string;
  readonly since: number;
  readonly why: string;
  readonly releasedBy?: string;
}

export interface OrderFacts {
  readonly content: Content;
  readonly live?: Register<LiveStatus>;
  readonly ended?: Register<EndedStatus>;
  readonly lineStatus: Readonly<Record<string, Register<OrderStatus>>>;
  readonly payments: Readonly<Record<string, Register<Payment>>>;
  readonly refunds: Readonly<Record<string, Register<Refund>>>;
  readonly shipments: Readonly<Record<string, Register<Shipment>>>;
  readonly ownShipments: Readonly<Record<string, OwnShipment>>;
  readonly parcelList?: ParcelList;
  /** The newest address that a person put in another's place. */
  readonly corrected?: CorrectedAddress;
  /** Furthest step of our own, per line. */
  readonly own: Readonly<Record<string, LiveStatus>>;
  /** When a person or rule of ours ended the order, ms UTC. */
  readonly cancelledAt?: number;
  /** When the person's data was erased, ms UTC: since then none is taken in. */
  readonly erasedAt?: number;
  /** Oldest source time of any message: since then an order without a whole one is incomplete. */
  readonly firstAt?: number;
  /** Newest source time of a whole message. Without one the order is incomplete. */
  readonly fullAt?: number;
  /** Position in the inbox of the last whole answer of the channel that was accepted. */
  readonly answeredAs?: number;
  /** Newest modifiedAt, as its sender wrote it. */
  readonly modifiedAt?: Register<string>;
  /** Milestones ever reported, at whatever source time: a later report may not make them undone. */
  readonly everShipped: boolean;
  readonly everCompleted: boolean;
  readonly cases: Readonly<Record<string, CaseFact>>;
  readonly placedHolds: Readonly<Record<string, PlacedHold>>;
  /** Derived review cases that a person accepted as they are, by the fingerprint of what was accepted. */
  readonly accepted: Readonly<Record<string, string>>;
  readonly warnings: Readonly<Record<string, Register<readonly Warning[]>>>;
}

export const NO_FACTS: OrderFacts = {
  content: {},
  lineStatus: {},
  payments: {},
  refunds: {},
  shipments: {},
  ownShipments: {},
  own: {},
  everShipped: false,
  everCompleted: false,
  cases: {},
  placedHolds: {},
  accepted: {},
  warnings: {},
};

/** One accepted message of a channel, an ERP or a person's correction. */
export interface Report {
  readonly at: number;
  /** settled 4 > detail 3 > list 2 > push 1; what a person said of a parcel of ours is 9. */
  readonly rank: number;
  readonly full: boolean;
  readonly content: { readonly [K in ContentName]?: ContentValues[K] };
  readonly status?: OrderStatus;
  readonly modifiedAt?: string;
  readonly lineStatus: Readonly<Record<string, OrderStatus>>;
  readonly payments: Readonly<Record<string, Payment>>;
  readonly refunds: Readonly<Record<string, Refund>>;
  readonly shipments: Readonly<Record<string, Shipment>>;
  /** True when `shipments` are all that the channel knows of, so that one it told of earlier and names no more is gone. */
  readonly listsShipments?: boolean;
  readonly warnings: readonly Warning[];
}

/** `settled`: a detail that was asked for when the second of its source time was surely over, so that it holds all that happened in it. */
export const RANK = { push: 1, list: 2, detail: 3, settled: 4, person: 9 } as const;
/** How far a refund has come; decides between two reports of one refund with the same time. */
export const REFUND_LADDER: readonly RefundStatus[] = ['requested', 'agreed', 'refused', 'withdrawn', 'done'];

export type Fact =
  | { readonly type: 'reported'; readonly report: Report }
  /** Asked for the order, its channel has told all that it knows, and all of it was accepted. `as`: position of the answer in the inbox. */
  | { readonly type: 'answered'; readonly as: number }
  | { readonly type: 'lines.moved'; readonly lines: readonly string[]; readonly to: LiveStatus }
  | { readonly type: 'shipped'; readonly at: number; readonly shipments: Readonly<Record<string, Shipment>> }
  | { readonly type: 'cancelled'; readonly at: number }
  | { readonly type: 'erased'; readonly at: number }
  | { readonly type: 'address.corrected'; readonly at: number; readonly address: string; readonly over: string | null }
  | { readonly type: 'hold.placed'; readonly id: string; readonly hold: PlacedHold }
  | { readonly type: 'hold.released'; readonly id: string; readonly by: string }
  | { readonly type: 'case.opened'; readonly id: string; readonly case: CaseFact }
  | { readonly type: 'case.closed'; readonly id: string; readonly state: Exclude<CaseState, 'open'>; readonly round?: number }
  | { readonly type: 'case.reopened'; readonly id: string; readonly round: number }
  | { readonly type: 'derived.accepted'; readonly id: string; readonly fingerprint: string };
