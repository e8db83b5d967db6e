/** What a person fills in becomes a wish. Times are those of +08:00, as everywhere on the screen. Pure. */
import type { ReplayWish } from '../api/types.ts';

export const KINDS = ['paid', 'change', 'keys'] as const;
export type Kind = (typeof KINDS)[number];
export interface ReplayForm {
  readonly kind: Kind;
  /** As the browser gives it: 2026-02-20T20:00 or with seconds. */
  readonly from: string;
  readonly to: string;
  readonly keys: string;
  readonly perSecond: string;
}
export const EMPTY_FORM: ReplayForm = { kind: 'paid', from: '', to: '', keys: '', perSecond: '50' };
const MINUTES_LENGTH = 16;
const MOST_PER_SECOND = 1_000;
const CHINA = '+08:00';

const instantOf = (text: string): string => `${text}${text.length === MINUTES_LENGTH ? ':00' : ''}${CHINA}`;

/** Null while something is missing or cannot be. */
export function wishOf({ kind, from, to, keys, perSecond }: ReplayForm): ReplayWish | null {
  const pace = Number(perSecond);
  if (!Number.isInteger(pace) || pace < 1 || pace > MOST_PER_SECOND) return null;
  if (kind === 'keys') {
    const found = [...new Set(keys.split(/[\s,，;；]+/).filter((key) => key !== ''))];
    return found.length === 0 ? null : { keys: found, perSecond: pace };
  }
  const [start, end] = [instantOf(from), instantOf(to)];
  if (!(Date.parse(start) < Date.parse(end))) return null;
  return kind === 'paid'
    ? { query: { paidFrom: start, paidTo: end }, perSecond: pace }
    : { range: { from: start, to: end }, perSecond: pace };
}
