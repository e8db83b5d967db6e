/** SQL of the log of deliveries: segments of those that were taken, rows of those that failed. */
import type { Sql } from '#platform';
import { type Hold } from './store.ts';
import type { SegmentRow } from './recorder.ts';

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::int8`;

/** The newest numbers of a consumer's segments and failed tries. */
export async function readLastNumbers(sql: Sql, consumer: string): Promise<{ readonly segment: number; readonly failed: number }> {
  const { rows } = await sql.query<{ segment: number; failed: number }>(
    `select coalesce((select max(segment) from delivery_segments where consumer = $1), 0)::int8 as segment,
       coalesce((select max(id) from failed_attempts where consumer = $1), 0)::int8 as failed`,
    [consumer],
  );
  return rows[0] ?? { segment: 0, failed: 0 };
}

/** The cursor, and with it what was delivered up to there. May be repeated. */
export async function saveCursorAndSegments(
  sql: Sql,
  { consumer, epoch }: Hold,
  positions: readonly number[],
  segments: readonly SegmentRow[],
): Promise<boolean> {
  const columns = [
    segments.map((row) => row.segment),
    segments.map((row) => row.openedAt),
    segments.map((row) => row.lastAt),
    segments.map((row) => row.deliveries),
    segments.map((row) => String(row.partitions)),
    segments.map((row) => row.body),
  ];
  const { rowCount } = await sql.queryNamed(
    'broadcast.save_cursor_and_segments',
    `with mine as (update consumers set positions = $3, updated_at = now() where consumer = $1 and epoch = $2 returning consumer)
     insert into delivery_segments as s (consumer, segment, opened_at, last_at, deliveries, partitions, body)
     select consumer, u.segment, to_timestamp(u.opened_at / 1000), to_timestamp(u.last_at / 1000), u.deliveries, u.partitions, u.body
     from mine, unnest($4::bigint[], $5::float8[], $6::float8[], $7::int[], $8::bigint[], $9::bytea[]) as u (segment, opened_at, last_at, deliveries, partitions, body)
     on conflict on constraint delivery_segments_pk do update
     set last_at = excluded.last_at, deliveries = excluded.deliveries, partitions = excluded.partitions, body = excluded.body`,
    [consumer, epoch, positions, ...columns],
  );
  return rowCount === segments.length;
}

export interface Subject {
  readonly partition: number;
  readonly key: string;
}
export interface DeliveryFilter {
  readonly subject?: Subject;
  readonly outcome?: 'delivered' | 'failed';
  /** ms UTC. */
  readonly from?: number;
  readonly to?: number;
}
export type StoredSegment = Pick<SegmentRow, 'segment' | 'openedAt' | 'body'>;

/** Newest first, from `segment` downwards. */
export async function readSegments(
  sql: Sql,
  consumer: string,
  segment: number,
  filter: DeliveryFilter,
  limit: number,
): Promise<StoredSegment[]> {
  const { rows } = await sql.query<StoredSegment>(
    `select segment, ${ms('opened_at')} as "openedAt", body from delivery_segments
     where consumer = $1 and segment <= $2 and ($3::smallint is null or (partitions >> $3::int) & 1 = 1)
       and ($4::float8 is null or last_at >= to_timestamp($4::float8 / 1000)) and ($5::float8 is null or opened_at < to_timestamp($5::float8 / 1000))
     order by segment desc limit $6`,
    [consumer, segment, filter.subject?.partition ?? null, filter.from ?? null, filter.to ?? null, limit],
  );
  return rows;
}

export interface FailedRow {
  readonly id: number;
  readonly at: number;
  readonly subjectKey: string;
  readonly version: number;
  readonly attempt: number;
  readonly status: number | null;
  readonly error: string;
  readonly durationMs: number;
  readonly partition: number | null;
  readonly position: number | null;
  readonly replay: number;
  readonly hasAnswer: boolean;
}
const FAILED = `id, ${ms('at')} + duration_ms as at, order_key as "subjectKey", version, attempt, status, error, duration_ms as "durationMs",
  log_partition as partition, position, coalesce(replay, 0) as replay, sealed_answer is not null as "hasAnswer"`;

/** Newest first, below `id`. */
export async function readFailed(sql: Sql, consumer: string, id: number, filter: DeliveryFilter, limit: number): Promise<FailedRow[]> {
  const { rows } = await sql.query<FailedRow>(
    `select ${FAILED} from failed_attempts
     where consumer = $1 and id < $2 and ($3::text is null or order_key = $3)
       and ($4::float8 is null or ${ms('at')} + duration_ms >= $4::float8) and ($5::float8 is null or ${ms('at')} + duration_ms < $5::float8)
     order by id desc limit $6`,
    [consumer, id, filter.subject?.key ?? null, filter.from ?? null, filter.to ?? null, limit],
  );
  return rows;
}

interface Answered {
  readonly subjectKey: string;
  readonly version: number;
  readonly attempt: number;
  readonly sealed: Buffer | null;
}
export async function readAnswer(sql: Sql, consumer: string, id: number): Promise<Answered | null> {
  const { rows } = await sql.query<Answered>(
    'select order_key as "subjectKey", version, attempt, sealed_answer as sealed from failed_attempts where consumer = $1 and id = $2',
    [consumer, id],
  );
  return rows[0] ?? null;
}

/** Positions of a subject's events, at most `limit`. */
export async function readPositions(sql: Sql, { partition, key }: Subject, limit: number): Promise<number[]> {
  const { rows } = await sql.query<{ position: number }>(
    'select position from events where log_partition = $1 and order_key = $2 order by version desc limit $3',
    [partition, key, limit],
  );
  return rows.map(({ position }) => position);
}

export interface Named {
  readonly partition: number;
  readonly position: number;
  readonly subjectKey: string;
  readonly type: string;
}
/** Whose events these are, and of which type; what the log no longer has is missing. */
export async function readNames(sql: Sql, places: readonly { readonly partition: number; readonly position: number }[]): Promise<Named[]> {
  const { rows } = await sql.query<Named>(
    `select e.log_partition as partition, e.position, e.order_key as "subjectKey", e.type
     from unnest($1::smallint[], $2::bigint[]) as u (p, place) join events e on e.log_partition = u.p and e.position = u.place`,
    [places.map(({ partition }) => partition), places.map(({ position }) => position)],
  );
  return rows;
}

/** What is older than this of every consumer's log. May be repeated. */
export async function forgetDeliveries(sql: Sql, before: number): Promise<void> {
  await sql.query('delete from delivery_segments where last_at < to_timestamp($1::float8 / 1000)', [before]);
  await sql.query('delete from failed_attempts where at < to_timestamp($1::float8 / 1000)', [before]);
}
