/** SQL of keys, tokens and the audit; `people-store.ts` has people and sessions. */
import type { Role } from '@weir/contract';
import type { Db, Sql } from '#platform';

export interface InstallationRow {
  readonly id: string;
  readonly timeline: number;
  readonly wrappedSecrets: Buffer;
}
export async function loadInstallation(db: Sql): Promise<InstallationRow | null> {
  const { rows } = await db.query<InstallationRow>('select id::text, timeline, wrapped_secrets as "wrappedSecrets" from installation');
  return rows[0] ?? null;
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

export async function revokeToken(db: Sql, id: string): Promise<boolean> {
  return (await db.query('update tokens set revoked_at = now() where id = $1 and revoked_at is null', [id])).rowCount === 1;
}

export async function isConnectedShop(db: Sql, channel: string, shop: string): Promise<boolean> {
  return (await db.queryNamed('access.is_shop', 'select 1 from shops where channel = $1 and shop = $2', [channel, shop])).rowCount === 1;
}

export interface AuditRow {
  readonly process: string;
  readonly day: string;
  readonly at: number;
  readonly who: string;
  readonly what: string;
  readonly subject: string | null;
  readonly detail: string;
  readonly chainOf: (previous: Buffer, serial: number) => Buffer;
}
/** A process that is stopped while it holds the lock of a chain would keep it for as long as it sleeps; the database ends its transaction instead. */
const IDLE_IN_TRANSACTION_MS = 3_000;
/** One chain per process and day; writers of one process take turns on an advisory lock. */
export async function appendAudit(db: Db, row: AuditRow): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`select set_config('idle_in_transaction_session_timeout', $2, true), pg_advisory_xact_lock(hashtext($1))`, [
      `audit ${row.process} ${row.day}`,
      String(IDLE_IN_TRANSACTION_MS),
    ]);
    const { rows } = await tx.query<{ serial: number; chain: Buffer }>(
      'select serial, chain from audit where process = $1 and day = $2 order by serial desc limit 1',
      [row.process, row.day],
    );
    const serial = (rows[0]?.serial ?? 0) + 1;
    await tx.query(
      `insert into audit (process, day, serial, at, who, what, subject, detail, chain) values ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, $6, $7, $8, $9)`,
      [
        row.process,
        row.day,
        serial,
        row.at,
        row.who,
        row.what,
        row.subject,
        row.detail,
        row.chainOf(rows[0]?.chain ?? Buffer.alloc(32), serial),
      ],
    );
  });
}

export async function countReveals(db: Sql, who: string, since: number): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select count(*) as n from audit where who = $1 and what = 'reveal' and at > to_timestamp($2::float8 / 1000)`,
    [who, since],
  );
  return rows[0]?.n ?? 0;
}
