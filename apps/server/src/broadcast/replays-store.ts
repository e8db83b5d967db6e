/** SQL of replays. */
import type { Sql } from '#platform';
import type { LogEvent } from './envelope.ts';
import { type Chunk, type Chosen, toChunks } from './replay-results.ts';
import { EVENT, type Hold, MINE } from './store.ts';

export interface NewReplay {
  readonly id: string;
  readonly consumer: string;
  /** JSON text. */
  readonly asked: string;
  readonly perSecond: number;
  readonly madeBy: string;
  readonly at: number;
  /** Of the request, for its repeats. */
  readonly once: Once | null;
}
/** An Idempotency-Key, and the hash of what was asked with it. */
export interface Once {
  readonly key: string;
  readonly askedHash: Buffer;
}
export interface AskedBefore {
  readonly id: string;
  readonly orders: number;
  readonly perSecond: number;
  /** JSON text. */
  readonly asked: string;
  readonly askedHash: Buffer;
}
/** What the same caller asked with the key at this endpoint, since `since`. */
export async function findAsked(sql: Sql, consumer: string, madeBy: string, key: string, since: number): Promise<AskedBefore | null> {
  const { rows } = await sql.query<AskedBefore>(
    `select id, orders, per_second as "perSecond", asked::text as asked, asked_hash as "askedHash" from replays
     where consumer = $1 and made_by = $2 and idempotency_key = $3 and made_at >= to_timestamp($4::float8 / 1000)`,
    [consumer, madeBy, key, since],
  );
  return rows[0] ?? null;
}
/** Until the transaction ends nobody else makes a replay: what is counted and looked for here stays true. */
export async function lockReplays(tx: Sql): Promise<void> {
  await tx.query('lock table replays in share row exclusive mode');
}
/** Under `lockReplays`. Serials never come twice: rows of replays are never deleted. A key that was used long ago is free again. */
export async function insertReplay(tx: Sql, replay: NewReplay, chosen: readonly Chosen[]): Promise<void> {
  const chunks = toChunks(chosen);
  const { consumer, madeBy, once } = replay;
  if (once !== null)
    await tx.query('update replays set idempotency_key = null where consumer = $1 and made_by = $2 and idempotency_key = $3', [
      consumer,
      madeBy,
      once.key,
    ]);
  const { rows } = await tx.query<{ serial: number }>(
    `insert into replays (serial, id, consumer, asked, per_second, state, orders, made_by, made_at, ended_at, idempotency_key, asked_hash)
     select coalesce(max(serial), 0) + 1, $1, $2, $3, $4, case when $5::int = 0 then 'done' else 'running' end, $5, $6,
       to_timestamp($7::float8 / 1000), case when $5::int = 0 then to_timestamp($7::float8 / 1000) end, $8, $9 from replays
     returning serial`,
    [replay.id, consumer, replay.asked, replay.perSecond, chosen.length, madeBy, replay.at, once?.key ?? null, once?.askedHash ?? null],
  );
  for (const [chunk, { partitions, keys, results }] of chunks.entries())
    await tx.query('insert into replay_chunks (serial, chunk, partitions, order_keys, results) values ($1, $2, $3, $4, $5)', [
      rows[0]?.serial,
      chunk,
      partitions,
      keys,
      results,
    ]);
}

export interface RunningReplay {
  readonly serial: number;
  readonly id: string;
  readonly consumer: string;
  readonly perSecond: number;
}
export async function readRunning(sql: Sql): Promise<RunningReplay[]> {
  const { rows } = await sql.queryNamed<RunningReplay>(
    'broadcast.read_running_replays',
    `select serial, id, consumer, per_second as "perSecond" from replays where state = 'running' order by serial limit 1000`,
  );
  return rows;
}
export async function countRunning(sql: Sql, consumer: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(`select count(*) as n from replays where consumer = $1 and state = 'running'`, [
    consumer,
  ]);
  return rows[0]?.n ?? 0;
}
export async function readChunks(sql: Sql, serial: number): Promise<Chunk[]> {
  const { rows } = await sql.query<Chunk>(
    'select partitions, order_keys as keys, results from replay_chunks where serial = $1 order by chunk',
    [serial],
  );
  return rows;
}

export interface SavedProgress {
  readonly serial: number;
  readonly chunks: readonly { readonly chunk: number; readonly results: Buffer }[];
  readonly sent: number;
  readonly withheld: number;
  readonly outside: number;
  readonly failed: number;
  readonly waiting: number;
  readonly isDone: boolean;
  readonly at: number;
}
/** A replay that was cancelled meanwhile stays so. May be repeated. */
export async function saveProgress(sql: Sql, { consumer, epoch }: Hold, progress: SavedProgress): Promise<boolean> {
  const { serial, chunks, sent, withheld, outside, failed, waiting, isDone, at } = progress;
  const { rowCount } = await sql.queryNamed(
    'broadcast.save_replay',
    `with ${MINE},
     stored as (update replay_chunks c set results = u.results from mine, unnest($4::int[], $5::bytea[]) as u (chunk, results)
       where c.serial = $3 and c.chunk = u.chunk)
     update replays set sent = $6, withheld = $7, outside = $8, failed = $9, waiting = case when $11 or state <> 'running' then 0 else $10 end,
       ended_at = case when $11 and state = 'running' then to_timestamp($12::float8 / 1000) else ended_at end,
       state = case when $11 and state = 'running' then 'done' else state end
     from mine where serial = $3 and replays.consumer = $1`,
    [
      consumer,
      epoch,
      serial,
      chunks.map(({ chunk }) => chunk),
      chunks.map(({ results }) => results),
      sent,
      withheld,
      outside,
      failed,
      waiting,
      isDone,
      at,
    ],
  );
  return rowCount === 1;
}

/** False when there is no such replay, or it has ended. */
export async function cancelReplay(sql: Sql, consumer: string, id: string, at: number): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update replays set state = 'cancelled', waiting = 0, ended_at = to_timestamp($3::float8 / 1000) where consumer = $1 and id = $2 and state = 'running'`,
    [consumer, id, at],
  );
  return rowCount === 1;
}

export interface ReplayRow {
  readonly serial: number;
  readonly id: string;
  /** JSON text. */
  readonly asked: string;
  readonly perSecond: number;
  readonly state: string;
  readonly orders: number;
  readonly sent: number;
  readonly withheld: number;
  readonly outside: number;
  readonly failed: number;
  readonly waiting: number;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly endedAt: string | null;
}
const instant = (column: string): string => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** Newest first; below `before`, or only the one with this id. */
export async function readReplays(
  sql: Sql,
  consumer: string,
  { before = null, id = null }: { readonly before?: number | null; readonly id?: string | null },
  limit: number,
): Promise<ReplayRow[]> {
  const { rows } = await sql.query<ReplayRow>(
    `select serial, id, asked::text as asked, per_second as "perSecond", state, orders, sent, withheld, outside, failed, waiting, made_by as "madeBy",
       ${instant('made_at')} as "madeAt", ${instant('ended_at')} as "endedAt"
     from replays where consumer = $1 and ($2::int is null or serial < $2) and ($3::text is null or id = $3) order by serial desc limit $4`,
    [consumer, before, id, limit],
  );
  return rows;
}
export async function readReplayIds(sql: Sql, serials: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (serials.length === 0) return new Map();
  const { rows } = await sql.query<{ serial: number; id: string }>('select serial, id from replays where serial = any($1)', [serials]);
  return new Map(rows.map(({ serial, id }) => [serial, id]));
}

/** The newest event of a subject up to a position of its partition. */
export async function readNewest(sql: Sql, partition: number, subjectKey: string, upTo: number): Promise<LogEvent | null> {
  const { rows } = await sql.queryNamed<LogEvent>(
    'broadcast.read_newest',
    `select ${EVENT} from events where log_partition = $1 and order_key = $2 and position <= $3 order by version desc limit 1`,
    [partition, subjectKey, upTo],
  );
  return rows[0] ?? null;
}

/** Which orders they were, of replays that ended before this. */
export async function forgetReplays(sql: Sql, before: number): Promise<void> {
  await sql.query(
    'delete from replay_chunks using replays r where r.serial = replay_chunks.serial and r.ended_at < to_timestamp($1::float8 / 1000)',
    [before],
  );
}
