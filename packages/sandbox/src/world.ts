/** The orders of a simulated shop, what has been told of each, and what Weir has acknowledged. Knows no network. */
import { chooseAction, placeOrder } from './actions.ts';
import type { SandboxClock } from './clock.ts';
import type { Dice } from './random.ts';
import type { Outgoing } from './send.ts';
import { type OrderTruth, type SimOrder, statusOf, toBrokenMessage, toMessage, truthOf } from './sim-order.ts';

export interface Acknowledged {
  /** Time of the newest change that Weir said yes to, ms UTC. */
  readonly modifiedAt: number;
  readonly orderKey: string | undefined;
}

export interface World {
  /** One change, written down; null when the chosen order just came to rest. */
  change(blockedShare: number): Outgoing | null;
  acknowledge(outgoing: Outgoing, orderKey: string | undefined): void;
  /** How many orders Weir does not know as they are now. */
  behind(): number;
  /** Each of those written down once more; what is blocked is written correctly. */
  tellAgain(): Outgoing[];
  truth(): Map<string, OrderTruth>;
  readonly acknowledged: ReadonlyMap<string, Acknowledged>;
  readonly counts: { readonly orders: number; readonly messages: number; readonly blocked: number };
}

/** Orders that may still change; above it old ones must end before new ones begin. */
const MAX_LIVE_ORDERS = 2_000;
/** Ended orders that the shop still remembers, for `truth()`, unless said otherwise. */
const MAX_REMEMBERED_ORDERS = 100_000;
const NEW_ORDER_SHARE = 0.35;
const REST_SHARE = 0.6;

export function createWorld(
  names: { readonly channel: string; readonly shop: string; readonly remember?: number },
  dice: Dice,
  clock: Pick<SandboxClock, 'now'>,
): World {
  const all = new Map<string, SimOrder>();
  const live: SimOrder[] = [];
  const acknowledged = new Map<string, Acknowledged>();
  const counts = { orders: 0, messages: 0, blocked: 0 };
  const bornAt = clock.now();

  /** A start of its own for each run: the same seed on the same database begins new orders. Nineteen digits, as big as the platforms' own. */
  const begin = (): SimOrder => {
    counts.orders += 1;
    const order = placeOrder(`${bornAt}${String(counts.orders).padStart(6, '0')}`, clock.now(), dice);
    all.set(order.id, order);
    live.push(order);
    return order;
  };

  const write = (order: SimOrder): Outgoing => {
    counts.messages += 1;
    if (order.isBlocked) counts.blocked += 1;
    const message = (order.isBlocked ? toBrokenMessage : toMessage)(order, names.channel, names.shop);
    const idempotencyKey = `${names.channel}-${names.shop}-${order.id}-${counts.messages}`;
    return { channelOrderId: order.id, modifiedAt: order.modifiedAt, idempotencyKey, body: JSON.stringify(message) };
  };

  /** The change that corrects a broken message, breaks one, or moves the order on; false when it is at rest. */
  const move = (order: SimOrder, at: number, blockedShare: number): boolean => {
    const isCorrection = order.isBlocked;
    order.isBlocked = !isCorrection && dice.chance(blockedShare);
    if (isCorrection || order.isBlocked) return true;
    const action = isAtRest(order) && dice.chance(REST_SHARE) ? null : chooseAction(order, dice);
    action?.act(order, at, dice);
    return action !== null;
  };

  const rest = (index: number): void => {
    live.splice(index, 1);
    const kept = new Set(live);
    for (const [id, order] of all) {
      if (all.size <= (names.remember ?? MAX_REMEMBERED_ORDERS)) return;
      if (kept.has(order)) continue;
      all.delete(id);
      acknowledged.delete(id);
    }
  };

  const isBehind = (order: SimOrder): boolean => order.isBlocked || (acknowledged.get(order.id)?.modifiedAt ?? 0) < order.modifiedAt;

  return {
    counts,
    acknowledged,
    change(blockedShare) {
      if (live.length === 0 || (live.length < MAX_LIVE_ORDERS && dice.chance(NEW_ORDER_SHARE))) return write(begin());
      const index = dice.between(0, live.length - 1);
      const order = live[index] as SimOrder;
      const at = timeOfNextChange(order, clock);
      if (!move(order, at, blockedShare)) {
        rest(index);
        return null;
      }
      order.modifiedAt = at;
      return write(order);
    },
    acknowledge({ channelOrderId, modifiedAt }, orderKey) {
      const known = acknowledged.get(channelOrderId);
      if (all.has(channelOrderId) && (known?.modifiedAt ?? 0) <= modifiedAt)
        acknowledged.set(channelOrderId, { modifiedAt, orderKey: orderKey ?? known?.orderKey });
    },
    behind: () => [...all.values()].filter(isBehind).length,
    tellAgain: () =>
      [...all.values()].filter(isBehind).map((order) => {
        if (order.isBlocked) order.modifiedAt = timeOfNextChange(order, clock);
        order.isBlocked = false;
        return write(order);
      }),
    truth: () => new Map([...all].map(([id, order]) => [id, truthOf(order)])),
  };
}

const timeOfNextChange = (order: SimOrder, clock: Pick<SandboxClock, 'now'>): number => Math.max(clock.now(), order.modifiedAt + 1);

/** Nothing that must still happen: ended, or completed with no refund open. */
function isAtRest(order: SimOrder): boolean {
  const status = statusOf(order);
  if (status === 'cancelled' || status === 'closed') return true;
  return status === 'completed' && order.refunds.every((refund) => refund.status === 'done' || refund.status === 'withdrawn');
}
