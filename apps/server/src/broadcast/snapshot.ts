/** What a replay sends: the newest state of a subject as an event of its own, with an id that belongs to the replay. Pure. */
import type { LogEvent } from './envelope.ts';

export interface OfReplay {
  readonly serial: number;
  readonly id: string;
}
export const SNAPSHOT = 'order.snapshot';

/** The same id however often it is tried, also after a crash: the receiver recognises it. */
export const snapshotOf = (event: LogEvent, { serial, id }: OfReplay): LogEvent => ({
  ...event,
  id: `${id}-${event.subjectKey}`,
  type: SNAPSHOT,
  detail: JSON.stringify({ replay: id }),
  replay: serial,
});
