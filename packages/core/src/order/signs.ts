/** Signs of a channel that an order must wait: heard like any register, but for when they began. */
import { parseInstant } from '../instant.ts';
import type { DoNotShip } from './facts.ts';
import { hear, type Register, sameValue } from './register.ts';

type Signs = readonly DoNotShip[];
const withoutSince = (signs: Signs): unknown => signs.map(({ since: _, ...sign }) => sign);
const earlier = (a: string, b: string): string => {
  const [first, second] = [parseInstant(a) ?? 0, parseInstant(b) ?? 0];
  return first < second || (first === second && a < b) ? a : b;
};
const joined = (a: Signs, b: Signs): Signs => a.map((sign, i) => ({ ...sign, since: earlier(sign.since, b[i]?.since ?? sign.since) }));

/**
 * Two words of one moment may name the same signs and differ in how long they were known to have been there (one knew the after-sale itself,
 * the other only saw it at the line). That is no conflict: the earliest time stays.
 */
export function hearSigns(register: Register<Signs> | undefined, at: number, rank: number, value: Signs): Register<Signs> {
  if (register === undefined || register.at !== at || register.rank !== rank) return hear(register, at, rank, value);
  const known = [register.value, ...(register.rivals ?? [])];
  const place = known.findIndex((each) => sameValue(withoutSince(each), withoutSince(value)));
  if (place < 0) return hear(register, at, rank, value);
  const together = joined(known[place] as Signs, value);
  if (sameValue(together, known[place])) return register;
  const [first, ...rivals] = known.with(place, together).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return { at, rank, value: first as Signs, ...(rivals.length > 0 ? { rivals } : {}) };
}
