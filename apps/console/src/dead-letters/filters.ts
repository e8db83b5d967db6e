/** What of the list stands in the address. Pure. */
export const DIRECTIONS = ['out', 'in'] as const;
export type Direction = (typeof DIRECTIONS)[number];
export interface LetterSearch {
  readonly direction?: Direction;
  /** The letter in the panel. */
  readonly open?: string;
}

/** From an address anyone may have typed: what is not known is left out. */
export function readLetterSearch({ direction, open }: Readonly<Record<string, unknown>>): LetterSearch {
  const known = DIRECTIONS.find((each) => each === direction);
  return { ...(known === undefined ? {} : { direction: known }), ...(typeof open === 'string' && open !== '' ? { open } : {}) };
}
