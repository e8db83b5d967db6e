/** The lives of a script's orders, and what the hub will be told of them. A pure function of the dice. */
import type { NeutralOrder, OrderStatus } from '@weir/contract';
import { chooseAction, type Dice, type OrderTruth, placeOrder, type SimOrder, toMessage, truthOf } from '@weir/sandbox';
import { BROKEN, CANARY, type Kind, plant, plantReceiver, POISON, type Telling, UNREADABLE } from './telling.ts';

export const CHANNEL = 'own';
export const SHOPS = ['tea', 'cups', 'rice'] as const;
/** Lives are lived in these two days; the hub's clock is later than that all the time, wherever it jumps. */
const FIRST_DAY = Date.parse('2026-02-20T00:00:00Z');
/** All lives are over by then. */
export const LIVED_UNTIL = Date.parse('2026-02-24T00:00:00Z');
const BIRTHS_MS = 24 * 3_600_000;
const MOST_CHANGES = 9;
const MOST_PAUSE_MS = 3 * 3_600_000;

export interface Life {
  readonly shop: string;
  readonly id: string;
  /** Every line the order ever has. */
  readonly lineIds: readonly string[];
  /** What the shop itself knows in the end, when all of it is told and none of it is ours. */
  readonly truth?: OrderTruth;
  /** How a story with a known end ends, in so many words. */
  readonly ends?: { readonly status: OrderStatus; readonly holds: readonly string[] };
  /** Whether our own people may take steps on it. */
  readonly isOurs: boolean;
}
export interface Lived {
  readonly life: Life;
  readonly tellings: readonly Telling[];
}
interface Snapshot {
  readonly at: number;
  readonly message: NeutralOrder;
}

export function live(dice: Dice, order: number): Lived {
  const story = dice.next();
  const shop = dice.pick(SHOPS);
  const { sim, snapshots } = liveOn(dice, shop, `${order + 1}${String(dice.between(0, 99_999)).padStart(5, '0')}`);
  const about = { shop, id: sim.id, lineIds: sim.lines.map((line) => line.lineId) };
  if (story < 0.08) return race(dice, order, about, snapshots);
  if (story < 0.14) return backAndForth(dice, order, about, snapshots);
  if (story < 0.16) return { life: { ...about, isOurs: false }, tellings: [whole(order, poisoned(snapshots), 'poison')] };
  const tellings = tell(dice, order, snapshots);
  const isOurs = dice.chance(0.4);
  const isPlain = !isOurs && story < 0.9 && tellings.every(({ kind, at }) => kind !== 'broken' || at < (tellings.at(-1)?.at ?? 0));
  const told = story < 0.9 ? tellings : [...tellings, ...twin(dice, tellings)];
  const truth = isPlain && tellings.at(-1)?.kind === 'right' && tellings.at(-1)?.message['partial'] !== true ? truthOf(sim) : undefined;
  return { life: { ...about, isOurs, ...(truth ? { truth } : {}) }, tellings: told };
}

function liveOn(dice: Dice, shop: string, id: string): { sim: SimOrder; snapshots: Snapshot[] } {
  const sim = placeOrder(id, FIRST_DAY + dice.between(0, BIRTHS_MS), dice);
  const snapshots: Snapshot[] = [];
  const look = (): void => void snapshots.push({ at: sim.modifiedAt, message: plant(toMessage(sim, CHANNEL, shop), dice.chance(0.3)) });
  look();
  for (let left = dice.between(1, MOST_CHANGES); left > 0; left--) {
    const action = chooseAction(sim, dice);
    if (action === null) break;
    sim.modifiedAt += dice.between(1, MOST_PAUSE_MS);
    action.act(sim, sim.modifiedAt, dice);
    look();
  }
  return { sim, snapshots };
}

const whole = (order: number, { at, message }: Snapshot, kind: Kind = 'right'): Telling => ({ order, kind, at, message });

/** Most is told whole, some in part, some wrongly, some never; the last word always comes. */
function tell(dice: Dice, order: number, snapshots: readonly Snapshot[]): Telling[] {
  return snapshots.flatMap((snapshot, i): Telling[] => {
    const chance = dice.next();
    if (i < snapshots.length - 1 && chance < 0.1) return [];
    if (chance < 0.3) return [inPart(dice, order, snapshot, i > 0 && i === snapshots.length - 1)];
    return chance < 0.42 ? [wrong(dice, order, snapshot)] : [whole(order, snapshot)];
  });
}

const IDENTITY = ['schema', 'channel', 'shop', 'channelOrderId', 'modifiedAt'] as const;
const MONEY = ['lines', 'discounts', 'shippingFee', 'payable', 'paid', 'refunded', 'payments', 'refunds', 'currency'] as const;
const STATE = ['status', 'paidAt', 'shippedAt', 'completedAt', 'shipments', 'shipBy', 'placedAt'] as const;
const PEOPLE = ['receiver', 'buyer', 'remark', 'context'] as const;
/** Told alone, its parts may no longer add up with what is known. */
const PRICE = ['payable'] as const;
const GROUPS = [MONEY, STATE, PEOPLE, PRICE, ['doNotShip'], ['paid', 'payments', 'status']] as const;

function inPart(dice: Dice, order: number, { at, message }: Snapshot, mayLack: boolean): Telling {
  const chosen = GROUPS.filter(() => dice.chance(0.5)).flat();
  const names = new Set<string>([...IDENTITY, ...(chosen.length === 0 || (!mayLack && dice.chance(0.3)) ? STATE : chosen)]);
  const part = Object.fromEntries(Object.entries(message).filter(([name]) => names.has(name)));
  return { order, kind: 'right', at, message: { ...part, partial: true } };
}

function wrong(dice: Dice, order: number, { at, message }: Snapshot): Telling {
  const kind = dice.chance(0.6) ? 'broken' : 'unreadable';
  const spoiled = dice.pick(kind === 'broken' ? BROKEN : UNREADABLE)(message, at);
  return { order, kind, at: spoiled.at ?? at, message: spoiled.message, fixed: message, edits: spoiled.edits };
}

/** A whole message at the very time of another one that says otherwise. */
function twin(dice: Dice, tellings: readonly Telling[]): Telling[] {
  const wholes = tellings.filter(({ kind, message }) => kind === 'right' && message['partial'] !== true);
  if (wholes.length === 0) return [];
  const one = dice.pick(wholes);
  return [{ ...one, message: { ...one.message, remark: `${CANARY} another remark at the same time` } }];
}

type About = Omit<Life, 'isOurs'>;
const MINUTE = 60_000;
const laterThan = ({ at, message }: Snapshot, minutes: number, more: Partial<NeutralOrder>): Snapshot => ({
  at: at + minutes * MINUTE,
  message: { ...message, ...more, modifiedAt: new Date(at + minutes * MINUTE).toISOString() },
});
const plainLines = ({ lines }: NeutralOrder): NeutralOrder['lines'] => lines.map(({ status: _, ...line }) => line);

/** The parcel leaves while the channel cancels. It stays shipped; a person must look, unless the channel spoke of the parcel last. */
function race(dice: Dice, order: number, about: About, snapshots: readonly Snapshot[]): Lived {
  const first = paidInFull(snapshots[0] as Snapshot);
  const [shipped, closed] = dice.chance(0.5) ? [10, 20] : [20, 10];
  const tellings = [
    first,
    laterThan(first, shipped, {
      status: 'shipped',
      shipments: [
        {
          id: `S${about.id}`,
          carrier: 'sf',
          trackingNumber: `SF${about.id}`,
          at: new Date(first.at + 10 * MINUTE).toISOString(),
          lines: [],
        },
      ],
    }),
    laterThan(first, closed, { status: 'closed' }),
  ];
  const ends = { status: 'shipped' as const, holds: shipped > closed ? [] : ['after_sale'] };
  return { life: { ...about, isOurs: false, ends }, tellings: tellings.map((each) => whole(order, each)) };
}

/** An address from A to B and back to A is A. */
function backAndForth(dice: Dice, order: number, about: About, snapshots: readonly Snapshot[]): Lived {
  const first = paidInFull(snapshots[0] as Snapshot);
  const other = plantReceiver({ ...first.message.receiver, name: 'B', detail: `B${dice.between(1, 99)}` });
  const tellings = [first, laterThan(first, 5, { receiver: other }), laterThan(first, 10, {})];
  return { life: { ...about, isOurs: false, ends: { status: 'paid', holds: [] } }, tellings: tellings.map((each) => whole(order, each)) };
}

function paidInFull({ at, message }: Snapshot): Snapshot {
  const { payable } = message;
  const when = message.placedAt;
  const payments = [{ id: `P${message.channelOrderId}`, amount: payable, at: when, kind: 'full' as const }];
  return { at, message: { ...message, status: 'paid', lines: plainLines(message), paid: payable, paidAt: when, payments } };
}

function poisoned(snapshots: readonly Snapshot[]): Snapshot {
  const { at, message } = snapshots[0] as Snapshot;
  return { at, message: { ...message, remark: POISON } };
}
