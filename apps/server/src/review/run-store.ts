/** SQL of bulk decisions. Which cases a run is of is written down when it is asked for; times go in and out as milliseconds UTC. */
import type { Sql } from '#platform';
import type { Decided } from './decide-case.ts';
import type { Recipe } from './recipes.ts';
import { REVIEW_COLUMNS, type ReviewRow } from './store.ts';

/** Of which cases a run is. */
export interface Chosen {
  readonly reason?: string;
  readonly channel?: string;
  readonly shop?: string;
  readonly ids?: readonly string[];
}
export interface RunRow {
  readonly id: string;
  readonly decision: string;
  readonly chosen: Chosen;
  readonly recipes: readonly Recipe[] | null;
  readonly askedById: string;
  readonly askedBy: string;
  readonly askedRole: string;
  readonly askedShops: readonly string[] | null;
  readonly askedAt: number;
  readonly startsAt: number;
  readonly state: 'open' | 'done' | 'cancelled';
  readonly cases: number;
  readonly accepted: number;
  readonly refused: number;
  readonly finishedAt: number | null;
  readonly undoes: string | null;
}
/** Our pool hands JSON out as its text. */
type Stored = Omit<RunRow, 'chosen' | 'recipes'> & { readonly chosen: string; readonly recipes: string | null };
const toRow = ({ chosen, recipes, ...row }: Stored): RunRow => ({
  ...row,
  chosen: JSON.parse(chosen) as Chosen,
  recipes: recipes === null ? null : (JSON.parse(recipes) as Recipe[]),
});
const first = (rows: readonly Stored[]): RunRow | null => (rows[0] === undefined ? null : toRow(rows[0]));

const ms = (column: string, name: string): string => `(extract(epoch from ${column}) * 1000)::int8 as "${name}"`;
const COLUMNS = `id, decision, chosen, recipes, asked_by_id as "askedById", asked_by as "askedBy", asked_role as "askedRole", asked_shops as "askedShops",
  ${ms('asked_at', 'askedAt')}, ${ms('starts_at', 'startsAt')}, state, cases, accepted, refused, ${ms('finished_at', 'finishedAt')}, undoes`;

/** The cases that fit, for those who may see `shops`: open ones, or what an earlier run rejected. `$1` to `$5` are given by `fitting`. */
const FITTING = `r.state = 'open' and ($1::text is null or r.reason = $1) and ($2::text is null or r.channel = $2) and ($3::text is null or r.shop = $3)
  and ($4::text[] is null or (r.order_key || '.' || r.case_id) = any($4)) and ($5::text[] is null or (r.channel || '/' || r.shop) = any($5))`;
const fitting = ({ reason, channel, shop, ids }: Chosen, shops: ReadonlySet<string> | null): unknown[] => [
  reason ?? null,
  channel ?? null,
  shop ?? null,
  ids ?? null,
  shops === null ? null : [...shops],
];

export interface Fitting {
  readonly cases: number;
  /** When the newest of them was opened; null when there are none. */
  readonly newest: number | null;
}
export async function countFitting(sql: Sql, chosen: Chosen, shops: ReadonlySet<string> | null): Promise<Fitting> {
  const { rows } = await sql.query<Fitting>(
    `select count(*)::int as cases, ${ms('max(opened_at)', 'newest')} from review_cases r where ${FITTING}`,
    fitting(chosen, shops),
  );
  return rows[0] ?? { cases: 0, newest: null };
}
/** So many rows, and no more than fit into so many bytes of messages; the first comes in any case. */
export interface Some {
  readonly limit: number;
  readonly bytes: number;
}
/** The oldest of them. */
export async function readFitting(sql: Sql, chosen: Chosen, shops: ReadonlySet<string> | null, some: Some): Promise<ReviewRow[]> {
  const { rows } = await sql.query<ReviewRow>(
    `select ${REVIEW_COLUMNS} from (select r.*, ${soFar('opened_at, order_key, case_id')} from review_cases r where ${FITTING}
       order by opened_at, order_key, case_id limit $6) r where bytes <= $7 or nth = 1 order by nth`,
    [...fitting(chosen, shops), some.limit, some.bytes],
  );
  return rows;
}
const soFar = (order: string): string =>
  `row_number() over (order by ${order}) as nth, sum(coalesce(octet_length(sealed), 0)) over (order by ${order} rows unbounded preceding) as bytes`;

type NewRun = Omit<RunRow, 'state' | 'cases' | 'accepted' | 'refused' | 'finishedAt'>;
const INSERT = `insert into review_runs (id, decision, chosen, recipes, asked_by_id, asked_by, asked_role, asked_shops, asked_at, starts_at, state, cases, undoes)`;
const valuesOf = (run: NewRun): unknown[] => [
  run.id,
  run.decision,
  JSON.stringify(run.chosen),
  run.recipes === null ? null : JSON.stringify(run.recipes),
  run.askedById,
  run.askedBy,
  run.askedRole,
  run.askedShops,
  run.askedAt,
  run.startsAt,
  run.undoes,
];
const VALUES = (from: number): string => {
  const p = (i: number): string => `$${from + i}`;
  return `${p(0)}::text, ${p(1)}::text, ${p(2)}::json, ${p(3)}::json, ${p(4)}::text, ${p(5)}::text, ${p(6)}::text, ${p(7)}::text[], to_timestamp(${p(8)}::float8 / 1000),
    to_timestamp(${p(9)}::float8 / 1000), 'open', (select count(*) from kept), ${p(10)}::text`;
};

/** Writes the run and its cases down together, none that was opened after `until`; nothing when no case fits. */
export async function openRun(
  sql: Sql,
  run: NewRun,
  shops: ReadonlySet<string> | null,
  { limit, until }: { readonly limit: number; readonly until: number | null },
): Promise<RunRow | null> {
  const { rows } = await sql.query<Stored>(
    `with kept as (insert into review_run_cases (run_id, log_partition, order_key, case_id)
       select $7::text, r.log_partition, r.order_key, r.case_id from review_cases r where ${FITTING}
         and ($18::float8 is null or opened_at < to_timestamp(($18 + 1) / 1000)) limit $6 returning 1)
     ${INSERT} select ${VALUES(7)} where exists (select 1 from kept) returning ${COLUMNS}`,
    [...fitting(run.chosen, shops), limit, ...valuesOf(run), until],
  );
  return first(rows);
}
/** The undo of `run.undoes`: what that run rejected and nobody has taken back yet, or is about to. */
export async function openUndo(sql: Sql, run: NewRun): Promise<RunRow | null> {
  const { rows } = await sql.query<Stored>(
    `with kept as (insert into review_run_cases (run_id, log_partition, order_key, case_id)
       select $1::text, log_partition, order_key, case_id from review_run_cases w where run_id = $11 and result = 'accepted'
         and not exists (select 1 from review_runs u join review_run_cases done on done.run_id = u.id where u.undoes = $11
           and done.order_key = w.order_key and done.case_id = w.case_id and done.result is distinct from 'refused') returning 1)
     ${INSERT} select ${VALUES(1)} where exists (select 1 from kept) returning ${COLUMNS}`,
    valuesOf(run),
  );
  return first(rows);
}

export async function findRun(sql: Sql, id: string): Promise<RunRow | null> {
  return first((await sql.query<Stored>(`select ${COLUMNS} from review_runs where id = $1`, [id])).rows);
}
/** The newest first: those of one caller, or all of them. */
export async function listRuns(sql: Sql, askedById: string | null, limit: number, before: string | null): Promise<RunRow[]> {
  const { rows } = await sql.query<Stored>(
    `select ${COLUMNS} from review_runs where ($1::text is null or asked_by_id = $1) and ($2::text is null or id < $2) order by id desc limit $3`,
    [askedById, before, limit],
  );
  return rows.map(toRow);
}
/** The run that is due longest; first of all a cancelled one of which some cases were begun and nobody wrote down how they ended. */
export async function dueRun(sql: Sql, now: number): Promise<RunRow | null> {
  const { rows } = await sql.query<Stored>(
    `select ${COLUMNS} from review_runs r where (finished_at is null and starts_at <= to_timestamp($1::float8 / 1000))
       or (state = 'cancelled' and exists (select 1 from review_run_cases w where w.run_id = r.id and w.result is null and w.begun))
     order by finished_at nulls last, starts_at, id limit 1`,
    [now],
  );
  return first(rows);
}
export async function nextCases(sql: Sql, run: RunRow, some: Some): Promise<ReviewRow[]> {
  const { rows } = await sql.query<ReviewRow>(
    `select ${REVIEW_COLUMNS} from (select r.*, ${soFar('w.order_key, w.case_id')} from review_run_cases w join review_cases r using (log_partition, order_key, case_id)
       where w.run_id = $1 and w.result is null and (w.begun or $4) order by w.order_key, w.case_id limit $2) r where bytes <= $3 or nth = 1 order by nth`,
    [run.id, some.limit, some.bytes, run.finishedAt === null],
  );
  return rows;
}
/** Before they are decided: a run that is cancelled meanwhile owes us what became of these. False when it was cancelled before. */
export async function beginCases(sql: Sql, runId: string, cases: readonly ReviewRow[]): Promise<boolean> {
  const { rowCount } = await sql.query(
    `with run as (select id from review_runs where id = $1 and finished_at is null for share)
     update review_run_cases w set begun = true from run, unnest($2::text[], $3::text[]) as n (k, i)
     where w.run_id = run.id and w.order_key = n.k and w.case_id = n.i`,
    [runId, cases.map((each) => each.orderKey), cases.map((each) => each.caseId)],
  );
  return rowCount > 0;
}

export interface Ended extends Decided {
  readonly orderKey: string;
  readonly caseId: string;
}
/** What ended, and the sums of the run, together; a case that ended before is not counted again. */
export async function saveEnds(sql: Sql, runId: string, ends: readonly Ended[]): Promise<void> {
  await sql.query(
    `with ended as (update review_run_cases w set result = n.r, code = n.c from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as n (k, i, r, c)
       where w.run_id = $1 and w.order_key = n.k and w.case_id = n.i and w.result is null returning n.r)
     update review_runs set accepted = accepted + (select count(*) from ended where r = 'accepted'), refused = refused + (select count(*) from ended where r = 'refused')
     where id = $1`,
    [runId, ends.map((e) => e.orderKey), ends.map((e) => e.caseId), ends.map((e) => e.result), ends.map((e) => e.code)],
  );
}
/** False when it had ended before. */
export async function endRun(sql: Sql, id: string, state: 'done' | 'cancelled', now: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    'update review_runs set state = $2, finished_at = to_timestamp($3::float8 / 1000) where id = $1 and finished_at is null',
    [id, state, now],
  );
  return rowCount === 1;
}

export interface ResultRow {
  readonly orderKey: string;
  readonly caseId: string;
  readonly result: string | null;
  readonly code: string | null;
}
export async function listResults(
  sql: Sql,
  runId: string,
  result: string | null,
  limit: number,
  after: { readonly orderKey: string; readonly caseId: string } | null,
): Promise<ResultRow[]> {
  const { rows } = await sql.query<ResultRow>(
    `select order_key as "orderKey", case_id as "caseId", result, code from review_run_cases
     where run_id = $1 and ($2::text is null or coalesce(result, 'waiting') = $2) and ($3::text is null or (order_key, case_id) > ($3, $4))
     order by order_key, case_id limit $5`,
    [runId, result, after?.orderKey ?? null, after?.caseId ?? null, limit],
  );
  return rows;
}

/** Runs that ended before `before`, ms UTC, with their cases. */
export async function forgetReviewRuns(sql: Sql, before: number): Promise<void> {
  await sql.query(
    `with old as (delete from review_runs where finished_at < to_timestamp($1::float8 / 1000) returning id)
     delete from review_run_cases using old where run_id = old.id`,
    [before],
  );
}

export interface GroupRow {
  readonly reason: string;
  readonly channel: string;
  readonly cases: number;
  readonly shops: number;
  /** Of the newest of them. */
  readonly shop: string;
  readonly oldest: number;
  readonly newest: number;
  /** Problems of the newest of them, JSON text. */
  readonly example: string;
  readonly hasMessage: boolean;
  readonly unrouted: boolean;
}
/** Open cases by what they have in common, most first. */
export async function listGroups(sql: Sql, shops: ReadonlySet<string> | null, limit: number): Promise<GroupRow[]> {
  const { rows } = await sql.query<GroupRow>(
    `select g.reason, g.channel, g.cases, g.shops, ${ms('g.oldest', 'oldest')}, ${ms('g.newest', 'newest')}, e.problems::text as example, e.shop,
       e.sealed is not null as "hasMessage", e.order_key = 'unrouted' as unrouted
     from (select reason, channel, count(*)::int as cases, count(distinct shop)::int as shops, min(opened_at) as oldest, max(opened_at) as newest
           from review_cases where state = 'open' and ($1::text[] is null or (channel || '/' || shop) = any($1)) group by reason, channel
           order by count(*) desc, reason, channel limit $2) g
     cross join lateral (select problems, sealed, order_key, shop from review_cases r where r.state = 'open' and r.reason = g.reason and r.channel = g.channel
       and ($1::text[] is null or (r.channel || '/' || r.shop) = any($1)) order by r.opened_at desc limit 1) e
     order by g.cases desc, g.reason, g.channel`,
    [shops === null ? null : [...shops], limit],
  );
  return rows;
}

/** Cases of a run that are no longer there to be decided. */
export async function endMissing(sql: Sql, runId: string): Promise<void> {
  await sql.query(
    `with ended as (update review_run_cases set result = 'refused', code = 'review.not_found' where run_id = $1 and result is null returning 1)
     update review_runs set refused = refused + (select count(*) from ended) where id = $1`,
    [runId],
  );
}
