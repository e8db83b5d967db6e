/** API tokens: `weir_` + 32 random bytes, kept as a hash, each with a role and perhaps a list of shops. */
import { randomBytes } from 'node:crypto';
import type { Role } from '@weir/contract';
import { type Db, newId, type Sql } from '#platform';
import { type Caller, type NoteClient, Refusal } from '#web';
import { audited } from './audit.ts';
import { secretHash } from './keys.ts';
import { findToken, isConnectedShop, saveToken } from './store.ts';
import { createAddressTries } from './tries.ts';

const CACHE_MS = 5_000;
const CACHE_LIMIT = 10_000;
const SCHEME = 'Bearer ';
/** Wrong tokens from one address in a minute. */
const WRONG_TOKENS = { most: 100, windowMs: 60_000 } as const;
const ADMIN_TOKEN_ID = 'tok_admin';

export async function createToken(
  db: Sql,
  wanted: { readonly name: string; readonly role: Role; readonly shops?: readonly string[] },
): Promise<{ id: string; token: string }> {
  const [id, token] = [newId('tok'), `weir_${randomBytes(32).toString('base64url')}`];
  await saveToken(db, { id, name: wanted.name, role: wanted.role, shops: wanted.shops ?? null, hash: secretHash(token) });
  return { id, token };
}

/** The first administrator's token: the one given by the environment, else a new one, told once. */
export async function ensureAdminToken(db: Db, given: string | undefined, now: number): Promise<void> {
  if (given === undefined) return;
  const hash = secretHash(given);
  if ((await findToken(db, hash))?.id === ADMIN_TOKEN_ID) return;
  await audited(db, now, SYSTEM, async (tx) => {
    await saveToken(tx, { id: ADMIN_TOKEN_ID, name: 'admin', role: 'admin', shops: null, hash });
    return [null, ['token.set_by_environment', ADMIN_TOKEN_ID, {}]];
  });
}
/** Whoever may start the server. */
const SYSTEM = { id: 'system', name: 'system', from: { via: 'environment', address: null } } as const;

/**
 * Answers the caller behind a bearer token, or null. A revoked token works for at most CACHE_MS more. An address that has sent too many
 * wrong tokens is refused before the database is asked, but never with a token that was good a while ago: others share its address.
 */
export function authenticate(
  db: Db,
  clock: { now(): number },
  note: NoteClient = () => {},
): (authorization: string | undefined, address: string, isFresh?: boolean) => Promise<Caller | null> {
  const cache = new Map<string, { readonly caller: Caller; readonly until: number }>();
  const wrong = createAddressTries({ ...WRONG_TOKENS, closed: (client) => note('request.guessing', client) });
  const ask = async (authorization: string): Promise<Caller | null> => {
    const row = await findToken(db, secretHash(authorization.slice(SCHEME.length)));
    return row && { id: row.id, name: row.name, role: row.role, shops: row.shops === null ? null : new Set(row.shops) };
  };
  return async (authorization, address, isFresh = false) => {
    if (authorization === undefined || !authorization.startsWith(SCHEME)) return null;
    const now = clock.now();
    const known = cache.get(authorization);
    if (known && known.until > now && !isFresh) return known.caller;
    const seconds = known === undefined ? wrong.waitSeconds(address, now) : 0;
    if (seconds > 0) throw new Refusal('request.too_many', { seconds }, { retryAfterSeconds: seconds });
    const caller = await ask(authorization);
    if (cache.size >= CACHE_LIMIT) cache.clear();
    if (caller !== null) cache.set(authorization, { caller, until: now + CACHE_MS });
    else {
      cache.delete(authorization);
      wrong.failed(address, now);
    }
    return caller;
  };
}

/**
 * The rule `written` of the matrix of permissions, which has judged the role before. An admin without a list of shops may write for any
 * (shown as "not connected" until it is); others only for a connected shop within their scope.
 */
export async function mayTouchShop(db: Db, caller: Caller, channel: string, shop: string): Promise<boolean> {
  if (caller.role === 'admin' && caller.shops === null) return true;
  if (caller.shops !== null && !caller.shops.has(`${channel}/${shop}`)) return false;
  return isConnectedShop(db, channel, shop);
}
