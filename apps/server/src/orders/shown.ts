/** Who reads a person's own words on a hold: they lie in the sealed bundle, and everywhere else their place is taken by a mask. */
import type { StateHold } from '@weir/contract';

const MASK = '***';
/** Stands in facts and events in the place of what a person wrote. */
export const OWN_WORDS = 'hold.own_words';

type Words = Readonly<Record<string, string>>;
/** `words`: what the reader may see. */
export const holdsWith = (words: Words, holds: readonly StateHold[]): StateHold[] =>
  holds.map((hold) =>
    hold.kind === 'person' ? { ...hold, why: (Object.hasOwn(words, hold.id) ? words[hold.id] : undefined) ?? MASK } : hold,
  );

/** The holds as the outside sees them: who placed them and why stays in the house. */
export const holdsForOutside = (holds: readonly StateHold[]): StateHold[] => holdsWith({}, holds).map(({ who: _, ...hold }) => hold);
