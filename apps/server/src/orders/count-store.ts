/** SQL of what the list says it counts. Exact wherever counts are kept, else counted up to a limit and said so. */
import type { Sql } from '#platform';
import { ANY_HOLD, type ListFilter } from './list-filter.ts';
import { COUNT_LIMIT, countRows, type Question } from './list-store.ts';

const HOUR_MS = 3_600_000;
/** Hours are counted for this long and then forgotten; the newest week is always whole. */
export const HOURS_KEPT_MS = 9 * 24 * HOUR_MS;
const HOURS_TRUSTED_MS = 8 * 24 * HOUR_MS;

export interface ListCount {
  readonly count: number;
  /** False: there are more than `count`. */
  readonly isExact: boolean;
}

export async function countOrders(sql: Sql, question: Question, now: number): Promise<ListCount> {
  const kept = await keptCount(sql, question, now);
  if (kept !== null) return { count: kept, isExact: true };
  const found = await countRows(sql, question);
  return { count: Math.min(found, COUNT_LIMIT), isExact: found <= COUNT_LIMIT };
}

function keptCount(sql: Sql, question: Question, now: number): Promise<number> | null {
  const { filter } = question;
  if (filter.channelOrderId !== undefined || filter.trackingNumber !== undefined) return null;
  if (filter.placedFrom === undefined && filter.placedTo === undefined) return countCells(sql, question);
  return filter.status === undefined && filter.held === undefined && isOfWholeHours(filter, now) ? countHours(sql, question) : null;
}

function isOfWholeHours({ placedFrom, placedTo }: ListFilter, now: number): boolean {
  if (placedFrom === undefined) return false;
  const [from, to] = [Date.parse(placedFrom), placedTo === undefined ? 0 : Date.parse(placedTo)];
  return from % HOUR_MS === 0 && to % HOUR_MS === 0 && from >= now - HOURS_TRUSTED_MS;
}

const PLACE = `($1::text is null or channel = $1) and ($2::text is null or shop = $2) and ($3::text[] is null or channel || '/' || shop = any($3))`;
const placeValues = ({ filter, scope }: Question): readonly unknown[] => [
  filter.channel ?? null,
  filter.shop ?? null,
  scope === null ? null : [...scope],
];

async function countCells(sql: Sql, question: Question): Promise<number> {
  const { status, held } = question.filter;
  const { rows } = await sql.query<{ n: number }>(
    `select coalesce(sum(orders), 0)::int8 as n from order_counts
     where ${PLACE} and ($4::text is null or status = $4) and ($5::text is null or case when $5 = '${ANY_HOLD}' then held <> '{}' else $5 = any(held) end)`,
    [...placeValues(question), status ?? null, held ?? null],
  );
  return rows[0]?.n ?? 0;
}

async function countHours(sql: Sql, question: Question): Promise<number> {
  const { placedFrom, placedTo } = question.filter;
  const { rows } = await sql.query<{ n: number }>(
    `select coalesce(sum(orders), 0)::int8 as n from order_hours
     where ${PLACE} and hour >= $4::timestamptz and ($5::timestamptz is null or hour < $5)`,
    [...placeValues(question), placedFrom, placedTo ?? null],
  );
  return rows[0]?.n ?? 0;
}

/** After an import of old orders there are many: so few at once that no statement is long. */
const FORGET_AT_ONCE = 20_000;

/** Hours before `before` are no longer asked for. */
export async function forgetHours(sql: Sql, before: number): Promise<void> {
  let forgotten = FORGET_AT_ONCE;
  while (forgotten === FORGET_AT_ONCE) {
    const { rowCount } = await sql.query(
      `delete from order_hours where ctid = any(array(select ctid from order_hours where hour < to_timestamp($1::float8 / 1000) limit ${FORGET_AT_ONCE}))`,
      [before],
    );
    forgotten = rowCount;
  }
}
