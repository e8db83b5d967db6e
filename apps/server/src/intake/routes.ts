/** `POST /v1/orders` and `GET /v1/outcomes/{id}`. */
import { type ErrorCode, LaterAnswer, NeutralOrder, OutcomeAnswer, PartialOrder, TraceAnswer } from '@weir/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { type Keys, mayTouchShop } from '#access';
import type { Db } from '#platform';
import { type Caller, parseJson, Refusal, route } from '#web';
import type { Outcome } from './kinds.ts';
import type { Outcomes } from './outcomes.ts';
import type { Submit, Submitted } from './submit.ts';
import type { Tally } from './tally.ts';
import { findEntry, findPrint, trace } from './trace.ts';
import { identityOf, identityProblems } from './validate.ts';

const RETRY_AFTER_SECONDS = 1;
const KEY_SHAPE = /^[\x21-\x7e]{1,128}$/;

/** How appending to the inbox, and waiting for the outcome, can end in a no. */
export const SUBMIT_ERRORS = [
  'intake.full',
  'intake.not_stored',
  'server.disk_full',
  'server.stopping',
  'request.key_reused',
] as const satisfies ErrorCode[];

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

/** An outcome may be a refusal of any step: it is told again as it was told first. */
const REFUSED_OUTCOMES = [
  'outcome.not_found',
  'request.version_mismatch',
  'order.no_status',
  'order.is_held',
  'order.step_not_allowed',
  'order.line_not_found',
  'order.not_paid',
  'order.nothing_to_ship',
  'order.too_many_pieces',
  'order.tracking_number_known',
  'order.too_many_corrections',
  'order.impossible_ship_time',
  'order.address_final',
  'order.has_shipped',
  'order.already_ended',
  'hold.not_found',
  'hold.not_releasable',
  'review.not_found',
  'review.closed',
  'review.not_acceptable',
  'review.still_wrong',
] as const satisfies ErrorCode[];

interface IntakeDeps {
  readonly db: Db;
  readonly keys: Keys;
  readonly submit: Submit;
  readonly outcomes: Outcomes;
  readonly tally: Pick<Tally, 'told'>;
}
export function intakeRoutes(app: FastifyInstance, deps: IntakeDeps): void {
  orderRoute(app, deps);
  outcomeRoute(app, deps);
  traceRoute(app, deps);
}

function orderRoute(app: FastifyInstance, deps: IntakeDeps): void {
  const declaration = {
    id: 'tellOrder',
    method: 'POST',
    path: '/v1/orders',
    tag: 'orders',
    zh: '告诉 Weir 一个订单（中立格式，整单或部分）；同一份再发一次无害',
    en: 'tells Weir of one order (neutral form, whole or in part); the same again does no harm',
    bytes: Type.Union([NeutralOrder, PartialOrder]),
    headers: ['Idempotency-Key'],
    answers: { 200: OutcomeAnswer, 201: OutcomeAnswer, 202: LaterAnswer },
    errors: [...SUBMIT_ERRORS, 'request.shop_forbidden', 'order.not_an_order'],
    unlocked: 'the busiest answer of the house is written out field by field in outcomeBody',
  } as const;
  route(app, declaration, async ({ request, reply, caller }) => {
    const bytes = request.body as Buffer;
    const parsed = parseJson(bytes);
    const identity = identityOf(parsed);
    if (identity === null) throw new Refusal('order.not_an_order', {}, { problems: identityProblems(parsed) });
    await requireShop(deps.db, caller, identity.channel, identity.shop);
    const subject = { kind: 'order', channel: identity.channel, shop: identity.shop, id: identity.channelOrderId } as const;
    const submitted = await deps.submit({ kind: 'order', subject, bytes, parsed }, caller, idempotencyKeyOf(request));
    if (submitted.kind !== 'refused') deps.tally.told(caller, submitted.kind === 'later' ? 'later' : submitted.outcome.result);
    return answer(reply, submitted);
  });
}

function outcomeRoute(app: FastifyInstance, deps: IntakeDeps): void {
  const declaration = {
    id: 'readOutcome',
    method: 'GET',
    path: '/v1/outcomes/{id}',
    tag: 'orders',
    zh: '一条已保存的消息后来怎样了',
    en: 'what became of a stored message',
    answers: { 200: OutcomeAnswer, 201: OutcomeAnswer },
    errors: REFUSED_OUTCOMES,
  } as const;
  route(app, declaration, async ({ reply, caller, params }) => {
    const position = /^\d{1,16}$/.test(params.id) ? Number(params.id) : null;
    const outcome = position === null || !(await maySee(deps, caller, position)) ? null : await deps.outcomes.find(position);
    if (outcome === null || outcome.result === 'void')
      throw new Refusal('outcome.not_found', {}, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    return answer(reply, { kind: 'outcome', outcome });
  });
}

function traceRoute(app: FastifyInstance, deps: IntakeDeps): void {
  const declaration = {
    id: 'traceMessage',
    method: 'GET',
    path: '/v1/messages/{id}',
    tag: 'operations',
    zh: '一条已保存的消息在系统里走过的每一步（weir trace）',
    en: 'each step of a stored message through the house (weir trace)',
    answers: { 200: TraceAnswer },
    errors: ['request.not_found', 'raw.expired'],
  } as const;
  route(app, declaration, async ({ params }) => {
    const position = /^\d{1,16}$/.test(params.id) ? Number(params.id) : -1;
    const found = await trace(deps, position);
    if (found !== null) return found;
    const hmac = await findPrint(deps.db, position);
    throw hmac === null ? new Refusal('request.not_found') : new Refusal('raw.expired', { hmac });
  });
}
