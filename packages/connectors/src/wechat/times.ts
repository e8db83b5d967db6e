/** Both kinds of time that WeChat writes: RFC 3339 in payments, seconds since 1970 in shipping. */
import { parseInstant } from '@weir/core';
import type { Fields } from '../fields.ts';

export interface Time {
  /** ms since 1970. */
  readonly at: number;
  readonly text: string;
}

/** Absent is undefined; anything that names no instant is undefined and a problem. */
export function zonedTime(from: Fields, name: string): Time | undefined {
  const text = from.text(name);
  const at = text === undefined ? null : parseInstant(text);
  if (text !== undefined && at !== null) return { at, text };
  if (from.has(name))
    from.complain(name, 'time.not_zoned', 'a time such as 2026-02-22T09:30:25+08:00', '形如 2026-02-22T09:30:25+08:00 的时间');
  return undefined;
}

/** Seconds since 1970 that must be there; a problem when they are not, or are something else. */
export function neededSeconds(from: Fields, name: string): number | undefined {
  const seconds = from.seconds(name);
  if (seconds === undefined && Number(from.text(name) ?? 0) === 0)
    from.complain(name, 'field.missing', 'seconds since 1970', '1970 年以来的秒数');
  return seconds;
}

const OFFSET_MS = 8 * 3_600_000;
/** With milliseconds, as upload_time wants it. */
export const chinaTimeMs = (ms: number): string => new Date(ms + OFFSET_MS).toISOString().replace('Z', '+08:00');
