/** What time alone makes necessary, beside the work: tables and keys of the coming days, what has grown old, the list of erasures. */
import type { Keys } from '#access';
import { forgetDeliveries, forgetReplays } from '#broadcast';
import { forgetKeys, makeParts, type Worked } from '#intake';
import { type KeepDays, keepRetention, listErasures, provenTime, proveTime } from '#keep';
import { forgetHours, HOURS_KEPT_MS, sweepPhones } from '#orders';
import { type Clock, createLeapWatch, type Db, type Log } from '#platform';
import { forgetReviewRuns } from '#review';
import { mendDueTimes } from './due-times.ts';

const EVERY_MS = 600_000;
/** How soon it is noticed that the clock was put back. */
const WATCH_MS = 1_000;
const DAY_MS = 86_400_000;
/** How long an Idempotency-Key is remembered. */
const KEYS_KEPT_MS = DAY_MS;
/** How long bulk decisions and what became of their cases are kept; the audit keeps who decided what. */
const REVIEW_RUNS_KEPT_MS = 90 * DAY_MS;
/** How long the log of webhook deliveries is kept. */
const DELIVERIES_KEPT_MS = 30 * DAY_MS;

interface UpkeepDeps {
  readonly db: Db;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
  readonly days: KeepDays;
  /** The list of erasures. */
  readonly erasures: string;
  /** Null in a process that does not work. */
  readonly epoch: () => number | null;
}
export interface Upkeep {
  worked(worked: Pick<Worked, 'events'>): void;
  /** Ends what drops old data. */
  stop(): Promise<void>;
  /** Lists what was erased until now. */
  list(): Promise<void>;
}

/** Tables of the coming days, the coming month's data key; keys, counts and logs that have grown old. */
async function keepUp({ db, keys, clock, log }: UpkeepDeps): Promise<void> {
  try {
    await makeParts(db, clock.now());
    await keys.renew(clock.now());
    const { at } = provenTime(clock.now(), await proveTime(db, clock.now()));
    await forgetKeys(db, at - KEYS_KEPT_MS);
    await forgetHours(db, at - HOURS_KEPT_MS);
    await forgetReviewRuns(db, at - REVIEW_RUNS_KEPT_MS);
    await forgetDeliveries(db, at - DELIVERIES_KEPT_MS);
    await forgetReplays(db, at - DELIVERIES_KEPT_MS);
  } catch (error) {
    log.error('upkeep.failed', error, {});
  }
}

export function startUpkeep(deps: UpkeepDeps): Upkeep {
  const { db, keys, clock, log, days, erasures, epoch } = deps;
  let listing: Promise<void> = Promise.resolve();
  const list = (): Promise<void> =>
    (listing = listing
      .then(() => (epoch() === null ? undefined : listErasures(db, erasures)))
      .catch((error: unknown) => log.error('erasure.list_failed', error, {})));
  let stopping = false;
  let retaining: Promise<void> | undefined;
  const mayWork = (): boolean => !stopping && epoch() !== null;
  const retain = (): void => {
    retaining ??= keepRetention({ db, keys, clock, log, days, mayWork, sweep: () => sweepPhones(db) })
      .catch((error: unknown) => log.error('retention.failed', error, {}))
      .finally(() => (retaining = undefined));
  };
  const wasPutBack = createLeapWatch(clock);
  /** Seen, and what was put off before that is not due yet. */
  let isBack = false;
  let mending: Promise<void> = Promise.resolve();
  const mendOnce = async (): Promise<void> => {
    if (!mayWork()) return;
    const wasBack = isBack;
    isBack = false; // whoever sees it again meanwhile is heard by the next round
    try {
      await mendDueTimes(deps, clock.now(), wasBack);
    } catch (error) {
      isBack ||= wasBack;
      log.error('upkeep.failed', error, {});
    }
  };
  const mend = (): Promise<void> => (mending = mending.then(mendOnce));
  const timer = setInterval(() => void keepUp(deps).then(mend).then(list).then(retain), EVERY_MS);
  const watch = setInterval(() => {
    if (!wasPutBack()) return;
    isBack = true;
    void mend();
  }, WATCH_MS);
  return {
    list,
    worked: ({ events }) => void (events.some(({ type }) => type === 'order.erased') && list()),
    async stop() {
      clearInterval(timer);
      clearInterval(watch);
      stopping = true;
      await mending;
      await retaining;
    },
  };
}
