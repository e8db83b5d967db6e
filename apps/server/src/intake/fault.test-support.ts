/** Shared by the fault tests of this room: a database that can be made to hang, and the wiring of one gather or worker. */
import type { Db, Sql } from '#platform';
import { type Clock, silentLog } from '#platform';
import type { Keys } from '#access';
import { createGather, type Gather, type Handed } from './gather.ts';
import type { Kind } from './kinds.ts';
import { createOutcomes, type Outcomes } from './outcomes.ts';
import type { Message } from './segment.ts';
import { createWorker, type Worker } from './worker.ts';
import type { BatchDeps, Worked } from './work-batch.ts';

/** What a stopped process looks like from outside: its statements are not sent while it is stopped, its transactions stay open. */
export interface Stoppable {
  readonly db: Db;
  stop(): void;
  wake(): void;
  /** Statements that wait for `wake`. */
  waiting(): number;
}

export function stoppable(db: Db, stopBefore: (text: string) => boolean = () => false): Stoppable {
  let stopped: Promise<void> | undefined;
  let wake: () => void = () => {};
  let waiting = 0;
  const stop = (): void => {
    stopped ??= new Promise((resolve) => {
      wake = () => {
        stopped = undefined;
        resolve();
      };
    });
  };
  const gate = async (text: string): Promise<void> => {
    if (stopBefore(text)) stop();
    if (stopped === undefined) return;
    waiting += 1;
    await stopped;
    waiting -= 1;
  };
  const gated = (sql: Sql): Sql => ({
    query: async (text, values) => (await gate(text), sql.query(text, values)),
    queryNamed: async (name, text, values) => (await gate(name), sql.queryNamed(name, text, values)),
  });
  return {
    db: {
      ...gated(db),
      atOnce: async (steps) => {
        for (const step of steps) await gate(step.text);
        return db.atOnce(steps);
      },
      transaction: (run, options) => db.transaction((tx) => run(gated(tx)), options),
      stats: db.stats,
      end: db.end,
    },
    stop,
    wake: () => wake(),
    waiting: () => waiting,
  };
}

const nobody = (): void => {};

export function aGather(db: Db, keys: Pick<Keys, 'box'>, clock: Clock, handOver: (handed: Handed) => void = nobody): Gather {
  return createGather({ db, keys, clock, handOver, reach: nobody });
}

export interface Work {
  readonly worker: Worker;
  readonly outcomes: Outcomes;
  readonly worked: Worked[];
}
export function aWorker(
  deps: Pick<BatchDeps, 'db' | 'keys'> & { kind: Kind; clock: Clock; holder: string } & Partial<Pick<BatchDeps, 'appendEvents' | 'reach'>>,
): Work {
  const outcomes = createOutcomes(deps.db);
  const worked: Worked[] = [];
  const worker = createWorker({
    appendEvents: () => [],
    reach: nobody,
    ...deps,
    log: silentLog,
    outcomes,
    onWorked: (each) => void worked.push(each),
  });
  return { worker, outcomes, worked };
}

export const aMessage = (id: string, bytes: Buffer | string = '{}', kind = 'order'): Message => ({
  kind,
  subject: { kind: 'order', channel: 'own', shop: 's1', id },
  bytes: Buffer.from(bytes),
  by: 'test',
  receivedAt: Date.parse('2026-02-20T12:30:00Z'),
});
