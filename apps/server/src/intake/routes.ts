/** `POST /v1/orders` and `GET /v1/outcomes/{id}`. */
import type { ErrorCode } from '@weir/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { adminOf, type Keys, mayTouchShop } from '#access';
import type { Db } from '#platform';
import { type Caller, callerOf, parseJson, Refusal } from '#web';
import type { Outcome } from './kinds.ts';
import type { Outcomes } from './outcomes.ts';
import type { Submit, Submitted } from './submit.ts';
import { findEntry, trace } from './trace.ts';
import { identityOf, identityProblems } from './validate.ts';

const RETRY_AFTER_SECONDS = 1;
const KEY_SHAPE = /^[\x21-\x7e]{1,128}$/;

export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && KEY_SHAPE.test(key)) return key;
  throw new Refusal(
    'request.invalid',
    {},
    { problems: [{ pointer: 'Idempotency-Key', en: '1 to 128 visible ASCII characters', zh: '应为 1 到 128 个可见 ASCII 字符' }] },
  );
}

/** The body of an outcome as callers see it; a dead letter holds the order, so its sender reads `needs_review`. */
export const outcomeBody = (outcome: Outcome) => ({
  orderKey: outcome.orderKey,
  result: outcome.result === 'failed' ? 'needs_review' : outcome.result,
  version: outcome.version,
  problems: outcome.problems ?? [],
});

export function answer(reply: FastifyReply, submitted: Submitted): FastifyReply {
  if (submitted.kind === 'refused')
    throw new Refusal(submitted.code, {}, submitted.code === 'request.key_reused' ? {} : { retryAfterSeconds: RETRY_AFTER_SECONDS });
  if (submitted.kind === 'later')
    return reply
      .status(202)
      .header('location', `/v1/outcomes/${submitted.position}`)
      .send({ id: String(submitted.position) });
  const { outcome } = submitted;
  if (outcome.result === 'refused')
    throw new Refusal(outcome.code as ErrorCode, outcome.params ?? {}, outcome.problems ? { problems: outcome.problems } : {});
  return reply
    .status(outcome.result === 'created' ? 201 : 200)
    .header('x-weir-message', String(outcome.position))
    .send(outcomeBody(outcome));
}

export async function requireShop(db: Db, caller: Caller, channel: string, shop: string): Promise<void> {
  if (!(await mayTouchShop(db, caller, channel, shop))) throw new Refusal('request.shop_forbidden', { shop: `${channel}/${shop}` });
}

/** Whoever is bound to some shops is told only what became of their messages; another's looks like none. */
async function maySee(deps: { readonly db: Db; readonly keys: Keys }, { shops }: Caller, position: number): Promise<boolean> {
  if (shops === null) return true;
  const entry = await findEntry(deps, position);
  return entry !== null && shops.has(`${entry.subject.channel}/${entry.subject.shop}`);
}

export function intakeRoutes(
  app: FastifyInstance,
  deps: { readonly db: Db; readonly keys: Keys; readonly submit: Submit; readonly outcomes: Outcomes },
): void {
  app.post('/v1/orders', async (request, reply) => {
    const caller = callerOf(request);
    const bytes = request.body as Buffer;
    const parsed = parseJson(bytes);
    const identity = identityOf(parsed);
    if (identity === null) throw new Refusal('order.not_an_order', {}, { problems: identityProblems(parsed) });
    await requireShop(deps.db, caller, identity.channel, identity.shop);
    const subject = { kind: 'order', channel: identity.channel, shop: identity.shop, id: identity.channelOrderId } as const;
    return answer(reply, await deps.submit({ kind: 'order', subject, bytes, parsed }, caller, idempotencyKeyOf(request)));
  });

  app.get<{ Params: { id: string } }>('/v1/outcomes/:id', async (request, reply) => {
    const caller = callerOf(request);
    const position = /^\d{1,16}$/.test(request.params.id) ? Number(request.params.id) : null;
    const outcome = position === null || !(await maySee(deps, caller, position)) ? null : await deps.outcomes.find(position);
    if (outcome === null || outcome.result === 'void')
      throw new Refusal('outcome.not_found', {}, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    return answer(reply, { kind: 'outcome', outcome });
  });

  app.get<{ Params: { id: string } }>('/v1/messages/:id', async (request) => {
    adminOf(request);
    const found = /^\d{1,16}$/.test(request.params.id) ? await trace(deps, Number(request.params.id)) : null;
    if (found === null) throw new Refusal('request.not_found');
    return found;
  });
}
