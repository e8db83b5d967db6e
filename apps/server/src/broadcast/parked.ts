/** The parked subjects of one consumer, in memory: who they are, from which version, and whose next try is due. Pure. */
import type { Clock } from '#platform';

export interface Parked {
  readonly partition: number;
  readonly subjectKey: string;
  /** The first version that the receiver does not have. */
  readonly fromVersion: number;
  /** Failed tries of that version; 0 = it only waits to be caught up. */
  readonly attempts: number;
  /** When to try again, on the steady clock. */
  readonly dueAt: number;
  /** Our tries have ended; it stays parked until a person does something. */
  readonly dead: boolean;
}
export interface ParkedList {
  readonly size: number;
  subjectKeys(): Iterable<string>;
  get(subjectKey: string): Parked | undefined;
  /** Puts in or replaces; whoever is at work on the subject stays so. */
  put(row: Parked): void;
  remove(subjectKey: string): void;
  /** The window has passed a later event of this subject: catching up goes at least this far. */
  pass(subjectKey: string, position: number): void;
  passedTo(subjectKey: string): number;
  /** Nobody else gets it until `rest`. */
  occupy(subjectKey: string): void;
  rest(subjectKey: string): void;
  /** Takes one that is due (occupied from now on), oldest first. */
  takeDue(): Parked | undefined;
  /** Takes any that is not dead, each in its turn. */
  takeAny(): Parked | undefined;
  /** Those of them that have failed but once are due now. Who fails again has its own ladder: an opening breaker must not use that up. */
  hasten(subjectKeys: readonly string[]): void;
}

/** How often all rows are looked through for due ones; the ladder's shortest step is 5 s. */
const LOOK_EVERY_MS = 250;

export function createParkedList(clock: Clock): ParkedList {
  const rows = new Map<string, Parked>();
  const passed = new Map<string, number>();
  const occupied = new Set<string>();
  const due = new Set<string>();
  let lookedAt = -Infinity;

  const put = (row: Parked): void => {
    rows.set(row.subjectKey, row);
    if (!row.dead && row.dueAt <= clock.now()) due.add(row.subjectKey);
    else due.delete(row.subjectKey);
  };
  const look = (): void => {
    const now = clock.now();
    if (now - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = now;
    for (const row of rows.values()) if (!row.dead && row.dueAt <= now) due.add(row.subjectKey);
  };
  const takeFirst = (subjectKeys: Iterable<string>): Parked | undefined => {
    for (const subjectKey of subjectKeys) {
      const row = rows.get(subjectKey) as Parked;
      if (row.dead || occupied.has(subjectKey)) continue;
      occupied.add(subjectKey);
      return row;
    }
    return undefined;
  };
  return {
    get size() {
      return rows.size;
    },
    subjectKeys: () => rows.keys(),
    get: (subjectKey) => rows.get(subjectKey),
    put,
    remove(subjectKey) {
      for (const each of [rows, passed, occupied, due]) each.delete(subjectKey);
    },
    pass: (subjectKey, position) => void passed.set(subjectKey, position),
    passedTo: (subjectKey) => passed.get(subjectKey) ?? 0,
    occupy: (subjectKey) => void occupied.add(subjectKey),
    rest: (subjectKey) => void occupied.delete(subjectKey),
    takeDue() {
      look();
      return takeFirst(due);
    },
    takeAny() {
      const row = takeFirst(rows.keys());
      if (row !== undefined) {
        rows.delete(row.subjectKey);
        rows.set(row.subjectKey, row);
      }
      return row;
    },
    hasten(subjectKeys) {
      for (const subjectKey of subjectKeys) {
        const row = rows.get(subjectKey);
        if (row !== undefined && !row.dead && row.attempts <= 1) put({ ...row, dueAt: clock.now() });
      }
    },
  };
}
