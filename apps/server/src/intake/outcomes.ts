/** Who waits for what became of a message: the waiters of this process, and the log of outcomes for everybody else. */
import { inflateRawSync } from 'node:zlib';
import type { Db } from '#platform';
import type { Outcome } from './kinds.ts';
import { findOutcomes } from './store.ts';

/** After this long the caller gets 202 and an address to ask at. */
const WAIT_MS = 5_000;

export interface Outcomes {
  /** The outcome of the entry at `position`, or null after WAIT_MS. */
  wait(position: number): Promise<Outcome | null>;
  tell(outcomes: readonly Outcome[]): void;
  /** The worker of this process may have lost its memory: whoever still waits is answered from the log. */
  askLog(): Promise<void>;
  find(position: number): Promise<Outcome | null>;
  waiting(): number;
}

export function createOutcomes(db: Db): Outcomes {
  const waiters = new Map<number, ((outcome: Outcome | null) => void)[]>();
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
  return {
    find,
    wait: (position) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          void find(position)
            .then(
              (late) => resolve(late),
              () => resolve(null),
            )
            .finally(() => waiters.delete(position));
        }, WAIT_MS);
        const told = (outcome: Outcome | null): void => {
          clearTimeout(timer);
          resolve(outcome);
        };
        const others = waiters.get(position);
        if (others) others.push(told);
        else waiters.set(position, [told]);
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
