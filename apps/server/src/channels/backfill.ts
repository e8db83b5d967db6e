/** A back-fill: the orders that were placed in a range of dates, oldest first, a day at a time, with progress. */
import { openBackfill, moveBackfill, noteBackfillError, type BackfillRow } from './backfill-store.ts';
import type { Desk } from './desk.ts';
import type { Line } from './lines.ts';
import { isDue, type PullState, walkSafely } from './pull.ts';
import { textOf } from './token-keeper.ts';

const WINDOW_MS = 86_400_000;
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
  const window = { from: row.cursorAt, to: Math.min(row.toAt, row.cursorAt + WINDOW_MS) };
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
