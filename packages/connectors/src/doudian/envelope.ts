/** The messages in a push, whatever spelling they came in: one or a list, text or number, `msg_id` or `msgId`, data as JSON text or as an object. */
import { Fields, isObject } from '../fields.ts';
import { type Json, parseLossless } from '../lossless-json.ts';
import { PROBE } from './push-tags.ts';

export interface Envelope {
  readonly index: number;
  readonly tag: string | undefined;
  readonly messageId: string | undefined;
  readonly data: Fields;
  readonly isProbe: boolean;
}

/** More in one push than the platform ever sends; a list beyond it is refused as a whole, not read in part. */
export const MAX_MESSAGES = 1_000;

/** Null when the value is no push at all. */
export function messagesOf(value: Json): Envelope[] | null {
  const list = Array.isArray(value) ? (value as readonly Json[]) : isObject(value) && Object.hasOwn(value, 'tag') ? [value] : null;
  return list === null || list.length === 0 || list.length > MAX_MESSAGES ? null : list.map(toEnvelope);
}

function toEnvelope(message: Json, index: number): Envelope {
  const from = new Fields(message, `/${index}`);
  const tag = from.text('tag');
  const told = from.at('data');
  const opened = typeof told === 'string' ? parseLossless(told) : (told ?? null);
  const data = new Fields(opened, `/${index}/data`, from.problems);
  return { index, tag, messageId: from.text('msg_id') ?? from.text('msgId'), data, isProbe: tag === PROBE && !isObject(opened) };
}
