/** Deciding many cases of one cause at once: what waits by cause, preview, asking, progress, cancelling, undoing. */
import { setImmediate } from 'node:timers/promises';
import { ReviewPreview, ReviewRun, ReviewRunList, ReviewRunResults } from '@weir/contract';
import { InstantText } from '@weir/contract/values';
import { parseInstant } from '@weir/core';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { audited } from '#access';
import { newId } from '#platform';
import { type Caller, cursor, filterText, limit, limitOf, mayShow, Refusal, route } from '#web';
import { DECISIONS, type Forecast, plan } from './decide-case.ts';
import { groupRoute } from './group-routes.ts';
import { maskChange } from './mask-change.ts';
import type { Recipe } from './recipes.ts';
import {
  type Chosen,
  countFitting,
  endRun,
  findRun,
  type Fitting,
  listResults,
  listRuns,
  openRun,
  openUndo,
  readFitting,
  type RunRow,
} from './run-store.ts';
import type { ReviewRow } from './store.ts';
import type { ReviewDeps } from './unrouted-routes.ts';

const strict = { additionalProperties: false } as const;
/** One run; more wait for a narrower choice. */
const MAX_CASES = 100_000;
const MAX_IDS = 1_000;
/** How many cases a preview opens and judges, and how many of them it shows. */
const PREVIEW_CHECKED = { limit: 500, bytes: 4 * 1024 * 1024 } as const;
const PREVIEW_SHOWN = 20;
const USUAL_LIMIT = 50;
const LIST_LIMIT = 200;
/** Until a run begins it can be taken back as if nothing had been asked. */
const USUAL_GRACE_SECONDS = 10;
const MAX_GRACE_SECONDS = 600;

const Pointer = Type.String({ maxLength: 200, pattern: '^/' });
const RecipeBody = Type.Union([
  Type.Object({ pointer: Pointer, do: Type.Literal('set'), value: Type.Unknown() }, strict),
  Type.Object({ pointer: Pointer, do: Type.Enum(['remove', 'expected', 'two_digits']) }, strict),
  Type.Object({ pointer: Pointer, do: Type.Literal('zone'), offset: Type.String({ pattern: '^[+-](?:0\\d|1[0-4]):[0-5]\\d$' }) }, strict),
]);
const Asked = Type.Object(
  {
    decision: Type.Enum([...DECISIONS]),
    where: Type.Optional(
      Type.Object(
        {
          reason: filterText,
          channel: filterText,
          shop: filterText,
        },
        { ...strict, minProperties: 1 },
      ),
    ),
    ids: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: MAX_IDS })),
    recipes: Type.Optional(Type.Array(RecipeBody, { minItems: 1, maxItems: 20 })),
    expected: Type.Optional(
      Type.Object(
        { cases: Type.Integer({ minimum: 0 }), newest: InstantText },
        { ...strict, description: '`cases` and `newest` of the preview: nothing is decided when more fits by now' },
      ),
    ),
    startAfterSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_GRACE_SECONDS })),
    dryRun: Type.Optional(Type.Boolean()),
  },
  strict,
);
type Asked = Static<typeof Asked>;

export interface RunRouteDeps extends ReviewDeps {
  /** A run was asked for, or one was cancelled. */
  readonly wakeRuns: () => void;
}
const isoOf = (ms: number): string => new Date(ms).toISOString();
const idOf = ({ orderKey, caseId }: { readonly orderKey: string; readonly caseId: string }): string => `${orderKey}.${caseId}`;

export function runRoutes(app: FastifyInstance, deps: RunRouteDeps): void {
  groupRoute(app, deps);
  askRoute(app, deps);
  readRoutes(app, deps);
  endRoutes(app, deps);
}

function askRoute(app: FastifyInstance, deps: RunRouteDeps): void {
  const declaration = {
    id: 'decideReviews',
    method: 'POST',
    path: '/v1/review-runs',
    tag: 'reviews',
    zh: '批量处理同一原因的复核：放行、修正、驳回或重试；dryRun 只预览；开始前可无痕取消',
    en: 'decides many cases alike: release, fix, reject or retry; `dryRun` only previews; until it begins it can be cancelled without a trace',
    body: Asked,
    answers: { 200: ReviewPreview, 202: ReviewRun },
    errors: ['review_run.nothing_chosen', 'review_run.too_many', 'review_run.more_fits'],
    unlocked: 'one of two forms, both written out field by field',
  } as const;
  route(app, declaration, async ({ reply, caller, body }) => {
    const chosen = chosenOf(body);
    const fitting = await countFitting(deps.db, chosen, caller.shops);
    if (body.dryRun) return preview(deps, caller, body, chosen, fitting);
    const until = untilOf(body, fitting);
    if (fitting.cases > MAX_CASES) throw new Refusal('review_run.too_many', { limit: MAX_CASES });
    const now = deps.clock.now();
    const startsAt = now + (body.startAfterSeconds ?? USUAL_GRACE_SECONDS) * 1000;
    const wanted = { ...newRun(caller, now, startsAt), decision: body.decision, chosen, recipes: recipesOf(body), undoes: null };
    const run = await audited(deps.db, now, caller, async (tx) => {
      const made = await openRun(tx, wanted, caller.shops, { limit: MAX_CASES, until });
      if (made === null) throw new Refusal('review_run.nothing_chosen');
      return [made, ['review_run.asked', made.id, { decision: made.decision, cases: made.cases, chosen, recipes: recipesOf(body) }]];
    });
    deps.wakeRuns();
    return reply.status(202).send(toRun(run));
  });
}

/** Nothing is decided that a person has not seen counted: neither what came since, nor what comes while we look. */
function untilOf({ expected }: Asked, { cases, newest }: Fitting): number | null {
  if (expected === undefined) return null;
  const seen = parseInstant(expected.newest);
  if (seen === null) throw wrong('/expected/newest', 'not a time of the preview', '不是预览给出的时间');
  if (cases > expected.cases || (newest ?? 0) > seen) throw new Refusal('review_run.more_fits', { cases, expected: expected.cases });
  return seen;
}

const newRun = (caller: Caller, now: number, startsAt: number) => ({
  id: newId('rr', now),
  askedById: caller.id,
  askedBy: caller.name,
  askedRole: caller.role,
  askedShops: caller.shops === null ? null : [...caller.shops],
  askedAt: now,
  startsAt,
});
const wrong = (pointer: string, en: string, zh: string): Refusal => new Refusal('request.invalid', {}, { problems: [{ pointer, en, zh }] });

function chosenOf({ where, ids, decision, recipes }: Asked): Chosen {
  if ((where === undefined) === (ids === undefined)) throw wrong('/where', 'give either `where` or `ids`', '请给出 where 或 ids 其中之一');
  if ((decision === 'fix') !== (recipes !== undefined))
    throw wrong('/recipes', 'a fix needs recipes, and only a fix takes them', '修正需要 recipes，其他处理不需要');
  const hidden = recipes?.findIndex((each) => each.do === 'set' && !mayShow(each.pointer.replaceAll('*', '0'))) ?? -1;
  if (hidden >= 0)
    throw wrong(
      `/recipes/${hidden}/pointer`,
      'only public values can be set for many; fix personal ones case by case',
      '批量只能设置公开字段；个人信息请逐条修正',
    );
  return ids === undefined ? (where as Chosen) : { ids };
}
const recipesOf = ({ recipes }: Asked): readonly Recipe[] | null => (recipes as readonly Recipe[] | undefined) ?? null;

async function preview(deps: RunRouteDeps, caller: Caller, body: Asked, chosen: Chosen, { cases, newest }: Fitting): Promise<object> {
  const rows = await readFitting(deps.db, chosen, caller.shops, PREVIEW_CHECKED);
  const forecast = (row: ReviewRow) => plan(deps.keys, row, body.decision, recipesOf(body) ?? [], deps.clock.now());
  const judged: ({ readonly row: ReviewRow } & Forecast)[] = [];
  for (const row of rows) {
    judged.push({ row, ...forecast(row) });
    await setImmediate(); // a large one takes its time: others are served between
  }
  // What would be refused is what a person must see: it comes first.
  const shown = judged.toSorted((a, b) => Number(a.passes !== false) - Number(b.passes !== false)).slice(0, PREVIEW_SHOWN);
  return {
    cases,
    newest: newest === null ? null : isoOf(newest),
    checked: judged.length,
    passing: judged.filter(({ passes }) => passes !== false).length,
    examples: shown.map(({ row, passes, code, changes, problems }) => ({
      id: idOf(row),
      channel: row.channel,
      shop: row.shop,
      passes,
      code,
      changes: changes.map(maskChange),
      problems,
    })),
  };
}

const toRun = (run: RunRow) => ({
  id: run.id,
  decision: run.decision,
  chosen: run.chosen,
  recipes: run.recipes ?? [],
  state: run.state,
  cases: run.cases,
  accepted: run.accepted,
  refused: run.refused,
  askedBy: run.askedBy,
  askedAt: isoOf(run.askedAt),
  startsAt: isoOf(run.startsAt),
  finishedAt: run.finishedAt === null ? null : isoOf(run.finishedAt),
  undoes: run.undoes,
});

/** Whoever asked for a run sees it, and administrators of every shop see all. */
const seesAll = ({ role, shops }: Caller): boolean => role === 'admin' && shops === null;
async function runOf(deps: RunRouteDeps, caller: Caller, id: string): Promise<RunRow> {
  const run = await findRun(deps.db, id);
  if (run === null || !(seesAll(caller) || run.askedById === caller.id)) throw new Refusal('review_run.not_found');
  return run;
}

const PLACE = /^([0-9A-Za-z]{8,40}|unrouted)\.(.{1,150})$/;

function readRoutes(app: FastifyInstance, deps: RunRouteDeps): void {
  const reading = { method: 'GET', tag: 'reviews' } as const;
  const list = {
    ...reading,
    id: 'listReviewRuns',
    path: '/v1/review-runs',
    zh: '批量处理及其进度，最近的在前',
    en: 'bulk decisions and how far they are, the newest first',
    query: Type.Object({ limit: limit(LIST_LIMIT), cursor: cursor('^rr_[0-9a-z]{1,40}$') }, strict),
    answers: { 200: ReviewRunList },
  } as const;
  route(app, list, async ({ caller, query }) => {
    const most = limitOf(query.limit, USUAL_LIMIT, LIST_LIMIT);
    const rows = await listRuns(deps.db, seesAll(caller) ? null : caller.id, most, query.cursor ?? null);
    const last = rows.at(-1);
    return { items: rows.map(toRun), nextCursor: last && rows.length === most ? last.id : null };
  });
  const one = {
    ...reading,
    id: 'readReviewRun',
    path: '/v1/review-runs/{id}',
    zh: '一个批量处理及其进度',
    en: 'one bulk decision and how far it is',
    answers: { 200: ReviewRun },
    errors: ['review_run.not_found'],
  } as const;
  route(app, one, async ({ caller, params }) => toRun(await runOf(deps, caller, params.id)));
  const results = {
    ...reading,
    id: 'listReviewRunResults',
    path: '/v1/review-runs/{id}/results',
    zh: '批量处理里每一条的结果',
    en: 'what became of each case of a bulk decision',
    query: Type.Object(
      { result: Type.Optional(Type.Enum(['accepted', 'refused', 'waiting'])), limit: limit(LIST_LIMIT), cursor: cursor(PLACE.source) },
      strict,
    ),
    answers: { 200: ReviewRunResults },
    errors: ['review_run.not_found'],
  } as const;
  route(app, results, async ({ caller, params, query }) => {
    const run = await runOf(deps, caller, params.id);
    const most = limitOf(query.limit, USUAL_LIMIT, LIST_LIMIT);
    const [, orderKey = '', caseId = ''] = PLACE.exec(query.cursor ?? '') ?? [];
    const rows = await listResults(deps.db, run.id, query.result ?? null, most, query.cursor === undefined ? null : { orderKey, caseId });
    const last = rows.at(-1);
    return {
      items: rows.map((row) => ({ id: idOf(row), result: row.result ?? 'waiting', code: row.code })),
      nextCursor: last && rows.length === most ? idOf(last) : null,
    };
  });
}

function endRoutes(app: FastifyInstance, deps: RunRouteDeps): void {
  const ending = { method: 'POST', tag: 'reviews', body: Type.Object({}, strict) } as const;
  const cancel = {
    ...ending,
    id: 'cancelReviewRun',
    path: '/v1/review-runs/{id}:cancel',
    zh: '取消：尚未处理的保持待复核',
    en: 'cancels: what was not decided yet goes on waiting',
    answers: { 200: ReviewRun },
    errors: ['review_run.not_found', 'review_run.finished'],
  } as const;
  route(app, cancel, async ({ caller, params }) => {
    const run = await runOf(deps, caller, params.id);
    const now = deps.clock.now();
    await audited(deps.db, now, caller, async (tx) => {
      if (!(await endRun(tx, run.id, 'cancelled', now))) throw new Refusal('review_run.finished');
      return [undefined, ['review_run.cancelled', run.id, {}]];
    });
    deps.wakeRuns();
    return toRun(await runOf(deps, caller, run.id));
  });
  const undo = {
    ...ending,
    id: 'undoReviewRun',
    path: '/v1/review-runs/{id}:undo',
    zh: '撤销批量驳回：这些消息重新等待复核',
    en: 'takes a bulk rejection back: those messages wait again',
    answers: { 202: ReviewRun },
    errors: ['review_run.not_found', 'review_run.not_undoable'],
  } as const;
  route(app, undo, async ({ reply, caller, params }) => {
    const run = await runOf(deps, caller, params.id);
    if (run.decision !== 'reject' || run.finishedAt === null) throw new Refusal('review_run.not_undoable');
    const now = deps.clock.now();
    const wanted = { ...newRun(caller, now, now), decision: 'reopen', chosen: run.chosen, recipes: null, undoes: run.id };
    const undone = await audited(deps.db, now, caller, async (tx) => {
      const made = await openUndo(tx, wanted);
      if (made === null) throw new Refusal('review_run.not_undoable');
      return [made, ['review_run.undone', run.id, { by: made.id, cases: made.cases }]];
    });
    deps.wakeRuns();
    return reply.status(202).send(toRun(undone));
  });
}
