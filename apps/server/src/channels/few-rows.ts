/** "Succeeded with suspiciously few rows": what we know ourselves says that there must be more. Pure. */

/** Below this many rows expected nothing can be said. */
const LEAST_EXPECTED = 20;
/** Orders of ours that were placed in the window are facts, so fewer of them are enough. */
const LEAST_OWN = 5;
const FEWEST_OF_USUAL = 0.1;
const FEWEST_OF_OWN = 0.5;
/** The usual is the median of so many windows. */
export const USUAL_WINDOWS = 24;
const LEAST_WINDOWS = 6;
const HOUR_S = 3_600;

export interface Expectation {
  readonly rows: number;
  readonly seconds: number;
  /** Rows an hour of the windows before, newest first. */
  readonly usual: readonly number[];
  /** Orders of this shop that we know from elsewhere to have been placed in the window; null when the window is too old to tell. */
  readonly own: number | null;
}

/** How many rows there should be at least, when there are suspiciously few; else null. */
export function expectedRows({ rows, seconds, usual, own }: Expectation): number | null {
  if (own !== null && own >= LEAST_OWN && rows < own * FEWEST_OF_OWN) return own;
  if (usual.length < LEAST_WINDOWS) return null;
  const expected = Math.round((median(usual) * seconds) / HOUR_S);
  return expected >= LEAST_EXPECTED && rows < expected * FEWEST_OF_USUAL ? expected : null;
}

export const rowsAnHour = (rows: number, seconds: number): number => Math.round((rows * HOUR_S) / Math.max(1, seconds));

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
