import type { Keys } from '#access';
import { forgetDeliveries, forgetReplays } from '#broadcast';
import { forgetKeys, makeParts } from '#intake';
import { forgetHours, HOURS_KEPT_MS } from '#orders';
import type { Clock, Db, Log } from '#platform';
import { forgetReviewRuns } from '#review';

const KEYS_KEPT_MS = 86_400_000;
/** How long bulk decisions and what became of their cases are kept; the audit keeps who decided what. */
const REVIEW_RUNS_KEPT_MS = 90 * 86_400_000;
/** How long the log of webhook deliveries is kept. */
const DELIVERIES_KEPT_MS = 30 * 86_400_000;

/** What time alone makes necessary: tables of the coming days, the coming month's data key, keys and counts that have grown old. */
export async function keepUp(db: Db, keys: Keys, clock: Clock, log: Log): Promise<void> {
  try {
    await makeParts(db, clock.now());
    await keys.renew(clock.now());
    await forgetKeys(db, clock.now() - KEYS_KEPT_MS);
    await forgetHours(db, clock.now() - HOURS_KEPT_MS);
    await forgetReviewRuns(db, clock.now() - REVIEW_RUNS_KEPT_MS);
    await forgetDeliveries(db, clock.now() - DELIVERIES_KEPT_MS);
    await forgetReplays(db, clock.now() - DELIVERIES_KEPT_MS);
  } catch (error) {
    log.error('upkeep.failed', error, {});
  }
}
