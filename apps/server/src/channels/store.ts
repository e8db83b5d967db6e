/** SQL of apps and connected shops. Secrets come and go wrapped. */
import type { Sql } from '#platform';

export interface AppRow {
  readonly id: string;
  readonly channel: string;
  readonly appKey: string;
  readonly name: string;
  readonly baseUrl: string | null;
  readonly wrappedSecret: Buffer;
  readonly wrappedSettings: Buffer | null;
  readonly wrongSignatures: number;
  readonly wrongSignatureAt: string | null;
  readonly alarmAt: string | null;
  readonly createdAt: string;
}
const APP = `id, channel, app_key as "appKey", name, base_url as "baseUrl", wrapped_secret as "wrappedSecret", wrapped_settings as "wrappedSettings", wrong_signatures as "wrongSignatures",
  wrong_signature_at as "wrongSignatureAt", alarm_at as "alarmAt", created_at as "createdAt"`;
/** More apps than any house has. */
export const APPS_LIMIT = 1_000;
export const SHOPS_LIMIT = 10_000;

type NewApp = Pick<AppRow, 'id' | 'channel' | 'appKey' | 'name' | 'baseUrl' | 'wrappedSecret' | 'wrappedSettings'>;
/**
 * The same app again gets its new name, address, secret and settings and keeps its id, which the platform knows as part of our address. With other
 * credentials each of its shops is permitted anew.
 */
export async function saveApp(sql: Sql, app: NewApp, now: number): Promise<string> {
  const { rows } = await sql.query<{ id: string }>(
    `insert into apps (id, channel, app_key, name, base_url, wrapped_secret, wrapped_settings, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000))
     on conflict on constraint apps_key_unique do update set name = excluded.name, base_url = excluded.base_url, wrapped_secret = excluded.wrapped_secret,
       wrapped_settings = excluded.wrapped_settings
     returning id`,
    [app.id, app.channel, app.appKey, app.name, app.baseUrl, app.wrappedSecret, app.wrappedSettings, now],
  );
  const { id } = rows[0] as { id: string };
  await sql.query('update shops set permitted_at = null where app_id = $1', [id]);
  return id;
}

export const listApps = async (sql: Sql): Promise<AppRow[]> =>
  (await sql.query<AppRow>(`select ${APP} from apps order by created_at, id limit $1`, [APPS_LIMIT])).rows;

export async function noteWrongSignatures(sql: Sql, id: string, count: number, at: number, isAlarm: boolean): Promise<void> {
  await sql.query(
    `update apps set wrong_signatures = wrong_signatures + $2, wrong_signature_at = to_timestamp($3::float8 / 1000),
       alarm_at = case when $4 then to_timestamp($3::float8 / 1000) else alarm_at end
     where id = $1`,
    [id, count, at, isAlarm],
  );
}

export interface ShopRow {
  readonly channel: string;
  readonly shop: string;
  readonly name: string;
  readonly appId: string | null;
  readonly tokenError: string | null;
  /** When the channel was last asked to send its messages; null = ask it. */
  readonly permittedAt: string | null;
  readonly permitError: string | null;
  readonly orderKeyInNote: boolean;
  /** Changes with the credentials; null where there are none. */
  readonly consent?: string | null;
}
const IS_SAME_CONSENT = '(excluded.credentials is null and coalesce(excluded.app_id, shops.app_id) is not distinct from shops.app_id)';
/** What is absent stays as it is; other credentials, or another app, make the old token worthless. */
export async function saveShop(
  sql: Sql,
  row: {
    readonly channel: string;
    readonly shop: string;
    readonly name: string;
    readonly appId?: string;
    readonly credentials?: Buffer;
    readonly orderKeyInNote?: boolean;
  },
): Promise<void> {
  await sql.query(
    `insert into shops (channel, shop, name, app_id, credentials, order_key_in_note) values ($1, $2, $3, $4, $5, coalesce($6, true))
     on conflict on constraint shops_pk do update set name = excluded.name, order_key_in_note = coalesce($6, shops.order_key_in_note), app_id = coalesce(excluded.app_id, shops.app_id),
       credentials = case when ${IS_SAME_CONSENT} then shops.credentials else excluded.credentials end,
       token = case when ${IS_SAME_CONSENT} then shops.token end, token_error = case when ${IS_SAME_CONSENT} then shops.token_error end,
       permitted_at = case when ${IS_SAME_CONSENT} then shops.permitted_at end, permit_error = case when ${IS_SAME_CONSENT} then shops.permit_error end`,
    [row.channel, row.shop, row.name, row.appId ?? null, row.credentials ?? null, row.orderKeyInNote ?? null],
  );
}

export async function listShops(sql: Sql): Promise<ShopRow[]> {
  const { rows } = await sql.query<ShopRow>(
    `select channel, shop, name, app_id as "appId", token_error as "tokenError", permitted_at as "permittedAt", permit_error as "permitError",
       order_key_in_note as "orderKeyInNote", md5(credentials) as consent from shops order by channel, shop limit $1`,
    [SHOPS_LIMIT],
  );
  return rows;
}

export interface Access {
  readonly credentials: Buffer | null;
  readonly token: Buffer | null;
}
export async function readAccess(sql: Sql, channel: string, shop: string): Promise<Access | null> {
  const { rows } = await sql.query<Access>('select credentials, token from shops where channel = $1 and shop = $2', [channel, shop]);
  return rows[0] ?? null;
}

/** Whose token it is: an answer to older credentials says nothing of the new ones. */
export interface TokenFor {
  readonly channel: string;
  readonly shop: string;
  readonly credentials: Buffer | null;
}
const STILL = 'channel = $1 and shop = $2 and credentials is not distinct from $3';

/** False when the shop has other credentials by now. */
export async function saveToken(sql: Sql, { channel, shop, credentials }: TokenFor, token: Buffer): Promise<boolean> {
  const { rowCount } = await sql.query(`update shops set token = $4, token_error = null where ${STILL}`, [
    channel,
    shop,
    credentials,
    token,
  ]);
  return rowCount === 1;
}
export async function saveTokenError(sql: Sql, { channel, shop, credentials }: TokenFor, error: string): Promise<void> {
  await sql.query(`update shops set token_error = $4 where ${STILL}`, [channel, shop, credentials, error]);
}
