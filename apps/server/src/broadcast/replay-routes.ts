/** Replays of an endpoint: ask with a preview, look how far, cancel. */
import { EndpointDone, ReplayList, ReplayMade, ReplayPreview, ReplayShown } from '@weir/contract';
import { InstantText } from '@weir/contract/values';
import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type TObject } from 'typebox';
import { type Clock, type Db, newId, type Sql } from '#platform';
import { type Caller, cursor, type Declaration, limit, limitOf, Refusal, route } from '#web';
import type { Broadcast } from './broadcast.ts';
import { RESULTS, type Chosen } from './replay-results.ts';
import {
  cancelReplay,
  countRunning,
  findAsked,
  insertReplay,
  lockReplays,
  type Once,
  readChunks,
  readReplays,
  type ReplayRow,
} from './replays-store.ts';
import { readEndpoints } from './store.ts';

const USUAL_PER_SECOND = 50;
const MOST_PER_SECOND = 1_000;
const MOST_ORDERS = 100_000;
const MOST_KEYS = 10_000;
const MOST_RUNNING = 5;
const FIRST_KEYS = 10;
const SHOWN_KEYS = 100;
const LIST_LIMIT = 100;
const KEY_LENGTH = 40;
/** How long an Idempotency-Key is remembered, as at every other door. */
const KEY_KEPT_MS = 86_400_000;
const strict = { additionalProperties: false } as const;

/** What is asked for, as the room of the subjects understands it. */
export interface Choice {
  readonly keys?: readonly string[] | undefined;
  readonly range?: { readonly from: string; readonly to: string } | undefined;
  readonly query?: object | undefined;
}
export interface ReplayRouteDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly broadcast: Pick<Broadcast, 'follow'>;
  /** A change and its record: both are stored, or neither. */
  readonly audited: <T>(
    caller: Caller,
    change: (tx: Sql) => Promise<readonly [value: T, noted: readonly [what: string, subject: string, detail: object]]>,
  ) => Promise<T>;
  /** Told by `main.ts`: reads the header, or refuses `request.invalid`. */
  readonly idempotencyKeyOf: (request: FastifyRequest) => string | undefined;
  /** Told by `main.ts`: what a query may say, and which subjects are meant. `limit` of them means: there may be more. */
  readonly replayQuery: TObject;
  readonly choose: (choice: Choice, shops: readonly string[] | null, limit: number) => Promise<readonly Chosen[]>;
}

const askReplay = (query: TObject) =>
  ({
    id: 'replayEndpoint',
    method: 'POST',
    path: '/v1/endpoints/{id}:replay',
    tag: 'endpoints',
    zh: '重放：把选中订单的当前版本再发一次（order.snapshot）；keys、range、query 三选一；dryRun 只数一数；带上 Idempotency-Key，答复丢了再问也只重放一次',
    en: 'sends the current version of chosen orders once more (order.snapshot); one of keys, range, query; dryRun only counts; with an Idempotency-Key it runs once however often it is asked',
    body: Type.Object(
      {
        keys: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: KEY_LENGTH }), { minItems: 1, maxItems: MOST_KEYS })),
        range: Type.Optional(Type.Object({ from: InstantText, to: InstantText }, strict)),
        query: Type.Optional(query),
        perSecond: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_PER_SECOND })),
        dryRun: Type.Optional(Type.Boolean()),
      },
      strict,
    ),
    headers: ['Idempotency-Key'],
    answers: { 200: ReplayPreview, 202: ReplayMade },
    errors: ['endpoint.not_found', 'replay.too_many_orders', 'replay.too_wide', 'replay.too_many_running', 'request.key_reused'],
  }) as const satisfies Declaration;

const LIST_REPLAYS = {
  id: 'listReplays',
  method: 'GET',
  path: '/v1/endpoints/{id}/replays',
  tag: 'endpoints',
  zh: '一个端点的重放和进度，最近的在前',
  en: 'replays of an endpoint and how far they are, newest first',
  query: Type.Object({ limit: limit(LIST_LIMIT), cursor: cursor('^[1-9][0-9]{0,8}$') }, strict),
  answers: { 200: ReplayList },
  errors: ['endpoint.not_found'],
} as const satisfies Declaration;

const SHOW_REPLAY = {
  id: 'showReplay',
  method: 'GET',
  path: '/v1/endpoints/{id}/replays/{replay}',
  tag: 'endpoints',
  zh: '一次重放：进度，以及没有发出的订单',
  en: 'one replay: how far it is, and which orders were not sent',
  answers: { 200: ReplayShown },
  errors: ['replay.not_found'],
} as const satisfies Declaration;

const CANCEL_REPLAY = {
  id: 'cancelReplay',
  method: 'POST',
  path: '/v1/endpoints/{id}/replays/{replay}:cancel',
  tag: 'endpoints',
  zh: '取消一次重放；已发出的不会收回',
  en: 'cancels a replay; what was sent stays sent',
  answers: { 200: EndpointDone },
  errors: ['replay.not_found'],
} as const satisfies Declaration;

export function replayRoutes(app: FastifyInstance, deps: ReplayRouteDeps): void {
  const { db, clock, audited, broadcast } = deps;
  route(app, askReplay(deps.replayQuery), async ({ request, caller, reply, params: { id }, body }) => {
    const { perSecond = USUAL_PER_SECOND, dryRun = false, ...choice } = body;
    requireOneChoice(choice);
    const once = dryRun ? null : onceOf(deps.idempotencyKeyOf(request), body);
    const repeated = await askedBefore(db, id, caller, once, clock.now());
    if (repeated !== null) return reply.status(202).send(repeated);
    const chosen = await chosenBy(deps, id, choice);
    const unknown = unknownOf(choice, chosen);
    if (dryRun) return { orders: chosen.length, first: chosen.slice(0, FIRST_KEYS).map(({ key }) => key), unknown };
    const asked = JSON.stringify({ ...askedOf(choice), ...(unknown.length === 0 ? {} : { unknown }) });
    const made = { id: newId('rpl'), consumer: id, asked, perSecond, madeBy: caller.id, at: clock.now(), once };
    const answer = await audited(caller, async (tx) => {
      await lockReplays(tx);
      const first = await askedBefore(tx, id, caller, once, made.at);
      if (first !== null) return [first, ['endpoint.replayed', id, { replay: first.id, orders: first.orders, repeated: true }]];
      if ((await countRunning(tx, id)) >= MOST_RUNNING) throw new Refusal('replay.too_many_running', { most: MOST_RUNNING });
      await insertReplay(tx, made, chosen);
      return [
        { id: made.id, orders: chosen.length, perSecond, unknown },
        ['endpoint.replayed', id, { replay: made.id, orders: chosen.length }],
      ];
    });
    await broadcast.follow();
    return reply.status(202).send(answer);
  });
  route(app, LIST_REPLAYS, async ({ params: { id }, query }) => {
    await shopsOf(db, id);
    const most = limitOf(query.limit, LIST_LIMIT, LIST_LIMIT);
    const rows = await readReplays(db, id, { before: query.cursor === undefined ? null : Number(query.cursor) }, most);
    return { items: rows.map(shown), nextCursor: rows.length === most ? String(rows.at(-1)?.serial) : null };
  });
  route(app, SHOW_REPLAY, async ({ params: { id, replay } }) => {
    const [row] = await readReplays(db, id, { id: replay }, 1);
    if (row === undefined) throw new Refusal('replay.not_found');
    return { ...shown(row), keys: await keysOf(db, row.serial) };
  });
  route(app, CANCEL_REPLAY, async ({ caller, params: { id, replay } }) => {
    await audited(caller, async (tx) => {
      if (!(await cancelReplay(tx, id, replay, clock.now()))) throw new Refusal('replay.not_found');
      return [undefined, ['endpoint.replay_cancelled', id, { replay }]];
    });
    await broadcast.follow();
    return { id: replay, done: 'cancel' };
  });
}

const onceOf = (key: string | undefined, body: object): Once | null =>
  key === undefined ? null : { key, askedHash: hash('sha256', JSON.stringify(body), 'buffer') };

interface Answer {
  readonly id: string;
  readonly orders: number;
  readonly perSecond: number;
  readonly unknown: readonly string[];
}
/** The answer to the same request before; null: this is the first one. Refuses `request.key_reused`. */
async function askedBefore(sql: Sql, consumer: string, caller: Caller, once: Once | null, now: number): Promise<Answer | null> {
  const before = once && (await findAsked(sql, consumer, caller.id, once.key, now - KEY_KEPT_MS));
  if (before === null) return null;
  if (!before.askedHash.equals(once?.askedHash ?? Buffer.alloc(0))) throw new Refusal('request.key_reused');
  const { id, orders, perSecond, asked } = before;
  return { id, orders, perSecond, unknown: (JSON.parse(asked) as { unknown?: string[] }).unknown ?? [] };
}

/** Keys that name no order which this endpoint hears of. */
function unknownOf({ keys = [] }: Choice, chosen: readonly Chosen[]): string[] {
  const known = new Set(chosen.map(({ key }) => key));
  return [...new Set(keys)].filter((key) => !known.has(key)).slice(0, SHOWN_KEYS);
}

async function chosenBy({ db, choose }: ReplayRouteDeps, id: string, choice: Choice): Promise<readonly Chosen[]> {
  const chosen = await choose(choice, await shopsOf(db, id), MOST_ORDERS + 1);
  if (chosen.length > MOST_ORDERS) throw new Refusal('replay.too_many_orders', { most: MOST_ORDERS });
  return chosen;
}

async function shopsOf(db: Db, id: string): Promise<readonly string[] | null> {
  const endpoint = (await readEndpoints(db)).find((row) => row.id === id);
  if (endpoint === undefined) throw new Refusal('endpoint.not_found');
  return endpoint.shops;
}

function requireOneChoice({ keys, range, query }: Choice): void {
  if ([keys, range, query].filter((each) => each !== undefined).length === 1) return;
  const problems = [{ pointer: '/', en: 'say one of keys, range and query', zh: 'keys、range、query 请只写一个' }];
  throw new Refusal('request.invalid', {}, { problems });
}

/** Ten thousand keys are not shown again: the chunks have them. */
const askedOf = ({ keys, range, query }: Choice): object => (keys ? { keys: keys.length } : range ? { range } : { query });

function shown({ serial: _, asked, ...row }: ReplayRow): object {
  return { ...row, asked: JSON.parse(asked) as object };
}

async function keysOf(db: Db, serial: number): Promise<Record<'withheld' | 'outside' | 'failed', string[]>> {
  const chunks = await readChunks(db, serial);
  const having = (result: number): string[] =>
    chunks.flatMap(({ keys, results }) => keys.filter((_, place) => results[place] === result)).slice(0, SHOWN_KEYS);
  return { withheld: having(RESULTS.withheld), outside: having(RESULTS.outside), failed: having(RESULTS.failed) };
}
