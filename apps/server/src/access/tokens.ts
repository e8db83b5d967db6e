/** API tokens: `weir_` + 32 random bytes, kept as a hash, each with a role and perhaps a list of shops. */
import { randomBytes } from 'node:crypto';
import type { Role } from '@weir/contract';
import { type Db, newId } from '#platform';
import type { Caller } from '#web';
import { secretHash } from './keys.ts';
import { findToken, isConnectedShop, saveToken } from './store.ts';

const CACHE_MS = 5_000;
const CACHE_LIMIT = 10_000;
const ADMIN_TOKEN_ID = 'tok_admin';

export async function createToken(
  db: Db,
  wanted: { readonly name: string; readonly role: Role; readonly shops?: readonly string[] },
): Promise<{ id: string; token: string }> {
  const [id, token] = [newId('tok'), `weir_${randomBytes(32).toString('base64url')}`];
  await saveToken(db, { id, name: wanted.name, role: wanted.role, shops: wanted.shops ?? null, hash: secretHash(token) });
  return { id, token };
}

/** The first administrator's token: the one given by the environment, else a new one, told once. */
export async function ensureAdminToken(db: Db, given: string | undefined): Promise<void> {
  if (given !== undefined) await saveToken(db, { id: ADMIN_TOKEN_ID, name: 'admin', role: 'admin', shops: null, hash: secretHash(given) });
}

/** Answers the caller behind a bearer token, or null. A revoked token works for at most CACHE_MS more. */
export function authenticate(db: Db, clock: { now(): number }): (authorization: string | undefined) => Promise<Caller | null> {
  const cache = new Map<string, { readonly caller: Caller | null; readonly until: number }>();
  return async (authorization) => {
    if (authorization === undefined || !authorization.startsWith('Bearer ')) return null;
    const known = cache.get(authorization);
    if (known && known.until > clock.now()) return known.caller;
    const row = await findToken(db, secretHash(authorization.slice(7)));
    const caller =
      row === null ? null : { id: row.id, name: row.name, role: row.role, shops: row.shops === null ? null : new Set(row.shops) };
    if (cache.size >= CACHE_LIMIT) cache.clear();
    if (caller !== null) cache.set(authorization, { caller, until: clock.now() + CACHE_MS });
    return caller;
  };
}

const WRITERS: ReadonlySet<Role> = new Set(['admin', 'operations', 'integration']);

/** An admin without a list of shops may write for any (shown as "not connected" until it is); others only for a connected shop within their scope. */
export async function mayTouchShop(db: Db, caller: Caller, channel: string, shop: string): Promise<boolean> {
  if (caller.role === 'admin' && caller.shops === null) return true;
  if (!WRITERS.has(caller.role)) return false;
  if (caller.shops !== null && !caller.shops.has(`${channel}/${shop}`)) return false;
  return isConnectedShop(db, channel, shop);
}
