/** Messages of a simulated platform on their way to the seller, over a road that may double, delay, swap and lose them. Three kinds of road end: pushed over HTTP, kept until confirmed, pushed over a socket. */
import type { SandboxClock } from '../clock.ts';
import { createPost, type PostCounts } from '../post.ts';
import type { Dice } from '../random.ts';
import type { Outgoing } from '../send.ts';
import type { MarketMisbehaviour } from './misbehaviour.ts';

/** No source says when platforms repeat what was not answered as they want; these waits are ours. */
const REPEAT_AFTER_MS = [10_000, 60_000, 300_000, 900_000, 3_600_000] as const;
/** With nobody to take them the oldest messages are given up. */
const MAX_WAITING = 10_000;

export interface Message {
  readonly id: string;
  readonly orderId: string;
  /** ms since 1970. */
  readonly at: number;
  /** One message as the platform writes it. */
  readonly body: string;
}
export interface RoadDeps {
  readonly clock: SandboxClock;
  readonly dice: Dice;
  readonly rates: () => MarketMisbehaviour;
}
export interface Mailbox {
  readonly counts: PostCounts & { delivered: number; refused: number; givenUp: number };
  hand(message: Message): void;
  /** Sends what is due by now; how many sendings were taken as the platform wants. */
  deliver(): Promise<number>;
  /** Everything that is held back becomes due. Lost messages stay lost: that is what pulling is for. */
  release(): void;
  /** Messages that still wait. */
  waiting(): number;
}
export interface Waiting {
  readonly outgoing: Outgoing;
  dueAt: number;
  tries: number;
}

/** What leaves together, and whether it was taken; `null`: there is nobody to send to. */
export type Carry = (bodies: readonly string[]) => Promise<boolean> | null;

/** Messages that are sent and, until they are taken, sent again. `mostAtOnce`: messages in one sending. */
export function createMailbox(deps: RoadDeps & { readonly carry: Carry; readonly mostAtOnce: number }): Mailbox {
  const { clock, dice } = deps;
  const road = createRoad(deps);
  function again(each: Waiting): Waiting[] {
    const wait = REPEAT_AFTER_MS[each.tries];
    if (wait === undefined) road.counts.givenUp += 1;
    return wait === undefined ? [] : [{ ...each, tries: each.tries + 1, dueAt: clock.now() + wait }];
  }
  return {
    ...road,
    async deliver() {
      const due = road.takeDue();
      let answered = 0;
      for (let from = 0, size = 1; from < due.length; from += size) {
        size = dice.between(1, deps.mostAtOnce);
        const batch = due.slice(from, from + size);
        const carried = deps.carry(batch.map(({ outgoing }) => outgoing.body));
        if (carried === null) {
          road.putBack(due.slice(from));
          break;
        }
        if (await carried) {
          answered += 1;
          road.counts.delivered += batch.length;
        } else {
          road.counts.refused += batch.length;
          road.putBack(batch.flatMap(again));
        }
      }
      return answered;
    },
  };
}

/** Not confirmed for so long: the message is handed out again. */
const HANDED_OUT_MS = 30_000;

export interface KeptMessages extends Mailbox {
  /** The oldest that may be handed out now, each with the id by which it is confirmed. */
  take(most: number): readonly { readonly id: string; readonly body: string }[];
  confirm(id: string): boolean;
  /** Whoever it was handed to is gone: it may be handed out at once. */
  giveBack(id: string): void;
}
/** Messages that somebody comes and takes; what is not confirmed comes again. `deliver` only brings them to the counter. */
export function createKeptMessages(deps: RoadDeps): KeptMessages {
  const { clock } = deps;
  const road = createRoad(deps);
  const counter = new Map<string, { readonly body: string; readonly id: string; handedUntil: number }>();
  let count = 0;
  const bring = (): void => {
    for (const { outgoing } of road.takeDue()) {
      count += 1;
      // The same message twice has one id, as at the real counters; it lies there twice all the same.
      counter.set(`${count}`, { id: outgoing.idempotencyKey.replace(/-again$/, ''), body: outgoing.body, handedUntil: 0 });
    }
  };
  return {
    ...road,
    async deliver() {
      bring();
      return 0;
    },
    take(most) {
      bring();
      const now = clock.now();
      const handed = [...counter.values()].filter((each) => each.handedUntil <= now).slice(0, most);
      for (const each of handed) each.handedUntil = now + HANDED_OUT_MS;
      return handed;
    },
    confirm(id) {
      const found = [...counter].filter(([, each]) => each.id === id);
      for (const [place] of found) counter.delete(place);
      road.counts.delivered += found.length;
      return found.length > 0;
    },
    giveBack(id) {
      for (const each of counter.values()) if (each.id === id) each.handedUntil = 0;
    },
    release() {
      road.release();
      for (const each of counter.values()) each.handedUntil = 0;
    },
    waiting: () => road.waiting() + counter.size,
  };
}

interface Road extends Omit<Mailbox, 'deliver'> {
  takeDue(): readonly Waiting[];
  putBack(waiting: readonly Waiting[]): void;
}
function createRoad({ clock, dice, rates }: RoadDeps): Road {
  const post = createPost(dice, clock);
  let queue: Waiting[] = [];
  const counts = Object.assign(post.counts, { delivered: 0, refused: 0, givenUp: 0 });
  function take(sent: readonly Outgoing[]): void {
    queue.push(...sent.map((outgoing) => ({ outgoing, dueAt: 0, tries: 0 })));
    if (queue.length <= MAX_WAITING) return;
    counts.givenUp += queue.length - MAX_WAITING;
    queue = queue.slice(-MAX_WAITING);
  }
  return {
    counts,
    hand: ({ id, orderId, at, body }) =>
      take(post.hand({ channelOrderId: orderId, modifiedAt: at, idempotencyKey: id, body }, { ...rates(), blocked: 0 })),
    takeDue() {
      take(post.due());
      const due = queue.filter((each) => each.dueAt <= clock.now());
      queue = queue.filter((each) => !due.includes(each));
      return due;
    },
    putBack: (waiting) => void queue.push(...waiting),
    release() {
      take(post.flush());
      for (const each of queue) each.dueAt = 0;
    },
    waiting: () => queue.length,
  };
}
