/** SQL of `fetches`: orders of which the detail must be asked for, one row each. */
import { arrayOf, type Sql, type Step } from '#platform';
import type { Asked } from '#orders';

/** Of several hints in one batch the last one counts; their wants are one set. */
function newestOf(asked: readonly Asked[]): Asked[] {
  const found = new Map<string, Asked>();
  for (const each of asked) {
    const name = `${each.channel}\0${each.shop}\0${each.id}`;
    const wants = new Set([...(found.get(name)?.wants ?? []), ...each.wants]);
    found.set(name, { ...each, wants: [...wants] });
  }
  return [...found.values()];
}

/** Asks for later, about a row that is there already: that of the fetch whose answer it is, or of a hint that comes first anyway. */
const WAITS = `(not f.dead and excluded.next_at > to_timestamp($9::float8 / 1000.0))`;

/** A new hint wakes a row whose tries had ended. An answer that asks again waits, and that nothing new was heard meanwhile is known at the end of its own fetch. */
export const saveAsked = (all: readonly Asked[], now: number): readonly Step[] => {
  const asked = newestOf(all);
  if (asked.length === 0) return [];
  return [
    {
      name: 'channels.save_asked',
      text: `insert into fetches as f (log_partition, channel, shop, id, wants, asked_at, next_at, idle)
       select p, c, s, i, string_to_array(w, ','), a, to_timestamp(n / 1000.0), l
       from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::boolean[]) as r (p, c, s, i, w, a, n, l)
       on conflict on constraint fetches_pk do update set wants = (select array_agg(distinct w) from unnest(f.wants || excluded.wants) as w),
         asked_at = case when ${WAITS} then f.asked_at else excluded.asked_at end,
         next_at = case when f.dead then excluded.next_at when ${WAITS} then f.next_at else least(f.next_at, excluded.next_at) end,
         again_at = case when ${WAITS} then excluded.next_at end, rounds = case when ${WAITS} then f.rounds else 0 end,
         attempts = case when f.dead then 0 else f.attempts end, idle = (f.idle or f.dead) and excluded.idle, dead = false`,
      values: [
        arrayOf.int2(asked.map((row) => row.partition)),
        arrayOf.text(asked.map((row) => row.channel)),
        arrayOf.text(asked.map((row) => row.shop)),
        arrayOf.text(asked.map((row) => row.id)),
        arrayOf.text(asked.map((row) => row.wants.join(','))),
        arrayOf.int8(asked.map((row) => row.askedAt)),
        arrayOf.int8(asked.map((row) => now + row.waitMs)),
        arrayOf.bool(asked.map((row) => row.isIdle === true)),
        now,
      ],
    },
  ];
};

export interface FetchRow {
  readonly partition: number;
  readonly id: string;
  readonly askedAt: number;
  readonly attempts: number;
  readonly isIdle: boolean;
  /** Some try of it has failed; perhaps our tries had ended once. */
  readonly hasFailed: boolean;
}
const DUE = `select log_partition as partition, id, asked_at as "askedAt", attempts, idle as "isIdle", last_error is not null as "hasFailed" from fetches
  where channel = $1 and shop = $2 and not dead and next_at <= to_timestamp($3::float8 / 1000)`;
/** Who waits longest comes first, at most `most` of them; only where nothing urgent waits those that may wait, and few of them at a time, for something may come. */
export async function dueFetches(
  sql: Sql,
  { channel, shop }: { readonly channel: string; readonly shop: string },
  now: number,
  { most, mostIdle }: { readonly most: number; readonly mostIdle: number },
): Promise<FetchRow[]> {
  const urgent = await sql.queryNamed<FetchRow>('channels.due_fetches', `${DUE} and not idle order by next_at limit $4`, [
    channel,
    shop,
    now,
    most,
  ]);
  if (urgent.rows.length > 0) return urgent.rows;
  return (
    await sql.queryNamed<FetchRow>('channels.idle_fetches', `${DUE} and idle order by next_at limit $4`, [channel, shop, now, mostIdle])
  ).rows;
}

const ROW = 'log_partition = $1 and channel = $2 and shop = $3 and id = $4';
type Place = readonly [partition: number, channel: string, shop: string, id: string];

/** Twice as long each time, to an hour at most: a channel that contradicts itself for good must not cost the shop its quota. */
const NEXT_LOOK = `$6::timestamptz + least((again_at - $6::timestamptz) * power(2, least(rounds, 12)), greatest(again_at - $6::timestamptz, interval '1 hour'))`;

/**
 * The answer was worked, which settles the letter there may be. A hint that came after the call had begun keeps its row, and is worked at once; an answer that asked
 * again itself keeps it for later.
 */
export async function endFetch(sql: Sql, place: Place, askedAt: number, now: number, letterId: string | null): Promise<void> {
  await sql.queryNamed(
    'channels.end_fetch',
    `with later as (update fetches set next_at = ${NEXT_LOOK}, again_at = null, rounds = rounds + 1, attempts = 0, last_error = null
       where ${ROW} and asked_at = $5 and again_at is not null),
     sooner as (update fetches set again_at = null where ${ROW} and asked_at <> $5 and again_at is not null)
     delete from fetches where ${ROW} and asked_at = $5 and again_at is null`,
    [...place, askedAt, new Date(now)],
  );
  if (letterId !== null) await sql.query(`update dead_letters set state = 'settled' where id = $1 and state = 'open'`, [letterId]);
}

export async function putOffFetch(sql: Sql, place: Place, nextAt: number, error: string): Promise<void> {
  await sql.query(`update fetches set attempts = attempts + 1, next_at = to_timestamp($5::float8 / 1000), last_error = $6 where ${ROW}`, [
    ...place,
    nextAt,
    error,
  ]);
}

/** Our tries ended, unless a newer hint came: the row stays for people, and what was asked lies among the dead letters. */
export async function buryFetch(
  sql: Sql,
  place: Place,
  row: {
    readonly askedAt: number;
    readonly error: string;
    readonly reason: string;
    readonly sealed: Buffer;
    readonly letterId: string;
    readonly now: number;
  },
): Promise<void> {
  await sql.query(
    `with ended as (update fetches set attempts = attempts + 1, last_error = $6, dead = true where ${ROW} and asked_at = $5 returning log_partition)
     insert into dead_letters as d (id, position, log_partition, channel, shop, subject, words, order_key, reason, created_at, sealed)
     select $7, $5, log_partition, $2, $3, $4, $6, (select order_key from orders o where o.log_partition = $1 and o.channel = $2 and o.shop = $3 and o.channel_order_id = $4),
       $8, to_timestamp($9::float8 / 1000), $10 from ended
     on conflict (id) do update set position = excluded.position, order_key = excluded.order_key, words = excluded.words, created_at = excluded.created_at, sealed = excluded.sealed, state = 'open'`,
    [...place, row.askedAt, row.error, row.letterId, row.reason, row.now, row.sealed],
  );
}

/** New credentials: what waits for this shop is tried at once, also where our tries had ended. */
export async function wakeFetches(sql: Sql, channel: string, shop: string, now: number): Promise<void> {
  await sql.query(
    `update fetches set next_at = to_timestamp($3::float8 / 1000), attempts = 0, dead = false where channel = $1 and shop = $2 and attempts > 0`,
    [channel, shop, now],
  );
}
/** A person wants it tried once more. False when there is no such row. */
export async function wakeFetch(
  sql: Sql,
  { channel, shop, subject }: { readonly channel: string; readonly shop: string; readonly subject: string },
  now: number,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update fetches set next_at = to_timestamp($4::float8 / 1000), attempts = 0, dead = false where channel = $1 and shop = $2 and id = $3`,
    [channel, shop, subject, now],
  );
  return rowCount === 1;
}
/** What was put off beyond `latest` (both ms UTC) is due `now`: a clock that was ahead had set it. How many rows there were. */
export async function hurryFetches(sql: Sql, now: number, latest: number): Promise<number> {
  const { rowCount } = await sql.query(
    `update fetches set next_at = least(next_at, to_timestamp($1::float8 / 1000)),
       again_at = case when again_at is not null then least(again_at, to_timestamp($1::float8 / 1000)) end
     where not dead and greatest(next_at, again_at) > to_timestamp($2::float8 / 1000)`,
    [now, latest],
  );
  return rowCount;
}

export interface Waiting {
  readonly channel: string;
  readonly shop: string;
  readonly waiting: number;
  readonly dead: number;
  readonly lastError: string | null;
}
export async function countFetches(sql: Sql): Promise<Waiting[]> {
  const { rows } = await sql.query<Waiting>(
    `select channel, shop, count(*) filter (where not dead and not idle) as waiting, count(*) filter (where dead) as dead, max(last_error) filter (where attempts > 0) as "lastError"
     from fetches group by channel, shop`,
  );
  return rows;
}
