/** Write-back as a whole: a follower that writes down what must be told, and a teller that tells it. */
import { WRITE_BACK_CAUSES } from '@weir/contract';
import type { ToldBatch } from '#broadcast';
import { createFollower, type FollowDeps } from './follow.ts';
import { readTold } from './store.ts';
import { createTeller, type WorkerDeps } from './worker.ts';

export type WriteBackDeps = Omit<FollowDeps, 'onTasks'> & WorkerDeps;
interface Known {
  readonly id: string;
  readonly name: string;
  readonly passedVersion: number;
  readonly parkedFrom: number | null;
  readonly why?: { readonly zh: string; readonly en: string };
}
export interface WriteBackRoom {
  start(): void;
  /** What this process has just committed; the follower need not read it back. */
  tell(batch: ToldBatch): void;
  /** A person has opened a dead letter again. */
  wake(): void;
  stop(): Promise<void>;
  /** The channel of an order as one more system that knows some version of it. */
  knowledge(partition: number, orderKey: string): Promise<Known[]>;
}

export function createWriteBack(deps: WriteBackDeps): WriteBackRoom {
  const teller = createTeller(deps);
  const follower = createFollower({ ...deps, onTasks: teller.wake });
  return {
    start() {
      follower.start();
      teller.start();
    },
    tell: follower.tell,
    wake: teller.wake,
    async stop() {
      await Promise.all([follower.stop(), teller.stop()]);
    },
    async knowledge(partition, orderKey) {
      const told = await readTold(deps.db, partition, orderKey);
      // What the channel was not told of it told us itself: without an open row it knows the newest version.
      return told.map(({ channel, shop, name, openFrom, cause }) => ({
        id: `${channel}/${shop}`,
        name,
        passedVersion: Number.MAX_SAFE_INTEGER,
        parkedFrom: openFrom,
        ...(cause === null ? {} : { why: { zh: WRITE_BACK_CAUSES[cause].zh, en: WRITE_BACK_CAUSES[cause].en } }),
      }));
    },
  };
}
