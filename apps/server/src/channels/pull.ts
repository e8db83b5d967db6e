/** Incremental pulls: what changed since the cursor, oldest first, in windows. The cursor moves only behind what is durable and whole. */
import type { Feed, Row, Window } from '@weir/connectors/adapter';
import type { Desk } from './desk.ts';
import { shopName } from './directory.ts';
import { expectedRows, rowsAnHour, USUAL_WINDOWS } from './few-rows.ts';
import { pauseAfter } from './ladder.ts';
import type { Line } from './lines.ts';
import { countPlaced, moveCursor, notePullError, openPull, type PullRow, raiseAlarm } from './pull-store.ts';
import { unroutedRow, unroutedSubject } from './arrivals.ts';
import { textOf } from './token-keeper.ts';
import { type Remembered, type Walked, walkWindow } from './walk.ts';

export const PULL_EVERY_MS = 60_000;
/** A newly connected shop is walked from so long ago; older orders are a back-fill's affair. */
const FIRST_REACH_MS = 86_400_000;
/** What the platform writes down late, and clocks that differ, lie within this. */
const OVERLAP_MS = 300_000;
/** The newest seconds are still moving. */
const SETTLE_MS = 2_000;
const MOST_WINDOW_MS = 3_600_000;
/** Rows that keep moving under us: after so many walks of a window it is halved. */
const WALKS = 3;
const LEAST_WINDOW_MS = 1_000;
/** A window that ended longer ago was of another time of day. */
const FRESH_MS = 120_000;
/** Orders that were placed so shortly before the end may not be in the platform's list yet. */
const LAG_MS = 30_000;
/** A clock that was put back must not stop the pulls for longer than this. */
const MOST_PAUSE_MS = 600_000;

export interface PullState {
  /** By feed: when the next run is due, and failures in a row. */
  readonly due: Map<string, number>;
  readonly failures: Map<string, number>;
  readonly remembered: Remembered;
}
export const isDue = (state: PullState, name: string, now: number): boolean => {
  const due = state.due.get(name) ?? 0;
  return due <= now || due - now > MOST_PAUSE_MS;
};

/** No query of this channel spans more. */
const hardWindowMs = ({ adapter }: Line): number => (adapter.limits.windowSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
/** As long as a window may be before anybody knows how much is in it. */
export const firstWindowMs = ({ adapter: { limits } }: Line): number =>
  Math.min(MOST_WINDOW_MS, (limits.busyWindowSeconds ?? Number.POSITIVE_INFINITY) * 1_000);
/** How far a window reaches back behind the cursor; at most half of what the channel lets us ask at once, so that the rest goes on. */
export const overlapOf = (line: Line): number => Math.min(OVERLAP_MS, hardWindowMs(line) / 2);
/** What is newer than this is asked for later. */
const settleOf = ({ adapter }: Line): number => Math.max(SETTLE_MS, (adapter.limits.settleSeconds ?? 0) * 1_000);

export const secondsOf = (from: number, to: number): Window => ({ from: Math.floor(from / 1_000), to: Math.floor(to / 1_000) });

/** Of the shop that the line is to; what names no order can be nobody else's. */
export const isOf = ({ shop }: Pick<Line, 'shop'>, { subject }: Row): boolean => subject === null || subject.shop === shop;

/**
 * Appends what is new of the rows; a row that names no order is kept for a person. So is one of a shop that is not walked by itself through the same app:
 * nobody else would ever hear of it. It may be tried again as a push may, once the shop is connected.
 */
export const taker =
  (desk: Desk, line: Line, remembered: Remembered) =>
  async (rows: readonly Row[]): Promise<void> => {
    const { shops } = await desk.directory.read();
    const appOf = (shop: string): string | null => shops.get(shopName(line.channel, shop))?.appId ?? null;
    const mine = rows.filter((row) => isOf(line, row) || appOf(row.subject?.shop ?? '') !== appOf(line.shop));
    const fresh = mine.filter((row) => !remembered.has(row.bytes));
    await Promise.all(
      fresh.map((row) => {
        const [bytes, { subject }] = [Buffer.from(row.bytes), row];
        if (subject !== null && !isOf(line, row)) return desk.append({ kind: 'push', subject: unroutedRow(desk.keys, subject), bytes });
        return desk.append({ kind: 'list', subject: subject ?? unroutedSubject(desk.keys, line.channel, line.shop, bytes), bytes });
      }),
    );
    for (const row of fresh) remembered.add(row.bytes);
  };

/**
 * Walks until nothing moved; a window that is too long for the channel is cut, one that is too full or does not come to rest is halved, and its first part is
 * what was walked.
 */
export async function walkSafely(
  desk: Desk,
  line: Line,
  remembered: Remembered,
  window: { readonly from: number; readonly to: number },
  list: Parameters<typeof walkWindow>[0]['list'],
): Promise<{ readonly to: number; readonly walked: Walked }> {
  const { walk: order, limits } = line.adapter;
  const { pageRows, windowRows } = limits;
  const take = taker(desk, line, remembered);
  let to = Math.min(window.to, window.from + hardWindowMs(line));
  for (let tried = 1; ; tried++) {
    const walked = await walkWindow(
      { order, list, take, isOurs: (row) => isOf(line, row), pageRows, windowRows },
      secondsOf(window.from, to),
    );
    const isRestless = walked.kind === 'moved' && tried % WALKS === 0;
    if (walked.kind !== 'too_full' && walked.kind !== 'moved') return { to, walked };
    if (walked.kind === 'moved' && !isRestless) continue;
    if (to - window.from <= LEAST_WINDOW_MS || !desk.mayWork()) return { to, walked };
    to = window.from + Math.max(LEAST_WINDOW_MS, Math.floor((to - window.from) / 2));
  }
}

/** The overlap alone may be too full for one walk: in parts, until one ends beyond the cursor, else it would never move. */
async function walkBeyond(
  desk: Desk,
  line: Line,
  state: PullState,
  feed: Feed,
  window: { readonly from: number; readonly to: number },
  cursorAt: number,
): Promise<{ readonly to: number; readonly walked: Walked }> {
  let [from, rows] = [window.from, 0];
  for (;;) {
    const { to, walked } = await walkSafely(desk, line, state.remembered, { from, to: window.to }, (within, page) =>
      line.adapter.listChanged(line.call, feed, line.shop, within, page),
    );
    if (walked.kind !== 'whole' && walked.kind !== 'untold') return { to, walked };
    rows += walked.rows;
    if (to > cursorAt || to <= from || !desk.mayWork()) return { to, walked: { kind: walked.kind, rows } };
    from = to;
  }
}

/** One window of one feed, when it is due; true when the next one is due at once. */
export async function pullFeed(desk: Desk, line: Line, state: PullState, feed: Feed): Promise<boolean> {
  const now = desk.clock.now();
  if (!isDue(state, feed, now)) return false;
  const name = [line.channel, line.shop, feed] as const;
  const row = await openPull(desk.db, name, now - FIRST_REACH_MS);
  const end = now - settleOf(line);
  if (row.cursorAt >= end) {
    state.due.set(feed, now + PULL_EVERY_MS);
    return false;
  }
  const from = row.cursorAt - overlapOf(line);
  const { to, walked } = await walkBeyond(
    desk,
    line,
    state,
    feed,
    { from, to: Math.min(end, row.cursorAt + firstWindowMs(line)) },
    row.cursorAt,
  );
  if (!desk.mayWork()) return false;
  if (walked.kind === 'failed' || walked.kind === 'moved' || walked.kind === 'too_full') return failed(desk, state, row, walked);
  state.failures.delete(feed);
  const expected = await suspicion(desk, line, row, { from, to }, walked);
  if (expected !== null) {
    await raiseAlarm(desk.db, name, { at: now, from, to, rows: walked.rows, expected });
    if (row.alarmAt === null) desk.log.warn('pull.few_rows', { channel: line.channel, shop: line.shop, feed, rows: walked.rows, expected });
    state.due.set(feed, now + PULL_EVERY_MS);
    return false;
  }
  // What is usual is learned from recent windows alone, and anew after every pause.
  const usual = isRecent(desk, line, to) ? [rowsAnHour(walked.rows, (to - from) / 1_000), ...row.usual].slice(0, USUAL_WINDOWS) : [];
  await moveCursor(desk.db, name, { ranAt: now, from, to, rows: walked.rows, usual });
  const isBehind = to < end;
  state.due.set(feed, isBehind ? now : now + PULL_EVERY_MS);
  return isBehind;
}

const isRecent = ({ clock }: Desk, line: Line, to: number): boolean => clock.now() - settleOf(line) - to <= FRESH_MS;

/**
 * How many rows there should have been, when there were suspiciously few. An answer without a total proves nothing, so at least one was expected. What is
 * usual now says nothing of a window of last night, so only a recent one is judged: after an hour of the same the cursor goes on, and the sweeps look again.
 */
async function suspicion(
  desk: Desk,
  line: Line,
  row: PullRow,
  { from, to }: { readonly from: number; readonly to: number },
  walked: Extract<Walked, { kind: 'whole' | 'untold' }>,
): Promise<number | null> {
  if (walked.kind === 'untold' && walked.rows === 0) return 1;
  if (!isRecent(desk, line, to)) return null;
  // Orders of a window that a slow list keeps back have changed again by now, and stand in a later one.
  const isFresh = row.feed === 'orders' && desk.clock.now() - to <= FRESH_MS;
  const own = isFresh ? await countPlaced(desk.db, row, from, to - LAG_MS, line.adapter.limits.listsUnpaid ?? true) : null;
  return expectedRows({ rows: walked.rows, seconds: (to - from) / 1_000, usual: row.usual, own });
}

async function failed(
  desk: Desk,
  state: PullState,
  row: PullRow,
  walked: Extract<Walked, { kind: 'failed' | 'moved' | 'too_full' }>,
): Promise<false> {
  const failures = (state.failures.get(row.feed) ?? 0) + 1;
  state.failures.set(row.feed, failures);
  const now = desk.clock.now();
  const retryAfterMs = walked.kind === 'failed' ? walked.failure.retryAfterMs : undefined;
  const pause = Math.min(pauseAfter(Math.min(failures, 4), desk.dice, retryAfterMs) ?? MOST_PAUSE_MS, MOST_PAUSE_MS);
  state.due.set(row.feed, now + pause);
  const error = walked.kind === 'failed' ? textOf(walked.failure) : walked.kind;
  await notePullError(desk.db, [row.channel, row.shop, row.feed], now, error);
  desk.log.event('pull.failed', { channel: row.channel, shop: row.shop, feed: row.feed, why: walked.kind, failures });
  return false;
}
