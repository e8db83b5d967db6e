/** What a queue and a socket have in common: messages that are the platform's until they are durable here. */
import type { Adapter, App, Ask, Failure, Kept } from '@weir/connectors/adapter';
import type { Clock, Log } from '#platform';
import type { Arrivals } from './arrivals.ts';
import type { LinkKind } from './link-store.ts';
import { isNotNow } from './take-push.ts';

/** Messages that are appended side by side. */
const KEPT_AT_ONCE = 200;
/** How long a house that cannot take a message now is left alone: longer each time. */
const FIRST_FULL_PAUSE_MS = 50;
const MOST_FULL_PAUSE_MS = 5_000;

/** A session with a platform ended, or never began; `code` and `text` go to the log and to people, so nothing of a person is in them. */
export class LinkBroken extends Error {
  readonly code: string;
  readonly text: string;
  readonly failure: Failure | null;
  constructor(code: string, text: string, failure: Failure | null = null) {
    super(code);
    this.code = code;
    this.text = text;
    this.failure = failure;
  }
}

/** One app's queue or socket, while this process may serve it. */
export interface Link {
  readonly appId: string;
  readonly kind: LinkKind;
  readonly adapter: Adapter;
  readonly app: App;
  readonly baseUrl: string | null;
  /** With the app's quota and nobody's token. */
  readonly ask: Ask;
  /** False as soon as the lease is gone, the app was changed or the house stops. */
  readonly mayWork: () => boolean;
  /** It stands. */
  readonly up: () => void;
  /** Messages came. */
  readonly heard: () => void;
}
export interface LinkDeps {
  readonly clock: Clock;
  readonly steady: Clock;
  readonly log: Log;
  readonly arrivals: Arrivals;
  /** Ends early when the house stops. */
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly stopping: AbortSignal;
  readonly reach: (point: string) => void;
}

/** True when all of them are durable; false when this process may no longer work before they were. A full house is waited for. */
export async function keepAll(deps: LinkDeps, link: Link, messages: readonly Kept[]): Promise<boolean> {
  for (let at = 0; at < messages.length; at += KEPT_AT_ONCE) {
    const kept = await Promise.all(messages.slice(at, at + KEPT_AT_ONCE).map((message) => keepOne(deps, link, message)));
    if (kept.includes(false)) return false;
  }
  deps.reach('link.after_durable');
  return true;
}

async function keepOne({ arrivals, sleep }: LinkDeps, link: Link, { bytes }: Kept): Promise<boolean> {
  for (let pause = FIRST_FULL_PAUSE_MS; ; pause = Math.min(pause * 2, MOST_FULL_PAUSE_MS)) {
    try {
      await arrivals.keep(link.adapter, Buffer.from(bytes));
      return true;
    } catch (error) {
      if (!isNotNow(error)) throw error;
    }
    await sleep(pause).catch(() => {});
    if (!link.mayWork()) return false;
  }
}
