/** Walks again what was walked before: a push that was lost, a row that slipped between two pages, a change that the platform wrote down late. */
import type { Row } from '@weir/connectors/adapter';
import { partitionOf } from '@weir/contract/subject';
import type { Asked } from '#orders';
import type { Desk } from './desk.ts';
import { saveAsked } from './fetch-store.ts';
import type { Line } from './lines.ts';
import { firstWindowMs, isDue, isOf, overlapOf, type PullState, walkSafely } from './pull.ts';
import { type LookedTo, noteSweep, openPull, queueLooks } from './pull-store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Each hour the last day, each day the last week. */
const SWEEP = { everyMs: HOUR_MS, reachMs: DAY_MS };
const DEEP_SWEEP = { everyMs: DAY_MS, reachMs: 7 * DAY_MS };
/** Where a channel has told next to nothing the next window is twice as long, for each is a call of its quota. */
const MOST_WINDOW_MS = DAY_MS;
/** A fourth of a page is next to nothing: twice as much still is one page. */
const FEW = 4;
const FAULT_PAUSE_MS = 60_000;
const DUE = 'sweep';

/** Where the sweep under way stands; one that is cut short by a restart begins again. */
export interface SweepState {
  under: { readonly startedAt: number; readonly isDeep: boolean; at: number; readonly end: number; windowMs: number } | null;
}

/** One window of the sweep that is due; true when there is more to walk. */
export async function sweepOnce(desk: Desk, line: Line, state: PullState, sweep: SweepState): Promise<boolean> {
  const now = desk.clock.now();
  if (!isDue(state, DUE, now)) return false;
  sweep.under ??= await begin(desk, line, now);
  const { under } = sweep;
  if (under === null) {
    state.due.set(DUE, now + FAULT_PAUSE_MS);
    return false;
  }
  const window = { from: under.at, to: Math.min(under.end, under.at + under.windowMs) };
  let [reached, rows] = [window.to, 0];
  for (const feed of line.adapter.feeds) {
    const { to, walked } = await walkSafely(desk, line, state.remembered, window, async (within, page) => {
      const answer = await line.adapter.listChanged(line.call, feed, line.shop, within, page);
      if (answer.ok && under.isDeep && line.adapter.tellsNoChange) await lookAgain(desk, line, answer.value.rows);
      return answer;
    });
    if (walked.kind === 'failed' || walked.kind === 'moved' || walked.kind === 'too_full') {
      state.due.set(DUE, now + FAULT_PAUSE_MS);
      return false;
    }
    reached = Math.min(reached, to);
    rows = Math.max(rows, walked.rows);
  }
  under.at = reached;
  under.windowMs = nextWindow(line, under.windowMs, rows);
  if (reached < under.end) return true;
  if (under.isDeep && line.adapter.tellsNoChange) await lookBeyond(desk, line, under.startedAt);
  for (const feed of line.adapter.feeds) await noteSweep(desk.db, [line.channel, line.shop, feed], under.startedAt, under.isDeep);
  sweep.under = null;
  return false;
}

function nextWindow(line: Line, windowMs: number, rows: number): number {
  const { pageRows } = line.adapter.limits;
  if (rows * FEW <= pageRows) return Math.min(windowMs * 2, MOST_WINDOW_MS);
  return rows > pageRows ? Math.max(windowMs / 2, firstWindowMs(line)) : windowMs;
}

/**
 * A row that tells no change hides some of them, e.g. part of the money that went back while nobody heard: once a day each order is asked for itself, when nothing
 * that is new waits.
 */
async function lookAgain(desk: Desk, line: Line, rows: readonly Row[]): Promise<void> {
  const { channel, shop } = line;
  const asked = await Promise.all(
    rows
      .filter((row) => isOf(line, row))
      .map(async ({ subject, bytes }): Promise<readonly Asked[]> => {
        if (subject === null) return [];
        const askedAt = await desk.append({ kind: 'list', subject, bytes: Buffer.from(bytes) });
        return [{ partition: partitionOf(subject), channel, shop, id: subject.id, wants: ['detail'], askedAt, waitMs: 0, isIdle: true }];
      }),
  );
  const steps = saveAsked(asked.flat(), desk.clock.now());
  if (steps.length > 0) await desk.db.atOnce(steps);
}

/** What was paid for before the sweep's reach is in no row of it, and money may go back as long as the goods are here: each such order of ours is looked at too. */
async function lookBeyond(desk: Desk, line: Line, startedAt: number): Promise<void> {
  const range = { from: startedAt - line.adapter.limits.ageDays * DAY_MS, now: desk.clock.now() };
  let before: LookedTo | null = { placedAt: new Date(startedAt - DEEP_SWEEP.reachMs).toISOString(), orderKey: '' };
  while (before !== null && desk.mayWork()) before = await queueLooks(desk.db, line, range, before);
}

async function begin(desk: Desk, line: Line, now: number): Promise<SweepState['under']> {
  const [feed] = line.adapter.feeds;
  if (feed === undefined) return null;
  const row = await openPull(desk.db, [line.channel, line.shop, feed], now - DAY_MS);
  const isOver = (since: number | null, everyMs: number): boolean => since === null || now - since >= everyMs || since > now;
  const isDeep = row.deepSweptAt !== null && isOver(row.deepSweptAt, DEEP_SWEEP.everyMs);
  if (!isDeep && !isOver(row.sweptAt, SWEEP.everyMs)) return null;
  if (row.sweptAt === null) {
    // The first pull walks the last day itself.
    for (const feed of line.adapter.feeds) await noteSweep(desk.db, [line.channel, line.shop, feed], now, true);
    return null;
  }
  const end = row.cursorAt - overlapOf(line);
  // Orders from before the first pull are a back-fill's affair; but one that a push told of may hide a change, where the list tells none.
  const begunAt = line.adapter.tellsNoChange ? null : row.begunAt;
  const at = Math.max(now - (isDeep ? DEEP_SWEEP : SWEEP).reachMs, begunAt ?? Number.NEGATIVE_INFINITY);
  return at < end ? { startedAt: now, isDeep, at, end, windowMs: firstWindowMs(line) } : null;
}
