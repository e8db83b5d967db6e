/** Messages of the simulated platform on their way to the seller's address, over a road that may double, delay, swap and lose them. */
import type { SandboxClock } from '../clock.ts';
import { createPost, type PostCounts } from '../post.ts';
import type { Dice } from '../random.ts';
import type { Outgoing } from '../send.ts';
import { eventSign } from './check-call.ts';
import type { DouyinMisbehaviour } from './misbehaviour.ts';

/** No source says when the platform repeats what was not answered as it wants; these waits are ours. */
const REPEAT_AFTER_MS = [10_000, 60_000, 300_000, 900_000, 3_600_000] as const;
const MAX_MESSAGES_PER_PUSH = 10;
/** With nobody to take them the oldest messages are given up. */
const MAX_WAITING = 10_000;
const ANSWER_TIMEOUT_MS = 10_000;

export interface Message {
  readonly tag: number;
  readonly id: string;
  readonly orderId: string;
  readonly at: number;
  readonly data: string;
}
export interface MailboxDeps {
  readonly app: { readonly key: string; readonly secret: string };
  readonly url: () => string | null;
  readonly clock: SandboxClock;
  readonly dice: Dice;
  readonly fetch: typeof fetch;
  readonly rates: () => DouyinMisbehaviour;
  readonly onPush?: (push: SentPush) => void;
}
/** One push, and what came back; `status` null: no answer. */
export interface SentPush {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number | null;
  readonly answer: string;
}
export interface Mailbox {
  readonly counts: PostCounts & { delivered: number; refused: number; givenUp: number };
  hand(message: Message): void;
  /** Sends what is due by now; the number of pushes that were answered as the platform wants. */
  deliver(): Promise<number>;
  /** Everything that is held back becomes due. Lost messages stay lost: that is what pulling is for. */
  release(): void;
  /** Messages that still wait. */
  waiting(): number;
}

interface Waiting {
  readonly outgoing: Outgoing;
  dueAt: number;
  tries: number;
}

export function createMailbox({ app, url, clock, dice, fetch, rates, onPush }: MailboxDeps): Mailbox {
  const post = createPost(dice, clock);
  let queue: Waiting[] = [];
  const counts = Object.assign(post.counts, { delivered: 0, refused: 0, givenUp: 0 });
  function take(sent: readonly Outgoing[]): void {
    queue.push(...sent.map((outgoing) => ({ outgoing, dueAt: 0, tries: 0 })));
    if (queue.length <= MAX_WAITING) return;
    counts.givenUp += queue.length - MAX_WAITING;
    queue = queue.slice(-MAX_WAITING);
  }

  async function send(batch: readonly Waiting[], address: string): Promise<boolean> {
    const body = `[${batch.map(({ outgoing }) => outgoing.body).join(',')}]`;
    const headers = { 'content-type': 'application/json', 'app-id': app.key, 'event-sign': eventSign(app, body) };
    const { status, answer } = await answerOf(fetch, address, { method: 'POST', headers, body });
    onPush?.({ url: address, headers, body, status, answer });
    return status === 200 && codeIn(answer) === 0;
  }

  function again(each: Waiting): Waiting[] {
    const wait = REPEAT_AFTER_MS[each.tries];
    if (wait === undefined) counts.givenUp += 1;
    return wait === undefined ? [] : [{ ...each, tries: each.tries + 1, dueAt: clock.now() + wait }];
  }

  return {
    counts,
    hand: ({ tag, id, orderId, at, data }) =>
      take(
        post.hand(
          { channelOrderId: orderId, modifiedAt: at, idempotencyKey: id, body: JSON.stringify({ tag: String(tag), msg_id: id, data }) },
          { ...rates(), blocked: 0 },
        ),
      ),
    async deliver() {
      const address = url();
      take(post.due());
      const due = queue.filter((each) => each.dueAt <= clock.now());
      if (address === null || due.length === 0) return 0;
      queue = queue.filter((each) => !due.includes(each));
      let answered = 0;
      for (let from = 0, size = 1; from < due.length; from += size) {
        size = dice.between(1, MAX_MESSAGES_PER_PUSH);
        const batch = due.slice(from, from + size);
        if (await send(batch, address)) {
          answered += 1;
          counts.delivered += batch.length;
        } else {
          counts.refused += batch.length;
          queue.push(...batch.flatMap(again));
        }
      }
      return answered;
    },
    release() {
      take(post.flush());
      for (const each of queue) each.dueAt = 0;
    },
    waiting: () => queue.length,
  };
}

async function answerOf(send: typeof fetch, address: string, init: RequestInit): Promise<{ status: number | null; answer: string }> {
  try {
    const response = await send(address, { ...init, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return { status: response.status, answer: await response.text() };
  } catch {
    return { status: null, answer: '' };
  }
}

function codeIn(answer: string): unknown {
  try {
    return (JSON.parse(answer) as { code?: unknown } | null)?.code;
  } catch {
    return undefined;
  }
}
