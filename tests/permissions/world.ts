/** A house with two sellers in it, things of the first one to ask about, and everybody who might ask. */
import type { AddressInfo } from 'node:net';
import type { Permissions, Role } from '@weir/contract';
import { ROLES } from '@weir/contract';
import { ADMIN, neutralOrder, type TestHouse, testHouse, waitUntil } from '../support/index.ts';
import { APP, signed } from '../support/douyin.ts';

/** The first seller's; whoever is bound to the second one's must never read these words. */
export const SHOP = 'shop-of-the-first';
export const CHANNEL_SHOP = '1234567';
export const STRANGE_SHOP = '7654321';
const FIRST = [`own/${SHOP}`, `douyin/${CHANNEL_SHOP}`, `douyin/${STRANGE_SHOP}`];
const SECOND = ['own/shop-of-the-second', 'douyin/7777777'];
export const PHONE = '13800138000';
/** Nobody listens there. */
export const NOWHERE = 'http://127.0.0.1:9';
/** A revoked token works for five seconds more, in a cache. */
const CACHE_MS = 6_000;

export type Reach = 'every shop' | 'own shop' | 'another shop';
export interface Caller {
  readonly name: string;
  /** Null: a stranger, or somebody who is one by now. */
  readonly role: Role | null;
  readonly reach: Reach;
  readonly headers: Readonly<Record<string, string>>;
  /** Reads by a cookie that it may not write with. */
  readonly readsOnly?: true;
}
export interface Wish {
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Reply {
  readonly status: number;
  readonly code: string | null;
  readonly text: string;
  readonly headers: Headers;
}
export interface World {
  readonly house: TestHouse;
  readonly callers: readonly Caller[];
  readonly appId: string;
  readonly endpointId: string;
  readonly importId: string;
  /** Of an order of the first seller that nobody changes. */
  readonly orderKey: string;
  readonly messageId: string;
  readonly admin: Caller;
  ask(caller: Caller, method: string, wish: Wish): Promise<Reply>;
  /** As the administrator; throws on a no. */
  // oxlint-disable-next-line no-explicit-any -- bodies of every shape
  make(path: string, body: unknown): Promise<any>;
  newOrder(more?: Record<string, unknown>): Promise<string>;
  /** A case of the first seller, which waits for a person; and another one. */
  readonly caseId: string;
  newCase(): Promise<string>;
  /** The case of a push that names a shop which nobody connected. */
  readonly strayId: string;
  close(): Promise<void>;
}

const STREAM_HEAD_MS = 1_000;
async function textOf(response: Response, stop: AbortController): Promise<string> {
  if (!response.headers.get('content-type')?.includes('event-stream')) return response.text();
  setTimeout(() => stop.abort(), STREAM_HEAD_MS).unref();
  const first = await response.body?.getReader().read();
  stop.abort();
  return new TextDecoder().decode(first?.value);
}
function codeOf(text: string): string | null {
  try {
    return (JSON.parse(text) as { code?: string }).code ?? null;
  } catch {
    return null;
  }
}

export interface Spoil {
  readonly permissions?: Permissions;
  readonly before?: (house: TestHouse) => void;
}
export async function openWorld({ permissions, before = () => {} }: Spoil = {}): Promise<World> {
  let later = 0;
  const house = await testHouse({
    allowPrivateEndpoints: true,
    clock: { now: () => Date.now() + later },
    ...(permissions ? { permissions } : {}),
  });
  before(house);
  await house.house.app.listen({ port: 0, host: '127.0.0.1' });
  const base = `http://127.0.0.1:${(house.house.app.server.address() as AddressInfo).port}`;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const admin: Caller = { name: 'first admin', role: 'admin', reach: 'every shop', headers: bearer(ADMIN) };
  const ask: World['ask'] = async (caller, method, { path, body, headers = {} }) => {
    const stop = new AbortController();
    const response = await fetch(base + path, {
      method,
      signal: stop.signal,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers, ...caller.headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await textOf(response, stop);
    return { status: response.status, code: codeOf(text), text, headers: response.headers };
  };
  const make: World['make'] = async (path, body) => {
    const reply = await ask(admin, 'POST', { path, body });
    if (reply.status >= 300) throw new Error(`POST ${path}: ${reply.status} ${reply.text}`);
    return JSON.parse(reply.text);
  };
  let serial = 0;
  const newOrder: World['newOrder'] = async (more = {}) =>
    (await make('/v1/orders', neutralOrder({ shop: SHOP, channelOrderId: `first-${++serial}`, ...more }))).orderKey;
  const stray = async (appId: string): Promise<string> => {
    const data = JSON.stringify({
      p_id: `69300000000000${10_000 + ++serial}`,
      shop_id: STRANGE_SHOP,
      order_status: 2,
      update_time: 1_771_722_391,
    });
    const body = JSON.stringify([{ tag: '105', msg_id: `stray-${serial}`, data }]);
    await ask({ ...admin, headers: {} }, 'POST', { path: `/v1/intake/douyin/${appId}`, body, headers: signed(body) });
    let id: string | undefined;
    await waitUntil('its case is there', async () => {
      const listed = JSON.parse((await ask(admin, 'GET', { path: '/v1/reviews?limit=200' })).text) as { items: { id: string }[] };
      id = listed.items.find((each) => each.id.startsWith('unrouted.'))?.id;
      return id !== undefined;
    });
    return id as string;
  };

  for (const shop of [...FIRST, ...SECOND].filter((each) => each.startsWith('own/')))
    await make('/v1/shops', { channel: 'own', shop: shop.slice(4), name: shop });
  const { id: appId } = await make('/v1/apps', { channel: 'douyin', ...APP, name: 'app', baseUrl: NOWHERE });
  await make('/v1/shops', { channel: 'douyin', shop: CHANNEL_SHOP, name: 'a shop', app: appId });
  const endpoint = await make('/v1/endpoints', { name: `of ${SHOP}`, url: NOWHERE, shops: [`own/${SHOP}`] });
  const told = await ask(admin, 'POST', { path: '/v1/orders', body: neutralOrder({ shop: SHOP, channelOrderId: 'first-0' }) });
  const imported = await ask(admin, 'POST', {
    path: '/v1/orders:import',
    body: `${JSON.stringify(neutralOrder({ shop: SHOP, channelOrderId: 'first-imported' }))}\n`,
    headers: { 'content-type': 'application/x-ndjson' },
  });
  const from = new Date(Date.now() - 86_400_000).toISOString();
  await make(`/v1/shops/douyin/${CHANNEL_SHOP}:backfill`, { from, to: new Date().toISOString() });

  const newCase = async (): Promise<string> => {
    const key = await newOrder({ payable: '999.00' });
    const { rows } = await house.house.db.query<{ id: string }>('select case_id as id from review_cases where order_key = $1', [key]);
    return `${key}.${rows[0]?.id ?? ''}`;
  };
  const callers = await everybody({ base, make, bearer, revoked: (ms) => (later += ms) });
  return {
    house,
    callers,
    admin,
    appId,
    strayId: await stray(appId),
    endpointId: endpoint.id,
    importId: imported.headers.get('weir-import-id') as string,
    orderKey: (JSON.parse(told.text) as { orderKey: string }).orderKey,
    messageId: told.headers.get('x-weir-message') as string,
    ask,
    make,
    newOrder,
    newCase,
    caseId: await newCase(),
    close: () => house.close(),
  };
}

const PASSWORD = 'a long password of a test';
/** Each role with every shop, with the first seller's and with the second one's; and those who are nobody, for their several reasons. */
async function everybody(deps: {
  readonly base: string;
  readonly make: World['make'];
  readonly bearer: (token: string) => Record<string, string>;
  readonly revoked: (ms: number) => void;
}): Promise<Caller[]> {
  const found: Caller[] = [];
  for (const role of ROLES)
    for (const [reach, shops] of [
      ['every shop', undefined],
      ['own shop', FIRST],
      ['another shop', SECOND],
    ] as const) {
      const { token } = await deps.make('/v1/tokens', { name: `${role}, ${reach}`, role, ...(shops ? { shops } : {}) });
      found.push({ name: `${role}, ${reach}`, role, reach, headers: deps.bearer(token) });
    }
  const logIn = async (login: string): Promise<string> => {
    const { id } = await deps.make('/v1/people', { login, role: 'admin', password: PASSWORD });
    const response = await fetch(`${deps.base}/v1/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login, password: PASSWORD }),
    });
    return `${(response.headers.get('set-cookie') as string).split(';')[0] as string} ${id}`;
  };
  const [stays, goes] = [(await logIn('stays')).split(' '), (await logIn('goes')).split(' ')];
  const revoked = await deps.make('/v1/tokens', { name: 'revoked', role: 'admin' });
  await fetch(`${deps.base}/v1/me`, { headers: deps.bearer(revoked.token) });
  await deps.make(`/v1/tokens/${revoked.id}:revoke`, {});
  await deps.make(`/v1/people/${goes[1] as string}:remove`, {});
  deps.revoked(CACHE_MS);
  const nobody = { role: null, reach: 'every shop' } as const;
  const cookie = stays[0] as string;
  return [
    ...found,
    { name: 'an admin by cookie', role: 'admin', reach: 'every shop', headers: { cookie, 'x-weir-console': '1' } },
    { name: "an admin's cookie from a foreign page", role: 'admin', reach: 'every shop', headers: { cookie }, readsOnly: true },
    { ...nobody, name: 'nobody', headers: {} },
    { ...nobody, name: 'a revoked token', headers: deps.bearer(revoked.token) },
    { ...nobody, name: 'a removed person', headers: { cookie: goes[0] as string, 'x-weir-console': '1' } },
  ];
}
