/** What follows the worker's position: from memory when this process appended it and nothing foreign lies between, else from the log. */
import type { Keys } from '#access';
import { type Db, steadyClock } from '#platform';
import { type Handed, SEGMENT_SEAL } from './gather.ts';
import { decodeSegment, type Entry } from './segment.ts';
import { readSegments } from './store.ts';

const BATCH_ENTRIES = 1_000;
const READ_SEGMENTS = 20;
/** Segments kept in memory for the worker of the same process; above it they are read back from the log. */
const TAIL_SEGMENTS = 64;

export interface NextEntries {
  readonly entries: readonly Entry[];
  readonly upTo: number;
}
export interface InboxReader {
  handOver(handed: Handed): void;
  /** The entries of one batch behind `position`, or null when there are none. */
  next(position: number): Promise<NextEntries | null>;
  /** Whoever lost the lease, or decides anew, reads the log. */
  forget(): void;
}

export function createInboxReader(deps: { readonly db: Db; readonly keys: Pick<Keys, 'box'> }, foreignPollMs: number): InboxReader {
  const tail: Handed[] = [];
  /** On the steady clock: a machine clock that is put back must not make us blind for hours. */
  let readLogAt = 0;

  const fromTail = (position: number): NextEntries => {
    const entries: Entry[] = [];
    let upTo = position;
    while (tail[0]?.previous === upTo && entries.length + tail[0].entries.length <= BATCH_ENTRIES) {
      const { entries: more, last } = tail.shift() as Handed;
      entries.push(...more);
      upTo = last;
    }
    return { entries, upTo };
  };
  const fromLog = async (position: number): Promise<NextEntries | null> => {
    const entries: Entry[] = [];
    for (const row of await readSegments(deps.db, position, READ_SEGMENTS)) {
      if (entries.length > 0 && entries.length + row.count > BATCH_ENTRIES) break;
      entries.push(...decodeSegment(deps.keys.box.open(row.sealed, SEGMENT_SEAL), row.first));
    }
    if (entries.length > 0) return { entries, upTo: (entries.at(-1) as Entry).position };
    readLogAt = steadyClock.now() + foreignPollMs;
    return null;
  };
  return {
    handOver(handed) {
      if (tail.length < TAIL_SEGMENTS) tail.push(handed);
      readLogAt = 0;
    },
    async next(position) {
      while (tail[0] && tail[0].last <= position) tail.shift();
      if (tail[0]?.previous === position) return fromTail(position);
      if (tail.length === 0 && steadyClock.now() < readLogAt) return null;
      return fromLog(position);
    },
    forget() {
      tail.length = 0;
      readLogAt = 0;
    },
  };
}
