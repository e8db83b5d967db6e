/** What happens in one world, written down before it begins: a pure function of the seed. */
import { createDice, type Dice } from '@weir/sandbox';
import { PLATFORMS } from '@weir/sandbox/stand';
import { CHANNEL, type Life, live, SHOPS } from './lives.ts';
import { type Fault, faultsOf } from './faults.ts';
import { type PlatformMoment, platformMoment } from './platform-script.ts';
import { CANARY, CANARY_PHONE, plantReceiver, type Telling } from './telling.ts';

/** Every act may be tried again until it is answered; `key` is its Idempotency-Key over all tries. `door` says which living house is asked. */
export type Act = { readonly door: number } /** `reuse`: once it is answered, that telling is tried under the same key. */ & (
  | { readonly do: 'tell'; readonly telling: number; readonly key?: string; readonly atOnce: number; readonly reuse?: number }
  /** Tellings in one NDJSON stream. */
  | { readonly do: 'import'; readonly tellings: readonly number[] }
  | {
      readonly do: 'step';
      readonly order: number;
      readonly verb: Verb;
      readonly body: object;
      readonly key: string;
      readonly isMatched: boolean;
    }
  | { readonly do: 'review'; readonly order: number; readonly how: Judgement; readonly key: string }
  /** What is no order at all. */
  | { readonly do: 'nonsense'; readonly body: string }
);
export type Verb = 'hold' | 'release' | 'cancel' | 'changeAddress' | 'move';
export type Judgement = 'release' | 'fix' | 'reject';
export interface Moment {
  /** Simulated time that passes before it. */
  readonly passMs: number;
  readonly faults: readonly Fault[];
  /** All at once. */
  readonly acts: readonly Act[];
  /** One for each platform of the sandbox, in its order. */
  readonly platforms: readonly PlatformMoment[];
}
export interface Script {
  readonly seed: number;
  readonly lives: readonly Life[];
  readonly tellings: readonly Telling[];
  readonly moments: readonly Moment[];
}

/** Each platform has dice of its own. */
const PLATFORM = 0x5a17;
const FEWEST_ORDERS = 20;
const MOST_ORDERS = 60;
const LEAST_ACTS = 6;
const MOST_ACTS = 26;
const MOST_PASS_MS = 90_000;
const TWICE = 0.15;
const KEYED = 0.35;
const IMPORTED = 0.2;
const REUSED = 0.15;

export function writeScript(seed: number): Script {
  const dice = createDice(seed);
  const platformDice = PLATFORMS.map((_, nth) => createDice((seed ^ PLATFORM) + nth));
  const lived = Array.from({ length: dice.between(FEWEST_ORDERS, MOST_ORDERS) }, (_, order) => live(dice, order));
  const tellings = lived.flatMap((each) => each.tellings);
  const lives = lived.map((each) => each.life);
  const waves = cut(dice, mixed(dice, tellings));
  const moments = waves.map((wave, n): Moment => {
    const before = new Set(
      waves
        .slice(0, n)
        .flat()
        .map((telling) => (tellings[telling] as Telling).order),
    );
    return {
      passMs: dice.between(1, MOST_PASS_MS),
      faults: faultsOf(dice),
      acts: [...tell(dice, wave, tellings, n), ...ask(dice, lives, before, n)],
      platforms: platformDice.map((each) => platformMoment(each)),
    };
  });
  return { seed, lives, tellings, moments };
}

/** Indexes in the order of sending: each order's messages overtake each other within a window, or wildly; some come again much later. */
function mixed(dice: Dice, tellings: readonly Telling[]): number[] {
  const window = dice.pick([3, 10, 40, tellings.length]);
  const chronological = tellings.map((_, i) => i).sort((a, b) => (tellings[a] as Telling).at - (tellings[b] as Telling).at);
  const placed = chronological.map((telling, place) => ({ telling, place: place + dice.next() * window }));
  const again = placed
    .filter(() => dice.chance(TWICE))
    .map(({ telling, place }) => ({ telling, place: place + dice.next() * tellings.length }));
  return [...placed, ...again].sort((a, b) => a.place - b.place).map(({ telling }) => telling);
}

function cut(dice: Dice, sending: readonly number[]): number[][] {
  const waves: number[][] = [];
  for (let from = 0; from < sending.length; ) {
    const to = from + dice.between(LEAST_ACTS, MOST_ACTS);
    waves.push(sending.slice(from, to));
    from = to;
  }
  return waves;
}

function tell(dice: Dice, wave: readonly number[], tellings: readonly Telling[], n: number): Act[] {
  const isImported = dice.chance(IMPORTED);
  const inStream = isImported ? wave.filter(() => dice.chance(0.6)) : [];
  const pushed = wave.filter((telling) => !inStream.includes(telling));
  const acts = pushed.map((telling, i): Act => {
    const act = { do: 'tell', telling, atOnce: dice.chance(TWICE) ? 2 : 1, door: dice.between(0, 9) } as const;
    if (!dice.chance(KEYED)) return act;
    const other = dice.between(0, tellings.length - 1);
    return { ...act, key: `tell-${n}-${i}`, ...(other !== telling && dice.chance(REUSED) ? { reuse: other } : {}) };
  });
  return inStream.length > 0 ? [...acts, { do: 'import', tellings: inStream, door: dice.between(0, 9) }] : acts;
}

/** What people ask in this moment: at most one step or judgement per order, so that it is known which came first. */
function ask(dice: Dice, lives: readonly Life[], before: ReadonlySet<number>, n: number): Act[] {
  const acts = [...before].flatMap((order): Act[] => {
    const [key, door] = [`ask-${n}-${order}`, dice.between(0, 9)];
    const life = lives[order] as Life;
    if (dice.chance(0.04)) return [{ do: 'review', order, how: dice.pick(['release', 'fix', 'fix', 'reject']), key, door }];
    return life.isOurs && dice.chance(0.08)
      ? [{ do: 'step', order, key, door, isMatched: dice.chance(0.3), ...step(dice, life, `${n}-${order}`) }]
      : [];
  });
  return dice.chance(0.3) ? [...acts, { do: 'nonsense', body: nonsense(dice), door: dice.between(0, 9) }] : acts;
}

function step(dice: Dice, life: Life, tag: string): { verb: Verb; body: object } {
  const verb = dice.pick<Verb>(['hold', 'hold', 'release', 'cancel', 'changeAddress', 'changeAddress', 'move', 'move', 'move', 'move']);
  switch (verb) {
    case 'hold':
      return { verb, body: { why: `asked by the warehouse ${tag}` } }; // the very same words twice are one hold
    case 'changeAddress':
      return {
        verb,
        body: {
          receiver: plantReceiver({
            name: '丁',
            phone: '13900001234',
            province: '浙江省',
            city: '杭州市',
            district: `西湖区 ${tag}`,
            detail: tag,
          }),
        },
      };
    case 'move': {
      const lines = dice.chance(0.5) ? life.lineIds : [dice.pick(life.lineIds)];
      return { verb, body: { to: dice.pick(['allocated', 'allocated', 'picked', 'packed', 'shipped']), lines } };
    }
    case 'cancel':
    case 'release':
      return { verb, body: {} };
  }
}

const DEEP = 20_000;
const nonsense = (dice: Dice): string =>
  dice.pick([
    '{',
    '[]',
    'null',
    `"${CANARY}"`,
    JSON.stringify({ schema: 1, channel: CHANNEL, shop: SHOPS[0], channelOrderId: { phone: `${CANARY_PHONE}0001` } }),
    JSON.stringify({ schema: 1, channel: 'OWN!', shop: SHOPS[0], channelOrderId: '1', remark: `${CANARY} x` }),
    JSON.stringify({ channel: CHANNEL, shop: SHOPS[0], channelOrderId: '1\u0000', receiver: { name: `${CANARY} y` } }),
    '['.repeat(DEEP),
  ]);
