/** Tokens and shops: administration. */
import { ROLES } from '@weir/contract';
import { ChannelId, Id } from '@weir/contract/values';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Clock, Db } from '#platform';
import { bodyReader, type Caller, callerOf, Refusal } from '#web';
import { audit } from './reveal.ts';
import { listShops, listTokens, revokeToken, saveShop } from './store.ts';
import { createToken } from './tokens.ts';

const strict = { additionalProperties: false } as const;

export function adminOf(request: FastifyRequest): Caller {
  const caller = callerOf(request);
  // Whoever is bound to some shops could otherwise make a token for all of them.
  if (caller.role !== 'admin' || caller.shops !== null) throw new Refusal('request.forbidden', { role: caller.role });
  return caller;
}

export function accessRoutes(app: FastifyInstance, { db, clock }: { readonly db: Db; readonly clock: Clock }): void {
  const readToken = bodyReader(
    Type.Object(
      {
        name: Type.String({ maxLength: 100 }),
        role: Type.Enum(ROLES),
        shops: Type.Optional(Type.Array(Type.String({ maxLength: 200, pattern: '^[a-z][a-z0-9_-]*/.+$' }), { maxItems: 1000 })),
      },
      strict,
    ),
  );
  app.post('/v1/tokens', async (request, reply) => {
    const caller = adminOf(request);
    const wanted = readToken(request);
    const made = await createToken(db, wanted);
    await audit(db, clock.now(), caller, 'token.created', made.id, { role: wanted.role, shops: wanted.shops ?? null });
    return reply.status(201).send(made);
  });
  app.get('/v1/tokens', async (request) => {
    adminOf(request);
    return { items: await listTokens(db), nextCursor: null };
  });
  app.post<{ Params: { id: string } }>('/v1/tokens/:id(^[^:]+)::revoke', async (request) => {
    const caller = adminOf(request);
    if (!(await revokeToken(db, request.params.id))) throw new Refusal('request.not_found');
    await audit(db, clock.now(), caller, 'token.revoked', request.params.id, {});
    return { id: request.params.id, revoked: true };
  });

  const readShop = bodyReader(Type.Object({ channel: ChannelId, shop: Id, name: Type.String({ maxLength: 100 }) }, strict));
  app.post('/v1/shops', async (request, reply) => {
    const caller = adminOf(request);
    const { channel, shop, name } = readShop(request);
    await saveShop(db, channel, shop, name);
    await audit(db, clock.now(), caller, 'shop.connected', `${channel}/${shop}`, {});
    return reply.status(201).send({ channel, shop, name });
  });
  app.get('/v1/shops', async (request) => {
    const { shops } = callerOf(request);
    const items = await listShops(db);
    return { items: shops === null ? items : items.filter((row) => shops.has(`${row.channel}/${row.shop}`)), nextCursor: null };
  });
}
