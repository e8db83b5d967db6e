/** 待人工复核: list, release as it is, fix and release, reject. A case is addressed as `<order key>.<case id>`. */
import { FixPreview, REVIEW_STATES, ReviewItem, ReviewList } from '@weir/contract';
import { isOrderKey, parseInstant, partitionOfKey } from '@weir/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { audit, type Keys } from '#access';
import { answer, idempotencyKeyOf } from '#intake';
import { caseSeal, type Command, COMMAND_ANSWERS, COMMAND_ERRORS, endingOf, type OrderDeps, orderOf, sendCommand } from '#orders';
import { type Caller, callerOf, cursor, filterText, limit, limitOf, masked, Refusal, route } from '#web';
import { applyEdits, type Change, EditImpossible } from './edits.ts';
import { maskChange } from './mask-change.ts';
import { type RunRouteDeps, runRoutes } from './run-routes.ts';
import { findReview, listReviews, type Place, type ReviewRow } from './store.ts';
import { UNROUTED } from './unrouted-kind.ts';
import { closeUnrouted, retryRoute, unroutedOf } from './unrouted-routes.ts';

const USUAL_LIMIT = 50;
const LIST_LIMIT = 200;
/** A message above this is shown alone (`GET /v1/reviews/{id}`), and a list shows so much of them all together: reading them takes time that all others wait. */
const LISTED_BYTES = 64 * 1024;
const PAGE_BYTES = 1024 * 1024;
const strict = { additionalProperties: false } as const;

const bytesOf = (keys: Keys, row: ReviewRow): string | undefined =>
  row.sealed === null ? undefined : keys.box.open(row.sealed, caseSeal(row.orderKey, row.caseId)).toString('utf8');
const isoOf = (text: string | null): string | null => (text === null ? null : new Date(text).toISOString());

/** Where a page ended: `<opened at>|<order key>.<case id>`. Cases that were opened in the same millisecond are told apart by the rest. */
const CURSOR = /^([^|]{20,30})\|([0-9A-Z]{8,40}|unrouted)\.(.{1,150})$/;
const cursorOf = (row: ReviewRow): string => `${isoOf(row.openedAt)}|${row.orderKey}.${row.caseId}`;
function placeOf(text: string): Place {
  const [, openedAt = '', orderKey = '', caseId = ''] = CURSOR.exec(text) ?? [];
  if (parseInstant(openedAt) !== null) return { openedAt, orderKey, caseId };
  throw new Refusal(
    'request.invalid',
    {},
    { problems: [{ pointer: '/cursor', en: 'not a cursor of this list', zh: '不是这个列表的游标' }] },
  );
}

/** The message as a reviewer sees it: public values as they came, everything else masked. */
function maskedMessage(text: string | undefined): unknown {
  try {
    return text === undefined ? null : masked(JSON.parse(text));
  } catch {
    return '***'; // a channel's bytes that are no JSON
  }
}
const toItem = (keys: Keys, row: ReviewRow) => ({
  id: `${row.orderKey}.${row.caseId}`,
  orderKey: row.orderKey === UNROUTED ? null : row.orderKey,
  channel: row.channel,
  shop: row.shop,
  state: row.state,
  reason: row.reason,
  openedAt: isoOf(row.openedAt),
  closedAt: isoOf(row.closedAt),
  closedBy: row.closedBy,
  messageId: String(row.cause),
  problems: JSON.parse(row.problems) as unknown[],
  message: maskedMessage(bytesOf(keys, row)),
  ...(row.sealed === null && row.sealedBytes > 0 ? { messageBytes: row.sealedBytes } : {}),
});

/** The first of them keep their messages, as far as these fit into a page. */
function fitPage(rows: readonly ReviewRow[]): ReviewRow[] {
  let left = PAGE_BYTES;
  return rows.map((row) => ((left -= row.sealed?.length ?? 0) < 0 ? { ...row, sealed: null } : row));
}

export function reviewRoutes(app: FastifyInstance, deps: RunRouteDeps): void {
  listRoute(app, deps);
  readRoute(app, deps);
  retryRoute(app, deps);
  closeRoutes(app, deps);
  fixRoute(app, deps);
  reopenRoute(app, deps);
  runRoutes(app, deps);
}

function listRoute(app: FastifyInstance, deps: OrderDeps): void {
  const declaration = {
    id: 'listReviews',
    method: 'GET',
    path: '/v1/reviews',
    tag: 'reviews',
    zh: '待人工复核，最近打开的在前',
    en: 'what waits for a person, the last opened first',
    query: Type.Object(
      {
        state: Type.Optional(Type.Enum([...REVIEW_STATES, 'any'])),
        reason: filterText,
        channel: filterText,
        shop: filterText,
        limit: limit(LIST_LIMIT),
        cursor: cursor(CURSOR.source),
      },
      strict,
    ),
    answers: { 200: ReviewList },
  } as const;
  route(app, declaration, async ({ caller, query: { state = 'open', limit: wanted, cursor: after, ...where } }) => {
    const most = limitOf(wanted, USUAL_LIMIT, LIST_LIMIT);
    const rows = await listReviews(
      deps.db,
      { state, ...where },
      caller.shops,
      { limit: most, messageBytes: LISTED_BYTES },
      after === undefined ? null : placeOf(after),
    );
    const last = rows.at(-1);
    return { items: fitPage(rows).map((row) => toItem(deps.keys, row)), nextCursor: last && rows.length === most ? cursorOf(last) : null };
  });
}

function readRoute(app: FastifyInstance, deps: OrderDeps): void {
  const declaration = {
    id: 'readReview',
    method: 'GET',
    path: '/v1/reviews/{id}',
    tag: 'reviews',
    zh: '一条复核，带原消息（已遮盖），多大都有，已结束的也可以看：后来怎样了、谁处理的',
    en: 'one case with its message (masked), however large it is, also one that is closed: what became of it, and by whom',
    answers: { 200: ReviewItem },
    errors: ['review.not_found', 'order.not_found', 'order.forgotten'],
  } as const;
  route(app, declaration, async ({ caller, params }) =>
    toItem(deps.keys, (await unroutedOf(deps, caller, params.id)) ?? (await caseOf(deps, caller, params.id))),
  );
}

const CLOSING = {
  method: 'POST',
  tag: 'reviews',
  headers: ['Idempotency-Key', 'If-Match'],
  errors: [...COMMAND_ERRORS, 'review.not_found', 'review.closed', 'review.not_acceptable', 'review.still_wrong'],
} as const;

function closeRoutes(app: FastifyInstance, deps: OrderDeps): void {
  const nothing = Type.Object({}, strict);
  const release = {
    ...CLOSING,
    id: 'releaseReview',
    path: '/v1/reviews/{id}:release',
    zh: '按原样放行（仅当问题表允许）',
    en: 'accepts the message as it is, where the problem table allows it',
    body: nothing,
    answers: COMMAND_ANSWERS,
  } as const;
  route(app, release, async ({ request, reply, caller, params }) => {
    if ((await unroutedOf(deps, caller, params.id)) !== null) throw new Refusal('review.not_acceptable');
    const row = await caseOf(deps, caller, params.id);
    const message = bytesOf(deps.keys, row);
    const command: Command = { verb: 'review.release', caseId: row.caseId, ...(message === undefined ? {} : { message }) };
    return answer(reply, await close(deps, request, row, command));
  });
  const reject = {
    ...CLOSING,
    id: 'rejectReview',
    path: '/v1/reviews/{id}:reject',
    zh: '驳回：这条消息作废',
    en: 'drops the message',
    body: nothing,
    answers: COMMAND_ANSWERS,
  } as const;
  route(app, reject, async ({ request, reply, caller, params }) => {
    const unrouted = await unroutedOf(deps, caller, params.id);
    if (unrouted !== null) return answer(reply, await closeUnrouted(deps, caller, unrouted, { verb: 'reject' }, idempotencyKeyOf(request)));
    const row = await caseOf(deps, caller, params.id);
    return answer(reply, await close(deps, request, row, { verb: 'review.reject', caseId: row.caseId }));
  });
}

function reopenRoute(app: FastifyInstance, deps: OrderDeps): void {
  const declaration = {
    ...CLOSING,
    id: 'reopenReview',
    path: '/v1/reviews/{id}:reopen',
    zh: '撤销驳回：这条消息重新等待复核',
    en: 'takes a rejection back: the message waits again',
    body: Type.Object({}, strict),
    answers: COMMAND_ANSWERS,
    errors: [...COMMAND_ERRORS, 'review.not_found', 'review.not_reopenable', 'order.already_ended', 'order.erased'],
  } as const;
  route(app, declaration, async ({ request, reply, caller, params }) => {
    const unrouted = await unroutedOf(deps, caller, params.id);
    if (unrouted !== null) return answer(reply, await closeUnrouted(deps, caller, unrouted, { verb: 'reopen' }, idempotencyKeyOf(request)));
    const row = await caseOf(deps, caller, params.id);
    return answer(reply, await close(deps, request, row, { verb: 'review.reopen', caseId: row.caseId }));
  });
}

function fixRoute(app: FastifyInstance, deps: OrderDeps): void {
  const Edit = Type.Object({ pointer: Type.String({ maxLength: 200 }), value: Type.Optional(Type.Unknown()) }, strict);
  const declaration = {
    ...CLOSING,
    id: 'fixReview',
    path: '/v1/reviews/{id}:fix',
    zh: '修正后放行；dryRun 只显示修改前后',
    en: 'fixes and accepts; `dryRun` only shows before and after',
    body: Type.Object({ edits: Type.Array(Edit, { minItems: 1, maxItems: 100 }), dryRun: Type.Optional(Type.Boolean()) }, strict),
    answers: { ...COMMAND_ANSWERS, 200: Type.Union([FixPreview, COMMAND_ANSWERS[200]]) },
    unlocked: 'one of two forms, both written out field by field',
  } as const;
  route(app, declaration, async ({ request, reply, caller, params, body: { edits, dryRun } }) => {
    if ((await unroutedOf(deps, caller, params.id)) !== null) throw new Refusal('review.not_acceptable');
    const row = await caseOf(deps, caller, params.id);
    const text = bytesOf(deps.keys, row);
    if (text === undefined) throw new Refusal('review.not_acceptable');
    const { message, changes } = edited(parsed(text), edits);
    if (dryRun) return { changes: changes.map(maskChange) };
    const command: Command = { verb: 'review.fix', caseId: row.caseId, message: JSON.stringify(message) };
    return answer(reply, await close(deps, request, row, command, changes));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('review.not_acceptable'); // a channel's bytes that are no JSON
  }
}

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

/** A stranger's case and a missing one look the same. */
async function caseOf(deps: OrderDeps, caller: Caller, id: string): Promise<ReviewRow> {
  const [orderKey = '', ...rest] = id.split('.');
  const row = isOrderKey(orderKey) ? await findReview(deps.db, partitionOfKey(orderKey), orderKey, rest.join('.')) : null;
  const isHidden = row !== null && caller.shops !== null && !caller.shops.has(`${row.channel}/${row.shop}`);
  if (row === null || isHidden) throw new Refusal('review.not_found');
  await orderOf(deps.db, caller, orderKey);
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
  await audit(deps.db, deps.clock.now(), caller, command.verb, `${row.orderKey}.${row.caseId}`, {
    ...endingOf(submitted),
    changes: changes.map(maskChange),
  });
  return submitted;
}
