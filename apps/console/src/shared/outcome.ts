/** What became of a command that was only stored at first (202): asked for until it is known. Time and asking come from outside. */
import { ApiError } from '../api/client.ts';
import type { CommandAnswer } from '../api/types.ts';

export type Outcome =
  | { readonly kind: 'done'; readonly answer: CommandAnswer }
  | { readonly kind: 'refused'; readonly error: ApiError }
  /** Nobody knows by now; the order's page will show it. */
  | { readonly kind: 'unknown' };

/** Soon at first, then seldom: some ten minutes in all. */
const FIRST_MS = 1_000;
const MOST_MS = 10_000;
const TRIES = 65;

export async function outcomeOf(ask: () => Promise<CommandAnswer>, wait: (ms: number) => Promise<void>): Promise<Outcome> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    await wait(Math.min(MOST_MS, FIRST_MS * 2 ** tried));
    try {
      return { kind: 'done', answer: await ask() };
    } catch (error) {
      if (error instanceof ApiError && isDefinite(error)) return { kind: 'refused', error };
    }
  }
  return { kind: 'unknown' };
}

/** Not yet known, a fault on the way, asked too often, or the session ended meanwhile: none of these is a no. */
const isDefinite = ({ status, code }: ApiError): boolean =>
  status >= 400 && status < 500 && status !== 401 && status !== 429 && code !== 'outcome.not_found' && code !== 'network.odd';
