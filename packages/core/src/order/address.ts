/** Where the parcel goes: what was told of it, unless a person put another address in the place of just that one. */
import type { CorrectedAddress, OrderFacts } from './facts.ts';

/**
 * A keyed fingerprint, null when the address was taken away, undefined when none is known. A person's address stands while those who told of the order only
 * repeat what she replaced, however new their word is; it gives way to a newer one that says something else.
 */
export function addressOf({ content, corrected }: OrderFacts): string | null | undefined {
  const told = content.address;
  if (corrected === undefined) return told?.value;
  return told === undefined || told.at <= corrected.at || told.value === corrected.over ? corrected.value : told.value;
}

export const isCorrected = (facts: OrderFacts): boolean => facts.corrected !== undefined && addressOf(facts) === facts.corrected.value;

/** The newest correction; of two at one time the one that reads first, so that the order of arrival does not show. */
export function hearCorrection(before: CorrectedAddress | undefined, said: CorrectedAddress): CorrectedAddress {
  if (before === undefined || said.at > before.at) return said;
  return said.at === before.at && textOf(said) < textOf(before) ? said : before;
}
const textOf = ({ value, over }: CorrectedAddress): string => JSON.stringify([value, over]);
