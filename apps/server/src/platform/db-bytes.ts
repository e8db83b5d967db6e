/**
 * PostgreSQL's binary forms of our values: rows for `copy … from stdin binary`, and arrays for `unnest`. The server reads them without
 * parsing text, and a bytea or a JSON text of ours goes out without being escaped. Source: PostgreSQL 18 manual, "COPY", "Binary Format",
 * and the receive functions of each type.
 */
const COPY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const COPY_END = -1;
const NULL = -1;
const OID = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, text: 25, timestamptz: 1184 } as const;
/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_MS = 946_684_800_000;
const DIGITS = 10_000;
const FIRST_BYTES = 4_096;
const UTF8_MOST = 3;

/** Writes one field after the other; `null` and `undefined` are NULL. */
export class Fields {
  #bytes: Buffer;
  #at = 0;

  constructor(expectedBytes = FIRST_BYTES) {
    this.#bytes = Buffer.allocUnsafe(Math.max(expectedBytes, FIRST_BYTES));
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  /** A field's length, or -1 for NULL. */
  #length(length: number): void {
    this.#at = this.#bytes.writeInt32BE(length, this.#at);
  }

  raw(bytes: Buffer): this {
    this.#room(bytes.length);
    this.#at += bytes.copy(this.#bytes, this.#at);
    return this;
  }

  /** A count that is no field, e.g. how many fields the row has. */
  count16(value: number): this {
    this.#room(2);
    this.#at = this.#bytes.writeInt16BE(value, this.#at);
    return this;
  }

  count32(value: number): this {
    this.#room(4);
    this.#length(value);
    return this;
  }

  int2(value: number): this {
    this.#room(6);
    this.#length(2);
    this.#at = this.#bytes.writeInt16BE(value, this.#at);
    return this;
  }

  int4(value: number | null | undefined): this {
    this.#room(8);
    if (value === null || value === undefined) this.#length(NULL);
    else {
      this.#length(4);
      this.#at = this.#bytes.writeInt32BE(value, this.#at);
    }
    return this;
  }

  /** A whole number of at most 53 bits. */
  int8(value: number): this {
    this.#room(12);
    this.#length(8);
    this.#at = this.#bytes.writeInt32BE(Math.floor(value / 2 ** 32), this.#at);
    this.#at = this.#bytes.writeUInt32BE(value >>> 0, this.#at);
    return this;
  }

  bool(value: boolean): this {
    this.#room(5);
    this.#length(1);
    this.#at = this.#bytes.writeUInt8(value ? 1 : 0, this.#at);
    return this;
  }

  text(value: string | null | undefined): this {
    if (value === null || value === undefined) return this.count32(NULL);
    this.#room(4 + value.length * UTF8_MOST);
    const length = this.#bytes.write(value, this.#at + 4, 'utf8');
    this.#length(length);
    this.#at += length;
    return this;
  }

  bytes(value: Buffer | null | undefined): this {
    if (value === null || value === undefined) return this.count32(NULL);
    return this.count32(value.length).raw(value);
  }

  /** timestamptz from ms UTC. */
  instant(ms: number | null | undefined): this {
    if (ms === null || ms === undefined) return this.count32(NULL);
    const microseconds = (ms - EPOCH_MS) * 1_000;
    if (Number.isSafeInteger(microseconds)) return this.int8(microseconds);
    this.#room(12);
    this.#length(8);
    this.#at = this.#bytes.writeBigInt64BE(BigInt(ms - EPOCH_MS) * 1_000n, this.#at);
    return this;
  }

  /** numeric with two decimals from whole hundredths; never negative. */
  hundredths(value: number): this {
    const digits = [(value % 100) * 100];
    for (let rest = Math.floor(value / 100); rest > 0; rest = Math.floor(rest / DIGITS)) digits.unshift(rest % DIGITS);
    this.count32(8 + digits.length * 2).count16(digits.length);
    this.count16(digits.length - 2)
      .count16(0)
      .count16(2); // weight of the first digit, sign, decimals shown
    for (const digit of digits) this.count16(digit);
    return this;
  }

  texts(values: readonly string[]): this {
    return this.bytes(arrayOf.text(values));
  }

  take(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }
}

/** Rows for `copy <table> (<columns>) from stdin binary`; `write` puts down exactly `columns` fields. */
export function copyRows<T>(rows: readonly T[], columns: number, write: (fields: Fields, row: T) => unknown, rowBytes = 256): Buffer {
  const fields = new Fields(rows.length * rowBytes).raw(COPY_HEADER);
  for (const row of rows) write(fields.count16(columns), row);
  return fields.count16(COPY_END).take();
}

function array<V>(oid: number, values: readonly V[], write: (fields: Fields, value: V) => unknown, valueBytes: number): Buffer {
  const fields = new Fields(values.length * (valueBytes + 4) + 20);
  if (values.length === 0) return fields.count32(0).count32(0).count32(oid).take();
  fields.count32(1).count32(1).count32(oid).count32(values.length).count32(1); // dimensions, may hold NULLs, type, length, first index
  for (const value of values) write(fields, value);
  return fields.take();
}

/** A whole array as one parameter: pg sends a Buffer in binary form, so the statement must name the type, e.g. `$1::text[]`. */
export const arrayOf = {
  int2: (values: readonly number[]) => array(OID.int2, values, (fields, value) => fields.int2(value), 2),
  int4: (values: readonly (number | null | undefined)[]) => array(OID.int4, values, (fields, value) => fields.int4(value), 4),
  int8: (values: readonly number[]) => array(OID.int8, values, (fields, value) => fields.int8(value), 8),
  bool: (values: readonly boolean[]) => array(OID.bool, values, (fields, value) => fields.bool(value), 1),
  text: (values: readonly (string | null | undefined)[]) => array(OID.text, values, (fields, value) => fields.text(value), 64),
  bytes: (values: readonly (Buffer | null | undefined)[]) => array(OID.bytea, values, (fields, value) => fields.bytes(value), 64),
  instant: (values: readonly (number | null | undefined)[]) => array(OID.timestamptz, values, (fields, value) => fields.instant(value), 8),
} as const;
