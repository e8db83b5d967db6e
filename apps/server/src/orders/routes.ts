/** Reading orders. Thin: parse, call, answer. */
import { Knowledge, OrderAnswer, OrderCount, OrderHits, OrderList, type OrderState, Timeline } from '@weir/contract';
import { mayShip, stateOf } from '@weir/core';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { auditWithin, holdWordsFor, maskedBundle } from '#access';
import { cursor, limit, limitOf, Refusal, route } from '#web';
import { phoneDigits } from './bundle.ts';
import { commandRoutes } from './command-routes.ts';
import { seenOf } from './order.ts';
import { sealedBundleOf } from './bundle.ts';
import { type OrderDeps, orderOf } from './order-of.ts';
import { countOrders } from './count-store.ts';
import { CountQuery, CURSOR_PATTERN, LIST_FILTERS, readCursor } from './list-filter.ts';
import { findByBlindToken, isConnected, listOrders } from './list-store.ts';
import { eraseRoutes } from './erase-routes.ts';
import { revealRoutes } from './reveal-routes.ts';
import { holdsWith } from './shown.ts';
import { readTimeline } from './store.ts';

const USUAL_LIMIT = 50;
const TIMELINE_LIMIT = 500;
const LIST_LIMIT = 200;
const SEARCH_LIMIT = 50;
/** Searches by phone that a person or token may make in 24 hours: plenty for a day of calls, little for trying numbers out. */
const SEARCHES_PER_DAY = 500;
const strict = { additionalProperties: false } as const;

export function orderRoutes(app: FastifyInstance, deps: OrderDeps): void {
  orderRoute(app, deps);
  timelineRoute(app, deps);
  knowledgeRoute(app, deps);
  listRoute(app, deps);
  countRoute(app, deps);
  searchRoute(app, deps);
  commandRoutes(app, deps);
  revealRoutes(app, deps);
  eraseRoutes(app, deps);
}

function orderRoute(app: FastifyInstance, deps: OrderDeps): void {
  const declaration = {
    id: 'readOrder',
    method: 'GET',
    path: '/v1/orders/{key}',
    tag: 'orders',
    zh: '一个订单：状态、各行、挂起、能否发货；个人信息按角色打码',
    en: 'one order: status, lines, holds, whether it may ship; personal fields masked by role',
    answers: { 200: OrderAnswer },
    errors: ['order.not_found', 'order.forgotten'],
  } as const;
  route(app, declaration, async ({ reply, caller, params }) => {
    const order = await orderOf(deps.db, caller, params.key);
    const { facts, view } = seenOf(order.facts);
    const { orderKey, channel, shop, channelOrderId, version, addressVersion, bundleVersion } = order;
    const sealed = sealedBundleOf(deps.keys, order);
    const shown = { facts, view: { ...view, holds: holdsWith(holdWordsFor(sealed, caller.role), view.holds) } };
    const state = stateOf({ orderKey, channel, shop, channelOrderId }, { version, addressVersion, bundleVersion }, shown.view);
    reply.header('etag', `"${version}"`);
    return {
      ...state,
      connected: await isConnected(deps.db, channel, shop),
      mayShip: mayShip(shown),
      personal: maskedBundle(sealed, caller.role),
    };
  });
}

function timelineRoute(app: FastifyInstance, deps: OrderDeps): void {
  const declaration = {
    id: 'readTimeline',
    method: 'GET',
    path: '/v1/orders/{key}/events',
    tag: 'orders',
    zh: '一个订单发生过的每件事，以及每次之后的状态',
    en: 'everything that happened to one order, and its state after each',
    query: Type.Object({ limit: limit(TIMELINE_LIMIT), cursor: cursor('^[0-9]{1,9}$') }, strict),
    answers: { 200: Timeline },
    errors: ['order.not_found', 'order.forgotten'],
  } as const;
  route(app, declaration, async ({ caller, params, query }) => {
    const order = await orderOf(deps.db, caller, params.key);
    const most = limitOf(query.limit, USUAL_LIMIT, TIMELINE_LIMIT);
    const rows = await readTimeline(deps.db, order, Number(query.cursor ?? 0), most);
    const words = holdWordsFor(sealedBundleOf(deps.keys, order), caller.role);
    const items = rows.map((row) => ({
      position: row.position,
      version: row.version,
      type: row.type,
      withheld: row.withheld,
      occurredAt: isoOf(row.occurred_at),
      recordedAt: isoOf(row.recorded_at),
      cause: row.cause,
      by: row.said_by,
      detail: JSON.parse(row.detail) as object,
      state: stateWith(words, row.state),
    }));
    return { items, nextCursor: items.length === most ? String(items.at(-1)?.version) : null };
  });
}
const stateWith = (words: Parameters<typeof holdsWith>[0], text: string): OrderState => {
  const state = JSON.parse(text) as OrderState;
  return { ...state, holds: holdsWith(words, state.holds) };
};

function knowledgeRoute(app: FastifyInstance, deps: OrderDeps): void {
  const declaration = {
    id: 'readKnowledge',
    method: 'GET',
    path: '/v1/orders/{key}/knowledge',
    tag: 'orders',
    zh: '哪个系统已知道这个订单的第几版；0 为从未告知（端点只从它开始的时刻起、按它要的事件类型告知）',
    en: 'which system knows which version of this order; 0: never told (an endpoint is told from its start on, and of the types that it wants)',
    answers: { 200: Knowledge },
    errors: ['order.not_found', 'order.forgotten'],
  } as const;
  route(app, declaration, async ({ caller, params }) => {
    const order = await orderOf(deps.db, caller, params.key);
    const items = (await deps.knowledge(order.partition, order.orderKey)).map(
      ({ id, name, passedVersion, wantedVersion = order.version, parkedFrom, differs = false, why }) => ({
        endpoint: id,
        name,
        version: Math.min(passedVersion, order.version, parkedFrom === null ? Infinity : parkedFrom - 1),
        latest: order.version,
        wanted: wantedVersion,
        parked: parkedFrom !== null,
        differs,
        ...(why === undefined ? {} : { why }),
      }),
    );
    return { items, nextCursor: null };
  });
}

const ListQuery = Type.Object({ ...LIST_FILTERS, limit: limit(LIST_LIMIT), cursor: cursor(CURSOR_PATTERN) }, strict);

function listRoute(app: FastifyInstance, deps: OrderDeps): void {
  const declaration = {
    id: 'listOrders',
    method: 'GET',
    path: '/v1/orders',
    tag: 'orders',
    zh: '订单列表，按下单时间从新到旧',
    en: 'orders, the last placed first',
    query: ListQuery,
    answers: { 200: OrderList },
  } as const;
  route(app, declaration, ({ caller, query }) => {
    const { limit: wanted, cursor: after, ...filter } = query;
    return listOrders(deps.db, { filter, scope: caller.shops }, limitOf(wanted, USUAL_LIMIT, LIST_LIMIT), readCursor(after));
  });
}

function countRoute(app: FastifyInstance, deps: OrderDeps): void {
  const declaration = {
    id: 'countOrders',
    method: 'GET',
    path: '/v1/orders:count',
    tag: 'orders',
    zh: '列表在同样筛选下有多少订单；数不完时 isExact 为 false',
    en: 'how many orders the list holds under the same filters; isExact is false where there are more than were counted',
    query: CountQuery,
    answers: { 200: OrderCount },
  } as const;
  route(app, declaration, ({ caller, query: filter }) => countOrders(deps.db, { filter, scope: caller.shops }, deps.clock.now()));
}

function searchRoute(app: FastifyInstance, deps: OrderDeps): void {
  const declaration = {
    id: 'searchOrders',
    method: 'POST',
    path: '/v1/orders:search',
    tag: 'orders',
    zh: '按完整电话号码查订单；每次都留审计，有次数上限；最新的 50 单',
    en: 'orders by a whole phone number, the newest 50; each search is audited and counted against a daily quota',
    body: Type.Object({ phone: Type.String({ minLength: 5, maxLength: 40 }) }, strict),
    answers: { 200: OrderHits },
    errors: ['search.quota'],
  } as const;
  route(app, declaration, async ({ caller, body }) => {
    if (!(await auditWithin(deps, caller, ['order.searched_by_phone', null, {}], SEARCHES_PER_DAY)))
      throw new Refusal('search.quota', { limit: SEARCHES_PER_DAY });
    const token = deps.keys.blindToken(phoneDigits(body.phone.normalize('NFKC')));
    const found = await findByBlindToken(deps.db, token, caller.shops, SEARCH_LIMIT + 1);
    return { items: found.slice(0, SEARCH_LIMIT), nextCursor: null, hasMore: found.length > SEARCH_LIMIT };
  });
}

const isoOf = (text: string): string => new Date(text).toISOString();
