/**
 * Frames of the message socket, little-endian: version, type, headers each behind its own number, and a zero at the end. Source: the vendor's codec for Node
 * (2.0.5), its bytes recomputed; read 2026-11-25 by way of our protocol notes. An int64 is text here, so that no id becomes a double.
 */
const VERSION = 2;
export const MESSAGE_TYPES = { connect: 0, connectAck: 1, send: 2, sendAck: 3 } as const;
const HEADERS = { end: 0, custom: 1, statusCode: 2, statusPhrase: 3, flag: 4, token: 5 } as const;
const FORMATS = { void: 0, string: 1, byte: 2, int16: 3, int32: 4, int64: 5, date: 6, bytes: 7 } as const;
export type Format = keyof typeof FORMATS;
const FORMAT_NAMES = Object.keys(FORMATS) as readonly Format[];

/** `[name, format, value]`; void has the value ''. int64 as digits, a date as milliseconds since 1970. */
export type Entry =
  | readonly [name: string, format: 'void' | 'string' | 'int64', value: string]
  | readonly [name: string, format: 'byte' | 'int16' | 'int32' | 'date', value: number]
  | readonly [name: string, format: 'bytes', value: Uint8Array];

export interface TmcFrame {
  readonly messageType: number;
  readonly statusCode?: number;
  readonly statusPhrase?: string;
  readonly flag?: number;
  readonly token?: string;
  readonly content: readonly Entry[];
}

/** Larger than any message of the platform; a frame beyond it is not read. */
const MAX_FRAME_BYTES = 1_048_576;
/** More names in one frame than the platform knows. */
const MAX_ENTRIES = 1_000;

const u8 = (value: number): Buffer => Buffer.of(value & 0xff);
const u16 = (value: number): Buffer => Buffer.of(value & 0xff, (value >>> 8) & 0xff);
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
}
function i64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, value));
  return bytes;
}
const sized = (bytes: Uint8Array): Buffer => Buffer.concat([u32(bytes.length), bytes]);
const text = (value: string): Buffer => sized(Buffer.from(value));

function valueBytes([, format, value]: Entry): Buffer {
  switch (format) {
    case 'void':
      return Buffer.alloc(0);
    case 'string':
      return text(value);
    case 'byte':
      return u8(value);
    case 'int16':
      return u16(value);
    case 'int32':
      return u32(value);
    case 'int64':
      return i64(BigInt(value));
    case 'date':
      return i64(BigInt(value));
    case 'bytes':
      return sized(value);
  }
}

export function writeFrame({ messageType, statusCode, statusPhrase, flag, token, content }: TmcFrame): Uint8Array {
  return Buffer.concat([
    u8(VERSION),
    u8(messageType),
    ...(statusCode === undefined ? [] : [u16(HEADERS.statusCode), u32(statusCode)]),
    ...(statusPhrase === undefined ? [] : [u16(HEADERS.statusPhrase), text(statusPhrase)]),
    ...(flag === undefined ? [] : [u16(HEADERS.flag), u32(flag)]),
    ...(token === undefined ? [] : [u16(HEADERS.token), text(token)]),
    ...content.flatMap((entry) => [u16(HEADERS.custom), text(entry[0]), u8(FORMATS[entry[1]]), valueBytes(entry)]),
    u16(HEADERS.end),
  ]);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** A wish for bytes that are not there, or that are not what they should be. */
class Broken extends Error {}

/** Reads on; throws `Broken` within this file only. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new Broken();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
  u8 = (): number => this.take(1).readUInt8();
  u16 = (): number => this.take(2).readUInt16LE();
  u32 = (): number => this.take(4).readUInt32LE();
  i64 = (): bigint => this.take(8).readBigInt64LE();
  sized = (): Buffer => this.take(this.u32());
  text(): string {
    try {
      return UTF8.decode(this.sized());
    } catch (error) {
      throw error instanceof Broken ? error : new Broken();
    }
  }
  isAtEnd = (): boolean => this.#at === this.#bytes.length;
}

function readEntry(cursor: Cursor): Entry {
  const name = cursor.text();
  const code = cursor.u8();
  switch (FORMAT_NAMES.find((each) => FORMATS[each] === code)) {
    case 'void':
      return [name, 'void', ''];
    case 'string':
      return [name, 'string', cursor.text()];
    case 'byte':
      return [name, 'byte', cursor.u8()];
    case 'int16':
      return [name, 'int16', cursor.take(2).readInt16LE()];
    case 'int32':
      return [name, 'int32', cursor.take(4).readInt32LE()];
    case 'int64':
      return [name, 'int64', String(cursor.i64())];
    case 'date':
      return [name, 'date', Number(cursor.i64())];
    case 'bytes':
      return [name, 'bytes', Buffer.from(cursor.sized())];
    case undefined:
      throw new Broken(); // how long its value is, nobody knows
  }
}

function readHeaders(cursor: Cursor, messageType: number): TmcFrame {
  const content: Entry[] = [];
  let told: Partial<TmcFrame> = {};
  for (let header = cursor.u16(); header !== HEADERS.end; header = cursor.u16()) {
    if (header === HEADERS.custom) content.push(readEntry(cursor));
    else if (header === HEADERS.statusCode) told = { ...told, statusCode: cursor.u32() };
    else if (header === HEADERS.statusPhrase) told = { ...told, statusPhrase: cursor.text() };
    else if (header === HEADERS.flag) told = { ...told, flag: cursor.u32() };
    else if (header === HEADERS.token) told = { ...told, token: cursor.text() };
    else throw new Broken();
    if (content.length > MAX_ENTRIES) throw new Broken();
  }
  return { messageType, ...told, content };
}

/** Null for what is no frame: cut off, too long, of another version, with a header or a format that nobody has told us of. Never throws. */
export function readFrame(bytes: Uint8Array): TmcFrame | null {
  if (bytes.byteLength > MAX_FRAME_BYTES) return null;
  const cursor = new Cursor(bytes);
  try {
    if (cursor.u8() !== VERSION) return null;
    const frame = readHeaders(cursor, cursor.u8());
    return cursor.isAtEnd() ? frame : null;
  } catch (error) {
    if (error instanceof Broken) return null;
    throw error;
  }
}

/** A value by its name, the last one when it stands there twice; numbers and int64 as their digits. */
export function valueIn({ content }: TmcFrame, name: string): string | undefined {
  const found = content.findLast(([each]) => each === name);
  return found === undefined || found[1] === 'void' || found[1] === 'bytes' ? undefined : String(found[2]);
}
