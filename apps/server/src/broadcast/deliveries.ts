/** The log of deliveries as people read it: those that were taken (segments) and those that failed (rows), newest first, page by page. */
import type { Sql } from '#platform';
import { SNAPSHOT } from './snapshot.ts';
import { readReplayIds } from './replays-store.ts';
import { decodeTaken, type Taken } from './delivery-codec.ts';
import {
  type DeliveryFilter,
  type FailedRow,
  readFailed,
  readNames,
  readPositions,
  readSegments,
  type StoredSegment,
  type Subject,
} from './deliveries-store.ts';

/** Segments that one page looks through; where a filter finds little in them the page is short and the next one goes on. */
const SEGMENTS_A_PAGE = 200;
/** An order with more events than this is not looked for beyond its newest ones. */
const POSITIONS = 10_000;
const NEWEST = Number.MAX_SAFE_INTEGER;

export interface DeliveryItem {
  readonly id: string;
  readonly at: string;
  readonly subjectKey: string | null;
  readonly version: number;
  /** Null when the log no longer has the event. */
  readonly type: string | null;
  readonly attempt: number;
  readonly outcome: 'delivered' | 'failed';
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
  /** Of which replay it was a snapshot. */
  readonly replay: string | null;
}
export interface DeliveryPage {
  readonly items: readonly DeliveryItem[];
  readonly nextCursor: string | null;
}
export type FoundDelivery = { readonly taken: Taken; readonly id: string } | { readonly failed: FailedRow; readonly id: string };

/** Where each of the two roads goes on: below these. */
interface Places {
  readonly segment: number;
  readonly index: number;
  readonly failed: number;
}
export const CURSOR_PATTERN = '^[0-9]{1,16}\\.[0-9]{1,5}\\.[0-9]{1,16}$';
const readPlaces = (text: string | undefined): Places => {
  const [segment = NEWEST, index = NEWEST, failed = NEWEST] = text?.split('.').map(Number) ?? [];
  return { segment, index, failed };
};
const placesText = ({ segment, index, failed }: Places): string => `${segment}.${Math.min(index, 99_999)}.${failed}`;

const PLACE = /^(?:s-(\d{1,15})-(\d{1,5})|f-(\d{1,15}))$/;

interface Candidate {
  readonly at: number;
  readonly found: FoundDelivery;
  readonly after: Partial<Places>;
}

export async function listDeliveries(
  sql: Sql,
  consumer: string,
  filter: DeliveryFilter,
  limit: number,
  cursor: string | undefined,
): Promise<DeliveryPage> {
  const places = readPlaces(cursor);
  const [taken, failed] = await Promise.all([
    filter.outcome === 'failed' ? NOTHING : takenBelow(sql, consumer, places, filter, limit),
    filter.outcome === 'delivered' ? NOTHING : failedBelow(sql, consumer, places, filter, limit),
  ]);
  const { page, next } = merge(taken, failed, limit, places);
  return {
    items: await named(
      sql,
      page.map(({ found }) => found),
    ),
    nextCursor: next && placesText(next),
  };
}

interface Road {
  /** In the order of the road. */
  readonly items: readonly Candidate[];
  /** The road goes on below here, and what comes there may be as new as `upTo`. */
  readonly beyond?: { readonly places: Partial<Places>; readonly upTo: number };
}
const NOTHING: Road = { items: [] };

/** Each road keeps its own order, so that nothing is left out or shown twice when clocks have jumped. */
function merge(taken: Road, failed: Road, limit: number, from: Places): { page: readonly Candidate[]; next: Places | null } {
  const page: Candidate[] = [];
  let [i, j] = [0, 0];
  while (page.length < limit) {
    const [a, b] = [taken.items[i], failed.items[j]];
    if (a === undefined && (b === undefined || (taken.beyond !== undefined && b.at < taken.beyond.upTo))) break;
    if (a !== undefined && (b === undefined || a.at >= b.at)) i = page.push(a) - j;
    else j = page.push(b as Candidate) - i;
  }
  const isTakenDone = i === taken.items.length;
  const places = page.reduce((at, { after }) => ({ ...at, ...after }), from);
  const isEnd = isTakenDone && taken.beyond === undefined && j === failed.items.length && failed.beyond === undefined;
  return { page, next: isEnd ? null : { ...places, ...(isTakenDone ? taken.beyond?.places : {}) } };
}

async function takenBelow(sql: Sql, consumer: string, places: Places, filter: DeliveryFilter, limit: number): Promise<Road> {
  const most = filter.subject === undefined ? Math.min(limit + 1, SEGMENTS_A_PAGE) : SEGMENTS_A_PAGE;
  const [segments, wants] = await Promise.all([
    readSegments(sql, consumer, places.segment, filter, most),
    filter.subject === undefined ? () => true : wantsOf(sql, filter.subject),
  ]);
  const items: Candidate[] = [];
  for (const [place, row] of segments.entries()) {
    items.push(...candidatesOf(row, row.segment === places.segment ? places.index : NEWEST, filter, wants));
    const isLast = place === segments.length - 1;
    if (items.length <= limit && !isLast) continue;
    if (isLast && segments.length < most) return { items };
    return { items, beyond: { places: { segment: row.segment, index: 0 }, upTo: row.openedAt } };
  }
  return { items };
}

function candidatesOf(
  row: StoredSegment,
  below: number,
  { from = -Infinity, to = Infinity }: DeliveryFilter,
  wants: (taken: Taken) => boolean,
) {
  return decodeTaken(row.body, row.openedAt)
    .flatMap((taken, index): Candidate[] =>
      index < below && taken.at >= from && taken.at < to && wants(taken)
        ? [{ at: taken.at, found: { taken, id: `s-${row.segment}-${index}` }, after: { segment: row.segment, index } }]
        : [],
    )
    .reverse();
}

async function wantsOf(sql: Sql, subject: Subject): Promise<(taken: Taken) => boolean> {
  const positions = new Set(await readPositions(sql, subject, POSITIONS));
  return ({ partition, position }) => partition === subject.partition && positions.has(position);
}

async function failedBelow(sql: Sql, consumer: string, places: Places, filter: DeliveryFilter, limit: number): Promise<Road> {
  const rows = await readFailed(sql, consumer, places.failed, filter, limit + 1);
  const items = rows.map((failed) => ({ at: failed.at, found: { failed, id: `f-${failed.id}` }, after: { failed: failed.id } }));
  return rows.length > limit ? { items, beyond: { places: {}, upTo: -Infinity } } : { items };
}

/** Undefined when there is no such delivery in this endpoint's log. */
export async function findDelivery(sql: Sql, consumer: string, id: string): Promise<FoundDelivery | undefined> {
  const [, segment, index, failedId] = PLACE.exec(id) ?? [];
  if (failedId !== undefined) {
    const [failed] = await readFailed(sql, consumer, Number(failedId) + 1, {}, 1);
    return failed?.id === Number(failedId) ? { failed, id } : undefined;
  }
  if (segment === undefined) return undefined;
  const [row] = await readSegments(sql, consumer, Number(segment), {}, 1);
  const taken = row?.segment === Number(segment) ? decodeTaken(row.body, row.openedAt)[Number(index)] : undefined;
  return taken && { taken, id };
}

const typeOf = (replay: number, type: string | undefined): string | null => (replay === 0 ? (type ?? null) : SNAPSHOT);

/** With the names that the log has of them. */
export async function named(sql: Sql, found: readonly FoundDelivery[]): Promise<DeliveryItem[]> {
  const placeOf = (each: FoundDelivery) => ('taken' in each ? each.taken : each.failed);
  const known = found.map(placeOf).filter((place): place is Taken => place.partition !== null && place.position !== null);
  const names = new Map((await readNames(sql, known)).map((row) => [`${row.partition} ${row.position}`, row]));
  const replays = await readReplayIds(
    sql,
    [...new Set(found.map((each) => placeOf(each).replay))].filter((replay) => replay > 0),
  );
  return found.map((each): DeliveryItem => {
    const { partition, position, at, version, attempt, status, durationMs, replay } = placeOf(each);
    const name = names.get(`${partition} ${position}`);
    return {
      id: each.id,
      at: new Date(at).toISOString(),
      subjectKey: 'failed' in each ? each.failed.subjectKey : (name?.subjectKey ?? null),
      version,
      type: typeOf(replay, name?.type),
      attempt,
      outcome: 'taken' in each ? 'delivered' : 'failed',
      status,
      error: 'failed' in each ? each.failed.error : null,
      durationMs,
      replay: replays.get(replay) ?? null,
    };
  });
}
