/** Tells channels what is due: each shop for itself, so that a channel that answers slowly or not at all keeps no other shop waiting. */
import type { Ask } from '@weir/connectors/adapter';
import { createNap } from '#broadcast';
import type { Clock, Db } from '#platform';
import { type DueRow, readDue, saveEnd } from './store.ts';
import { endOf, type TryDeps, tryOnce } from './try.ts';

export interface WorkerDeps extends Omit<TryDeps, 'askOf'> {
  /** The line of a shop. `may` is asked when a call's turn has come; false: it does not leave. */
  readonly askOf: (channel: string, shop: string, may: () => boolean) => Promise<Ask | null>;
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

const PER_SHOP = 40;
/** Orders of one shop under way at once; how many calls a second is the limiter's affair. */
const LANES = 4;
const AT_ONCE = 200;
const LOOK_MS = 500;
const RETRY_MS = 1_000;

export function createTeller(deps: WorkerDeps): Teller {
  const nap = createNap();
  let isEnding = false;
  let running: Promise<void> | undefined;
  const mayWork = (epoch: number): boolean => !isEnding && deps.epoch() === epoch;

  const tell = async (row: DueRow, epoch: number): Promise<boolean> => {
    let isCut = false;
    const may = (): boolean => {
      isCut ||= !mayWork(epoch) || !deps.maySpeak();
      return !isCut;
    };
    const askOf: TryDeps['askOf'] = (channel, shop) => deps.askOf(channel, shop, may);
    const told = await tryOnce({ ...deps, askOf }, row, deps.clock.now());
    if (isCut) return false; // whoever goes on asks first what was told
    deps.reach('write_back.after_call');
    const ended = endOf(row, told, deps.clock.now());
    if (!(await saveEnd(deps.db, epoch, row, ended))) return false;
    if (ended.state === 'dead')
      deps.log.warn('write_back.dead', { orderKey: row.orderKey, what: row.what, cause: ended.cause, code: ended.code });
    return true;
  };
  /** False when somebody else may have the lease: what is left is seen again at the next look, by whoever has it then. */
  const tellShop = async (rows: readonly DueRow[], epoch: number): Promise<boolean> => {
    const queue = [...rows];
    const lane = async (): Promise<boolean> => {
      for (let row = queue.shift(); row !== undefined; row = queue.shift()) if (!mayWork(epoch) || !(await tell(row, epoch))) return false;
      return true;
    };
    // A lane that fails must not let the shop go while others still call: what they are telling would be told a second time beside them.
    const safely = (): Promise<boolean> =>
      lane().catch((error: unknown) => {
        deps.log.error('write_back.round_failed', error, {});
        return false;
      });
    return (await Promise.all(Array.from({ length: LANES }, safely))).every((isDone) => isDone);
  };
  /** Shops that are being told, by `channel/shop`. */
  const busy = new Map<string, Promise<void>>();
  const begin = (shop: string, rows: readonly DueRow[], epoch: number): void => {
    const telling = tellShop(rows, epoch).then((isDone) => {
      busy.delete(shop);
      if (isDone) nap.wake(); // there may be more of it
    });
    busy.set(shop, telling);
  };
  const round = async (): Promise<void> => {
    const epoch = deps.maySpeak() ? deps.epoch() : null;
    const rows = epoch === null ? [] : await readDue(deps.db, deps.clock.now(), [...busy.keys()], { perShop: PER_SHOP, most: AT_ONCE });
    if (epoch === null || rows.length === 0) return nap.sleep(LOOK_MS);
    const shops = Map.groupBy(rows, ({ channel, shop }) => `${channel}/${shop}`);
    for (const [shop, ofShop] of shops) begin(shop, ofShop, epoch);
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
      await Promise.all(busy.values());
    },
  };
}
