/** Frames of the message socket, little-endian, written from the protocol page alone: shares no code with the connector that it talks to. */
export const TYPES = { connect: 0, connectAck: 1, send: 2 } as const;
export const KINDS = { pull: 1, confirm: 2, data: 3 } as const;
/** Tags of the values that are used here; the rest are read over. */
const TEXT = 1;
const BYTE = 2;
const INT64 = 5;
const DATE = 6;

/** A value to be written: text, a byte, a 64-bit integer by its digits, a moment in milliseconds. */
export type Value = { readonly text: string } | { readonly byte: number } | { readonly int64: string } | { readonly date: number };
export interface Outgoing {
  readonly type: number;
  readonly status?: { readonly code: number; readonly phrase: string };
  readonly token?: string;
  readonly values: Readonly<Record<string, Value>>;
}
export interface Incoming {
  readonly type: number;
  readonly token: string | null;
  /** As text, whatever it was. */
  readonly values: ReadonlyMap<string, string>;
}

const short = (value: number): Buffer => Buffer.of(value % 256, Math.floor(value / 256));
const long = (value: number): Buffer => Buffer.concat([short(value % 65_536), short(Math.floor(value / 65_536))]);
const string = (value: string): Buffer => Buffer.concat([long(Buffer.byteLength(value)), Buffer.from(value)]);
function eight(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}
function valueBytes(value: Value): Buffer[] {
  if ('text' in value) return [Buffer.of(TEXT), string(value.text)];
  if ('byte' in value) return [Buffer.of(BYTE, value.byte)];
  if ('int64' in value) return [Buffer.of(INT64), eight(BigInt(value.int64))];
  return [Buffer.of(DATE), eight(BigInt(value.date))];
}

export const writeFrame = ({ type, status, token, values }: Outgoing): Buffer =>
  Buffer.concat([
    Buffer.of(2, type),
    ...(status === undefined ? [] : [short(2), long(status.code), short(3), string(status.phrase)]),
    ...(token === undefined ? [] : [short(5), string(token)]),
    ...Object.entries(values).flatMap(([name, value]) => [short(1), string(name), ...valueBytes(value)]),
    short(0),
  ]);

/** Null for what is no frame. */
export function readFrame(bytes: Buffer): Incoming | null {
  try {
    return readOn(bytes);
  } catch (error) {
    if (error instanceof RangeError) return null; // a wish for bytes that are not there
    throw error;
  }
}

function readOn(bytes: Buffer): Incoming | null {
  if (bytes.readUInt8(0) !== 2) return null;
  let [at, token] = [2, null as string | null];
  const values = new Map<string, string>();
  const next = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('beyond the end');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const text = (): string => next(next(4).readUInt32LE()).toString('utf8');
  const value = (): string => {
    const tag = next(1).readUInt8();
    if (tag === 0) return '';
    if (tag === TEXT) return text();
    if (tag === BYTE) return String(next(1).readUInt8());
    if (tag === 3) return String(next(2).readInt16LE());
    if (tag === 4) return String(next(4).readInt32LE());
    if (tag === INT64 || tag === DATE) return String(next(8).readBigInt64LE());
    if (tag === 7) return next(next(4).readUInt32LE()).toString('base64');
    throw new RangeError('no such format');
  };
  for (let header = next(2).readUInt16LE(); header !== 0; header = next(2).readUInt16LE()) {
    if (header === 1) values.set(text(), value());
    else if (header === 2 || header === 4) next(4);
    else if (header === 3) text();
    else if (header === 5) token = text();
    else return null;
  }
  return { type: bytes.readUInt8(1), token, values };
}
