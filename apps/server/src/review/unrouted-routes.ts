/** Trying a case again, and rejecting one that belongs to no order. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Subject } from '@weir/contract/subject';
import { audit } from '#access';
import { answer, idempotencyKeyOf, type Submitted } from '#intake';
import { caseSeal, COMMAND_ANSWERS, COMMAND_ERRORS, endingOf, type OrderDeps } from '#orders';
import { type Caller, Refusal, route } from '#web';
import { findReview, type ReviewRow } from './store.ts';
import { partitionOfUnrouted, UNROUTED, type UnroutedCommand } from './unrouted-kind.ts';

export interface ReviewDeps extends OrderDeps {
  /** Takes in once more what a channel pushed; false when some of it still names no order of a connected shop. */
  readonly again: (channel: string, bytes: Buffer) => Promise<boolean>;
}

/** Null when `id` names no case without an order. A stranger's and a missing one look the same. */
export async function unroutedOf(deps: OrderDeps, caller: Caller, id: string): Promise<ReviewRow | null> {
  if (!id.startsWith(`${UNROUTED}.`)) return null;
  const caseId = id.slice(UNROUTED.length + 1);
  const partition = partitionOfUnrouted(caseId);
  const row = partition === null ? null : await findReview(deps.db, partition, UNROUTED, caseId);
  if (row === null || (caller.shops !== null && !caller.shops.has(`${row.channel}/${row.shop}`))) throw new Refusal('review.not_found');
  return row;
}

/** Travels as a command, so that there is no race with the same bytes coming again. */
export async function closeUnrouted(
  deps: OrderDeps,
  caller: Caller,
  row: ReviewRow,
  command: UnroutedCommand,
  idempotencyKey?: string,
): Promise<Submitted> {
  const subject: Subject = { kind: 'unrouted', channel: row.channel, shop: row.shop, id: row.caseId.replace(/^\d+-/, '') };
  const submitted = await deps.submit({ kind: 'command', subject, bytes: Buffer.from(JSON.stringify(command)) }, caller, idempotencyKey);
  await audit(deps.db, deps.clock.now(), caller, `review.${command.verb}`, `${UNROUTED}.${row.caseId}`, endingOf(submitted));
  return submitted;
}

export function retryRoute(app: FastifyInstance, deps: ReviewDeps): void {
  const declaration = {
    id: 'retryReview',
    method: 'POST',
    path: '/v1/reviews/{id}:retry',
    tag: 'reviews',
    zh: '重试找不到店铺或订单的消息（例如接入店铺之后）；原样再走一遍',
    en: 'takes in once more what named no order of a connected shop, for instance after the shop was connected',
    headers: ['Idempotency-Key'],
    body: Type.Object({}, { additionalProperties: false }),
    answers: COMMAND_ANSWERS,
    errors: [...COMMAND_ERRORS, 'review.not_found', 'review.closed', 'review.not_retriable', 'review.still_unrouted'],
  } as const;
  route(app, declaration, async ({ request, reply, caller, params }) => {
    const row = await unroutedOf(deps, caller, params.id);
    if (row === null || row.sealed === null) throw new Refusal('review.not_retriable');
    if (row.state !== 'open') throw new Refusal('review.closed', { state: row.state });
    // Taken in first: should we stop in between, the case is open still, and trying it again does no harm.
    const found = await deps.again(row.channel, deps.keys.box.open(row.sealed, caseSeal(UNROUTED, row.caseId)));
    if (!found) throw new Refusal('review.still_unrouted', { shop: row.shop });
    return answer(reply, await closeUnrouted(deps, caller, row, { verb: 'retried' }, idempotencyKeyOf(request)));
  });
}
