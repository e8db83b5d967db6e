/** Where a receiver keeps what it holds. A store of your own needs nothing but this. */
import type { Order } from './event.ts';

/** What is held of one order. */
export interface Held {
  /** The newest version that was heard of. */
  readonly version: number;
  /** Its newest state; older than `version`, or null, while the order waits for a person. */
  readonly order: Order | null;
}
/** Inside one transaction. */
export interface StoreSession<Handle> {
  /** For `onChange`: what is written by it is kept, or not kept, together with the delivery. */
  readonly handle: Handle;
  /** True the first time, false for a repeat. */
  remember(webhookId: string, atMs: number): Promise<boolean> | boolean;
  find(orderKey: string): Promise<Held | null> | Held | null;
  put(orderKey: string, held: Held): Promise<void> | void;
}
export interface Store<Handle> {
  /** All of `work` or nothing. Deliveries of one order run one after the other. */
  transaction<T>(orderKey: string, work: (session: StoreSession<Handle>) => Promise<T>): Promise<T>;
  find(orderKey: string): Promise<Held | null>;
  close(): Promise<void>;
}

/** Ids of deliveries are forgotten after this: the last try of a delivery comes eight days after the first. */
export const REMEMBERED_MS = 30 * 86_400_000;
/** How often old ids are looked for. */
export const FORGET_EVERY = 1_000;

/** One after the other. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
