/** The log of deliveries of an endpoint. */
import { DeliveryAnswer, DeliveryList, DeliveryShown } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Db } from '#platform';
import { type Caller, cursor, type Declaration, filterText, instant, limit, limitOf, Refusal, route } from '#web';
import { CURSOR_PATTERN, listDeliveries } from './deliveries.ts';
import type { DeliveryFilter } from './deliveries-store.ts';
import { openAnswer, type ShowDeps, showDelivery } from './one-delivery.ts';
import { readEndpoints } from './store.ts';

const USUAL_LIMIT = 50;
const LIST_LIMIT = 200;
const strict = { additionalProperties: false } as const;

export interface DeliveryRouteDeps extends ShowDeps {
  /** In which partition of the log a subject lies; null when this is no subject's key. Told by `main.ts`. */
  readonly partitionOf: (subjectKey: string) => number | null;
  readonly audit: (caller: Caller, what: string, subject: string, detail: object) => Promise<void>;
}

const LIST_DELIVERIES = {
  id: 'listDeliveries',
  method: 'GET',
  path: '/v1/endpoints/{id}/deliveries',
  tag: 'endpoints',
  zh: '一个端点 30 天内的投递，最近的在前：成功的和失败的；可按订单、结果、时间筛选',
  en: 'deliveries of an endpoint within 30 days, newest first: taken and failed ones; by order, outcome and time',
  query: Type.Object(
    {
      orderKey: filterText,
      outcome: Type.Optional(Type.Enum(['delivered', 'failed'])),
      from: instant,
      to: instant,
      limit: limit(LIST_LIMIT),
      cursor: cursor(CURSOR_PATTERN),
    },
    strict,
  ),
  answers: { 200: DeliveryList },
  errors: ['endpoint.not_found'],
} as const satisfies Declaration;

const SHOW_DELIVERY = {
  id: 'showDelivery',
  method: 'GET',
  path: '/v1/endpoints/{id}/deliveries/{delivery}',
  tag: 'endpoints',
  zh: '一次投递：请求按日志重新算出（不含签名和已授权的个人信息），对方的状态码和耗时',
  en: 'one delivery: its request made again from the log (without signature and granted personal fields), the answer’s status, how long it took',
  answers: { 200: DeliveryShown },
  errors: ['delivery.not_found'],
} as const satisfies Declaration;

const REVEAL_ANSWER = {
  id: 'revealDeliveryAnswer',
  method: 'POST',
  path: '/v1/endpoints/{id}/deliveries/{delivery}:revealAnswer',
  tag: 'endpoints',
  zh: '打开对方对一次失败投递的回答（前 1,024 字节）；里面可能有任何内容，所以平时加密，打开会留审计',
  en: 'opens what was answered to a failed try (the first 1,024 bytes); it may hold anything, so it is sealed, and opening it is audited',
  answers: { 200: DeliveryAnswer },
  errors: ['delivery.not_found'],
} as const satisfies Declaration;

export function deliveryRoutes(app: FastifyInstance, deps: DeliveryRouteDeps): void {
  route(app, LIST_DELIVERIES, async ({ params: { id }, query }) => {
    await requireEndpoint(deps.db, id);
    const filter = filterOf(query, deps.partitionOf);
    if (filter === null) return { items: [], nextCursor: null };
    return listDeliveries(deps.db, id, filter, limitOf(query.limit, USUAL_LIMIT, LIST_LIMIT), query.cursor);
  });
  route(app, SHOW_DELIVERY, async ({ params: { id, delivery } }) => {
    const shown = await showDelivery(deps, id, delivery);
    if (shown === undefined) throw new Refusal('delivery.not_found');
    return shown;
  });
  route(app, REVEAL_ANSWER, async ({ caller, params: { id, delivery } }) => {
    const audited = () => deps.audit(caller, 'endpoint.answer_revealed', id, { delivery });
    const answer = await openAnswer(deps, id, delivery, audited);
    if (answer === undefined) throw new Refusal('delivery.not_found');
    return { answer };
  });
}

export async function requireEndpoint(db: Db, id: string): Promise<void> {
  if (!(await readEndpoints(db)).some((row) => row.id === id)) throw new Refusal('endpoint.not_found');
}

interface Asked {
  readonly orderKey?: string | undefined;
  readonly outcome?: 'delivered' | 'failed' | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}
/** Null when nothing can match. */
function filterOf({ orderKey, outcome, from, to }: Asked, partitionOf: DeliveryRouteDeps['partitionOf']): DeliveryFilter | null {
  const partition = orderKey === undefined ? undefined : partitionOf(orderKey);
  if (partition === null) return null;
  return {
    ...(partition === undefined || orderKey === undefined ? {} : { subject: { partition, key: orderKey } }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(from === undefined ? {} : { from: Date.parse(from) }),
    ...(to === undefined ? {} : { to: Date.parse(to) }),
  };
}
