/** The one holder of a shop's token: a new one ends the old, so nobody else may ask for it, and it is stored before it is used. */
import type { Adapter, Answer, Client, Failure, Token } from '@weir/connectors/adapter';
import type { Keys } from '#access';
import type { Clock, Db } from '#platform';
import { readAccess, saveToken, saveTokenError, type TokenFor } from './store.ts';

export type Held = { readonly ok: true; readonly token: Token } | { readonly ok: false; readonly failure: Failure };
export interface TokenKeeper {
  get(): Promise<Held>;
  /** The platform did not take it: the next one who asks gets another. */
  drop(token: Token): void;
}
interface Deps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'wrap' | 'unwrap'>;
  readonly clock: Clock;
  readonly adapter: Adapter;
  readonly client: Client;
  readonly channel: string;
  readonly shop: string;
  /** Before each call, as for any other. */
  readonly turn: () => Promise<void>;
}

export function createTokenKeeper(deps: Deps): TokenKeeper {
  const { adapter, clock } = deps;
  let known: Token | null = null;
  let refused: string | null = null;
  let asking: Promise<Held> | undefined;
  const isGood = (token: Token): boolean => token.accessToken !== refused && adapter.token.state(token, clock.now()) === 'fresh';

  async function find(): Promise<Held> {
    const access = await readAccess(deps.db, deps.channel, deps.shop);
    const of = { channel: deps.channel, shop: deps.shop, credentials: access?.credentials ?? null };
    const stored = access?.token ? readStored(deps.keys.unwrap(access.token)) : null;
    if (stored !== null && isGood(stored)) return hold(stored);
    const held = await renew(of, stored, access?.credentials ? codeIn(deps.keys.unwrap(access.credentials)) : undefined);
    if (held.ok) return held;
    // Asking early failed; the old one still works for a while.
    if (stored !== null && stored.accessToken !== refused && adapter.token.state(stored, clock.now()) === 'refresh') return hold(stored);
    await saveTokenError(deps.db, of, textOf(held.failure));
    return held;
  }
  const hold = (token: Token): Held => ({ ok: true, token: (known = token) });

  /** A refresh where there is something to refresh; when the platform knows nothing of it any more, from the beginning. */
  async function renew(of: TokenFor, stored: Token | null, code: string | undefined): Promise<Held> {
    if (stored !== null) {
      const refreshed = await ask(of, adapter.token.refresh(stored));
      const isAsGone = refreshed.ok && refreshed.token.accessToken === refused;
      if (refreshed.ok ? !isAsGone : refreshed.failure.class === 'retry' || refreshed.failure.class === 'throttled') return refreshed;
    }
    return ask(of, adapter.token.first(deps.shop, code));
  }

  async function ask(of: TokenFor, call: Parameters<Client['call']>[0]): Promise<Held> {
    await deps.turn();
    const askedAt = clock.now();
    const answer: Answer = await deps.client.call(call, null);
    if (!answer.ok) return answer;
    const { token } = adapter.token.read(answer.data, askedAt, deps.shop);
    if (token === null || token.shop !== deps.shop) return { ok: false, failure: notOurs(answer.logId) };
    const isStill = await saveToken(deps.db, of, deps.keys.wrap(Buffer.from(JSON.stringify(token))));
    return isStill ? hold(token) : { ok: false, failure: OVERTAKEN };
  }

  return {
    async get() {
      if (known !== null && isGood(known)) return { ok: true, token: known };
      asking ??= find().finally(() => (asking = undefined));
      return asking;
    },
    drop(token) {
      refused = token.accessToken;
    },
  };
}

/** What could not be read is no token: it is asked for anew. */
function readStored(bytes: Buffer): Token | null {
  try {
    return JSON.parse(bytes.toString('utf8')) as Token;
  } catch {
    return null;
  }
}
const codeIn = (bytes: Buffer): string | undefined => (JSON.parse(bytes.toString('utf8')) as { readonly code?: string }).code;

/** The seller agreed anew while we asked: the next call begins with what she gave. */
const OVERTAKEN: Failure = {
  class: 'retry',
  isKnown: true,
  code: 'token',
  subCode: '',
  message: 'the shop has other credentials by now',
  logId: '',
  mayHaveHappened: false,
};

const notOurs = (logId: string): Failure => ({
  class: 'do_not',
  isKnown: false,
  code: 'token',
  subCode: '',
  message: 'the answer holds no token of this shop',
  logId,
  mayHaveHappened: true,
});

const MAX_ERROR = 200;
/** A failure for people: the channel's own code and words. Numbers as long as a phone's are left out: the words may quote what we sent. */
export const textOf = ({ code, subCode, message }: Failure): string =>
  [code, subCode, message.replaceAll(/\d{7,}/g, '…')]
    .filter((part) => part !== '')
    .join(' · ')
    .slice(0, MAX_ERROR);
