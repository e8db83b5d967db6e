/** Tokens: administration. */
import { ROLES, TokenList, TokenMade, TokenRevoked } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Clock, Db } from '#platform';
import { Refusal, route } from '#web';
import { audited } from './audit.ts';
import { listTokens, revokeToken } from './store.ts';
import { createToken } from './tokens.ts';

const strict = { additionalProperties: false } as const;
export const ShopNames = Type.Array(Type.String({ maxLength: 200, pattern: '^[a-z][a-z0-9_-]*/.+$' }), {
  maxItems: 1000,
  description: '`channel/shop` each; absent = every shop',
});

interface AccessDeps {
  readonly db: Db;
  readonly clock: Clock;
}
export function accessRoutes(app: FastifyInstance, deps: AccessDeps): void {
  tokenRoutes(app, deps);
}

function tokenRoutes(app: FastifyInstance, { db, clock }: AccessDeps): void {
  const create = {
    id: 'createToken',
    method: 'POST',
    path: '/v1/tokens',
    tag: 'access',
    zh: '新建访问令牌；令牌只显示这一次',
    en: 'makes an access token; it is shown this once',
    body: Type.Object({ name: Type.String({ maxLength: 100 }), role: Type.Enum(ROLES), shops: Type.Optional(ShopNames) }, strict),
    answers: { 201: TokenMade },
  } as const;
  route(app, create, async ({ reply, caller, body }) => {
    const made = await audited(db, clock.now(), caller, async (tx) => {
      const token = await createToken(tx, body);
      return [token, ['token.created', token.id, { after: { name: body.name, role: body.role, shops: body.shops ?? null } }]];
    });
    return reply.status(201).send(made);
  });
  const list = {
    id: 'listTokens',
    method: 'GET',
    path: '/v1/tokens',
    tag: 'access',
    zh: '令牌列表（不含令牌本身）',
    en: 'the tokens, without their secrets',
    answers: { 200: TokenList },
  } as const;
  route(app, list, async () => ({ items: await listTokens(db), nextCursor: null }));
  const revoke = {
    id: 'revokeToken',
    method: 'POST',
    path: '/v1/tokens/{id}:revoke',
    tag: 'access',
    zh: '吊销令牌，最迟五秒后失效',
    en: 'ends a token, within five seconds',
    answers: { 200: TokenRevoked },
    errors: ['request.not_found'],
  } as const;
  route(app, revoke, async ({ caller, params: { id } }) => {
    await audited(db, clock.now(), caller, async (tx) => {
      const before = await revokeToken(tx, id);
      if (before === null) throw new Refusal('request.not_found');
      return [null, ['token.revoked', id, { before }]];
    });
    return { id, revoked: true };
  });
}
