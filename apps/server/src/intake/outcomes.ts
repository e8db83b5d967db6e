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
  const readBatch = async (position: number): Promise<readonly Outcome[] | 'not worked' | 'in no batch'> => {
    const row = await findOutcomes(db, position);
    if (row === null) return 'not worked';
    return row.first > position ? 'in no batch' : (JSON.parse(inflateRawSync(row.body).toString()) as Outcome[]);
  };
  const ofBatch = (batch: readonly Outcome[], position: number): Outcome =>
    batch.find((outcome) => outcome.position === position) ?? { position, result: 'void' };
  const tell = (outcomes: readonly Outcome[]): void => {
    for (const outcome of outcomes) answer(outcome.position, outcome);
  };
  /** Answers from the log, where another process may have put them. One batch answers all who wait for something in it, and behind what is not worked nothing is. */
  const answerFromLog = async (positions: readonly number[]): Promise<void> => {
    for (const position of positions.toSorted((a, b) => a - b)) {
      if (!waiters.has(position)) continue;
      const batch = await readBatch(position);
      if (batch === 'not worked') return;
      if (batch === 'in no batch') continue;
      tell(batch);
      answer(position, ofBatch(batch, position));
    }
  };
  const giveUp = async (late: typeof since): Promise<void> => {
    const waiting = late.filter(({ position, told }) => waiters.get(position)?.includes(told));
    await answerFromLog(waiting.map(({ position }) => position)).catch(() => {}); // whoever is not answered asks again
    for (const { position } of waiting) answer(position, null);
  };
  const sweepOnce = (): void => {
    const now = performance.now();
    const late = since.findIndex((each) => each.until > now);
    void giveUp(since.splice(0, late < 0 ? since.length : late));
    if (since.length > 0) return;
    clearInterval(sweep);
    sweep = undefined;
  };
  return {
    async find(position) {
      const batch = await readBatch(position);
      return typeof batch === 'string' ? null : ofBatch(batch, position);
    },
    wait: (position) =>
      new Promise((resolve) => {
        const others = waiters.get(position);
        if (others) others.push(resolve);
        else waiters.set(position, [resolve]);
        since.push({ position, until: performance.now() + WAIT_MS, told: resolve });
        sweep ??= setInterval(sweepOnce, SWEEP_MS);
      }),
    tell,
    askLog: () => answerFromLog([...waiters.keys()]),
    waiting: () => waiters.size,
  };
}
