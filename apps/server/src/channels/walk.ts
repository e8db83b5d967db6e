/** Walks one window of a list, page by page, and says whether nothing moved under it. */
import { createHash } from 'node:crypto';
import type { Asked, Failure, Page, Row, RowsRead, Window } from '@weir/connectors/adapter';

/** A window that holds more is walked in two halves: what is taken in hand must end. */
export const WINDOW_ROWS = 5_000;

export type Walked =
  | { readonly kind: 'whole'; readonly rows: number }
  /** Too many rows for one walk. */
  | { readonly kind: 'too_full'; readonly rows: number }
  /** While we walked, rows came or went: one of them may have slipped between two pages. */
  | { readonly kind: 'moved'; readonly rows: number }
  /** The platform told no total: a success that proves nothing. */
  | { readonly kind: 'untold'; readonly rows: number }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Walk {
  readonly list: (window: Window, page: Page) => Promise<Asked<RowsRead>>;
  /** Resolves when the rows are durable. */
  readonly take: (rows: readonly Row[]) => Promise<void>;
  readonly pageRows: number;
  readonly windowRows: number;
}

export async function walkWindow({ list, take, pageRows, windowRows }: Walk, window: Window): Promise<Walked> {
  const ids = new Set<string>();
  let total: number | null = null;
  for (let page = 0; page * pageRows < windowRows; page++) {
    const answer = await list(window, { page, size: pageRows });
    if (!answer.ok) return { kind: 'failed', failure: answer.failure };
    const { rows } = answer.value;
    if (page === 0) total = answer.value.total;
    if (total !== null && total > Math.min(windowRows, WINDOW_ROWS)) return { kind: 'too_full', rows: total };
    await take(rows);
    for (const row of rows) ids.add(row.id);
    if (total !== null && answer.value.total !== total) return { kind: 'moved', rows: ids.size };
    if (rows.length < pageRows || (page + 1) * pageRows === total) {
      if (total === null) return { kind: 'untold', rows: ids.size };
      // A row that moved to the end is told twice, and the one behind it not at all.
      return { kind: ids.size === total ? 'whole' : 'moved', rows: ids.size };
    }
  }
  return { kind: 'too_full', rows: ids.size };
}

/** What was appended lately, by the hash of its bytes: windows overlap, and the same row again tells nothing. */
export interface Remembered {
  has(bytes: Uint8Array): boolean;
  add(bytes: Uint8Array): void;
}
const REMEMBERED_ROWS = 50_000;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

export function createRemembered(limit = REMEMBERED_ROWS): Remembered {
  const known = new Set<string>();
  return {
    has: (bytes) => known.has(hashOf(bytes)),
    add(bytes) {
      known.add(hashOf(bytes));
      if (known.size > limit) known.delete(known.values().next().value as string);
    },
  };
}
