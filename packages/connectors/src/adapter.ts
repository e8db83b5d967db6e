/** What the server knows of an outside sales channel: this, and nothing else. Pure but for `ask`, which whoever calls hands in. */
import type { NeutralMessage, Problem, WriteBackCause } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import type { Json } from './lossless-json.ts';

/** Which bytes a message holds, from the weakest word to the strongest: a push, a row of a list, all that an order's own call tells. */
export const CHANNEL_KINDS = ['push', 'list', 'detail'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];
/** What must be fetched before the order is whole. */
export type Want = 'detail' | 'after_sales';
/** What can be walked by time of change. */
export const FEEDS = ['orders', 'after_sales'] as const;
export type Feed = (typeof FEEDS)[number];

export const FAILURE_CLASSES = ['retry', 'throttled', 'token_expired', 'already_done', 'do_not'] as const;
/**
 * `retry`: the same call may succeed later. `throttled`: later, and slower. `token_expired`: with a new token. `already_done`: what we asked
 * for is there already; read it back. `do_not`: the same call will be refused again; a person or another call must come first.
 */
export type FailureClass = (typeof FAILURE_CLASSES)[number];
export interface Failure {
  readonly class: FailureClass;
  /** False: no table holds this code, so it is `do_not` until somebody looks. */
  readonly isKnown: boolean;
  /** The channel's own code, `http:` and the status, or `network`. */
  readonly code: string;
  readonly subCode: string;
  readonly message: string;
  readonly logId: string;
  /** False only when the platform said no: else the call may have been carried out although we have no answer. */
  readonly mayHaveHappened: boolean;
  readonly retryAfterMs?: number;
}

/** One call of a channel's interface, as its connector makes it. */
export interface Call {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}
export type Answer =
  /** `bytes`: the whole answer as it came, for the inbox. */
  | { readonly ok: true; readonly data: Json; readonly bytes: Uint8Array; readonly logId: string }
  | { readonly ok: false; readonly failure: Failure };
/** Makes a call with the shop's token and within its quota. */
export type Ask = (call: Call) => Promise<Answer>;
export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** An app as it is registered at the channel. */
export interface App {
  readonly key: string;
  readonly secret: string;
}
export interface Response {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}
/** The part of `fetch` that is used; time limits are the giver's affair. */
export type Send = (
  url: string,
  init: { readonly method: 'POST'; readonly headers: Readonly<Record<string, string>>; readonly body: string },
) => Promise<Response>;
export interface ClientOptions {
  readonly app: App;
  readonly send: Send;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly baseUrl?: string;
}
export interface Client {
  /** `accessToken` null only for the calls that ask for a token. */
  call(call: Call, accessToken: string | null): Promise<Answer>;
}

export interface Token {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly shop: string;
  readonly shopName?: string;
}
export type TokenState = 'fresh' | 'refresh' | 'expired';
/** How a connector gets and keeps the token of one shop. */
export interface TokenCalls {
  /** `code`: what the seller's consent gave us; absent where the app belongs to the shop itself. */
  first(shop: string, code: string | undefined): Call;
  refresh(token: Token): Call;
  read(data: Json, askedAt: number): { readonly token: Token | null; readonly problems: readonly Problem[] };
  state(token: Token, now: number): TokenState;
}

/** Both ends in seconds since 1970; windows overlap, because whether an end belongs to it is not told. */
export interface Window {
  readonly from: number;
  readonly to: number;
}
export interface Page {
  /** From 0. */
  readonly page: number;
  readonly size: number;
}
/** One row of a page: what tells it from the others, whom it is about (null: that cannot be told), and its own text as it came. */
export interface Row {
  readonly id: string;
  readonly subject: Subject | null;
  readonly bytes: Uint8Array;
}
export interface RowsRead {
  readonly rows: readonly Row[];
  /** Rows that match, as the platform counts them; null when it told none: then an empty page proves nothing. */
  readonly total: number | null;
}

export type PushRouted =
  /** Whose orders the body tells of, each once. */
  | { readonly kind: 'orders'; readonly subjects: readonly Subject[]; readonly hasUnroutable: boolean }
  /** The platform tries our address; there is nothing to store. */
  | { readonly kind: 'probe' };

/** What a message says about its subject. */
export interface Heard {
  /** In the order in which they stand in the bytes; each is checked by the house as any other message is. */
  readonly messages: readonly NeutralMessage[];
  readonly wants: readonly Want[];
  /** What no message can be made of. A blocking one is a review case. */
  readonly problems: readonly Problem[];
}
/** The part that folds need: pure, never throws. */
export interface Reader {
  readonly channel: string;
  read(kind: ChannelKind, bytes: Uint8Array, subject: Subject): Heard;
  /** Why the bytes (or parts of them) name no order. */
  whyUnrouted(bytes: Uint8Array): readonly Problem[];
}

/** A parcel that we reported. */
export interface LeftParcel {
  readonly id: string;
  readonly carrier: string;
  readonly trackingNumber: string;
  /** Numbers that it was said to have before. */
  readonly former: readonly string[];
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  /** The same whenever this parcel is told with this number. */
  readonly requestId: string;
  /** How the channel numbers it, when it told us. */
  readonly packId?: string;
}
/** The channel's numbers of our parcels, by our ids: to correct them later. */
export type PackIds = Readonly<Record<string, string>>;

export type Told =
  | { readonly done: true; readonly packIds: PackIds }
  | {
      readonly done: false;
      readonly packIds: PackIds;
      readonly cause: WriteBackCause;
      /** `later`: the same may succeed by itself. `person`: it will be refused again until somebody changes something. */
      readonly next: 'later' | 'person';
      /** Absent where the channel said yes and holds something else all the same. */
      readonly failure?: Failure;
    };

export interface WriteBack {
  /** Makes the channel hold these parcels, and none of them twice; it asks first what the channel holds already. */
  tellShipped(ask: Ask, orderId: string, parcels: readonly LeftParcel[]): Promise<Told>;
  /** Adds our key to the seller's note, and takes away not a character of what people wrote. */
  writeOrderKey(ask: Ask, orderId: string, orderKey: string): Promise<Told>;
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;
interface Reply {
  readonly status: number;
  readonly body: object;
}

export interface Adapter extends Reader {
  /** What the platform lets us ask: calls a second of one app for one shop, and rows. */
  readonly limits: {
    readonly callsPerSecond: number;
    readonly pageRows: number;
    /** No query reaches beyond this many rows: a window that holds more must be split. */
    readonly windowRows: number;
    /** Orders older than this are in no list. */
    readonly ageDays: number;
  };
  /** What the platform wants to hear from its push address. */
  readonly replies: { readonly taken: Reply; readonly refused: Reply; readonly later: Reply };
  /** Over the exact bytes, before anything is parsed. */
  verifyPush(headers: Headers, body: Uint8Array, app: App): boolean;
  routePush(body: Uint8Array): PushRouted;
  readonly token: TokenCalls;
  createClient(options: ClientOptions): Client;
  /** All that the channel tells of one order, as the bytes of a `detail` message. */
  fetchDetail(ask: Ask, subject: Subject): Promise<Asked<Uint8Array>>;
  /** A page of what changed in the window, oldest change first. */
  listChanged(ask: Ask, feed: Feed, shop: string, window: Window, page: Page): Promise<Asked<RowsRead>>;
  /** A page of the orders placed in the window: a back-fill. */
  listPlaced(ask: Ask, shop: string, window: Window, page: Page): Promise<Asked<RowsRead>>;
  /** Telling the channel what we did; absent where a channel cannot be told. */
  readonly writeBack?: WriteBack;
}
