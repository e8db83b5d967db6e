/** Cuts a byte stream into lines without ever holding more than one line of it. */
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Null when the line is longer than the limit; the rest of it was thrown away as it came. */
  readonly bytes: Buffer | null;
}

export async function* linesOf(stream: AsyncIterable<Buffer>, limitBytes: number): AsyncGenerator<Line> {
  let [number, held, length, tooLong]: [number, Buffer[], number, boolean] = [0, [], 0, false];
  const end = (): Line => {
    const whole = Buffer.concat(held);
    const bytes = tooLong ? null : whole.at(-1) === RETURN ? whole.subarray(0, -1) : whole;
    [held, length, tooLong] = [[], 0, false];
    return { number: ++number, bytes };
  };
  const keep = (piece: Buffer): void => {
    length += piece.length;
    if (length > limitBytes) [held, tooLong] = [[], true];
    else held.push(piece);
  };
  for await (const chunk of stream) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, at));
      yield end();
      from = at + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
  }
  if (length > 0) yield end();
}
