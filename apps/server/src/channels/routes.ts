/** Apps as they are registered at a channel, and the shops that are connected through them. What is secret goes in and never comes out. */
import { AppItem, AppList, ShopItem, ShopList } from '@weir/contract';
import { ChannelId, Id } from '@weir/contract/values';
import type { Adapter } from '@weir/connectors/adapter';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Keys } from '#access';
import { audited } from '#access';
import { type Clock, type Db, newId, type Sql } from '#platform';
import { Refusal, route } from '#web';
import {
  allSettings,
  MAX_SETTING,
  MAX_SETTINGS,
  mergeSettings,
  openingsPerDay,
  openSettings,
  sealSettings,
  settingProblems,
} from './app-settings.ts';
import type { DirectoryKeeper } from './directory.ts';
import { wakeFetches } from './fetch-store.ts';
import { kindsOf } from './keep-links.ts';
import { type LinkKind, type LinkRow, listLinks } from './link-store.ts';
import { type Lines, secretOf } from './lines.ts';
import { offeredRoutes } from './offered.ts';
import { readOpenings } from './openings-store.ts';
import { type AppRow, listApps, listShops, saveApp, saveShop } from './store.ts';

const strict = { additionalProperties: false } as const;
const MAX_SECRET = 500;
/** An app's secret may be a private key. */
const MAX_APP_SECRET = MAX_SETTING;

export interface ChannelRouteDeps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'wrap' | 'unwrap'>;
  readonly clock: Clock;
  readonly adapters: ReadonlyMap<string, Adapter>;
  readonly directory: DirectoryKeeper;
  readonly lines: Lines;
  /** Something of this shop may be due before its time. */
  readonly hurry: (channel: string, shop: string) => void;
  /** Whether an app may be called at another address than its channel's own, which only a simulated channel needs. */
  readonly mayBeElsewhere: boolean;
  /** Where others reach this server; null when nobody said. */
  readonly publicUrl: string | null;
}
const Settings = Type.Record(Type.String(), Type.Union([Type.String({ maxLength: MAX_SETTING }), Type.Null()]), {
  maxProperties: MAX_SETTINGS,
  description:
    'what the channel needs beside key and secret, by the names that `weir app add --help` lists; one that is not named stays as it is, null takes it away',
});
const isoOf = (text: string | null): string | null => (text === null ? null : new Date(text).toISOString());
const isoMs = (ms: number | null | undefined): string | null => (ms === null || ms === undefined ? null : new Date(ms).toISOString());
const toLink = (kind: LinkKind, row: LinkRow | undefined) => ({
  kind,
  upSince: isoMs(row?.upSince),
  downSince: isoMs(row?.downSince),
  lastMessageAt: isoMs(row?.lastMessageAt),
  lastError: row?.lastError ?? null,
});
const pushPathOf = ({ channel, id }: AppRow): string => `/v1/intake/${channel}/${id}`;
interface Noted {
  readonly links: readonly LinkRow[];
  readonly openings: ReadonlyMap<string, number>;
}
const readNoted = async ({ db, clock }: Pick<ChannelRouteDeps, 'db' | 'clock'>): Promise<Noted> => ({
  links: await listLinks(db),
  openings: await readOpenings(db, clock.now()),
});
const toItem = (
  { keys, adapters, publicUrl }: Pick<ChannelRouteDeps, 'keys' | 'adapters' | 'publicUrl'>,
  row: AppRow,
  { links, openings }: Noted,
) => ({
  id: row.id,
  channel: row.channel,
  key: row.appKey,
  name: row.name,
  baseUrl: row.baseUrl,
  settings: Object.keys(openSettings(keys, row.wrappedSettings)).toSorted(),
  links: kindsOf(adapters.get(row.channel), secretOf(keys, row)).map((kind) =>
    toLink(
      kind,
      links.find((each) => each.appId === row.id && each.kind === kind),
    ),
  ),
  openings:
    adapters.get(row.channel)?.openReceiver === undefined
      ? null
      : { today: openings.get(row.id) ?? 0, perDay: openingsPerDay(openSettings(keys, row.wrappedSettings)) },
  pushPath: pushPathOf(row),
  pushUrl: publicUrl === null ? null : `${publicUrl.replace(/\/+$/, '')}${pushPathOf(row)}`,
  wrongSignatures: { total: row.wrongSignatures, lastAt: isoOf(row.wrongSignatureAt), alarmAt: isoOf(row.alarmAt) },
  createdAt: isoOf(row.createdAt),
});

export function channelRoutes(app: FastifyInstance, deps: ChannelRouteDeps): void {
  offeredRoutes(app, deps);
  appRoutes(app, deps);
  shopRoutes(app, deps);
}

function appRoutes(app: FastifyInstance, deps: ChannelRouteDeps): void {
  const { db, clock } = deps;
  const create = {
    id: 'registerApp',
    method: 'POST',
    path: '/v1/apps',
    tag: 'channels',
    zh: '登记渠道应用，或更换它的密钥与设置；都加密保存，不再返回',
    en: 'registers an app of a channel, or changes its secret and settings; they are sealed and never returned',
    body: Type.Object(
      {
        channel: ChannelId,
        key: Id,
        secret: Type.String({ minLength: 1, maxLength: MAX_APP_SECRET }),
        settings: Type.Optional(Settings),
        name: Type.String({ maxLength: 100 }),
        baseUrl: Type.Optional(Type.String({ pattern: '^https?://[^\\s]+$', maxLength: 300, description: 'of a simulated channel' })),
      },
      strict,
    ),
    answers: { 201: AppItem },
    errors: ['channel.unknown', 'app.base_url_forbidden'],
  } as const;
  route(app, create, async ({ reply, caller, body }) => {
    const { channel, key: appKey, name, secret, settings: given, baseUrl = null } = body;
    const adapter = deps.adapters.get(channel);
    if (adapter === undefined) throw new Refusal('channel.unknown', { channel, known: [...deps.adapters.keys()].join(', ') });
    if (baseUrl !== null && !deps.mayBeElsewhere) throw new Refusal('app.base_url_forbidden');
    const wrappedSecret = deps.keys.wrap(Buffer.from(secret));
    const now = clock.now();
    const id = await audited(db, now, caller, async (tx) => {
      const old = (await listApps(tx)).find((each) => each.channel === channel && each.appKey === appKey);
      const settings = mergeSettings(openSettings(deps.keys, old?.wrappedSettings ?? null), given);
      const problems = settingProblems(allSettings(adapter), given, settings);
      if (problems.length > 0) throw new Refusal('request.invalid', {}, { problems });
      const sealed = { wrappedSecret, wrappedSettings: sealSettings(deps.keys, settings) };
      const saved = await saveApp(tx, { id: newId('app', now), channel, appKey, name, baseUrl, ...sealed }, now);
      const before = old === undefined ? null : { name: old.name, baseUrl: old.baseUrl };
      const after = { name, baseUrl, secretChanged: true, settingsChanged: Object.keys(given ?? {}) };
      return [saved, ['app.registered', saved, { channel, before, after }]];
    });
    deps.directory.forget();
    for (const each of await listShops(db)) if (each.appId === id) await beginAnew(deps, each.channel, each.shop);
    const row = (await listApps(db)).find((each) => each.id === id);
    return reply.status(201).send(toItem(deps, row as AppRow, await readNoted(deps)));
  });
  const list = {
    id: 'listApps',
    method: 'GET',
    path: '/v1/apps',
    tag: 'channels',
    zh: '渠道应用，以及签名不对的推送次数',
    en: 'the apps of channels, and how many pushes had a wrong signature',
    answers: { 200: AppList },
  } as const;
  route(app, list, async () => {
    const noted = await readNoted(deps);
    return { items: (await listApps(db)).map((row) => toItem(deps, row, noted)), nextCursor: null };
  });
}

/** Other credentials, other settings: what waits for this shop is tried at once, also where our tries had ended. */
async function beginAnew({ lines, db, clock, hurry }: ChannelRouteDeps, channel: string, shop: string): Promise<void> {
  lines.forget(channel, shop);
  await wakeFetches(db, channel, shop, clock.now());
  hurry(channel, shop);
}

function shopRoutes(app: FastifyInstance, deps: ChannelRouteDeps): void {
  const { db, clock } = deps;
  const credentials = Type.Object(
    {
      code: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: MAX_SECRET,
          description: 'what the seller’s consent gave; absent where the app is the shop’s own',
        }),
      ),
    },
    strict,
  );
  const connect = {
    id: 'connectShop',
    method: 'POST',
    path: '/v1/shops',
    tag: 'channels',
    zh: '接入店铺（经由渠道应用，或只用中立格式），或改它的名称；凭据加密保存，不再返回',
    en: 'connects a shop, through an app of its channel or for the neutral form only, or renames it; credentials are sealed and never returned',
    body: Type.Object(
      {
        channel: ChannelId,
        shop: Id,
        name: Type.String({ maxLength: 100 }),
        app: Type.Optional(Id),
        credentials: Type.Optional(credentials),
        orderKeyInNote: Type.Optional(
          Type.Boolean({ description: 'write our order key into the seller’s note of its orders; true unless said' }),
        ),
      },
      strict,
    ),
    answers: { 201: ShopItem },
    errors: ['app.not_found'],
  } as const;
  route(app, connect, async ({ reply, caller, body }) => {
    const { channel, shop, name, app: appId } = body;
    const known = (await listApps(db)).find((row) => row.id === appId && row.channel === channel);
    if (appId !== undefined && known === undefined) throw new Refusal('app.not_found', { app: appId });
    if (appId === undefined && body.credentials !== undefined)
      throw new Refusal(
        'request.invalid',
        {},
        { problems: [{ pointer: '/app', en: 'credentials are of an app: name it', zh: '凭据属于某个应用，请写明 app' }] },
      );
    const sealed = body.credentials === undefined ? undefined : deps.keys.wrap(Buffer.from(JSON.stringify(body.credentials)));
    const { orderKeyInNote } = body;
    const wish = orderKeyInNote === undefined ? {} : { orderKeyInNote };
    const after = await audited(db, clock.now(), caller, async (tx) => {
      const before = await shopOf(tx, channel, shop);
      await saveShop(tx, {
        channel,
        shop,
        name,
        ...wish,
        ...(appId === undefined ? {} : { appId }),
        ...(sealed === undefined ? {} : { credentials: sealed }),
      });
      const now = await shopOf(tx, channel, shop);
      const noted = { before: before ? settingsOf(before) : null, after: now ? settingsOf(now) : null };
      return [now, ['shop.connected', `${channel}/${shop}`, { ...noted, ...(sealed === undefined ? {} : { credentialsChanged: true }) }]];
    });
    deps.directory.forget();
    if (appId !== undefined) await beginAnew(deps, channel, shop);
    return reply.status(201).send(
      toShop(
        after ?? {
          channel,
          shop,
          name,
          appId: appId ?? null,
          tokenError: null,
          permittedAt: null,
          permitError: null,
          orderKeyInNote: true,
        },
      ),
    );
  });
  const list = {
    id: 'listShops',
    method: 'GET',
    path: '/v1/shops',
    tag: 'channels',
    zh: '已接入的店铺',
    en: 'the connected shops',
    answers: { 200: ShopList },
  } as const;
  route(app, list, async ({ caller: { shops } }) => {
    const items = (await listShops(db)).map(toShop);
    return { items: shops === null ? items : items.filter((row) => shops.has(`${row.channel}/${row.shop}`)), nextCursor: null };
  });
}

type ShopRow = Awaited<ReturnType<typeof listShops>>[number];
const shopOf = async (db: Sql, channel: string, shop: string): Promise<ShopRow | undefined> =>
  (await listShops(db)).find((each) => each.channel === channel && each.shop === shop);
const settingsOf = ({ name, appId, orderKeyInNote }: ShopRow) => ({ name, app: appId, orderKeyInNote });

const toShop = ({ channel, shop, name, appId, tokenError, permitError, orderKeyInNote }: ShopRow) => ({
  channel,
  shop,
  name,
  ...(appId === null ? {} : { app: appId, orderKeyInNote }),
  ...(tokenError === null ? {} : { tokenError }),
  ...(permitError === null ? {} : { permitError }),
});
