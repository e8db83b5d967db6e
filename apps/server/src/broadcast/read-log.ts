/** Reading the log for all relays: from memory where it is there, else from the database, one read at a time so that the next relay finds it. */
import type { Clock, Db } from '#platform';
import type { LogEvent } from './envelope.ts';
import { createLogTail } from './log-tail.ts';
import { readHeads, readPage } from './store.ts';

const PARTITIONS = 64;
/** Of the log in memory, all endpoints together. */
const TAIL_BYTES = 32 * 1024 * 1024;
/** Events of one read of the database, over all partitions that lack something. */
const READ_EVENTS = 1_024;
const LEAST_PER_PARTITION = 16;
/** In-process news come at once; this is for what another way brings. */
const HEADS_EVERY_MS = 1_000;
/** Above every position: nothing is wanted of this partition. */
const NOTHING = Number.MAX_SAFE_INTEGER;

/** A batch that this process has committed. */
export interface Told {
  /** Batches of one epoch follow each other without a gap. */
  readonly epoch: number;
  /** Newest position per partition after the batch. */
  readonly heads: readonly number[];
  readonly events: readonly FreshEvent[];
}
/** As it was just written: with milliseconds UTC in place of text. */
export type FreshEvent = Omit<LogEvent, 'occurredAt'> & { readonly occurredAt: number };
const asRead = (event: FreshEvent): LogEvent => ({ ...event, occurredAt: new Date(event.occurredAt).toISOString() });

export interface LogReader {
  tell(told: Told): void;
  /** A batch was committed and is not told: what is told next does not follow what was told last. */
  skip(): void;
  /** What follows `readTo`, in order per partition, about `room` events; empty when there is no news. */
  next(readTo: readonly number[], room: number): Promise<LogEvent[]>;
}

export function createLogReader(db: Db, clock: Clock): LogReader {
  const tail = createLogTail(PARTITIONS, TAIL_BYTES);
  let heads: number[] = Array.from({ length: PARTITIONS }, () => 0);
  let last: { readonly epoch: number; readonly heads: readonly number[] } | undefined;
  let headsAt = -Infinity;
  let reading: Promise<void> = Promise.resolve();

  const learnHeads = (more: readonly number[]): void => {
    heads = heads.map((head, partition) => Math.max(head, more[partition] as number));
  };
  const partitionsWithNews = (readTo: readonly number[]): number[] =>
    heads.flatMap((head, partition) => (head > (readTo[partition] as number) ? [partition] : []));
  const isMissing = (readTo: readonly number[], partition: number): boolean =>
    tail.after(partition, readTo[partition] as number, 1) === undefined;

  const readMissing = async (readTo: readonly number[]): Promise<void> => {
    const missing = partitionsWithNews(readTo).filter((partition) => isMissing(readTo, partition));
    if (missing.length === 0) return; // another relay has read it in the meantime
    const cursor = readTo.map((position, partition) => (missing.includes(partition) ? position : NOTHING));
    const events = await readPage(db, cursor, Math.max(LEAST_PER_PARTITION, Math.ceil(READ_EVENTS / missing.length)));
    for (const [partition, found] of Map.groupBy(events, (event) => event.partition))
      tail.keep(partition, readTo[partition] as number, found);
  };
  return {
    tell({ epoch, heads: after, events }) {
      const before = last?.epoch === epoch ? last.heads : undefined;
      for (const [partition, found] of Map.groupBy(events, (event) => event.partition))
        tail.keep(partition, before?.[partition] ?? (found[0] as FreshEvent).position - 1, found.map(asRead));
      last = { epoch, heads: after };
      learnHeads(after);
    },
    skip() {
      last = undefined;
    },
    async next(readTo, room) {
      if (clock.now() - headsAt >= HEADS_EVERY_MS) {
        headsAt = clock.now();
        learnHeads(await readHeads(db));
      }
      const news = partitionsWithNews(readTo);
      if (news.some((partition) => isMissing(readTo, partition))) {
        const read = reading.then(() => readMissing(readTo));
        reading = read.catch(() => {});
        await read;
      }
      const each = Math.max(1, Math.ceil(room / Math.max(1, news.length)));
      return news.flatMap((partition) => tail.after(partition, readTo[partition] as number, each) ?? []);
    },
  };
}
