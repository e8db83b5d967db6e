/** Fields that hold a clock on a wall in Beijing, "2026-02-22 09:06:30", read as seconds since 1970. */
import { readBeijing } from './china-time.ts';
import type { Fields } from './fields.ts';

/** Absent, null and "" are "not yet" and undefined; what is no such time is undefined and a problem. */
export function beijing(from: Fields, name: string): number | undefined {
  const text = from.at(name);
  if (!from.has(name)) return undefined;
  const at = typeof text === 'string' ? readBeijing(text) : null;
  if (at === null) from.complain(name, 'time.not_zoned', 'yyyy-MM-dd HH:mm:ss, Beijing', '北京时间 yyyy-MM-dd HH:mm:ss');
  return at ?? undefined;
}

/** As `beijing`, and absent is a problem. */
export function neededBeijing(from: Fields, name: string): number | undefined {
  if (!from.has(name)) from.complain(name, 'field.missing', 'yyyy-MM-dd HH:mm:ss, Beijing', '北京时间 yyyy-MM-dd HH:mm:ss');
  return beijing(from, name);
}
