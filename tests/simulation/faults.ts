/** What goes wrong in a world, and when. A pure function of the dice. */
import type { Dice } from '@weir/sandbox';

export type Fault =
  /** All clocks of the hub jump. */
  | { readonly what: 'clock'; readonly ms: number }
  /** The n-th named point from now on is the last thing the first house does. */
  | { readonly what: 'kill at point'; readonly n: number }
  /** The n-th packet between the first house and its database is the last. */
  | { readonly what: 'kill at packet'; readonly n: number }
  /** At the n-th packet every connection of the first house to its database breaks; it lives on. */
  | { readonly what: 'cut'; readonly n: number }
  /** The database ends the connections of everybody. */
  | { readonly what: 'terminate' }
  /** The first house stands still at the n-th packet, and another one is there; later it wakes. */
  | { readonly what: 'freeze'; readonly n: number }
  | { readonly what: 'wake' }
  | { readonly what: 'another house' }
  /** The first house is stopped in good order. */
  | { readonly what: 'stop' }
  /** The lease runs out while its holder works, as if the database's clock had jumped. */
  | { readonly what: 'expire lease' }
  | { readonly what: 'receiver'; readonly receiver: number; readonly does: ReceiverFault };
export type ReceiverFault =
  | 'refuse next'
  | 'refuse each once'
  | 'too many requests'
  | 'refuse some subjects'
  | 'gone'
  | 'hang'
  | 'down'
  | 'cut after storing'
  | 'slow'
  | 'heal';

const HOUR_MS = 3_600_000;
const LAST_HIT = 60;
const LAST_PACKET = 400;
/** Index of a receiver in `receivers.ts`; the script need not know how many there are. */
const RECEIVERS = 12;
const PER_MOMENT = 0.45;

const RECEIVER_FAULTS: readonly ReceiverFault[] = [
  'refuse next',
  'refuse each once',
  'too many requests',
  'refuse some subjects',
  'gone',
  'hang',
  'down',
  'cut after storing',
  'slow',
  'heal',
  'heal',
];

/** Mostly none or one; now and then two at the same moment. */
export function faultsOf(dice: Dice): Fault[] {
  const found: Fault[] = [];
  while (dice.chance(PER_MOMENT) && found.length < 3) found.push(fault(dice));
  return found;
}

function fault(dice: Dice): Fault {
  const chance = dice.next();
  if (chance < 0.3) return { what: 'receiver', receiver: dice.between(0, RECEIVERS - 1), does: dice.pick(RECEIVER_FAULTS) };
  if (chance < 0.42) return { what: 'clock', ms: dice.between(-6 * HOUR_MS, 6 * HOUR_MS) };
  if (chance < 0.54) return { what: 'kill at point', n: dice.between(1, LAST_HIT) };
  if (chance < 0.62) return { what: 'kill at packet', n: dice.between(1, LAST_PACKET) };
  if (chance < 0.7) return { what: 'cut', n: dice.between(1, LAST_PACKET) };
  if (chance < 0.75) return { what: 'terminate' };
  if (chance < 0.8) return { what: 'freeze', n: dice.between(1, LAST_PACKET) };
  if (chance < 0.87) return { what: 'wake' };
  if (chance < 0.93) return { what: 'another house' };
  if (chance < 0.95) return { what: 'stop' };
  return { what: 'expire lease' };
}
