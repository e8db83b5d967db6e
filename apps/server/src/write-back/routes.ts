/** Dead letters of both directions, and another try for those that a channel refused. */
import {
  type ErrorCode,
  DeadLetterList,
  DeadLetterRetried,
  FETCH_CAUSES,
  PROBLEMS,
  WRITE_BACK_CAUSES,
  WRITE_BACKS,
  type WriteBackWhat,
} from '@weir/contract';
import { isOrderKey, type OrderKey, partitionOfKey } from '@weir/core';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Clock, Db, Sql } from '#platform';
import { type Caller, cursor, limit, limitOf, Refusal, route } from '#web';
import { type DeadLetterRow, findFetchLetter, findMessageLetter, listDeadLetters, settleLetter } from './dead-letter-store.ts';
import { reopen } from './store.ts';

export interface WriteBackRouteDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly wake: () => void;
  /** Asks for the order once more; false when nobody waits for it. `main.ts` asks the channels room. */
  readonly fetchAgain: (tx: Sql, order: { readonly channel: string; readonly shop: string; readonly subject: string }) => Promise<boolean>;
  /** Works the stored message at this position once more, as it came; false when it is not kept any more. `main.ts` asks the intake room. */
  readonly workAgain: (position: number) => Promise<boolean>;
  /** Refuses with `order.not_found` who may not see the order; `main.ts` asks the orders room. */
  readonly requireOrder: (caller: Caller, orderKey: string) => Promise<unknown>;
  /** A change and its record: both are stored, or neither. */
  readonly audited: (
    caller: Caller,
    change: (tx: Sql) => Promise<readonly [value: undefined, noted: readonly [what: string, subject: string, detail: object]]>,
  ) => Promise<undefined>;
}
const LIMIT = 200;
const USUAL = 50;
const CURSOR = '^[0-9]{1,17} [A-Za-z0-9_]{1,80}$';
const strict = { additionalProperties: false } as const;

export function deadLetterRoutes(app: FastifyInstance, deps: WriteBackRouteDeps): void {
  listRoute(app, deps);
  retryRoute(app, deps);
}

function listRoute(app: FastifyInstance, { db }: WriteBackRouteDeps): void {
  const declaration = {
    id: 'listDeadLetters',
    method: 'GET',
    path: '/v1/dead-letters',
    tag: 'orders',
    zh: '死信：无法处理的消息（in），渠道不接受的变更（out），各有原因',
    en: 'dead letters: messages that could not be worked on (in), changes that a channel would not take (out), each with its cause',
    query: Type.Object({ direction: Type.Optional(Type.Enum(['in', 'out'])), limit: limit(LIMIT), cursor: cursor(CURSOR) }, strict),
    answers: { 200: DeadLetterList },
  } as const;
  route(app, declaration, async ({ caller: { shops }, query }) => {
    const most = limitOf(query.limit, USUAL, LIMIT);
    const [place, id] = query.cursor?.split(' ') ?? [];
    const rows = await listDeadLetters(db, {
      direction: query.direction ?? null,
      shops: shops === null ? null : [...shops],
      before: place === undefined || id === undefined ? null : [place, id],
      limit: most + 1,
    });
    const last = rows.length > most ? rows[most - 1] : undefined;
    return { items: rows.slice(0, most).map(toItem), nextCursor: last === undefined ? null : `${last.place} ${last.id}` };
  });
}

function toItem(row: DeadLetterRow) {
  const { id, direction, at, orderKey, channel, shop, channelOrderId, what, cause, code, attempts, isAlone } = row;
  const mayRetry = direction === 'out' || what === 'fetch' || isAlone;
  return { id, direction, at, orderKey, channel, shop, channelOrderId, what, cause, ...wordsOf(cause), code, attempts, mayRetry };
}

const WORDS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  ...PROBLEMS,
  ...FETCH_CAUSES,
  ...WRITE_BACK_CAUSES,
};
function wordsOf(cause: string): { readonly zh: string; readonly en: string } {
  const words = Object.hasOwn(WORDS, cause) ? WORDS[cause] : undefined;
  const { zh, en } = words ?? PROBLEMS['message.failed'];
  return { zh, en };
}

const RETRY_ERRORS: readonly ErrorCode[] = [
  'dead_letter.not_found',
  'order.not_found',
  'intake.full',
  'intake.not_stored',
  'server.stopping',
];

function retryRoute(app: FastifyInstance, deps: WriteBackRouteDeps): void {
  const declaration = {
    id: 'retryDeadLetter',
    method: 'POST',
    path: '/v1/dead-letters/{id}:retry',
    tag: 'orders',
    zh: '再试一次（out，取不到的订单明细，或没有复核案件的消息）：原因处理后由人发起',
    en: 'tries once more (out, the detail of an order that could not be fetched, or a message without a review case): for a person who has settled the cause',
    answers: { 200: DeadLetterRetried },
    errors: RETRY_ERRORS,
  } as const;
  route(app, declaration, async ({ caller, params: { id } }) => {
    if (id.startsWith(OF_FETCH)) {
      await retryFetch(deps, caller, id);
      return { id, retried: true };
    }
    if (OF_MESSAGE.test(id)) {
      await retryMessage(deps, caller, id);
      return { id, retried: true };
    }
    const [orderKey, what] = partsOf(id);
    if (orderKey === undefined || what === undefined) throw new Refusal('dead_letter.not_found');
    await deps.requireOrder(caller, orderKey);
    await deps.audited(caller, async (tx) => {
      if (!(await reopen(tx, partitionOfKey(orderKey), orderKey, what, deps.clock.now()))) throw new Refusal('dead_letter.not_found');
      return [undefined, ['dead_letter.retried', id, {}]];
    });
    deps.wake();
    return { id, retried: true };
  });
}

const OF_MESSAGE = /^dl_\d{1,16}$/;
/** Worked first, settled then: between the two the letter stands a little too long, and the message twice changes nothing. If it fails again it has a new letter. */
async function retryMessage({ db, audited, workAgain }: WriteBackRouteDeps, caller: Caller, id: string): Promise<void> {
  const found = await findMessageLetter(db, id);
  if (found === null || (caller.shops !== null && !caller.shops.has(`${found.channel}/${found.shop}`)))
    throw new Refusal('dead_letter.not_found');
  if (!(await workAgain(found.position))) throw new Refusal('dead_letter.not_found');
  await audited(caller, async (tx) => {
    if (!(await settleLetter(tx, id))) throw new Refusal('dead_letter.not_found');
    return [undefined, ['dead_letter.retried', id, {}]];
  });
}

const OF_FETCH = 'dl_fetch_';
async function retryFetch({ db, audited, fetchAgain }: WriteBackRouteDeps, caller: Caller, id: string): Promise<void> {
  const found = await findFetchLetter(db, id);
  if (found === null || (caller.shops !== null && !caller.shops.has(`${found.channel}/${found.shop}`)))
    throw new Refusal('dead_letter.not_found');
  await audited(caller, async (tx) => {
    if (!(await fetchAgain(tx, found))) throw new Refusal('dead_letter.not_found');
    return [undefined, ['dead_letter.retried', id, {}]];
  });
}

function partsOf(id: string): [orderKey: OrderKey | undefined, what: WriteBackWhat | undefined] {
  const [, orderKey = '', kind] = /^wb_([0-9A-Z]+)_([a-z]+)$/.exec(id) ?? [];
  return [isOrderKey(orderKey) ? orderKey : undefined, WRITE_BACKS.find((what) => what === kind)];
}
