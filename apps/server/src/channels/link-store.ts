/** SQL of how queues and sockets stand, and of which shops the channel was asked to send messages of. Times go in and out as milliseconds UTC. */
import type { Sql } from '#platform';

export const LINK_KINDS = ['queue', 'socket'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];
export interface LinkRow {
  readonly appId: string;
  readonly kind: LinkKind;
  readonly upSince: number | null;
  readonly downSince: number | null;
  readonly lastMessageAt: number | null;
  readonly lastError: string | null;
}
const ms = (column: string, name: string): string => `(extract(epoch from ${column}) * 1000)::int8 as "${name}"`;
const at = (parameter: number): string => `to_timestamp($${parameter}::float8 / 1000)`;

/** Whoever lost the lease writes nothing: the next holder's connection is another one. */
const MINE = 'from leases where lease_id = 1 and leases.epoch = $3';

export async function noteUp(sql: Sql, name: readonly [appId: string, kind: LinkKind], epoch: number, now: number): Promise<void> {
  await sql.query(`update app_links set up_since = ${at(4)}, down_since = null ${MINE} and app_id = $1 and kind = $2`, [
    ...name,
    epoch,
    now,
  ]);
}

/** It is worked on from now on, and does not stand yet. */
export async function noteBegun(sql: Sql, name: readonly [appId: string, kind: LinkKind], epoch: number, now: number): Promise<void> {
  await sql.query(
    `insert into app_links as l (app_id, kind, down_since) select $1, $2, ${at(4)} ${MINE}
     on conflict on constraint app_links_pk do update set up_since = null, down_since = coalesce(l.down_since, excluded.down_since)`,
    [...name, epoch, now],
  );
}

/** `error` null: nothing went wrong, and what was written before stays. A link that was forgotten meanwhile stays so. */
export async function noteDown(
  sql: Sql,
  name: readonly [appId: string, kind: LinkKind],
  epoch: number,
  now: number,
  error: string | null,
): Promise<void> {
  await sql.query(
    `update app_links set up_since = null, down_since = coalesce(down_since, ${at(4)}), last_error = coalesce($5, last_error)
     ${MINE} and app_id = $1 and kind = $2`,
    [...name, epoch, now, error],
  );
}

/** What an app does not use, or not any more, is neither up nor down. */
export async function forgetOthers(sql: Sql, appId: string, kinds: readonly LinkKind[], epoch: number): Promise<void> {
  await sql.query(`delete from app_links using leases where lease_id = 1 and leases.epoch = $3 and app_id = $1 and not kind = any ($2)`, [
    appId,
    kinds,
    epoch,
  ]);
}

export async function noteHeard(sql: Sql, name: readonly [appId: string, kind: LinkKind], epoch: number, now: number): Promise<void> {
  await sql.query(`update app_links set last_message_at = ${at(4)} ${MINE} and app_id = $1 and kind = $2`, [...name, epoch, now]);
}

export const listLinks = async (sql: Sql): Promise<LinkRow[]> =>
  (
    await sql.query<LinkRow>(
      `select app_id as "appId", kind, ${ms('up_since', 'upSince')}, ${ms('down_since', 'downSince')}, ${ms('last_message_at', 'lastMessageAt')},
         last_error as "lastError"
       from app_links order by app_id, kind`,
    )
  ).rows;

export interface LinkDown {
  readonly app: string;
  readonly channel: string;
  readonly name: string;
  readonly kind: LinkKind;
  readonly since: number;
  readonly lastError: string | null;
}
/** Down since before `before`; of the apps of these shops, where there is a list of shops (`channel/shop`). */
export async function listDown(sql: Sql, before: number, shops: readonly string[] | null): Promise<LinkDown[]> {
  const { rows } = await sql.query<LinkDown>(
    `select a.id as app, a.channel, a.name, l.kind, ${ms('l.down_since', 'since')}, l.last_error as "lastError"
     from app_links l join apps a on a.id = l.app_id
     where l.down_since <= ${at(1)} and ($2::text[] is null or exists (select 1 from shops s where s.app_id = a.id and s.channel || '/' || s.shop = any ($2)))
     order by l.down_since, a.id`,
    [before, shops],
  );
  return rows;
}

/** What the question was asked with: an answer to older credentials says nothing of the new ones. */
export interface PermitFor {
  readonly channel: string;
  readonly shop: string;
  readonly credentials: Buffer | null;
  readonly wrappedSecret: Buffer;
}
const STILL = `channel = $1 and shop = $2 and credentials is not distinct from $3
  and exists (select 1 from apps where apps.id = shops.app_id and apps.wrapped_secret = $4)`;
const valuesOf = ({ channel, shop, credentials, wrappedSecret }: PermitFor) => [channel, shop, credentials, wrappedSecret] as const;

export async function savePermit(sql: Sql, asked: PermitFor, now: number): Promise<void> {
  await sql.query(`update shops set permitted_at = ${at(5)}, permit_error = null where ${STILL}`, [...valuesOf(asked), now]);
}
export async function savePermitError(sql: Sql, asked: PermitFor, error: string): Promise<void> {
  await sql.query(`update shops set permit_error = $5 where ${STILL}`, [...valuesOf(asked), error]);
}
