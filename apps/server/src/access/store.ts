/** SQL of keys and tokens; `people-store.ts` has people and sessions, `audit-store.ts` the audit. */
import type { Role } from '@weir/contract';
import { FIRST_TIMELINE } from '@weir/core';
import type { Sql } from '#platform';

export interface InstallationRow {
  readonly id: string;
  readonly timeline: number;
  readonly wrappedSecrets: Buffer;
}
export async function loadInstallation(db: Sql): Promise<InstallationRow | null> {
  const { rows } = await db.query<InstallationRow>('select id::text, timeline, wrapped_secrets as "wrappedSecrets" from installation');
  return rows[0] ?? null;
}

export async function readInstallationId(db: Sql): Promise<string | null> {
  return (await loadInstallation(db))?.id ?? null;
}

export async function readTimeline(db: Sql): Promise<number> {
  return (await loadInstallation(db))?.timeline ?? FIRST_TIMELINE;
}

export async function saveInstallation(db: Sql, wrappedSecrets: Buffer): Promise<string> {
  const { rows } = await db.query<{ id: string }>('insert into installation (wrapped_secrets) values ($1) returning id::text', [
    wrappedSecrets,
  ]);
  return (rows[0] as { id: string }).id;
}

export async function loadDataKeys(db: Sql): Promise<{ keyId: number; month: string; wrapped: Buffer }[]> {
  const { rows } = await db.query<{ key_id: number; month: string; wrapped: Buffer }>(
    'select key_id, month, wrapped from data_keys order by key_id',
  );
  return rows.map((row) => ({ keyId: row.key_id, month: row.month, wrapped: row.wrapped }));
}

/** Two processes may come at the same moment: the first one's key stays, and the other looks again. */
export async function addDataKey(db: Sql, month: string, wrapped: Buffer): Promise<void> {
  await db.query(
    `insert into data_keys (key_id, month, wrapped)
     select coalesce(max(key_id), 0) + 1, $1, $2 from data_keys
     on conflict do nothing`,
    [month, wrapped],
  );
}

export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** `channel/shop` each; null = every shop. */
  readonly shops: readonly string[] | null;
}

export async function findToken(db: Sql, tokenHash: Buffer): Promise<TokenRow | null> {
  const { rows } = await db.queryNamed<TokenRow>(
    'access.find_token',
    'select id, name, role, shops from tokens where hash = $1 and revoked_at is null',
    [tokenHash],
  );
  return rows[0] ?? null;
}

export async function saveToken(db: Sql, row: TokenRow & { readonly hash: Buffer }): Promise<void> {
  await db.query(
    `insert into tokens (id, hash, name, role, shops) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set hash = excluded.hash, name = excluded.name, role = excluded.role, shops = excluded.shops, revoked_at = null`,
    [row.id, row.hash, row.name, row.role, row.shops],
  );
}

export async function listTokens(db: Sql): Promise<(TokenRow & { createdAt: string; revokedAt: string | null })[]> {
  const { rows } = await db.query<TokenRow & { createdAt: string; revokedAt: string | null }>(
    `select id, name, role, shops, created_at as "createdAt", revoked_at as "revokedAt" from tokens order by created_at limit 1000`,
  );
  return rows;
}

/** What it could do until now; null when there is no such token, or it was revoked before. */
export async function revokeToken(db: Sql, id: string): Promise<Omit<TokenRow, 'id'> | null> {
  const { rows } = await db.query<Omit<TokenRow, 'id'>>(
    'update tokens set revoked_at = now() where id = $1 and revoked_at is null returning name, role, shops',
    [id],
  );
  return rows[0] ?? null;
}

export async function isConnectedShop(db: Sql, channel: string, shop: string): Promise<boolean> {
  return (await db.queryNamed('access.is_shop', 'select 1 from shops where channel = $1 and shop = $2', [channel, shop])).rowCount === 1;
}
