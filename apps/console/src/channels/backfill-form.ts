/** A range of days that a person asks for; times are those of +08:00, as everywhere on the screen. Pure. */
import { chinaClock } from '../shared/time.ts';

const DAY_MS = 86_400_000;
const MINUTES_LENGTH = 16;
const FIRST_DAYS = 7;

export interface BackfillForm {
  /** As the browser gives it: 2026-02-20T20:00 or with seconds. */
  readonly from: string;
  readonly to: string;
}
const fieldText = (ms: number): string => {
  const { date, minute } = chinaClock(ms);
  return `${date}T${minute}`;
};
/** The last week, or as far as the platform reaches. */
export const firstForm = (now: number, days: number): BackfillForm => ({
  from: fieldText(now - Math.min(FIRST_DAYS, days) * DAY_MS + 60_000),
  to: fieldText(now),
});
const instantOf = (text: string): string => `${text}${text.length === MINUTES_LENGTH ? ':00' : ''}+08:00`;

/** Null while it cannot be: the platform tells nothing that is older than `days`. */
export function rangeOf({ from, to }: BackfillForm, now: number, days: number): { readonly from: string; readonly to: string } | null {
  const range = { from: instantOf(from), to: instantOf(to) };
  const [start, end] = [Date.parse(range.from), Date.parse(range.to)];
  return start < end && start < now && start >= now - days * DAY_MS ? range : null;
}
