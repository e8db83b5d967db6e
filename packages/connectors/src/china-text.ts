/** Times that a Chinese platform writes as Beijing text without a zone: "2026-02-22 09:01:05". */
import { chinaTime } from './china-time.ts';

const PATTERN = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/;

/** Seconds since 1970; null for anything that is no such text, or no day of the calendar. */
export function secondsOfChinaText(text: string): number | null {
  const [, day, time] = PATTERN.exec(text) ?? [];
  if (day === undefined || time === undefined) return null;
  const ms = Date.parse(`${day}T${time}+08:00`);
  // 30 February is read as 2 March by Date.
  return Number.isFinite(ms) && ms >= 0 && chinaTime(ms / 1_000) === `${day}T${time}+08:00` ? ms / 1_000 : null;
}
