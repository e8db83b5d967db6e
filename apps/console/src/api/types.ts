/** Answers of the server that only the console reads. What also others read stands in `@weir/contract`. */
import type { OrderState, Problem, Role, StoredEvent } from '@weir/contract';

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Null = every shop. */
  readonly shops?: readonly string[] | null;
  /** What this person may open for a purpose; the server decides again when it is asked. */
  readonly reveals?: readonly string[];
}
export interface HourCount {
  readonly hour: string;
  readonly channel: string;
  readonly count: number;
}
export interface Source {
  readonly channel: string;
  readonly shop: string;
  readonly name: string | null;
  readonly connected: boolean;
  readonly today: number;
  readonly lastReceivedAt?: string | null;
  /** How long after it happened the newest order was stored here. */
  readonly lagMs?: number | null;
  readonly lastPlacedAt?: string | null;
}
export interface Endpoint {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly state: 'active' | 'paused' | 'broken' | 'full' | 'gone';
  /** Events behind; null for whoever sees some shops only. */
  readonly lag: number | null;
  /** Subjects that wait behind a failed delivery. */
  readonly parked: number;
  /** Of them those whose tries have ended. */
  readonly dead?: number;
  /** Until then a secret before signs as well. */
  readonly oldSecretUntil?: string | null;
  /** So many secrets sign now. */
  readonly liveSecrets?: number;
  /** Orders of which its own digest does not agree with what it was told. */
  readonly mismatches?: number;
  readonly oldestParkedSince?: string | null;
  readonly lastError?: string | null;
}
export interface EndpointWish {
  readonly name: string;
  readonly url: string;
  readonly startAt: 'now' | 'earliest';
  readonly eventTypes?: readonly string[];
  readonly shops?: readonly string[];
  readonly personalFields?: readonly RevealField[];
}
export interface EndpointMade {
  readonly id: string;
  readonly secret: string;
}
export interface Overview {
  readonly asOf: string;
  readonly today: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byHour: readonly HourCount[];
  readonly held: Readonly<Record<string, number>>;
  readonly reviewsOpen: number;
  readonly deadLetters: number;
  readonly sources: readonly Source[];
  readonly endpoints: readonly Endpoint[];
  readonly worker: { readonly holds: boolean };
  /** The last pause of the house; null when there was none lately. An older server does not say. */
  readonly away?: Away | null;
  readonly pullAlarms?: readonly PullAlarm[];
  readonly linksDown?: readonly LinkDown[];
}
export interface AwayOrder {
  readonly orderKey: string;
  readonly channel: string;
  readonly shop: string;
  readonly channelOrderId: string;
  readonly status: string | null;
  readonly shipBy: string | null;
}
export interface Away {
  readonly from: string;
  readonly to: string;
  /** Null while it catches up. */
  readonly completeAt: string | null;
  readonly orders: number;
  readonly mustShipWithin2h: number;
  readonly items: readonly AwayOrder[];
}
/** A queue or a socket of an app that has been down for long. */
export interface LinkDown {
  readonly app: string;
  readonly channel: string;
  readonly name: string;
  readonly kind: 'queue' | 'socket';
  readonly since: string;
  readonly lastError: string | null;
}
/** A list of a channel that told suspiciously few rows. */
export interface PullAlarm {
  readonly channel: string;
  readonly shop: string;
  readonly feed: string;
  readonly since: string;
  readonly rows: number;
  readonly expected: number;
}
export interface ListItem {
  readonly orderKey: string;
  readonly channel: string;
  readonly shop: string;
  readonly channelOrderId: string;
  readonly status: string | null;
  readonly payment: string;
  readonly refund: string;
  readonly held: readonly string[];
  readonly payable: string | null;
  readonly currency: string;
  readonly lineCount: number;
  readonly title: string;
  readonly shipBy: string | null;
  readonly placedAt: string | null;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
export interface ListCount {
  readonly count: number;
  /** False: there are more than `count`. */
  readonly isExact: boolean;
}
export interface Person {
  readonly name?: string;
  readonly phone?: string;
  readonly province?: string;
  readonly city?: string;
  readonly district?: string;
  readonly detail?: string;
  readonly token?: string;
  readonly channelBuyerId?: string;
}
/** Who caused a version, with which device, where. */
export interface Context {
  readonly operator?: string;
  readonly deviceFingerprint?: string;
  readonly geo?: { readonly lat: number; readonly lng: number };
}
export interface Order extends OrderState {
  readonly connected: boolean;
  readonly mayShip: readonly { readonly code: string; readonly detail: string }[];
  /** Masked. */
  readonly personal: {
    readonly receiver?: Person | null;
    readonly buyer?: Person | null;
    readonly remark?: string | null;
    readonly cancelReason?: string;
  };
}
export type TimelineEvent = StoredEvent;
/** A stored message, personal values masked. */
export interface RawMessage {
  readonly receivedAt: string;
  readonly bytes: number;
  readonly body: unknown;
}
export interface Knowledge {
  readonly endpoint: string;
  readonly name: string;
  readonly version: number | null;
  readonly latest: number;
  /** The newest version of which it is to hear; 0: none. An older server does not say. */
  readonly wanted?: number;
  readonly parked: boolean;
  /** Its own digest does not agree with what it was told. */
  readonly differs?: boolean;
  /** Of a channel that could not be told: why not. */
  readonly why?: { readonly zh: string; readonly en: string };
}
export interface ReviewCase {
  readonly id: string;
  /** Null: a message that names no order of a connected shop. */
  readonly orderKey: string | null;
  readonly channel: string;
  readonly shop: string;
  readonly state: string;
  readonly openedAt: string;
  readonly closedAt?: string | null;
  readonly closedBy?: string | null;
  readonly problems: readonly Problem[];
  /** The message as it came, personal values masked; null for a case that follows from several messages. */
  readonly message: unknown;
  /** Of a message that is too large for a list, where it is null. */
  readonly messageBytes?: number;
}
export interface Change {
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
}
export interface Edit {
  readonly pointer: string;
  readonly value?: unknown;
}
export const REVEAL_FIELDS = [
  'receiver.name',
  'receiver.phone',
  'receiver.address',
  'buyer.name',
  'buyer.phone',
  'remark',
  'context',
] as const;
export type RevealField = (typeof REVEAL_FIELDS)[number];
export const PURPOSES = ['deliver', 'contact_customer', 'verify_identity', 'finance_check', 'complaint', 'legal'] as const;
export type Purpose = (typeof PURPOSES)[number];
export interface Revealed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly showSeconds: number;
}
export interface StreamItem {
  readonly orderKey: string;
  readonly version: number;
  readonly type: string;
  readonly status: string | null;
  readonly shop: string;
}
/** What a command answers: what became of it, or (202) only the id under which that will be found. */
export type CommandAnswer =
  | { readonly orderKey?: string; readonly result: string; readonly version?: number; readonly problems?: readonly Problem[] }
  | { readonly id: string };
export interface AuditRecord {
  readonly id: string;
  readonly at: string;
  /** Id of the token or person. */
  readonly who: string;
  readonly name: string | null;
  readonly via: string | null;
  readonly address: string | null;
  readonly what: string;
  readonly subject: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}
/** What our tries ended with: a message that could not be worked on (in), a change that a channel would not take (out). */
export interface DeadLetter {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly at: string;
  readonly orderKey: string | null;
  readonly channel: string | null;
  readonly shop: string | null;
  /** The channel's own id of an order that could not be fetched. */
  readonly channelOrderId: string | null;
  readonly what: string;
  readonly cause: string;
  readonly zh: string;
  readonly en: string;
  /** The channel's own code. */
  readonly code: string | null;
  readonly attempts: number;
  readonly mayRetry: boolean;
}
/** One try of one delivery, as the log keeps it. */
export interface Delivery {
  readonly id: string;
  readonly at: string;
  readonly subjectKey: string | null;
  readonly version: number;
  readonly type: string | null;
  readonly attempt: number;
  readonly outcome: 'delivered' | 'failed';
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
  readonly replay: string | null;
}
export interface DeliveryShown extends Delivery {
  /** Made again from the log; null when the log no longer has the event. */
  readonly request: {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly leftOut: readonly string[];
  } | null;
  readonly hasAnswer: boolean;
}
export interface Replay {
  readonly id: string;
  readonly perSecond: number;
  readonly state: 'running' | 'done' | 'cancelled';
  readonly orders: number;
  readonly sent: number;
  readonly withheld: number;
  readonly outside: number;
  readonly failed: number;
  readonly waiting: number;
  readonly madeAt: string;
}
export interface ReplayWish {
  readonly keys?: readonly string[];
  readonly range?: { readonly from: string; readonly to: string };
  readonly query?: { readonly paidFrom: string; readonly paidTo: string };
  readonly perSecond: number;
}
export interface ReplayPreview {
  readonly orders: number;
  readonly first: readonly string[];
  /** Keys that name no order which this endpoint hears of. */
  readonly unknown?: readonly string[];
}
/** An order that waits behind a failed delivery. */
export interface ParkedOrder {
  readonly subjectKey: string;
  readonly fromVersion: number;
  readonly since: string;
  readonly tries: number;
  /** Null: our tries have ended. */
  readonly nextAt: string | null;
  readonly why: { readonly zh: string; readonly en: string };
}
/** An order of which the endpoint says that it holds something else. */
export interface Mismatch {
  readonly subjectKey: string;
  readonly version: number;
  /** `<version>:<digest>` each. */
  readonly ours: string;
  readonly theirs: string;
  readonly since: string;
}
export interface SecretRotated {
  readonly secret: string;
  readonly oldSecretUntil: string;
  readonly liveSecrets: number;
}

export type BulkDecision = 'release' | 'fix' | 'reject' | 'retry';
/** Open cases that have their cause in common. */
export interface ReviewGroup {
  readonly reason: string;
  readonly channel: string;
  readonly cases: number;
  readonly shops: number;
  readonly oldest: string;
  readonly problems: readonly Problem[];
  readonly decisions: readonly BulkDecision[];
}
export interface BulkWish {
  readonly decision: BulkDecision;
  readonly where: { readonly reason: string; readonly channel: string };
  readonly recipes?: readonly unknown[];
  /** What the preview counted: more is not decided. */
  readonly expected?: { readonly cases: number; readonly newest: string };
}
export interface ReviewPreview {
  readonly cases: number;
  readonly newest: string | null;
  readonly checked: number;
  readonly passing: number;
  readonly examples: readonly {
    readonly id: string;
    readonly passes: boolean | null;
    readonly changes: readonly Change[];
    readonly problems: readonly Problem[];
  }[];
}
export interface ReviewRun {
  readonly id: string;
  readonly decision: BulkDecision | 'reopen';
  readonly chosen: { readonly reason?: string };
  readonly state: 'open' | 'done' | 'cancelled';
  readonly cases: number;
  readonly accepted: number;
  readonly refused: number;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly startsAt: string;
  readonly undoes: string | null;
}
