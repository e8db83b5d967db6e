/**
 * What goes into the inbox of everything that WeChat tells us: one JSON document, `{"from": "pay" | "message", "body": the raw body as text, "opened": …,
 * "app": the AppID at whose address it came}`.
 * `opened` is what the body said once it was decrypted (pay, secure mode), or the body read (plain mode); null when it said nothing that can be read.
 */
import { Fields, isObject } from '../fields.ts';
import { type Json, parseBytes, parseLossless } from '../lossless-json.ts';
import { parseFlatXml } from './flat-xml.ts';

export type Sender = 'pay' | 'message';
export interface Envelope {
  readonly from: Sender;
  /** The outer document: of a payment notification its type and time, of a message the message or what encrypted it. */
  readonly outer: Fields;
  readonly opened: Fields;
  /** Undefined in what was kept before it was written down. */
  readonly app: string | undefined;
}

/** JSON, or the flat XML of message push; null when it is neither. */
export const readBody = (text: string): Json => (text.trimStart().startsWith('<') ? parseFlatXml(text) : parseLossless(text));

/** `opened` as it came where it was JSON, so that no number of it is rounded. */
export function sealEnvelope(from: Sender, body: string, opened: string, app: string): Uint8Array {
  const value = readBody(opened);
  const text = value === null ? 'null' : opened.trimStart().startsWith('<') ? JSON.stringify(value) : opened;
  return Buffer.from(`{"from":"${from}","body":${JSON.stringify(body)},"opened":${text},"app":${JSON.stringify(app)}}`);
}

/** Null when the bytes are no such document. */
export function openEnvelope(bytes: Uint8Array): Envelope | null {
  const document = parseBytes(bytes);
  if (!isObject(document)) return null;
  const whole = new Fields(document);
  const [from, body] = [whole.at('from'), whole.at('body')];
  if ((from !== 'pay' && from !== 'message') || typeof body !== 'string') return null;
  return { from, outer: new Fields(readBody(body) ?? {}, '/body', whole.problems), opened: whole.child('opened'), app: whole.text('app') };
}
