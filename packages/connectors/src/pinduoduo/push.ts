/** Messages of the platform's message service (PMC): whose they are, what they prove, what must be fetched. One frame is one message. */
import type { NeutralMessage, PartialOrder, Problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { formatFen } from '@weir/core';
import type { Heard, PushRouted, Want } from '../adapter.ts';
import { chinaTime, MAX_EPOCH_SECONDS } from '../china-time.ts';
import { Fields } from '../fields.ts';
import { type Json, parseBytes, parseLossless } from '../lossless-json.ts';
import type { PushReading } from '../push-reading.ts';
import { unmapped } from '../unmapped.ts';
import { PUSHED_TYPES } from './after-sale-tables.ts';
import { caseId } from './after-sales.ts';
import { CHANNEL, mallId, orderSn, toSubject } from './ids.ts';
import { TOPICS, type Topic, topicOf } from './topics.ts';

type Reading = PushReading | { readonly kind: 'something_else' };

/** `bytes`: a frame as it came. Never throws. */
export function readPush(bytes: Uint8Array): Reading {
  const frame = new Fields(parseBytes(bytes));
  const message = frame.child('message');
  const type = message.id('type');
  const topic = type === undefined ? undefined : topicOf(type);
  if (topic?.about === 'something_else') return { kind: 'something_else' };
  const content = contentOf(message);
  const subject = subjectOf(message, content);
  if (type === undefined || subject === null) return { kind: 'unroutable', problems: frame.problems };
  if (topic === undefined) {
    unmapped(message, 'type', TOPICS.keys());
    return { kind: 'unmapped', subject, wants: ['after_sales', 'detail'], problems: frame.problems };
  }
  const wants: readonly Want[] = topic.about === 'after_sale' ? ['after_sales', 'detail'] : ['detail'];
  const proves = proofOf(topic, subject, content);
  return { kind: 'news', subject, wants, proves: frame.problems.length === 0 ? proves : null, doubts: frame.problems };
}

/** JSON text inside the JSON, or the object itself. What is neither has no order in it, and is not repeated in a problem: it may hold a buyer's words. */
function contentOf(message: Fields): Fields {
  const { pointer, problems } = message.child('content');
  const told = message.at('content');
  const value: Json | undefined = typeof told === 'string' ? parseLossless(told) : told;
  return new Fields(value, pointer, problems);
}

/** Two fields name the shop; where they differ the message is nobody's. */
function subjectOf(message: Fields, content: Fields): Subject | null {
  const shop = mallId(message, 'mallID');
  const inside = content.has('mall_id') ? mallId(content, 'mall_id') : shop;
  const id = orderSn(content, 'tid');
  if (shop !== undefined && inside !== undefined && inside !== shop) content.complain('mall_id', 'field.not_allowed', shop);
  return shop === undefined || id === undefined || inside !== shop ? null : toSubject(shop, id);
}

/**
 * A refund that was asked for is the only thing that a message proves: its number, its amount (fen here, yuan everywhere else) and when. Whether money
 * is what goes back shows in bill_type; one that we do not know makes the message a hint.
 */
function proofOf(topic: Topic, subject: Subject, content: Fields): PartialOrder | null {
  if (topic.about === 'something_else' || topic.proves === 'nothing') return null;
  if (PUSHED_TYPES.get(content.text('bill_type') ?? '') !== 'money') return null;
  const id = caseId(content, 'refund_id');
  const fen = content.amount('refund_fee');
  const at = milliseconds(content, 'modified');
  if (id === undefined || fen === undefined || at === undefined) return null;
  const { channel, shop, id: channelOrderId } = subject;
  const time = chinaTime(at);
  const refunds = [{ id, amount: formatFen(fen), status: 'requested' as const, at: time }];
  return { schema: 1, channel, shop, channelOrderId, modifiedAt: time, refunds, partial: true };
}

/** In whole seconds, as the answers tell the same moment: a fraction more would make the message newer than what it announces. */
function milliseconds(from: Fields, name: string): number | undefined {
  const ms = from.whole(name);
  const seconds = ms === undefined ? undefined : Math.floor(ms / 1_000);
  if (seconds !== undefined && seconds > 0 && seconds <= MAX_EPOCH_SECONDS / 10) return seconds;
  from.complain(name, from.has(name) ? 'time.not_zoned' : 'field.missing', 'milliseconds since 1970', '1970 年以来的毫秒数');
  return undefined;
}

export function routePush(bytes: Uint8Array): PushRouted {
  const read = readPush(bytes);
  if (read.kind === 'something_else') return { kind: 'probe' };
  return read.kind === 'unroutable'
    ? { kind: 'orders', subjects: [], hasUnroutable: true }
    : { kind: 'orders', subjects: [read.subject], hasUnroutable: false };
}

export function whyUnrouted(bytes: Uint8Array): readonly Problem[] {
  const read = readPush(bytes);
  return read.kind === 'unroutable' ? read.problems : [];
}

export function hearPush(bytes: Uint8Array, { channel, shop, id }: Subject): Heard {
  const read = readPush(bytes);
  const isOurs = 'subject' in read && channel === CHANNEL && read.subject.shop === shop && read.subject.id === id;
  if (!isOurs) return { messages: [], wants: [], problems: [] };
  const messages: readonly NeutralMessage[] = read.kind === 'news' && read.proves !== null ? [read.proves] : [];
  return { messages, wants: read.wants, problems: read.kind === 'unmapped' ? read.problems : [] };
}
