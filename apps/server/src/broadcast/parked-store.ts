/** SQL of what is parked, as people read it. */
import type { Sql } from '#platform';

export interface ParkedShown {
  readonly subjectKey: string;
  readonly fromVersion: number;
  readonly since: string;
  readonly tries: number;
  /** Null: our tries have ended. */
  readonly nextAt: string | null;
  readonly dead: boolean;
  readonly error: string;
}
export interface AfterParked {
  readonly at: number;
  readonly subjectKey: string;
}
const instant = (column: string): string => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The oldest first, behind `after`. */
export async function listParked(sql: Sql, consumer: string, after: AfterParked | null, limit: number): Promise<ParkedShown[]> {
  const { rows } = await sql.query<ParkedShown>(
    `select order_key as "subjectKey", from_version as "fromVersion", ${instant('since')} as since, attempts as tries,
       case when dead then null else ${instant('next_at')} end as "nextAt", dead, last_error as error
     from parked p where consumer = $1 and ($2::float8 is null or (p.since, order_key) > (to_timestamp($2::float8 / 1000), $3)) order by p.since, order_key limit $4`,
    [consumer, after?.at ?? null, after?.subjectKey ?? '', limit],
  );
  return rows;
}
