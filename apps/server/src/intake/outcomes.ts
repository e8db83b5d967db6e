/** Who waits for what became of a message: the waiters of this process, and the log of outcomes for everybody else. */
import { inflateRawSync } from 'node:zlib';
import type { Db } from '#platform';
import type { Outcome } from './kinds.ts';
import { findOutcomes } from './store.ts';

/** After this long the caller gets 202 and an address to ask at. */
const WAIT_MS = 5_000;
const SWEEP_MS = 250;

export interface Outcomes {
  /** The outcome of the entry at `position`, or null after WAIT_MS. */
  wait(position: number): Promise<Outcome | null>;
  tell(outcomes: readonly Outcome[]): void;
  /** The worker of this process may have lost its memory: whoever still waits is answered from the log. */
  askLog(): Promise<void>;
  find(position: number): Promise<Outcome | null>;
  waiting(): number;
}

type Told = (outcome: Outcome | null) => void;

export function createOutcomes(db: Db): Outcomes {
  const waiters = new Map<number, Told[]>();
  /** Who waits since when, oldest first: one timer for all of them. */
  const since: { readonly position: number; readonly until: number; readonly told: Told }[] = [];
  let sweep: NodeJS.Timeout | undefined;
  const answer = (position: number, outcome: Outcome | null): void => {
    const waiting = waiters.get(position);
    if (waiting === undefined) return;
    waiters.delete(position);
    for (const tell of waiting) tell(outcome);
  };
  const find = async (position: number): Promise<Outcome | null> => {
    const row = await findOutcomes(db, position);
    if (row === null) return null;
    const all = JSON.parse(inflateRawSync(row.body).toString()) as Outcome[];
    return all.find((outcome) => outcome.position === position) ?? { position, result: 'void' };
  };
  /** Whoever has waited too long is answered from the log, where another process may have put the outcome. */
  const giveUp = async ({ position, told }: { readonly position: number; readonly told: Told }): Promise<void> => {
    if (!waiters.get(position)?.includes(told)) return;
    answer(position, await find(position).catch(() => null));
  };
  const sweepOnce = (): void => {
    const now = performance.now();
    const late = since.findIndex((each) => each.until > now);
    for (const each of since.splice(0, late < 0 ? since.length : late)) void giveUp(each);
    if (since.length > 0) return;
    clearInterval(sweep);
    sweep = undefined;
  };
  return {
    find,
    wait: (position) =>
      new Promise((resolve) => {
        const others = waiters.get(position);
        if (others) others.push(resolve);
        else waiters.set(position, [resolve]);
        since.push({ position, until: performance.now() + WAIT_MS, told: resolve });
        sweep ??= setInterval(sweepOnce, SWEEP_MS);
      }),
    tell: (outcomes) => {
      for (const outcome of outcomes) answer(outcome.position, outcome);
    },
    askLog: async () => {
      for (const position of Array.from(waiters.keys())) {
        const found = await find(position);
        if (found) answer(position, found);
      }
    },
    waiting: () => waiters.size,
  };
}
