/** What one client does again and again stands in the log once a minute, with how often; and however many clients there are, only so many lines. */
import type { Log } from '#platform';

const QUIET_MS = 60_000;
const CLIENTS = 1_000;
const LINES = 100;

export type NoteClient = (event: string, client: string) => void;

export function createNoteClient(log: Log, now: () => number = () => performance.now()): NoteClient {
  const noted = new Map<string, { readonly at: number; readonly count: number }>();
  let [minute, lines] = [0, 0];
  /** Whoever was noted longest ago is forgotten, also while nothing is written: clients cost a stranger nothing. */
  const keep = (key: string, at: number, count: number): void => {
    noted.set(key, { at, count });
    if (noted.size > CLIENTS) noted.delete(noted.keys().next().value as string);
  };
  return (event, client) => {
    const key = `${event} ${client}`;
    const { at, count } = noted.get(key) ?? { at: Number.NEGATIVE_INFINITY, count: 0 };
    const isQuiet = now() - at < QUIET_MS;
    if (Math.floor(now() / QUIET_MS) !== minute) [minute, lines] = [Math.floor(now() / QUIET_MS), 0];
    if (isQuiet || lines >= LINES) return keep(key, at, count + 1);
    lines++;
    noted.delete(key); // and set again: the order of the map is that of the last lines
    keep(key, now(), 0);
    log.warn(event, { client, times: count + 1 });
  };
}
