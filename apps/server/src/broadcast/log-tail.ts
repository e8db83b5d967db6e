/**
 * The newest part of the log in memory, for all relays together: what this process has just written and what any relay has read.
 * Relays stand at nearly the same place, so each event is read (and rendered) once instead of once per endpoint.
 */
import type { LogEvent } from './envelope.ts';

/** Everything of one partition with from < position ≤ to. */
interface Block {
  readonly partition: number;
  readonly from: number;
  to: number;
  readonly events: LogEvent[];
  bytes: number;
}
export interface LogTail {
  /** Everything of `partition` above `from`, in order, as far as `events` go. */
  keep(partition: number, from: number, events: readonly LogEvent[]): void;
  /** What follows `after` in this partition, at most `limit`; undefined when it is not in memory. */
  after(partition: number, after: number, limit: number): LogEvent[] | undefined;
  readonly bytes: number;
}

/** A block that is written to grows to at most so many events. */
const BLOCK_EVENTS = 64;
/** Two bytes for each character, and what an object takes beside its texts. */
const bytesOf = (event: LogEvent): number => 2 * (event.state.length + event.detail.length) + 400;

export function createLogTail(partitions: number, mostBytes: number): LogTail {
  const byPartition: Block[][] = Array.from({ length: partitions }, () => []);
  const oldest: Set<Block> = new Set();
  let bytes = 0;

  const evict = (): void => {
    for (const block of oldest) {
      if (bytes <= mostBytes) return;
      oldest.delete(block);
      const blocks = byPartition[block.partition] as Block[];
      blocks.splice(blocks.indexOf(block), 1);
      bytes -= block.bytes;
    }
  };
  const blockAt = (partition: number, from: number): Block => {
    const last = byPartition[partition]?.at(-1);
    if (last?.to === from && last.events.length < BLOCK_EVENTS) return last;
    const block = { partition, from, to: from, events: [], bytes: 0 };
    byPartition[partition]?.push(block);
    oldest.add(block);
    return block;
  };
  return {
    get bytes() {
      return bytes;
    },
    keep(partition, from, events) {
      const block = blockAt(partition, from);
      for (const event of events) {
        block.events.push(event);
        block.to = event.position;
        block.bytes += bytesOf(event);
        bytes += bytesOf(event);
      }
      evict();
    },
    after(partition, after, limit) {
      const found: LogEvent[] = [];
      for (let at = after; found.length < limit; ) {
        const block = (byPartition[partition] as Block[]).findLast((each) => each.from <= at && at < each.to);
        if (block === undefined) break;
        found.push(...block.events.slice(firstAbove(block.events, at)).slice(0, limit - found.length));
        at = (found.at(-1) as LogEvent).position;
      }
      return found.length > 0 ? found : undefined;
    },
  };
}

function firstAbove(events: readonly LogEvent[], position: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] as LogEvent).position > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
