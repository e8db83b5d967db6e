/** Walks one window of a list, page by page, in the order that the channel wants, and says whether anything may have slipped by. */
import { createHash } from 'node:crypto';
import type { Asked, Failure, Page, Row, RowsRead, WalkOrder, Window } from '@weir/connectors/adapter';

/** A window that holds more is walked in two halves: what is taken in hand must end. */
export const WINDOW_ROWS = 5_000;
/** Pages that are read by cursor may be short; after so many of them the window is taken for too full. */
export const CURSOR_PAGES = 1_000;

export type Walked =
  | { readonly kind: 'whole'; readonly rows: number }
  /** Too many rows for one walk. */
  | { readonly kind: 'too_full'; readonly rows: number }
  /** While we walked, rows came or went: one of them may have slipped between two pages. */
  | { readonly kind: 'moved'; readonly rows: number }
  /** The platform told no total, or no end: a success that proves nothing. */
  | { readonly kind: 'untold'; readonly rows: number }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Walk {
  readonly order: WalkOrder;
  readonly list: (window: Window, page: Page) => Promise<Asked<RowsRead>>;
  /** Resolves when the rows are durable. */
  readonly take: (rows: readonly Row[]) => Promise<void>;
  /** Which rows count, where a list may hold others; all of them unless said. */
  readonly isOurs?: (row: Row) => boolean;
  readonly pageRows: number;
  readonly windowRows: number;
}

export function walkWindow(walk: Walk, window: Window): Promise<Walked> {
  if (walk.order === 'by_cursor') return walkByCursor(walk, window);
  return walk.order === 'last_page_first' ? walkBackwards(walk, window) : walkForwards(walk, window);
}

const mostRows = ({ windowRows }: Walk): number => Math.min(windowRows, WINDOW_ROWS);

async function walkForwards(walk: Walk, window: Window): Promise<Walked> {
  const { list, take, pageRows, windowRows } = walk;
  const ids = new Set<string>();
  let total: number | null = null;
  for (let page = 0; page * pageRows < windowRows; page++) {
    const answer = await list(window, { page, size: pageRows });
    if (!answer.ok) return { kind: 'failed', failure: answer.failure };
    const { rows } = answer.value;
    if (page === 0) total = answer.value.total;
    if (total !== null && total > mostRows(walk)) return { kind: 'too_full', rows: total };
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

/**
 * From the end to the beginning. A row that changes leaves the window, and all behind it come forward: into pages that are still to be read, or were
 * read with it. So rows that leave hide nothing, and only rows that come make the walk void: the total rises, fewer rows were seen than there are, or the
 * end, which is read once more at last, shows one that was not seen.
 */
async function walkBackwards(walk: Walk, window: Window): Promise<Walked> {
  const { list, take, pageRows } = walk;
  const first = await list(window, { page: 0, size: pageRows });
  if (!first.ok) return { kind: 'failed', failure: first.failure };
  let { total } = first.value;
  if (total === null || total <= pageRows) return oneAnswer(walk, first.value);
  if (total > mostRows(walk)) return { kind: 'too_full', rows: total };
  const ids = new Set<string>();
  const lastPage = (): number => Math.max(0, Math.ceil((total ?? 0) / pageRows) - 1);
  /** What ends the walk, if anything does. */
  const read = async (page: number, isSeen: boolean): Promise<Walked | null> => {
    const answer = await list(window, { page, size: pageRows });
    if (!answer.ok) return { kind: 'failed', failure: answer.failure };
    const { rows, total: told } = answer.value;
    await take(rows);
    const isNew = isSeen && rows.some((row) => !ids.has(row.id));
    for (const row of rows) ids.add(row.id);
    if (told === null || total === null) return { kind: 'failed', failure: NO_TOTAL };
    if (isNew || told > total) return { kind: 'moved', rows: ids.size };
    total = told;
    return null;
  };
  for (let page = lastPage(); page >= 0; page--) {
    const ended = await read(page, false);
    if (ended !== null) return ended;
  }
  // While the end is read it may come forward by a page; then that one is the end.
  for (let end = -1; end !== lastPage(); ) {
    end = lastPage();
    const ended = await read(end, true);
    if (ended !== null) return ended;
  }
  return { kind: ids.size >= total ? 'whole' : 'moved', rows: ids.size };
}

/** All rows in one answer: nothing can move between pages. */
async function oneAnswer({ take, pageRows }: Walk, { rows, total }: RowsRead): Promise<Walked> {
  await take(rows);
  const seen = new Set(rows.map((row) => row.id)).size;
  if (total !== null) return { kind: seen === total ? 'whole' : 'moved', rows: seen };
  return rows.length < pageRows ? { kind: 'untold', rows: seen } : { kind: 'failed', failure: NO_TOTAL };
}

/** The platform says itself where the next page begins and when there is none; a row that changes goes to pages not yet read, or leaves the window. */
async function walkByCursor(walk: Walk, window: Window): Promise<Walked> {
  const { list, take, pageRows, isOurs = () => true } = walk;
  const [ids, ours] = [new Set<string>(), new Set<string>()];
  const cursors = new Set<string>();
  let after: string | undefined;
  for (let page = 0; page < CURSOR_PAGES; page++) {
    const answer = await list(window, { page, size: pageRows, ...(after === undefined ? {} : { after }) });
    if (!answer.ok) return { kind: 'failed', failure: answer.failure };
    const { rows, total, next } = answer.value;
    if (total !== null && total > mostRows(walk)) return { kind: 'too_full', rows: total };
    await take(rows);
    for (const row of rows) ids.add(row.id);
    for (const row of rows.filter(isOurs)) ours.add(row.id);
    if (next === undefined) return { kind: 'untold', rows: ours.size };
    if (next === null) return { kind: 'whole', rows: ours.size };
    if (cursors.has(next)) return { kind: 'failed', failure: IN_A_CIRCLE };
    if (ids.size > mostRows(walk)) return { kind: 'too_full', rows: ids.size };
    cursors.add(next);
    after = next;
  }
  return { kind: 'too_full', rows: ids.size };
}

const strange = (code: string, message: string): Failure => ({
  class: 'retry',
  isKnown: false,
  code,
  subCode: '',
  message,
  logId: '',
  mayHaveHappened: true,
});
const NO_TOTAL = strange('no_total', 'a list that is read from its end told no total');
const IN_A_CIRCLE = strange('cursor', 'a list named the same next page twice');

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
