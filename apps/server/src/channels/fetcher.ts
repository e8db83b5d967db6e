/** One fetcher per connected shop, in the process that holds the lease: asks the channel for the detail of what was hinted at, and appends the answer to the inbox. */
import { createHash } from 'node:crypto';
import type { Subject } from '@weir/contract/subject';
import type { Failure } from '@weir/connectors/adapter';
import type { Desk } from './desk.ts';
import { buryFetch, dueFetches, endFetch, type FetchRow, putOffFetch } from './fetch-store.ts';
import { pauseAfter } from './ladder.ts';
import type { Line } from './lines.ts';
import { textOf } from './token-keeper.ts';

/** Calls of one shop under way at once; how many a second is the limiter's affair. */
const LANES = 4;
const ROWS_AT_ONCE = 40;
/** An order that the platform knows only since a moment, or a permission that is missing for a minute: a no is believed when it was said so often. */
const NO_TRIES = 3;

/** Works what is due; how many rows there were. */
export async function fetchDue(desk: Desk, line: Line): Promise<number> {
  const rows = await dueFetches(desk.db, line, desk.clock.now(), { most: ROWS_AT_ONCE, mostIdle: LANES });
  const queue = [...rows];
  const lane = async (): Promise<void> => {
    for (let row = queue.shift(); row !== undefined && desk.mayWork(); row = queue.shift()) await fetchOne(desk, line, row);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return rows.length;
}

async function fetchOne(desk: Desk, line: Line, row: FetchRow): Promise<void> {
  const subject: Subject = { kind: 'order', channel: line.channel, shop: line.shop, id: row.id };
  const place = [row.partition, line.channel, line.shop, row.id] as const;
  const asOf = desk.clock.now();
  const found = await line.adapter.fetchDetail(line.call, subject, asOf);
  if (!desk.mayWork()) return;
  if (!found.ok) return failed(desk, line, row, found.failure);
  const isWorked = await desk.tell({ kind: 'detail', subject, bytes: Buffer.from(found.value), asOf });
  if (isWorked)
    await endFetch(desk.db, place, row.askedAt, desk.clock.now(), row.hasFailed ? letterIdOf(row.partition, line, row.id) : null);
  else await putOffFetch(desk.db, place, desk.clock.now() + (pauseAfter(1, desk.dice) ?? 0), 'not worked yet');
}

/** One letter for each order, however often our tries end. */
const letterIdOf = (partition: number, { channel, shop }: Line, id: string): string =>
  `dl_fetch_${partition}_${createHash('sha256').update(`${channel}\0${shop}\0${id}`).digest('hex').slice(0, 24)}`;

async function failed(desk: Desk, line: Line, row: FetchRow, failure: Failure): Promise<void> {
  const { db, clock, log, dice } = desk;
  const place = [row.partition, line.channel, line.shop, row.id] as const;
  const error = textOf(failure);
  const isNo = failure.class === 'do_not' || failure.class === 'already_done';
  const pause = isNo && (row.isIdle || row.attempts + 1 >= NO_TRIES) ? null : pauseAfter(row.attempts + 1, dice, failure.retryAfterMs);
  log.event('fetch.failed', {
    channel: line.channel,
    shop: line.shop,
    class: failure.class,
    code: failure.code,
    attempt: row.attempts + 1,
  });
  if (pause !== null) return putOffFetch(db, place, clock.now() + pause, error);
  if (row.isIdle) return endFetch(db, place, row.askedAt, clock.now(), null); // nothing told of a change: there is nothing for a person to do
  const letterId = letterIdOf(row.partition, line, row.id);
  const asked = { kind: 'fetch', channel: line.channel, shop: line.shop, id: row.id, error };
  const sealed = desk.keys.box.seal(Buffer.from(JSON.stringify(asked)), letterId);
  await buryFetch(db, place, { askedAt: row.askedAt, error, reason: 'fetch.refused', sealed, letterId, now: clock.now() });
}
