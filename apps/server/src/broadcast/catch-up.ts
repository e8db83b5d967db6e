/** A parked subject gets what it lacks from the log, in order, as far as the window has passed; then the window has it again. */
import { type Desk, park, parkedAt, releasedFrom, untilStored } from './desk.ts';
import type { LogEvent } from './envelope.ts';
import type { Parked } from './parked.ts';
import { deletePark, readSubject } from './store.ts';

const SUBJECT_EVENTS = 500;

/** What of a subject's history may go out: everything that is not withheld, and what a later release let go. */
interface Releases {
  /** Notes the releases among `events`; answers from which version they let something go. */
  learn(events: readonly LogEvent[]): number;
  letGo(event: LogEvent): boolean;
}
export function createReleases(): Releases {
  const known = new Map<number, number>();
  return {
    learn(events) {
      let earliest = Infinity;
      for (const event of events) {
        const from = releasedFrom(event);
        if (from === undefined || known.has(event.version)) continue;
        known.set(event.version, from);
        earliest = Math.min(earliest, from);
      }
      return earliest;
    },
    letGo: (event) => !event.withheld || [...known].some(([version, from]) => from <= event.version && event.version < version),
  };
}

/** The subject is the caller's alone (see `takeDue`). `asProbe` tries one delivery although the breaker is open. */
export async function catchUp(desk: Desk, row: Parked, asProbe = false): Promise<void> {
  const releases = createReleases();
  let [from, mayTry] = [row.fromVersion, asProbe];
  for (;;) {
    const upTo = desk.window.readTo[row.partition] as number;
    const events = await readSubject(desk.db, row.partition, row.subjectKey, from, upTo, SUBJECT_EVENTS);
    const back = Math.max(releases.learn(events), row.fromVersion);
    if (back < from) {
      from = back; // a release lets go what was stepped over before it was read
      continue;
    }
    if (events.length === 0 && desk.parked.passedTo(row.subjectKey) <= upTo) return letOut(desk, row);
    for (const event of events) {
      if (releases.letGo(event) && desk.wants(event)) {
        if (desk.isEnding() || (desk.breaker.isOpen() && !mayTry)) return keepPlace(desk, row, event);
        mayTry = false;
        const attempts = event.version === row.fromVersion ? row.attempts + 1 : 1;
        const failed = await desk.deliver(event, attempts);
        if (failed?.counts === false) return keepPlace(desk, row, event);
        if (failed) return parkAgain(desk, parkedAt(desk, event, event.version, attempts, failed), failed.error);
      }
      from = event.version + 1;
    }
  }
}

async function parkAgain(desk: Desk, row: Parked, error: string): Promise<void> {
  await park(desk, row, error);
  desk.parked.rest(row.subjectKey);
}

/** Its step of the ladder does not count while the endpoint as a whole is away; what it has got by now does. */
async function keepPlace(desk: Desk, row: Parked, event: LogEvent): Promise<void> {
  if (event.version > row.fromVersion) await parkAgain(desk, { ...row, fromVersion: event.version, attempts: 0 }, 'caught_up_in_part');
  else desk.parked.rest(row.subjectKey);
}

/** From here on its events wait in the window again; they go as soon as the row is deleted, for then nothing rests on it any more. */
async function letOut(desk: Desk, row: Parked): Promise<void> {
  desk.parked.remove(row.subjectKey);
  const chain = desk.chains.occupy(row.subjectKey);
  desk.reach('broadcast.before_unpark');
  await untilStored(desk, () => deletePark(desk.db, desk.hold, row.partition, row.subjectKey));
  desk.chains.leave(chain);
  desk.wake();
}
