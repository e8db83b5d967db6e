/** A line to a channel: whoever calls for a shop goes through its one token and its one quota. */
import type { Adapter, Answer, App, Ask, Client, Failure, Send } from '@weir/connectors/adapter';
import type { Keys } from '#access';
import type { Clock, Db } from '#platform';
import { openSettings } from './app-settings.ts';
import { type DirectoryKeeper, shopName } from './directory.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import type { AppRow, ShopRow } from './store.ts';
import { createTokenKeeper, type TokenKeeper } from './token-keeper.ts';

/** Asking for a token that the platform does not give helps nobody. */
const NO_TOKEN_PAUSE_MS = 60_000;
/** With this many tokens that the platform did not take, something else is wrong. */
const TOKENS_TRIED = 3;

export interface Line {
  readonly channel: string;
  readonly shop: string;
  readonly adapter: Adapter;
  /** A failure is an answer, not thrown. It tries again only with another token. */
  readonly call: Ask;
  /** As `call`, and `may` is asked when the call's turn has come, right before it leaves: what waited in between may not be ours to say any more. */
  callWhile(may: () => boolean): Ask;
}
/** Seen by nobody: it is told by whoever holds the lease now, or by us when we are sure again. */
const NOT_OURS: Failure = {
  class: 'retry',
  isKnown: true,
  code: 'lease',
  subCode: '',
  message: 'the lease may be somebody else’s',
  logId: '',
  mayHaveHappened: false,
};
interface Deps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'wrap' | 'unwrap'>;
  readonly clock: Clock;
  readonly steady: Clock;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly send: Send;
  readonly adapters: ReadonlyMap<string, Adapter>;
  readonly directory: DirectoryKeeper;
}
export interface Lines {
  /** Null for a shop that is not connected through an app. */
  of(channel: string, shop: string): Promise<Line | null>;
  all(): Promise<readonly Line[]>;
  /** For calls that are the app's own and carry no shop's token. */
  askOf(app: AppRow, adapter: Adapter): Ask;
  /** Credentials changed: the next call begins anew. */
  forget(channel: string, shop: string): void;
}

export const secretOf = (keys: Pick<Keys, 'unwrap'>, app: AppRow): App => ({
  key: app.appKey,
  secret: keys.unwrap(app.wrappedSecret).toString('utf8'),
  ...(app.wrappedSettings === null ? {} : { settings: openSettings(keys, app.wrappedSettings) }),
});
/** Changes whenever something of the app does that a connection to its channel depends on. */
export const stampOf = ({ id, baseUrl, wrappedSecret, wrappedSettings }: AppRow): string =>
  [id, baseUrl ?? '', wrappedSecret.toString('base64'), wrappedSettings?.toString('base64') ?? ''].join(' ');

export function createLines(deps: Deps): Lines {
  const open = new Map<string, { readonly made: string; readonly line: Line }>();
  const lineOf = (app: AppRow, { channel, shop, consent }: ShopRow, adapter: Adapter): Line => {
    const name = shopName(channel, shop);
    const made = `${stampOf(app)} ${consent ?? ''}`;
    const known = open.get(name);
    if (known?.made === made) return known.line;
    const line = openLine(deps, app, channel, shop, adapter);
    open.set(name, { made, line });
    return line;
  };
  const of = async (channel: string, shop: string): Promise<Line | null> => {
    const { apps, shops } = await deps.directory.read();
    const row = shops.get(shopName(channel, shop));
    const [app, adapter] = [apps.get(row?.appId ?? ''), deps.adapters.get(channel)];
    return row === undefined || app === undefined || adapter === undefined ? null : lineOf(app, row, adapter);
  };
  return {
    of,
    askOf: (app, adapter) => askOf(deps, app, adapter),
    async all() {
      const { shops } = await deps.directory.read();
      const lines = await Promise.all([...shops.values()].filter((row) => row.appId !== null).map((row) => of(row.channel, row.shop)));
      return lines.filter((line) => line !== null);
    },
    forget: (channel, shop) => void open.delete(shopName(channel, shop)),
  };
}

const clientOf = ({ keys, send, clock }: Deps, app: AppRow, adapter: Adapter): Client =>
  adapter.createClient({
    app: secretOf(keys, app),
    send,
    now: () => clock.now(),
    ...(app.baseUrl === null ? {} : { baseUrl: app.baseUrl }),
  });

function askOf(deps: Deps, app: AppRow, adapter: Adapter): Ask {
  const limiter = createLimiter(adapter.limits.callsPerSecond, deps.steady, deps.sleep);
  const client = clientOf(deps, app, adapter);
  return async (call) => {
    await limiter.turn();
    return noted(limiter, await client.call(call, null));
  };
}

function openLine(deps: Deps, app: AppRow, channel: string, shop: string, adapter: Adapter): Line {
  const limiter = createLimiter(adapter.limits.callsPerSecond, deps.steady, deps.sleep);
  const client = clientOf(deps, app, adapter);
  const tokens = createTokenKeeper({ ...deps, adapter, client, channel, shop, turn: limiter.turn });
  const callWhile =
    (may: () => boolean): Ask =>
    (call) =>
      callWith(tokens, limiter, may, (token) => client.call(call, token));
  return { channel, shop, adapter, call: callWhile(() => true), callWhile };
}

async function callWith(
  tokens: TokenKeeper,
  limiter: Limiter,
  may: () => boolean,
  send: (accessToken: string) => Promise<Answer>,
): Promise<Answer> {
  for (let tried = 1; ; tried++) {
    const held = await tokens.get();
    if (!held.ok) return noted(limiter, withoutToken(held.failure));
    await limiter.turn();
    if (!may()) return { ok: false, failure: NOT_OURS };
    const answer = await send(held.token.accessToken);
    if (answer.ok || answer.failure.class !== 'token_expired' || tried >= TOKENS_TRIED) return noted(limiter, answer);
    tokens.drop(held.token);
  }
}

/** No token is no fault of the call: it may be made as soon as the seller has agreed again. */
const withoutToken = (failure: Failure): Answer => ({
  ok: false,
  failure:
    failure.class === 'retry' || failure.class === 'throttled' ? failure : { ...failure, class: 'retry', retryAfterMs: NO_TOKEN_PAUSE_MS },
});

/** "Slower" and "not there" slow every call of this line down; a no about one order does not, be it for good or for now. */
function noted(limiter: Limiter, answer: Answer): Answer {
  const isPlatformFine =
    answer.ok || answer.failure.isAboutOne === true || (answer.failure.class !== 'throttled' && answer.failure.class !== 'retry');
  if (isPlatformFine) limiter.succeeded();
  else limiter.failed(answer.failure.retryAfterMs);
  return answer;
}
