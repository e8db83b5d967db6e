/** A shop that does not exist: it sells, changes its mind, ships and refunds, and tells Weir over the neutral API, well or badly. */
import { realClock, type SandboxClock } from './clock.ts';
import { createPost, type Misbehaviour, type PostCounts, WELL_BEHAVED } from './post.ts';
import { createDice } from './random.ts';
import { type Answer, type Outgoing, send } from './send.ts';
import type { OrderTruth } from './sim-order.ts';
import { type Acknowledged, createWorld, type World } from './world.ts';

export interface ShopOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly channel: string;
  readonly shop: string;
  readonly seed: number;
  readonly ratePerSecond: number;
  readonly clock?: SandboxClock;
  readonly fetch?: typeof fetch;
  readonly misbehave?: Partial<Misbehaviour>;
  /** So many orders are remembered, 100,000 unless said. */
  readonly remember?: number;
  /** Told of every answer, e.g. to write down what was acknowledged. */
  readonly onAnswer?: (outgoing: Outgoing, answer: Answer) => void;
}

export interface ShopStats extends PostCounts {
  readonly orders: number;
  readonly messages: number;
  readonly blocked: number;
  readonly accepted: number;
  readonly refused: number;
  readonly unsent: number;
  readonly retries: number;
  /** What Weir answered: created, changed, unchanged, needs_review, accepted (202). */
  readonly results: Readonly<Record<string, number>>;
  /** The newest refusal or reason for not sending, to be shown to a person. */
  readonly lastTrouble: string | null;
}

export interface Shop {
  /** Begins to live at `ratePerSecond` and returns at once. */
  start(): void;
  /** Lives no further. Requests under way end; what waits for another try stays unsent (`settle` sends it). */
  stop(): Promise<void>;
  /** One change of the world, sent and answered. For tests: no timer runs. */
  step(): Promise<void>;
  /** Sends what was held back, corrects what is blocked, tells again what was lost. Returns how many orders Weir has still not heard of in full; 0 = settled. */
  settle(): Promise<number>;
  misbehave(rates: Partial<Misbehaviour>): void;
  /** What each order should be, by channelOrderId. While `isBlocked`, Weir holds the order and still shows what it knew before. */
  truth(): Map<string, OrderTruth>;
  /** The newest change of each order that Weir said yes to. */
  acknowledged(): ReadonlyMap<string, Acknowledged>;
  stats(): ShopStats;
}

const MAX_IN_FLIGHT = 32;
/** At most so many steps are made up for after a pause of the machine. */
const MAX_BURST = 50;
const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
const SETTLE_ROUNDS = 3;

export function createShop(options: ShopOptions): Shop {
  const { clock = realClock } = options;
  const world = createWorld(options, createDice(options.seed), clock);
  const post = createPost(createDice(options.seed ^ 0x5bd1e995), clock);
  const sender = createSender(options, clock, world);
  let rates: Misbehaviour = { ...WELL_BEHAVED, ...options.misbehave };
  let loop: Promise<void> | null = null;

  const advance = (): Outgoing[] => {
    const outgoing = world.change(rates.blocked);
    return outgoing === null ? post.due() : post.hand(outgoing, rates);
  };
  const live = async (signal: AbortSignal): Promise<void> => {
    const startedAt = clock.now();
    const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, 1_000 / options.ratePerSecond));
    for (let made = 0; !signal.aborted; await clock.sleep(pauseMs, signal)) {
      const wanted = Math.floor(((clock.now() - startedAt) * options.ratePerSecond) / 1_000);
      for (made = Math.max(made, wanted - MAX_BURST); made < wanted && sender.hasRoom(); made++)
        for (const outgoing of advance()) void sender.send(outgoing);
    }
  };

  return {
    start() {
      loop ??= live(sender.signal());
    },
    async stop() {
      await sender.halt(() => loop);
      loop = null;
    },
    step: () => sender.sendAll(advance()),
    async settle() {
      await sender.idle();
      await sender.sendAll(post.flush());
      for (let round = 0; round < SETTLE_ROUNDS && world.behind() > 0; round++) await sender.sendAll(world.tellAgain());
      return world.behind();
    },
    misbehave(next) {
      rates = { ...rates, ...next };
    },
    truth: world.truth,
    acknowledged: () => world.acknowledged,
    stats: () => ({ ...world.counts, ...post.counts, ...sender.stats() }),
  };
}

type SenderStats = Pick<ShopStats, 'accepted' | 'refused' | 'unsent' | 'retries' | 'results' | 'lastTrouble'>;

/** Messages of one order go one after the other, those of different orders at the same time, and never too many of them. */
function createSender(options: ShopOptions, clock: SandboxClock, world: World) {
  const jitter = createDice(options.seed ^ 0x27d4eb2f);
  const counts = { accepted: 0, refused: 0, unsent: 0, retries: 0 };
  const results: Record<string, number> = {};
  const queues = new Map<string, Promise<void>>();
  let lastTrouble: string | null = null;
  let inFlight = 0;
  let stopping = new AbortController();

  const note = (outgoing: Outgoing, answer: Answer): void => {
    counts[answer.kind] += 1;
    if (answer.kind === 'accepted') {
      results[answer.result] = (results[answer.result] ?? 0) + 1;
      world.acknowledge(outgoing, answer.orderKey);
    } else lastTrouble = answer.kind === 'refused' ? `HTTP ${answer.status} ${answer.body}` : answer.reason;
    options.onAnswer?.(outgoing, answer);
  };
  const sendNow = async (outgoing: Outgoing): Promise<void> => {
    const deps = {
      url: new URL('/v1/orders', options.baseUrl).href,
      token: options.token,
      clock,
      fetch: options.fetch ?? globalThis.fetch,
    };
    note(
      outgoing,
      await send(outgoing, { ...deps, jitter: jitter.next, signal: stopping.signal, onRetry: () => void (counts.retries += 1) }),
    );
  };
  const enqueue = (outgoing: Outgoing): Promise<void> => {
    const { channelOrderId } = outgoing;
    inFlight += 1;
    const mine = (queues.get(channelOrderId) ?? Promise.resolve())
      .then(() => sendNow(outgoing))
      .finally(() => {
        inFlight -= 1;
        if (queues.get(channelOrderId) === mine) queues.delete(channelOrderId);
      });
    queues.set(channelOrderId, mine);
    return mine;
  };
  const idle = async (): Promise<void> => void (await Promise.all(queues.values()));

  return {
    send: enqueue,
    idle,
    hasRoom: () => inFlight < MAX_IN_FLIGHT,
    signal: () => stopping.signal,
    async sendAll(messages: readonly Outgoing[]): Promise<void> {
      for (let from = 0; from < messages.length; from += MAX_IN_FLIGHT)
        await Promise.all(messages.slice(from, from + MAX_IN_FLIGHT).map(enqueue));
    },
    async halt(alsoAwait: () => Promise<void> | null): Promise<void> {
      stopping.abort();
      await alsoAwait();
      await idle();
      stopping = new AbortController();
    },
    stats: (): SenderStats => ({ ...counts, results: { ...results }, lastTrouble }),
  };
}
