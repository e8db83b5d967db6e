/** The replays of one endpoint: those that were asked for are opened, those that were cancelled end. */
import type { Desk } from './desk.ts';
import { openReplay, type Replay } from './replay.ts';
import type { RunningReplay } from './replays-store.ts';

export interface Replays {
  /** Those that run now, as the database says. */
  want(rows: readonly RunningReplay[]): void;
  /** Answers in how many ms it wants to be asked again. */
  step(desk: Desk): number;
  finish(): Promise<void>;
}

export function createReplays(): Replays {
  const replays = new Map<number, Replay>();
  const opening = new Set<number>();
  const ending = new Set<Promise<void>>();
  let wanted: readonly RunningReplay[] = [];

  const open = async (desk: Desk, row: RunningReplay): Promise<void> => {
    opening.add(row.serial);
    try {
      replays.set(row.serial, await openReplay(desk, row));
    } catch (error) {
      desk.log.error('broadcast.replay_failed', error, { endpointId: desk.target.id, replay: row.id });
    } finally {
      opening.delete(row.serial);
      desk.wake();
    }
  };
  return {
    want: (rows) => void (wanted = rows),
    step(desk) {
      for (const row of wanted) if (!replays.has(row.serial) && !opening.has(row.serial)) void open(desk, row);
      for (const [serial, replay] of replays) {
        if (wanted.some((row) => row.serial === serial)) continue;
        replays.delete(serial);
        const end = replay.cancel().finally(() => ending.delete(end));
        ending.add(end);
      }
      return Math.min(Infinity, ...[...replays.values()].map((replay) => replay.step()));
    },
    async finish() {
      for (const replay of replays.values()) await replay.save();
      await Promise.all(ending);
    },
  };
}
