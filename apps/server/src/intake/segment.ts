/** A segment: the messages that one append stores together, as one compressed block. Pure. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { partitionOf, type Subject } from '@weir/contract/subject';

/** One message on its way: exact bytes, and what must be known of it before it is understood. */
export interface Message {
  /** What the bytes are: `order` (a neutral order), `command` (a step that somebody asks for), or a channel's own `push`, `list` row or `detail`. */
  readonly kind: string;
  readonly subject: Subject;
  readonly bytes: Buffer;
  /** Who told us, by name. */
  readonly by: string;
  /** The id of that token or person, for names are not unique; the house itself and channels have none. */
  readonly who?: string;
  /** Our door's clock, ms UTC; of an answer: when we asked. */
  readonly receivedAt: number;
  /** The parsed bytes, when this process has them already; never stored. */
  readonly parsed?: unknown;
}
/** A stored message. `partition` is that of its subject. */
export interface Entry extends Message {
  readonly position: number;
  readonly partition: number;
}
/** Stands in the place of a message whose Idempotency-Key was already taken: its position exists, its effect does not. */
export const VOID_KIND = 'void';

type Row = [
  kind: string,
  subjectKind: Subject['kind'],
  channel: string,
  shop: string,
  id: string,
  by: string,
  receivedAt: number,
  length: number,
  who?: string,
];
const FASTEST = 1;
/** An honest segment unpacks to little more than SEGMENT_BYTES; anything far larger is not ours. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

export function encodeSegment(messages: readonly Message[]): Buffer {
  const rows = messages.map(({ kind, subject: s, by, who, receivedAt, bytes }): Row => {
    const row: Row = [kind, s.kind, s.channel, s.shop, s.id, by, receivedAt, bytes.length];
    if (who !== undefined) row[8] = who;
    return row;
  });
  const index = Buffer.from(JSON.stringify(rows));
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(index.length);
  return deflateRawSync(Buffer.concat([length, index, ...messages.map((message) => message.bytes)]), { level: FASTEST });
}

/** Refuses (throws) what is not whole: a segment is one unit, and half of its messages would be a loss that nobody sees. */
export function decodeSegment(packed: Buffer, firstPosition: number): Entry[] {
  const raw = inflateRawSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES });
  const bodyAt = 4 + raw.readUInt32BE(0);
  const rows = JSON.parse(raw.toString('utf8', 4, bodyAt)) as Row[];
  let at = bodyAt;
  const entries = rows.map(([kind, subjectKind, channel, shop, id, by, receivedAt, length, who], offset) => {
    if (!(Number.isInteger(length) && length >= 0)) throw new RangeError('a segment holds a message without a length');
    const bytes = raw.subarray(at, at + length);
    at += length;
    const said = { by, ...(who === undefined ? {} : { who }), receivedAt, bytes };
    return entryOf({ kind, subject: { kind: subjectKind, channel, shop, id }, ...said }, firstPosition + offset);
  });
  if (at !== raw.length) throw new RangeError(`a segment of ${raw.length} bytes names ${at} in its index`);
  return entries;
}

export const entryOf = (message: Message, position: number): Entry => ({ ...message, position, partition: partitionOf(message.subject) });
