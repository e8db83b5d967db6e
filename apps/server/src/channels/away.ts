/** While you were away: every pause of this house is noticed, what it missed is caught up from the cursors, and people see how much and whether it is complete. */
import type { Clock, Db, Log } from '#platform';
import { beat, completeAways, findAway, readAwayOrders } from './away-store.ts';
import type { Lines } from './lines.ts';

/** A pause that nobody would notice is none. */
export const AWAY_MS = 120_000;
const BEAT_MS = 10_000;
const LOOK_MS = 1_000;
/** A pause is shown until it was complete for so long. */
const SHOWN_MS = 12 * 3_600_000;
export const SOON_MS = 2 * 3_600_000;
const ITEMS = 20;

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly lines: Lines;
  readonly mayWork: () => boolean;
  readonly isStopping: () => boolean;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** A pause was noticed: what waits for its time need not wait. */
  readonly onReturn: () => void;
}

export async function keepPresence(deps: Deps): Promise<void> {
  const { db, clock, log } = deps;
  let beatAt: number | null = null;
  while (!deps.isStopping()) {
    const now = clock.now();
    if (deps.mayWork() && (beatAt === null || now < beatAt || now - beatAt >= BEAT_MS)) {
      try {
        if (await beat(db, now, AWAY_MS)) {
          log.event('house.was_away', {});
          deps.onReturn();
        }
        beatAt = now;
      } catch (error) {
        log.error('house.presence_failed', error, {});
      }
    }
    if (deps.mayWork()) await look(deps).catch((error: unknown) => log.error('house.presence_failed', error, {}));
    await deps.sleep(LOOK_MS).catch(() => {});
  }
}

async function look({ db, clock, lines }: Deps): Promise<void> {
  const connected = await lines.all();
  const pulls = connected.reduce((sum, { adapter }) => sum + adapter.feeds.length, 0);
  await completeAways(db, clock.now(), pulls);
}

export interface Away {
  readonly from: string;
  readonly to: string;
  /** Null while we are still catching up. */
  readonly completeAt: string | null;
  readonly orders: number;
  readonly mustShipWithin2h: number;
  readonly items: readonly {
    readonly orderKey: string;
    readonly channel: string;
    readonly shop: string;
    readonly channelOrderId: string;
    readonly status: string | null;
    readonly shipBy: string | null;
  }[];
}
const isoOf = (ms: number): string => new Date(ms).toISOString();

/** The last pause, as far as this caller may see its orders; null when there was none lately. */
export async function readAway(db: Db, shops: readonly string[] | null, now: number): Promise<Away | null> {
  const away = await findAway(db, now - SHOWN_MS);
  if (away === null) return null;
  const { orders, soon, items } = await readAwayOrders(db, away, shops, now + SOON_MS, ITEMS);
  const { fromAt, toAt, completeAt } = away;
  return {
    from: isoOf(fromAt),
    to: isoOf(toAt),
    completeAt: completeAt === null ? null : isoOf(completeAt),
    orders,
    mustShipWithin2h: soon,
    items,
  };
}
