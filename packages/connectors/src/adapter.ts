/** What the server knows of an outside sales channel: this, and nothing else. Pure but for `ask`, which whoever calls hands in. */
import type { NeutralMessage, NeutralOrder, Problem, WriteBackCause } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import type { ADDRESS_WISHED } from '@weir/core';
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
  /** A no about the one order that was asked for: it waits, and whatever else is asked for the shop need not. */
  readonly isAboutOne?: true;
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
  /** What else the channel needs to know of the app, by the names of `Adapter.settings`. */
  readonly settings?: Readonly<Record<string, string>>;
}
/** Something that a channel's app has beside key and secret, in words for whoever types it in. */
export interface Setting {
  readonly name: string;
  readonly isRequired: boolean;
  /** What a value must look like; any text unless said. */
  readonly pattern?: string;
  readonly zh: string;
  readonly en: string;
  /** How it is typed: hidden as a secret is, unless said. `lines`: several of them, as a PEM has. */
  readonly form?: 'secret' | 'line' | 'lines';
}
export interface Response {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}
/** The part of `fetch` that is used; time limits are the giver's affair. A GET has no body. */
export type Send = (
  url: string,
  init: { readonly method: 'GET' | 'POST'; readonly headers: Readonly<Record<string, string>>; readonly body?: string },
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
  /** `shop`: for whom it was asked, where the answer does not say whose token it is. */
  read(data: Json, askedAt: number, shop: string): { readonly token: Token | null; readonly problems: readonly Problem[] };
  state(token: Token, now: number): TokenState;
}

/** Both ends in seconds since 1970; windows overlap, because whether an end belongs to it is not told. */
export interface Window {
  readonly from: number;
  readonly to: number;
}
export interface Page {
  /** From 0, whatever the channel's own first page is called. */
  readonly page: number;
  readonly size: number;
  /** `next` of the page before, where pages are read `by_cursor`. */
  readonly after?: string;
}
/** One row of a page: what tells it from the others, whom it is about (null: that cannot be told), and its own text as it came. */
export interface Row {
  readonly id: string;
  readonly subject: Subject | null;
  readonly bytes: Uint8Array;
}
export interface RowsRead {
  /** A list may be the app's and hold rows of its other shops too. */
  readonly rows: readonly Row[];
  /** Rows of the shop that was asked for that match, as the platform counts them; null when it told none: then an empty page proves nothing. */
  readonly total: number | null;
  /** Where pages are read `by_cursor`: what the next page is asked for with; null when the platform said that there is none. */
  readonly next?: string | null;
}
/**
 * In which order the pages of a window are read so that what changes meanwhile is not missed. `first_page_first`: the oldest change stands first, and what
 * changes moves to pages not yet read. `last_page_first`: the same order, and the platform wants to be read from its end; the first page is asked for its
 * total only. `by_cursor`: each page names the next.
 */
export type WalkOrder = 'first_page_first' | 'last_page_first' | 'by_cursor';

export type PushRouted =
  /** Whose orders the body tells of, each once. */
  | { readonly kind: 'orders'; readonly subjects: readonly Subject[]; readonly hasUnroutable: boolean }
  /** The platform tries our address; there is nothing to store. */
  | { readonly kind: 'probe' };

/** What a channel leaves to a person and never shows as done. `id`: one for each such wish; `since`: ms UTC. */
export interface PersonAsked {
  readonly id: string;
  readonly why: typeof ADDRESS_WISHED;
  readonly since: number;
}
/** What a message says about its subject. */
export interface Heard {
  /** In the order in which they stand in the bytes; each is checked by the house as any other message is. */
  readonly messages: readonly NeutralMessage[];
  readonly wants: readonly Want[];
  /** What no message can be made of. A blocking one is a review case. */
  readonly problems: readonly Problem[];
  /** The order is held, once for each `id`, until somebody releases it. */
  readonly asks?: readonly PersonAsked[];
  /** A row of a list shows that all money went back, and not by which refund: it is news until refunds of all that was paid are known. */
  readonly paidBack?: true;
  /** Codes of signs to wait that a row of a list shows: news until the order's own signs hold them. */
  readonly signs?: readonly string[];
  /** The parcels in it need not be all that there are: one that somebody told of before and that is not named here has not gone. */
  readonly parcelsMayMiss?: true;
}
/** The part that folds need: pure, never throws. */
export interface Reader {
  readonly channel: string;
  /**
   * The channel tells no time of change, so what it says counts from when it was asked, and is newer than every time in it: our clock may be behind. That time settles
   * which of two words is newer; it is no news of its own, and a row of a list is news only where it says something else.
   */
  readonly tellsNoChange?: true;
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
  /** What lies in it, in words: titles and pieces of its lines. For a platform that wants to know and knows no lines. */
  readonly contents?: string;
  /** With this parcel all has left that is to leave. A platform that counts no lines has to be told. */
  readonly isLast?: boolean;
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
  /** Makes the channel hold these parcels, and none of them twice; it asks first what the channel holds already. `now`: ms since 1970. */
  tellShipped(ask: Ask, order: Subject, parcels: readonly LeftParcel[], now: number): Promise<Told>;
  /** Adds our key to the seller's note, and takes away not a character of what people wrote. Absent where no field of an order can hold it. */
  writeOrderKey?(ask: Ask, order: Subject, orderKey: string): Promise<Told>;
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;
export interface Reply {
  readonly status: number;
  /** An object goes out as JSON, text as it is; '' is an empty body. */
  readonly body: object | string;
}
/** What came to the address that we gave the platform. Names of headers are in lower case. */
export interface Knock {
  readonly method: 'GET' | 'POST';
  readonly headers: Headers;
  readonly query: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}
export type Opened =
  /** Not from the platform, or too old to be believed. Nothing says why. */
  | { readonly kind: 'refused' }
  /** The platform tries our address and wants to hear this; there is nothing to store. */
  | { readonly kind: 'answered'; readonly reply: Reply }
  /** What goes into the inbox: the body as it came; where it was encrypted, a JSON document that holds the body as text and what it said. */
  | { readonly kind: 'message'; readonly bytes: Uint8Array };
/** A platform that calls us. */
export interface PushDoor {
  /** What it wants to hear. */
  readonly replies: { readonly taken: Reply; readonly refused: Reply; readonly later: Reply };
  /** Judges the exact bytes before anything in them is believed. `now`: ms since 1970. Never throws. */
  open(knock: Knock, app: App, now: number): Opened;
}

/** A message that the platform keeps until we confirm it; the same one comes again until then. */
export interface Kept {
  /** The platform's own, by which it is confirmed. */
  readonly id: string;
  readonly bytes: Uint8Array;
}
/** Messages that are fetched. The queue is the app's: its calls carry no shop's token. `app`: whose queue, for its settings. */
export interface MessageQueue {
  take(ask: Ask, app: App): Promise<Asked<readonly Kept[]>>;
  /** After they are durable. */
  confirm(ask: Ask, ids: readonly string[], app: App): Promise<Asked<null>>;
  /** How long an empty queue is left alone, ms. */
  readonly restMs: number;
}
/** Text and binary frames of a websocket. */
export type Frame = string | Uint8Array;
export interface FrameHeard {
  readonly messages: readonly Kept[];
  /** To be sent back at once. */
  readonly frames: readonly Frame[];
  /** The conversation cannot go on: why, for the log. The connection is closed and opened anew. */
  readonly broken?: string;
}
/** One connection's talk, without the connection: frames and a clock's reading go in, messages and frames come out. Never throws. */
export interface Conversation {
  /** As soon as the connection stands. */
  begin(now: number): readonly Frame[];
  hear(frame: Frame, now: number): FrameHeard;
  /** After these are durable. */
  confirm(messages: readonly Kept[], now: number): readonly Frame[];
  /** Asked about once a second: what is to be said now, and whether the other side has been silent for too long. */
  tick(now: number): Pick<FrameHeard, 'frames' | 'broken'>;
}
/** Messages that come over a connection which we open and hold, one per app. */
export interface MessageSocket {
  /** `ws:` or `wss:`; `baseUrl` is the address of a simulated platform, as a client has it. */
  address(app: App, now: number, baseUrl?: string): string;
  open(app: App): Conversation;
}

/** Who an order goes to, as the platform opens it for one purpose. */
export type OpenedReceiver = NonNullable<NeutralOrder['receiver']>;

/** Everything that a channel has to be able to do. `conformance` (the tests' own folder) checks each promise against the channel's simulated platform. */
export interface Adapter extends Reader {
  /** What the platform lets us ask: calls a second of one app for one shop, and rows. */
  readonly limits: {
    readonly callsPerSecond: number;
    readonly pageRows: number;
    /** No query reaches beyond this many rows: a window that holds more must be split. */
    readonly windowRows: number;
    /** Orders older than this are in no list. */
    readonly ageDays: number;
    /** No query may span more than this; absent where none is told. */
    readonly windowSeconds?: number;
    /** What the platform advises for a time in which much happens; a quiet one is asked for in one piece, up to `windowSeconds`. */
    readonly busyWindowSeconds?: number;
    /** The list may lag this far behind: what is newer is asked for later. */
    readonly settleSeconds?: number;
    /** False where unpaid orders are in no list, so that their absence is no sign of a list with too few rows. */
    readonly listsUnpaid?: boolean;
  };
  readonly walk: WalkOrder;
  /** Which lists the channel has. */
  readonly feeds: readonly Feed[];
  /** What an app has beside key and secret. */
  readonly settings: readonly Setting[];
  /** Whether a shop is connected with the code that its seller's consent gave: `optional` where the app may be the shop's own. */
  readonly consentCode: 'needed' | 'optional' | 'none';
  /** Absent where the platform calls nobody. */
  readonly door?: PushDoor;
  readonly queue?: MessageQueue;
  readonly socket?: MessageSocket;
  /** Which of `queue` and `socket` this app uses, where the channel has both: one of them, so that nothing is sent twice. Absent where there is no choice. */
  transport?(app: App): 'queue' | 'socket';
  /** Whose orders a message tells of, from the bytes of the door, the queue or the socket alone. */
  routePush(bytes: Uint8Array): PushRouted;
  readonly token: TokenCalls;
  createClient(options: ClientOptions): Client;
  /** What must be asked once for each shop before its messages come; it may be asked again. Absent where nothing must be. */
  permit?(ask: Ask): Promise<Asked<null>>;
  /** All that the channel tells of one order, as the bytes of a `detail` message. `now`: when it is asked, ms since 1970: a platform that tells no time of change counts from then. */
  fetchDetail(ask: Ask, subject: Subject, now?: number): Promise<Asked<Uint8Array>>;
  /** A page of what changed in the window, oldest change first. */
  listChanged(ask: Ask, feed: Feed, shop: string, window: Window, page: Page): Promise<Asked<RowsRead>>;
  /** A page of the orders placed in the window: a back-fill. */
  listPlaced(ask: Ask, shop: string, window: Window, page: Page): Promise<Asked<RowsRead>>;
  /** Telling the channel what we did; absent where a channel cannot be told. */
  readonly writeBack?: WriteBack;
  /** Asks the channel to open the receiver that its `token` stands for; counted against the platform's quota. Absent where it cannot be asked. */
  openReceiver?(ask: Ask, order: Subject, token: string): Promise<Asked<OpenedReceiver>>;
}
