/** How deliveries that were taken lie in a segment: ten numbers each of as few bytes as they need, about 13 bytes together. Pure. */

export interface Taken {
  /** ms UTC of the answer. */
  readonly at: number;
  readonly durationMs: number;
  readonly status: number;
  readonly attempt: number;
  /** The event that was told. */
  readonly partition: number;
  readonly position: number;
  readonly version: number;
  /** Of which replay it was a snapshot; 0 = the event itself. */
  readonly replay: number;
}

const COUNTER = 2 ** 32;
const DAY_MS = 86_400_000;
/** A varint of 53 bits has at most 8 bytes. */
export const MOST_BYTES = 9 * 8;

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

function put(into: Buffer, at: number, value: number): number {
  let rest = value;
  while (rest >= 128) {
    into[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  into[at++] = rest;
  return at;
}

/** Writes one delivery at `at`, relative to the time at which its segment was opened; answers where it ends. */
export function encodeTaken(into: Buffer, at: number, openedAt: number, taken: Taken): number {
  const day = Math.floor(taken.position / COUNTER) - Math.floor(openedAt / DAY_MS);
  const numbers = [
    zigzag(taken.at - openedAt),
    taken.durationMs,
    taken.status,
    taken.attempt,
    taken.partition,
    zigzag(day),
    taken.position % COUNTER,
    taken.version,
    taken.replay,
  ];
  return numbers.reduce((place, value) => put(into, place, value), at);
}

/** All deliveries of a segment, in the order in which they were taken. */
export function decodeTaken(body: Buffer, openedAt: number): Taken[] {
  const found: Taken[] = [];
  let at = 0;
  const next = (): number => {
    let [value, weight] = [0, 1];
    for (;;) {
      const byte = body[at++] as number;
      value += (byte & 127) * weight;
      if (byte < 128) return value;
      weight *= 128;
    }
  };
  while (at < body.length) {
    const [after, durationMs, status, attempt, partition] = [unzigzag(next()), next(), next(), next(), next()];
    const position = (unzigzag(next()) + Math.floor(openedAt / DAY_MS)) * COUNTER + next();
    found.push({ at: openedAt + after, durationMs, status, attempt, partition, position, version: next(), replay: next() });
  }
  return found;
}
