/** The logs' tables are cut by position: inbox and outcomes by day, events by month. They are made ahead of time and dropped whole. */
import type { Db } from '#platform';
import { dayOf, dayOfPosition } from './positions.ts';
import { createPart, listParts, readHeads } from './store.ts';

const DAYS_AHEAD = 3;
/** A clock may be put back over midnight before anything was written that positions could go on from. */
const DAYS_BEHIND = 1;
const DAY_SIZE = 2 ** 32;
const stamp = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
const monthStart = (day: number, add: number): number => {
  const date = new Date(day * 86_400_000);
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + add, 1));
};

/**
 * Makes the tables of today, the day before and the days ahead. A log whose clock once ran ahead goes on in its head's day, so the days of the heads are
 * made as well. May be called at any time, any number of times.
 */
export async function makeParts(db: Db, now: number): Promise<void> {
  const today = dayOf(now);
  const starts = [today, ...(await readHeads(db)).map(dayOfPosition).filter((day) => day > today)];
  const days = new Set([
    today - DAYS_BEHIND,
    ...starts.flatMap((start) => [...Array(DAYS_AHEAD + 1).keys()].map((ahead) => start + ahead)),
  ]);
  for (const parent of ['inbox', 'outcomes']) {
    const there = new Set(await listParts(db, parent));
    for (const day of days) {
      const name = `${parent}_${stamp(day)}`;
      if (!there.has(name)) await createPart(db, parent, name, day * DAY_SIZE, (day + 1) * DAY_SIZE);
    }
  }
  const there = new Set(await listParts(db, 'events'));
  for (const day of days) {
    const [from, to] = [monthStart(day, 0), monthStart(day, 1)];
    const name = `events_${stamp(from).slice(0, 6)}`;
    if (!there.has(name)) await createPart(db, 'events', name, from * DAY_SIZE, to * DAY_SIZE);
    there.add(name);
  }
}

/** The tables that an instant needs. */
export function partNames(at: number): string[] {
  const day = dayOf(at);
  return [`inbox_${stamp(day)}`, `outcomes_${stamp(day)}`, `events_${stamp(monthStart(day, 0)).slice(0, 6)}`];
}
