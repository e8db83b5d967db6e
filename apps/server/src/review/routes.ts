/** 待人工复核: list, release as it is, fix and release, reject. A case is addressed as `<order key>.<case id>`. */
import { isOrderKey, partitionOfKey } from '@weir/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { audit, type Keys } from '#access';
import { answer } from '#intake';
import { caseSeal, type Command, type OrderDeps, orderOf, sendCommand } from '#orders';
import { bodyReader, callerOf, masked, Refusal, shownPointer } from '#web';
import { applyEdits, type Change, EditImpossible } from './edits.ts';
import { findReview, listReviews, type ReviewRow } from './store.ts';

const LIST_LIMIT = 200;
const strict = { additionalProperties: false } as const;
const STATES = ['open', 'released', 'fixed', 'rejected', 'superseded', 'ended', 'resolved', 'any'] as const;

const bytesOf = (keys: Keys, row: ReviewRow): string | undefined =>
  row.sealed === null ? undefined : keys.box.open(row.sealed, caseSeal(row.orderKey, row.caseId)).toString('utf8');
const isoOf = (text: string | null): string | null => (text === null ? null : new Date(text).toISOString());

/** The message as a reviewer sees it: public values as they came, everything else masked. */
const maskedMessage = (text: string | undefined): unknown => (text === undefined ? null : masked(JSON.parse(text)));
const toItem = (keys: Keys, row: ReviewRow) => ({
  id: `${row.orderKey}.${row.caseId}`,
  orderKey: row.orderKey,
  channel: row.channel,
  shop: row.shop,
  state: row.state,
  openedAt: isoOf(row.openedAt),
  closedAt: isoOf(row.closedAt),
  closedBy: row.closedBy,
  messageId: String(row.cause),
  problems: JSON.parse(row.problems) as unknown[],
  message: maskedMessage(bytesOf(keys, row)),
});

export function reviewRoutes(app: FastifyInstance, deps: OrderDeps): void {
  app.get<{ Querystring: { state?: string; limit?: string; cursor?: string } }>('/v1/reviews', async (request) => {
    const caller = callerOf(request);
    const { state = 'open', limit = '50', cursor } = request.query;
    const fine =
      (STATES as readonly string[]).includes(state) &&
      /^\d{1,3}$/.test(limit) &&
      Number(limit) >= 1 &&
      (cursor === undefined || !Number.isNaN(Date.parse(cursor)));
    if (!fine)
      throw new Refusal(
        'request.invalid',
        {},
        {
          problems: [
            {
              pointer: 'state, limit, cursor',
              en: `state: ${STATES.join(' | ')}; limit: 1 to ${LIST_LIMIT}`,
              zh: `state：${STATES.join(' | ')}；limit：1 到 ${LIST_LIMIT}`,
            },
          ],
        },
      );
    const most = Math.min(Number(limit), LIST_LIMIT);
    const rows = await listReviews(deps.db, state, caller.shops, most, cursor);
    return {
      items: rows.map((row) => toItem(deps.keys, row)),
      nextCursor: rows.length === most ? isoOf((rows.at(-1) as ReviewRow).openedAt) : null,
    };
  });

  const readNothing = bodyReader(Type.Object({}, strict));
  app.post<{ Params: { id: string } }>('/v1/reviews/:id(^[^:]+)::release', async (request, reply) => {
    readNothing(request);
    const row = await caseOf(deps, request, request.params.id);
    const message = bytesOf(deps.keys, row);
    return answer(
      reply,
      await close(deps, request, row, { verb: 'review.release', caseId: row.caseId, ...(message === undefined ? {} : { message }) }),
    );
  });
  app.post<{ Params: { id: string } }>('/v1/reviews/:id(^[^:]+)::reject', async (request, reply) => {
    readNothing(request);
    const row = await caseOf(deps, request, request.params.id);
    return answer(reply, await close(deps, request, row, { verb: 'review.reject', caseId: row.caseId }));
  });

  const readFix = bodyReader(
    Type.Object(
      {
        edits: Type.Array(Type.Object({ pointer: Type.String({ maxLength: 200 }), value: Type.Optional(Type.Unknown()) }, strict), {
          minItems: 1,
          maxItems: 100,
        }),
        dryRun: Type.Optional(Type.Boolean()),
      },
      strict,
    ),
  );
  app.post<{ Params: { id: string } }>('/v1/reviews/:id(^[^:]+)::fix', async (request, reply) => {
    const { edits, dryRun } = readFix(request);
    const row = await caseOf(deps, request, request.params.id);
    const text = bytesOf(deps.keys, row);
    if (text === undefined) throw new Refusal('review.not_acceptable');
    const { message, changes } = edited(JSON.parse(text), edits);
    if (dryRun) return { changes: changes.map(maskChange) };
    const submitted = await close(
      deps,
      request,
      row,
      { verb: 'review.fix', caseId: row.caseId, message: JSON.stringify(message) },
      changes,
    );
    return answer(reply, submitted);
  });
}

const maskChange = ({ pointer, before, after }: Change): Change => ({
  pointer: shownPointer(pointer),
  before: masked(before, pointer),
  after: masked(after, pointer),
});

function edited(message: unknown, edits: Parameters<typeof applyEdits>[1]): ReturnType<typeof applyEdits> {
  try {
    return applyEdits(message, edits);
  } catch (error) {
    // Nested so deeply that it cannot be copied: no edit helps, it can only be rejected.
    if (error instanceof RangeError) throw new Refusal('review.not_acceptable');
    if (!(error instanceof EditImpossible)) throw error;
    throw new Refusal(
      'request.invalid',
      {},
      { problems: [{ pointer: error.pointer, en: 'nothing that may be edited stands here', zh: '这里没有可以修改的字段' }] },
    );
  }
}

async function caseOf(deps: OrderDeps, request: FastifyRequest, id: string): Promise<ReviewRow> {
  const [orderKey = '', ...rest] = id.split('.');
  const row = isOrderKey(orderKey) ? await findReview(deps.db, partitionOfKey(orderKey), orderKey, rest.join('.')) : null;
  if (row === null) throw new Refusal('review.not_found');
  await orderOf(deps.db, callerOf(request), orderKey);
  return row;
}

async function close(
  deps: OrderDeps,
  request: FastifyRequest,
  row: ReviewRow,
  command: Command,
  changes: readonly Change[] = [],
): ReturnType<typeof sendCommand> {
  const caller = callerOf(request);
  const submitted = await sendCommand(deps, request, await orderOf(deps.db, caller, row.orderKey), command);
  const accepted = submitted.kind === 'outcome' && submitted.outcome.result !== 'refused';
  await audit(deps.db, deps.clock.now(), caller, command.verb, `${row.orderKey}.${row.caseId}`, {
    accepted,
    changes: changes.map(maskChange),
  });
  return submitted;
}
