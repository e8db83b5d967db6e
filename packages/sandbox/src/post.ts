/** The road between shop and Weir, which may double, delay, swap and lose what is sent. Bounded: so many in flight and no more. */
import type { SandboxClock } from './clock.ts';
import type { Dice } from './random.ts';
import type { Outgoing } from './send.ts';

/** All rates from 0 to 1. */
export interface Misbehaviour {
  /** The same bytes twice, under the same or another Idempotency-Key. */
  readonly duplicates: number;
  /** Overtaken by what comes after it. */
  readonly reorder: number;
  /** Sent this much later at most. */
  readonly delayMs: number;
  /** Never sent; a later message of the order, or `settle()`, makes up for it. */
  readonly lost: number;
  /** A sum that is one fen off; corrected by a later message. */
  readonly blocked: number;
}
export const WELL_BEHAVED: Misbehaviour = { duplicates: 0, reorder: 0, delayMs: 0, lost: 0, blocked: 0 };

export interface PostCounts {
  duplicated: number;
  reordered: number;
  delayed: number;
  lost: number;
}

const MAX_STEPS_OVERTAKEN = 4;
/** Above this nothing new is held back. */
const MAX_HELD_BACK = 10_000;

export interface Post {
  /** Takes a message and returns what is to be sent now: perhaps nothing, perhaps others too. */
  hand(outgoing: Outgoing, rates: Misbehaviour): Outgoing[];
  /** What has become due by now without anything new. */
  due(): Outgoing[];
  /** Everything that is still held back, in the order in which it was handed in. */
  flush(): Outgoing[];
  readonly counts: PostCounts;
}

interface HeldBack {
  readonly outgoing: Outgoing;
  /** Due at this time or, when it waits to be overtaken, after so many more messages. */
  readonly dueAt: number;
  messagesToGo: number;
}

export function createPost(dice: Dice, clock: Pick<SandboxClock, 'now'>): Post {
  let held: HeldBack[] = [];
  const counts: PostCounts = { duplicated: 0, reordered: 0, delayed: 0, lost: 0 };
  const due = (): Outgoing[] => {
    const now = clock.now();
    const leaving = held.filter((each) => each.dueAt <= now && each.messagesToGo <= 0);
    if (leaving.length > 0) held = held.filter((each) => !leaving.includes(each));
    return leaving.map((each) => each.outgoing);
  };
  const dispatch = (outgoing: Outgoing, rates: Misbehaviour): Outgoing[] => {
    if (held.length >= MAX_HELD_BACK) return [outgoing];
    if (dice.chance(rates.reorder)) {
      counts.reordered += 1;
      held.push({ outgoing, dueAt: 0, messagesToGo: dice.between(1, MAX_STEPS_OVERTAKEN) });
      return [];
    }
    if (rates.delayMs <= 0) return [outgoing];
    counts.delayed += 1;
    held.push({ outgoing, dueAt: clock.now() + dice.between(0, rates.delayMs), messagesToGo: 0 });
    return [];
  };
  return {
    counts,
    due,
    hand(outgoing, rates) {
      for (const each of held) each.messagesToGo -= 1;
      const before = due();
      if (dice.chance(rates.lost)) {
        counts.lost += 1;
        return before;
      }
      const sent = dispatch(outgoing, rates);
      if (!dice.chance(rates.duplicates)) return [...sent, ...before];
      counts.duplicated += 1;
      const again = dice.chance(0.5) ? outgoing : { ...outgoing, idempotencyKey: `${outgoing.idempotencyKey}-again` };
      return [...sent, ...dispatch(again, rates), ...before];
    },
    flush() {
      const all = held.map((each) => each.outgoing);
      held = [];
      return all;
    },
  };
}
