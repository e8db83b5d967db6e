/** Instants as people read them. The business day is that of +08:00, wherever the browser stands. Pure: now is an argument. */
import type { Words } from '../words/words.ts';

const CHINA_MS = 8 * 3_600_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const JUST_NOW_MS = 3 * SECOND;
/** Less than this before a deadline it is shown as near. */
const NEAR_MS = 4 * HOUR;

const two = (n: number): string => String(n).padStart(2, '0');

export interface ClockText {
  /** "2026-02-22" */
  readonly date: string;
  /** "02-22" */
  readonly day: string;
  /** "03:15:20" */
  readonly time: string;
  /** "03:15" */
  readonly minute: string;
}
export function chinaClock(ms: number): ClockText {
  const at = new Date(ms + CHINA_MS);
  const day = `${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  const minute = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  return { date: `${at.getUTCFullYear()}-${day}`, day, minute, time: `${minute}:${two(at.getUTCSeconds())}` };
}

/** Exact, for a hover: "2026-02-22 03:15:20 +08:00". */
export function exactText(ms: number): string {
  const { date, time } = chinaClock(ms);
  return `${date} ${time} +08:00`;
}

/** Never a bare date where the hour matters: today "03:15:20", else "02-21 18:00". */
export function shortText(ms: number, now: number): string {
  const clock = chinaClock(ms);
  if (clock.date === chinaClock(now).date) return clock.time;
  return clock.date.slice(0, 4) === chinaClock(now).date.slice(0, 4) ? `${clock.day} ${clock.minute}` : `${clock.date} ${clock.minute}`;
}

/** As it stands beside a page that was asked for today: with seconds; of another day with its date, which alone would look like this morning. */
export function asOfText(ms: number, now: number): string {
  const clock = chinaClock(ms);
  return clock.date === chinaClock(now).date ? clock.time : `${clock.day} ${clock.time}`;
}

export const dayStart = (now: number): number => Math.floor((now + CHINA_MS) / DAY) * DAY - CHINA_MS;

/** "3 分钟前", also for what lies ahead. */
export function agoText(ms: number, now: number, { t }: Words): string {
  const age = now - ms;
  if (Math.abs(age) < JUST_NOW_MS) return t('time.now');
  const [ahead, span] = [age < 0, Math.abs(age)];
  if (span < MINUTE) return t(ahead ? 'time.inSeconds' : 'time.seconds', { n: Math.floor(span / SECOND) });
  if (span < HOUR) return t(ahead ? 'time.inMinutes' : 'time.minutes', { n: Math.floor(span / MINUTE) });
  if (span < DAY) return t(ahead ? 'time.inHours' : 'time.hours', { n: Math.floor(span / HOUR) });
  return t(ahead ? 'time.inDays' : 'time.days', { n: Math.floor(span / DAY) });
}

export interface Deadline {
  readonly text: string;
  readonly tone: 'calm' | 'waiting' | 'bad';
}
export function deadlineOf(ms: number, now: number, { t }: Words): Deadline {
  const left = ms - now;
  const span = Math.abs(left);
  const parts = { d: Math.floor(span / DAY), h: Math.floor(span / HOUR), m: Math.floor((span % HOUR) / MINUTE) };
  if (left < 0)
    return { tone: 'bad', text: t(span >= 2 * DAY ? 'time.lateDays' : span >= HOUR ? 'time.lateHours' : 'time.lateMinutes', parts) };
  const text = t(span >= 2 * DAY ? 'time.leftDays' : span >= HOUR ? 'time.leftHours' : 'time.leftMinutes', parts);
  return { tone: left < NEAR_MS ? 'waiting' : 'calm', text };
}

/** A span without direction: "40 s", "3 min", in both languages the same short units. */
export function spanText(ms: number): string {
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  return ms < 2 * DAY ? `${Math.round(ms / HOUR)} h` : `${Math.round(ms / DAY)} d`;
}
