/**
 * What was delivered, gathered into segments. They are stored together with the cursor, so what the cursor has passed is in the log of deliveries too.
 * An open segment is written whole each time: a write that is repeated, because nobody knows whether it arrived, doubles nothing.
 */
import type { Clock } from '#platform';
import { encodeTaken, MOST_BYTES, type Taken } from './delivery-codec.ts';

const SEGMENT_DELIVERIES = 1_000;
const SEGMENT_MS = 10_000;
const FIRST_BYTES = 1_024;

/** One segment as it is stored. */
export interface SegmentRow {
  readonly segment: number;
  readonly openedAt: number;
  readonly lastAt: number;
  readonly deliveries: number;
  readonly partitions: bigint;
  readonly body: Buffer;
}
export interface Recorder {
  took(taken: Taken): void;
  /** Is there something that is not stored? */
  isDirty(): boolean;
  /** What is to be stored now. */
  unsaved(): readonly SegmentRow[];
  /** These are stored. */
  saved(rows: readonly SegmentRow[]): void;
}

interface Open {
  readonly segment: number;
  readonly openedAt: number;
  readonly until: number;
  lastAt: number;
  deliveries: number;
  saved: number;
  partitions: bigint;
  bytes: Buffer;
  length: number;
}

/** `last` is the newest segment that is stored. */
export function createRecorder(steady: Clock, last: number): Recorder {
  let [newest, open]: [number, Open[]] = [last, []];
  const openOne = (at: number): Open => {
    const made = { segment: ++newest, openedAt: at, until: steady.now() + SEGMENT_MS, lastAt: at, deliveries: 0, saved: 0, partitions: 0n };
    const one = { ...made, bytes: Buffer.allocUnsafe(FIRST_BYTES), length: 0 };
    open.push(one);
    return one;
  };
  const isClosed = (one: Open): boolean => one.deliveries >= SEGMENT_DELIVERIES || steady.now() > one.until;
  const current = (at: number): Open => {
    const one = open.at(-1);
    return one === undefined || isClosed(one) ? openOne(at) : one;
  };
  return {
    took(taken) {
      const one = current(taken.at);
      if (one.length + MOST_BYTES > one.bytes.length) one.bytes = Buffer.concat([one.bytes, Buffer.allocUnsafe(one.bytes.length)]);
      one.length = encodeTaken(one.bytes, one.length, one.openedAt, taken);
      one.lastAt = Math.max(one.lastAt, taken.at);
      one.partitions |= 1n << BigInt(taken.partition);
      one.deliveries++;
    },
    isDirty: () => open.some((one) => one.saved < one.deliveries),
    unsaved: () =>
      open
        .filter((one) => one.saved < one.deliveries)
        .map(({ segment, openedAt, lastAt, deliveries, partitions, bytes, length }) => ({
          segment,
          openedAt,
          lastAt,
          deliveries,
          partitions: BigInt.asIntN(64, partitions),
          body: Buffer.from(bytes.subarray(0, length)),
        })),
    saved(rows) {
      for (const row of rows) {
        const one = open.find(({ segment }) => segment === row.segment);
        if (one !== undefined) one.saved = row.deliveries;
      }
      open = open.filter((one) => one.saved < one.deliveries || !isClosed(one));
    },
  };
}
