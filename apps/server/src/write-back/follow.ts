/** Follows the log and writes down what channels must be told; only in the process that works, fenced by the epoch of its lease. */
import { createLogReader, createNap, takeConsumer, type ToldBatch } from '#broadcast';
import type { Clock, Db, Log } from '#platform';
import { CONSUMER, followHeads, readTargets, saveTasks } from './store.ts';
import { type Targets, tasksOf } from './tasks.ts';

export interface FollowDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** For pauses. */
  readonly steady: Clock;
  readonly log: Log;
  readonly epoch: () => number | null;
  readonly reach: (point: string) => void;
  /** Something was written down. */
  readonly onTasks: () => void;
}
export interface Follower {
  start(): void;
  /** What this process has just committed. */
  tell(batch: ToldBatch): void;
  stop(): Promise<void>;
}

const EVENTS_AT_ONCE = 1_000;
const IDLE_MS = 500;
const RETRY_MS = 1_000;
/** How often we look which shops are connected, and move on beside the newest event while none is. */
const LOOK_MS = 1_000;

export function createFollower(deps: FollowDeps): Follower {
  const reader = createLogReader(deps.db, deps.steady);
  const nap = createNap();
  let [isEnding, hasTargets] = [false, false];
  let running: Promise<void> | undefined;

  /** Looks again who is connected, then follows for a while. */
  const round = async (): Promise<void> => {
    const epoch = deps.epoch();
    const positions = epoch === null ? null : await takeConsumer(deps.db, { consumer: CONSUMER, epoch });
    if (epoch === null || positions === null) return nap.sleep(IDLE_MS); // standing by, or a later holder has it
    const targets = new Map((await readTargets(deps.db)).map(({ channel, shop, inNote }) => [`${channel}/${shop}`, { inNote }]));
    hasTargets = targets.size > 0;
    if (hasTargets) return follow(positions, targets, epoch);
    await followHeads(deps.db, epoch);
    await nap.sleep(LOOK_MS);
  };
  const follow = async (positions: readonly number[], targets: Targets, epoch: number): Promise<void> => {
    const until = deps.steady.now() + LOOK_MS;
    for (let readTo = positions; !isEnding && deps.epoch() === epoch && deps.steady.now() < until; ) {
      const next = await step(readTo, targets, epoch);
      if (next === 'lost') return;
      if (next === 'idle') await nap.sleep(IDLE_MS);
      else readTo = next;
    }
  };
  const step = async (readTo: readonly number[], targets: Targets, epoch: number): Promise<number[] | 'idle' | 'lost'> => {
    const events = await reader.next(readTo, EVENTS_AT_ONCE);
    if (events.length === 0) return 'idle';
    const after = [...readTo];
    for (const event of events) after[event.partition] = Math.max(after[event.partition] as number, event.position);
    const tasks = tasksOf(events, targets);
    deps.reach('write_back.before_cursor');
    if (!(await saveTasks(deps.db, epoch, after, tasks, deps.clock.now()))) return 'lost';
    if (tasks.length > 0) deps.onTasks();
    return after;
  };
  const run = async (): Promise<void> => {
    while (!isEnding) {
      await round().catch(async (error: unknown) => {
        deps.log.error('write_back.follow_failed', error, {});
        await nap.sleep(RETRY_MS);
      });
    }
  };
  return {
    start: () => void (running = run()),
    tell(batch) {
      if (!hasTargets) return reader.skip(); // nobody is told: no memory for it
      reader.tell(batch);
      nap.wake();
    },
    async stop() {
      isEnding = true;
      nap.wake();
      await running;
    },
  };
}
