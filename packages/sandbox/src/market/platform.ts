/** What every simulated platform is to whoever plays with it, whatever protocol it speaks. */
import type { Explained, Signed } from './explained.ts';
import type { Mailbox } from './mailbox.ts';
import type { Market, MarketOptions } from './market.ts';
import type { PlatformServer, PlatformServerOptions } from './server.ts';
import type { SentPush } from './push.ts';
import type { SandboxClock } from '../clock.ts';

export interface SandboxApp {
  readonly key: string;
  readonly secret: string;
  /** What else Weir must be told of the app, by the names of the adapter's settings. */
  readonly settings?: Readonly<Record<string, string>>;
}
export interface PlatformOptions extends Omit<MarketOptions, 'clock'>, PlatformServerOptions {
  readonly app: SandboxApp;
  /** The shop's number, digits. */
  readonly shop: string;
  readonly clock?: SandboxClock;
  /** Where messages are pushed to, where the platform pushes over HTTP; null or absent: they wait. */
  readonly pushUrl?: string | null;
  readonly fetch?: typeof fetch;
  /** Hears each push as it went out and what came back (null: nothing). */
  readonly onPush?: (push: SentPush) => void;
}
export interface SimulatedPlatform extends Market, PlatformServer {
  /** The channel's id, as Weir names it. */
  readonly channel: string;
  readonly app: SandboxApp;
  readonly shop: string;
  readonly mailbox: Mailbox;
  /** The sandbox's page shows with it how a signature came about; null where nothing is signed. */
  explain(signed: Signed): Explained | null;
  /** Where messages go from now on; null: they wait. Nothing to a platform that is asked for its messages. */
  pushTo(url: string | null): void;
}
