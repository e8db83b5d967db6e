/** SQL of imports and their reports. */
import type { Sql } from '#platform';

export async function startImport(db: Sql, id: string, tokenId: string, at: number): Promise<void> {
  await db.query(`insert into imports (id, token_id, started_at, counts) values ($1, $2, to_timestamp($3::float8 / 1000), '{}')`, [
    id,
    tokenId,
    at,
  ]);
}
export async function saveImportPart(
  db: Sql,
  id: string,
  part: number,
  body: Buffer,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  await db.query(
    `with part as (insert into import_parts (import_id, part, body) values ($1, $2, $3) on conflict (import_id, part) do nothing)
     update imports set counts = $4 where id = $1`,
    [id, part, body, JSON.stringify(counts)],
  );
}
export async function finishImport(
  db: Sql,
  id: string,
  at: number,
  complete: boolean,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  await db.query('update imports set finished_at = to_timestamp($2::float8 / 1000), complete = $3, counts = $4 where id = $1', [
    id,
    at,
    complete,
    JSON.stringify(counts),
  ]);
}
export interface ImportRow {
  readonly tokenId: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly complete: boolean;
  readonly counts: string;
}
export async function findImport(db: Sql, id: string): Promise<ImportRow | null> {
  const { rows } = await db.query<ImportRow>(
    'select token_id as "tokenId", started_at as "startedAt", finished_at as "finishedAt", complete, counts from imports where id = $1',
    [id],
  );
  return rows[0] ?? null;
}
/** The first part behind `after`; null at the end. Parts are saved side by side, so one may still be missing between others. */
export async function readImportPart(db: Sql, id: string, after: number): Promise<{ readonly part: number; readonly body: Buffer } | null> {
  const { rows } = await db.query<{ part: number; body: Buffer }>(
    'select part, body from import_parts where import_id = $1 and part > $2 order by part limit 1',
    [id, after],
  );
  return rows[0] ?? null;
}
