/** Reading orders, and asking something of one. Thin: parse, call, answer. */
import { Receiver } from '@weir/contract/neutral-order';
import { isOrderKey, mayShip, MOVES, partitionOfKey, stateOf } from '@weir/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type Static, type TSchema } from 'typebox';
import { audit, type Keys, maskedBundle, PURPOSES, REVEAL_FIELDS, reveal } from '#access';
import { answer, idempotencyKeyOf, requireShop, type Submit } from '#intake';
import { type Clock, type Db, sqlstateOf } from '#platform';
import { bodyReader, type Caller, callerOf, ifMatch, Refusal } from '#web';
import { phoneDigits, sealedBundleOf } from './bundle.ts';
import type { Command } from './command.ts';
import { type Order, seenOf } from './order.ts';
import { findByBlindToken, isConnected, LIST_FILTERS, type ListFilter, listOrders } from './list-store.ts';
import { findOrder, readTimeline } from './store.ts';

const TIMELINE_LIMIT = 500;
const LIST_LIMIT = 200;
const SEARCH_LIMIT = 50;
/** SQLSTATE class 22: a value that the database cannot read as what it should be, e.g. a time. */
const UNREADABLE_VALUE = '22';
const strict = { additionalProperties: false } as const;
const reason = Type.Optional(Type.String({ maxLength: 500 }));

export interface OrderDeps {
  readonly db: Db;
  readonly keys: Keys;
  readonly submit: Submit;
  readonly clock: Clock;
  /** Which consumer has seen how much of an order; `main.ts` asks the broadcast room. */
  readonly knowledge: (
    partition: number,
    orderKey: string,
  ) => Promise<
    readonly { readonly id: string; readonly name: string; readonly passedVersion: number; readonly parkedFrom: number | null }[]
  >;
}

/** The order behind a key, if this caller may see its shop. A stranger's key and a missing one look the same. */
export async function orderOf(db: Db, caller: Caller, key: string): Promise<Order> {
  const order = isOrderKey(key) ? await findOrder(db, partitionOfKey(key), key) : null;
  if (order === null || (caller.shops !== null && !caller.shops.has(`${order.channel}/${order.shop}`)))
    throw new Refusal('order.not_found');
  return order;
}

export async function sendCommand(
  deps: OrderDeps,
  request: FastifyRequest,
  order: Order,
  command: Command,
): Promise<Awaited<ReturnType<Submit>>> {
  const caller = callerOf(request);
  await requireShop(deps.db, caller, order.channel, order.shop);
  const match = ifMatch(request);
  const full: Command = match === undefined ? command : { ...command, ifMatch: match };
  const subject = { kind: 'order', channel: order.channel, shop: order.shop, id: order.channelOrderId } as const;
  return deps.submit(
    { kind: 'command', subject, bytes: Buffer.from(JSON.stringify(full)), parsed: full },
    caller,
    idempotencyKeyOf(request),
  );
}

export function orderRoutes(app: FastifyInstance, deps: OrderDeps): void {
  readRoutes(app, deps);
  const command = <T extends TSchema>(verb: string, schema: T, toCommand: (body: Static<T>) => Command) => {
    const read = bodyReader(schema);
    app.post<{ Params: { key: string } }>(`/v1/orders/:key(^[^:]+)::${verb}`, async (request, reply) => {
      const body = read(request);
      const order = await orderOf(deps.db, callerOf(request), request.params.key);
      return answer(reply, await sendCommand(deps, request, order, toCommand(body)));
    });
  };
  command('cancel', Type.Object({ reason }, strict), (body) => ({ verb: 'cancel', ...body }));
  command('hold', Type.Object({ why: Type.String({ minLength: 1, maxLength: 500 }) }, strict), (body) => ({ verb: 'hold', ...body }));
  command('release', Type.Object({ holdId: Type.String({ maxLength: 300 }) }, strict), (body) => ({ verb: 'release', ...body }));
  command('changeAddress', Type.Object({ receiver: Receiver }, strict), (body) => ({ verb: 'changeAddress', ...body }));
  command(
    'move',
    Type.Object(
      { to: Type.Enum([...MOVES]), lines: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { minItems: 1, maxItems: 500 })) },
      strict,
    ),
    (body) => ({ verb: 'move', ...body }),
  );
  revealRoute(app, deps);
}

function readRoutes(app: FastifyInstance, deps: OrderDeps): void {
  app.get<{ Params: { key: string } }>('/v1/orders/:key(^[^:]+)', async (request, reply) => {
    const caller = callerOf(request);
    const order = await orderOf(deps.db, caller, request.params.key);
    const seen = seenOf(order.facts);
    const { orderKey, channel, shop, channelOrderId, version, addressVersion, bundleVersion } = order;
    const state = stateOf({ orderKey, channel, shop, channelOrderId }, { version, addressVersion, bundleVersion }, seen.view);
    const connected = await isConnected(deps.db, channel, shop);
    reply.header('etag', `"${version}"`);
    return {
      ...state,
      connected,
      mayShip: mayShip({ view: seen.view }),
      personal: maskedBundle(sealedBundleOf(deps.keys, order), caller.role),
    };
  });

  app.get<{ Params: { key: string }; Querystring: { cursor?: string; limit?: string } }>(
    '/v1/orders/:key(^[^:]+)/events',
    async (request) => {
      const order = await orderOf(deps.db, callerOf(request), request.params.key);
      const limit = limitOf(request.query.limit, TIMELINE_LIMIT);
      const rows = await readTimeline(deps.db, order, cursorOf(request.query.cursor), limit);
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
        state: JSON.parse(row.state) as object,
      }));
      return { items, nextCursor: items.length === limit ? String(items.at(-1)?.version) : null };
    },
  );

  app.get<{ Params: { key: string } }>('/v1/orders/:key(^[^:]+)/knowledge', async (request) => {
    const order = await orderOf(deps.db, callerOf(request), request.params.key);
    const items = (await deps.knowledge(order.partition, order.orderKey)).map(({ id, name, passedVersion, parkedFrom }) => ({
      endpoint: id,
      name,
      version: parkedFrom === null ? passedVersion : Math.min(passedVersion, parkedFrom - 1),
      latest: order.version,
      parked: parkedFrom !== null,
    }));
    return { items, nextCursor: null };
  });

  app.get<{ Querystring: ListFilter & { limit?: string; cursor?: string } }>('/v1/orders', async (request) => {
    const caller = callerOf(request);
    const { limit, cursor, ...filter } = request.query;
    const unknown = Object.keys(filter).filter((name) => !(LIST_FILTERS as readonly string[]).includes(name));
    if (unknown.length > 0)
      throw new Refusal(
        'request.invalid',
        {},
        {
          problems: unknown.map((name) => ({
            pointer: name,
            en: `unknown filter; known: ${LIST_FILTERS.join(', ')}`,
            zh: `不认识的筛选条件；可用：${LIST_FILTERS.join('、')}`,
          })),
        },
      );
    try {
      return await listOrders(deps.db, filter, caller.shops, limitOf(limit, LIST_LIMIT), cursor);
    } catch (error) {
      if (sqlstateOf(error)?.startsWith(UNREADABLE_VALUE))
        throw new Refusal(
          'request.invalid',
          {},
          { problems: [{ pointer: 'placedFrom', en: 'a filter value cannot be read', zh: '筛选值读不懂' }] },
        );
      throw error;
    }
  });

  const readSearch = bodyReader(Type.Object({ phone: Type.String({ minLength: 5, maxLength: 40 }) }, strict));
  app.post('/v1/orders::search', async (request) => {
    const caller = callerOf(request);
    const { phone } = readSearch(request);
    if (caller.role === 'owner' || caller.role === 'integration') throw new Refusal('request.forbidden', { role: caller.role });
    await audit(deps.db, deps.clock.now(), caller, 'order.searched_by_phone', null, {});
    return {
      items: await findByBlindToken(deps.db, deps.keys.blindToken(phoneDigits(phone)), caller.shops, SEARCH_LIMIT),
      nextCursor: null,
    };
  });
}

function revealRoute(app: FastifyInstance, deps: OrderDeps): void {
  const read = bodyReader(
    Type.Object(
      {
        fields: Type.Array(Type.Enum([...REVEAL_FIELDS]), { minItems: 1, maxItems: REVEAL_FIELDS.length }),
        purpose: Type.Optional(Type.Enum([...PURPOSES])),
        note: Type.Optional(Type.String({ maxLength: 500 })),
      },
      strict,
    ),
  );
  app.post<{ Params: { key: string } }>('/v1/orders/:key(^[^:]+)::reveal', async (request) => {
    const caller = callerOf(request);
    const { fields, purpose, note } = read(request);
    if (purpose === undefined) throw new Refusal('reveal.purpose_missing');
    const order = await orderOf(deps.db, caller, request.params.key);
    const revealed = await reveal(deps, sealedBundleOf(deps.keys, order), {
      caller,
      subject: order.orderKey,
      fields: fields,
      purpose: purpose,
      ...(note ? { note } : {}),
    });
    if (!revealed.ok) throw new Refusal(revealed.code, revealed.params);
    return { orderKey: order.orderKey, values: revealed.values, showSeconds: 30 };
  });
}

const isoOf = (text: string): string => new Date(text).toISOString();
const cursorOf = (text: string | undefined): number => (text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0);
function limitOf(text: string | undefined, most: number): number {
  if (text === undefined) return Math.min(50, most);
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1)
    throw new Refusal('request.invalid', {}, { problems: [{ pointer: 'limit', en: `expected 1 to ${most}`, zh: `应为 1 到 ${most}` }] });
  return Math.min(Number(text), most);
}
