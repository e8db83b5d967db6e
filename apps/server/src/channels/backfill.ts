/** A back-fill: the orders that were placed in a range of dates, oldest first, a day at a time, with progress. */
import { openBackfill, moveBackfill, noteBackfillError, type BackfillRow } from './backfill-store.ts';
import type { Desk } from './desk.ts';
import type { Line } from './lines.ts';
import { isDue, type PullState, walkSafely } from './pull.ts';
import { textOf } from './token-keeper.ts';

const DAY_MS = 86_400_000;
const WINDOW_MS = DAY_MS;
/** Platforms count their days by their own clocks, and three months are a day shorter in spring. */
const AGE_MARGIN_MS = DAY_MS;
const LOOK_EVERY_MS = 5_000;
const FAULT_PAUSE_MS = 60_000;
const DUE = 'backfill';

/** One window; true when there is more to walk. */
export async function backfillOnce(desk: Desk, line: Line, state: PullState): Promise<boolean> {
  const now = desk.clock.now();
  if (!isDue(state, DUE, now)) return false;
  const row = await openBackfill(desk.db, line.channel, line.shop);
  if (row === null) {
    state.due.set(DUE, now + LOOK_EVERY_MS);
    return false;
  }
  return fill(desk, line, state, row);
}

async function fill(desk: Desk, line: Line, state: PullState, row: BackfillRow): Promise<boolean> {
  // What has grown too old for the platform's lists while it waited cannot be had any more.
  const from = Math.max(row.cursorAt, desk.clock.now() - line.adapter.limits.ageDays * DAY_MS + AGE_MARGIN_MS);
  const window = { from, to: Math.max(from, Math.min(row.toAt, from + WINDOW_MS)) };
  const { to, walked } = await walkSafely(desk, line, state.remembered, window, (within, page) =>
    line.adapter.listPlaced(line.call, line.shop, within, page),
  );
  if (walked.kind === 'whole') {
    const isOver = to >= row.toAt;
    await moveBackfill(desk.db, row.id, to, walked.rows, isOver ? desk.clock.now() : null);
    return true;
  }
  state.due.set(DUE, desk.clock.now() + FAULT_PAUSE_MS);
  await noteBackfillError(desk.db, row.id, walked.kind === 'failed' ? textOf(walked.failure) : walked.kind);
  return false;
}
