/** Tells channels what is due: several shops side by side, the orders of one shop one after the other. */
import type { Failure } from '@weir/connectors/adapter';
import { createNap } from '#broadcast';
import type { Clock, Db } from '#platform';
import { type DueRow, readDue, saveEnd } from './store.ts';
import { endOf, type TryDeps, tryOnce } from './try.ts';

export interface WorkerDeps extends TryDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly epoch: () => number | null;
  /** Whether nobody else can be telling already: asked before each call, for what a call does outside cannot be undone by a later holder. */
  readonly maySpeak: () => boolean;
  readonly reach: (point: string) => void;
}
export interface Teller {
  start(): void;
  wake(): void;
  stop(): Promise<void>;
}

const PER_SHOP = 20;
const AT_ONCE = 200;
const LOOK_MS = 500;
const RETRY_MS = 1_000;

/** Seen by nobody: the order is told by whoever holds the lease now, or by us when we are sure again. */
const NOT_OURS: Failure = {
  class: 'retry',
  isKnown: true,
  code: 'lease',
  subCode: '',
  message: 'the lease may be somebody else’s',
  logId: '',
  mayHaveHappened: false,
};

export function createTeller(deps: WorkerDeps): Teller {
  const nap = createNap();
  let isEnding = false;
  let running: Promise<void> | undefined;
  const mayWork = (epoch: number): boolean => !isEnding && deps.epoch() === epoch;

  const tell = async (row: DueRow, epoch: number): Promise<boolean> => {
    let isCut = false;
    const askOf: TryDeps['askOf'] = async (channel, shop) => {
      const ask = await deps.askOf(channel, shop);
      if (ask === null) return null;
      return async (call) => {
        isCut ||= !mayWork(epoch) || !deps.maySpeak();
        return isCut ? { ok: false, failure: NOT_OURS } : ask(call);
      };
    };
    const told = await tryOnce({ ...deps, askOf }, row, deps.clock.now());
    if (isCut) return false; // whoever goes on asks first what was told
    deps.reach('write_back.after_call');
    const ended = endOf(row, told, deps.clock.now());
    if (!(await saveEnd(deps.db, epoch, row, ended))) return false;
    if (ended.state === 'dead')
      deps.log.warn('write_back.dead', { orderKey: row.orderKey, what: row.what, cause: ended.cause, code: ended.code });
    return true;
  };
  const tellShop = async (rows: readonly DueRow[], epoch: number): Promise<void> => {
    for (const row of rows) if (!mayWork(epoch) || !(await tell(row, epoch))) return;
  };
  const round = async (): Promise<void> => {
    const epoch = deps.maySpeak() ? deps.epoch() : null;
    const rows = epoch === null ? [] : await readDue(deps.db, deps.clock.now(), PER_SHOP, AT_ONCE);
    if (epoch === null || rows.length === 0) return nap.sleep(LOOK_MS);
    const shops = Map.groupBy(rows, ({ channel, shop }) => `${channel}/${shop}`);
    await Promise.all([...shops.values()].map((ofShop) => tellShop(ofShop, epoch)));
  };
  const run = async (): Promise<void> => {
    while (!isEnding)
      await round().catch(async (error: unknown) => {
        deps.log.error('write_back.round_failed', error, {});
        await nap.sleep(RETRY_MS);
      });
  };
  return {
    start: () => void (running = run()),
    wake: nap.wake,
    async stop() {
      isEnding = true;
      nap.wake();
      await running;
    },
  };
}
