/** What people do at a simulated platform in one moment, and how badly the platform behaves meanwhile. A pure function of the dice. */
import type { Dice } from '@weir/sandbox';
import type { MarketMisbehaviour, Placing } from '@weir/sandbox/market';

/** `nth` of what there is by then, counted round and round; a deed that is not possible then is not done. */
export type Deed =
  | { readonly what: 'place'; readonly placing: Placing }
  | {
      readonly what: 'pay deposit' | 'pay' | 'pay under check' | 'release' | 'cancel' | 'move house' | 'ask to move' | 'finish';
      readonly nth: number;
    }
  /** Somebody ships on the platform's own pages, or writes a note there. */
  | { readonly what: 'ship there' | 'write a note'; readonly nth: number }
  /** The same of one line; or the seller closes it before it is paid. */
  | { readonly what: 'ship a line there' | 'close a line'; readonly nth: number; readonly line: number }
  /** We report that parcels left: everything that has not, or one piece of a line; or of what we reported last another number or carrier, or a piece of another line in it. */
  | { readonly what: 'we ship' | 'we ship a piece' | 'we add a line' | 'we correct' | 'we correct the carrier'; readonly nth: number }
  /** A person of ours holds the order back, or lets it go again, also what a buyer's wish holds. */
  | { readonly what: 'we hold' | 'we let go'; readonly nth: number }
  /** A person of ours puts another address in the place of the one that is known. */
  | { readonly what: 'we readdress'; readonly nth: number }
  /** The seller takes something off a line before it is paid. */
  | { readonly what: 'change a price'; readonly nth: number; readonly line: number; readonly fen: number }
  /** Of a line; so many fen of it, else all. */
  | { readonly what: 'ask a refund'; readonly nth: number; readonly line: number; readonly fen: number | null }
  | { readonly what: 'agree' | 'pay back' | 'withdraw' | 'refuse'; readonly nth: number }
  | { readonly what: 'complain' | 'be content'; readonly nth: number };
export interface PlatformMoment {
  readonly deeds: readonly Deed[];
  readonly rates: Partial<MarketMisbehaviour>;
  /** Which of the living houses gets the pushes. */
  readonly door: number;
}

const MOST_DEEDS = 15;
const NTH = 60;
const MOST_LINES = 3;
const PRESALES = 0.15;
const PARTS = 0.4;
const MOST_FEN = 3_000;
const CALM = 0.4;
const LONGEST_DELAY_MS = 180_000;
/** Further off, the platform refuses every call. */
const MOST_SKEW_MS = 240_000;
/** Weighted by how often they stand here: most of what is placed is paid. */
export const DEEDS: readonly Deed['what'][] = [
  'place',
  'place',
  'place',
  'pay deposit',
  'pay',
  'pay',
  'pay',
  'pay under check',
  'release',
  'cancel',
  'move house',
  'ask to move',
  'ask a refund',
  'ask a refund',
  'agree',
  'pay back',
  'complain',
  'be content',
  'close a line',
  'change a price',
  'withdraw',
  'refuse',
  'finish',
  'ship there',
  'ship a line there',
  'write a note',
  'we ship',
  'we ship',
  'we ship a piece',
  'we ship a piece',
  'we add a line',
  'we correct',
  'we correct the carrier',
  'we hold',
  'we let go',
  'we readdress',
  'we readdress',
];

export function platformMoment(dice: Dice): PlatformMoment {
  return {
    deeds: Array.from({ length: dice.between(0, MOST_DEEDS) }, () => deed(dice)),
    rates: dice.chance(CALM) ? {} : rates(dice),
    door: dice.between(0, 9),
  };
}

function deed(dice: Dice): Deed {
  const what = dice.pick(DEEDS);
  if (what === 'place')
    return { what, placing: { promotion: dice.pick(['none', 'told', 'untold'] as const), isPresale: dice.chance(PRESALES) } };
  const nth = dice.between(0, NTH);
  if (what === 'ship a line there' || what === 'close a line') return { what, nth, line: dice.between(1, MOST_LINES) };
  if (what === 'change a price') return { what, nth, line: dice.between(1, MOST_LINES), fen: dice.between(0, MOST_FEN) };
  if (what !== 'ask a refund') return { what, nth };
  return { what, nth, line: dice.between(1, MOST_LINES), fen: dice.chance(PARTS) ? dice.between(1, MOST_FEN) : null };
}

const rates = (dice: Dice): PlatformMoment['rates'] => ({
  duplicates: dice.pick([0, 0.3]),
  reorder: dice.pick([0, 0.3]),
  delayMs: dice.pick([0, LONGEST_DELAY_MS]),
  lost: dice.pick([0, 0.2, 1]),
  throttled: dice.pick([0, 0.2]),
  serverErrors: dice.pick([0, 0.2, 0.9]),
  lostAnswers: dice.pick([0, 0.15]),
  tokenExpiry: dice.pick([0, 0.1]),
  pagingDrift: dice.pick([0, 0.4]),
  clockSkewMs: dice.pick([0, 0, MOST_SKEW_MS, -MOST_SKEW_MS]),
});
