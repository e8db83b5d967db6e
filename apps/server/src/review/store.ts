/** SQL of the review room: beside cases without an order it reads the cases that the orders room writes with the facts they follow from. */
import type { Sql } from '#platform';

export interface ReviewRow {
  readonly partition: number;
  readonly orderKey: string;
  readonly caseId: string;
  readonly channel: string;
  readonly shop: string;
  readonly state: string;
  readonly cause: number;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
  readonly problems: string;
  readonly reason: string;
  /** The message; null where there is none, and in a list where it is too large for one. */
  readonly sealed: Buffer | null;
  readonly sealedBytes: number;
}
const columnsWith = (
  sealed: string,
): string => `log_partition as partition, order_key as "orderKey", case_id as "caseId", channel, shop, state, cause, opened_at as "openedAt", closed_at as "closedAt", closed_by as "closedBy", problems, reason,
  ${sealed} as sealed, coalesce(octet_length(sealed), 0) as "sealedBytes"`;
export const REVIEW_COLUMNS = columnsWith('sealed');

/** The last row of a page; the next one begins behind it. */
export interface Place {
  readonly openedAt: string;
  readonly orderKey: string;
  readonly caseId: string;
}

export interface Wanted {
  readonly state: string;
  readonly reason?: string;
  readonly channel?: string;
  readonly shop?: string;
}
/** Newest first, each with its message where that takes at most `messageBytes`. */
export async function listReviews(
  sql: Sql,
  { state, reason, channel, shop }: Wanted,
  shops: ReadonlySet<string> | null,
  { limit, messageBytes }: { readonly limit: number; readonly messageBytes: number },
  after: Place | null,
): Promise<ReviewRow[]> {
  const { rows } = await sql.query<ReviewRow>(
    `select ${columnsWith('case when octet_length(sealed) <= $10 then sealed end')} from review_cases
     where ($1 = 'any' or state = $1) and ($2::text[] is null or (channel || '/' || shop) = any($2))
       and ($3::timestamptz is null or opened_at < $3::timestamptz or (opened_at = $3::timestamptz and (order_key, case_id) > ($5, $6)))
       and ($7::text is null or reason = $7) and ($8::text is null or channel = $8) and ($9::text is null or shop = $9)
     order by opened_at desc, order_key, case_id limit $4`,
    [
      state,
      shops === null ? null : [...shops],
      after?.openedAt ?? null,
      limit,
      after?.orderKey ?? null,
      after?.caseId ?? null,
      reason ?? null,
      channel ?? null,
      shop ?? null,
      messageBytes,
    ],
  );
  return rows;
}

export async function findReview(sql: Sql, partition: number, orderKey: string, caseId: string): Promise<ReviewRow | null> {
  const { rows } = await sql.query<ReviewRow>(
    `select ${REVIEW_COLUMNS} from review_cases where log_partition = $1 and order_key = $2 and case_id = $3`,
    [partition, orderKey, caseId],
  );
  return rows[0] ?? null;
}

/** The states of cases without an order, by case id. */
export async function loadUnrouted(
  sql: Sql,
  wanted: readonly { readonly partition: number; readonly caseId: string }[],
): Promise<Map<string, string>> {
  const { rows } = await sql.queryNamed<{ caseId: string; state: string }>(
    'review.load_unrouted',
    `select case_id as "caseId", state from unnest($1::smallint[], $2::text[]) as wanted (p, i)
     join review_cases on log_partition = p and order_key = 'unrouted' and case_id = i`,
    [wanted.map((each) => each.partition), wanted.map((each) => each.caseId)],
  );
  return new Map(rows.map((row) => [row.caseId, row.state]));
}
