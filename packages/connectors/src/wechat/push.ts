/** What WeChat tells us: what it proves, what it only hints at. */
import type { PartialOrder, Problem } from '@weir/contract';
import { problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import type { Heard, PushRouted } from '../adapter.ts';
import { chinaTime } from '../china-time.ts';
import { Fields } from '../fields.ts';
import { parseBytes } from '../lossless-json.ts';
import { unmapped } from '../unmapped.ts';
import { refundSign } from './do-not-ship.ts';
import { type Envelope, openEnvelope } from './envelope.ts';
import { PAY_NAMES, subjectIn, TRADE_NAMES } from './ids.ts';
import { paidIn } from './payments.ts';
import { refundIn, STATE_NAMES } from './refunds.ts';
import { EVENTS, NOTIFICATIONS, ORDER_EVENTS } from './tables.ts';
import { zonedTime } from './times.ts';

export type PushReading =
  /** Not about an order. */
  | { readonly kind: 'probe' }
  /** The detail is wanted. `proves`: what may be written down at once; `doubts`: why a message that could have proved something does not. */
  | { readonly kind: 'news'; readonly subject: Subject; readonly proves: PartialOrder | null; readonly doubts: readonly Problem[] }
  /** A code that we do not know, about an order that we can name: fetch, and show it to a person. */
  | { readonly kind: 'unmapped'; readonly subject: Subject; readonly problems: readonly Problem[] }
  | { readonly kind: 'unroutable'; readonly problems: readonly Problem[] };

/** Never throws. */
export function readPush(bytes: Uint8Array): PushReading {
  const envelope = openEnvelope(bytes);
  if (envelope === null) {
    const row = rowOf(bytes);
    if (row !== null) return { kind: 'news', subject: row, proves: null, doubts: [] };
    const told = { reading: '***', expected: 'a message of WeChat with its raw body', expectedZh: '微信的消息及其原文' };
    return { kind: 'unroutable', problems: [problem('field.wrong_type', '', told)] };
  }
  return envelope.from === 'pay' ? readNotification(envelope) : readMessage(envelope);
}

/** A row of the list that was kept because nobody had connected its shop, and is tried again. The door makes an envelope of whatever it takes. */
function rowOf(bytes: Uint8Array): Subject | null {
  const row = new Fields(parseBytes(bytes));
  return row.has('order_state') ? subjectIn(row, TRADE_NAMES) : null;
}

export function routePush(bytes: Uint8Array): PushRouted {
  const reading = readPush(bytes);
  if (reading.kind === 'probe') return { kind: 'probe' };
  return { kind: 'orders', subjects: 'subject' in reading ? [reading.subject] : [], hasUnroutable: reading.kind === 'unroutable' };
}

export function readPushed(bytes: Uint8Array, { shop, id }: Subject): Heard {
  const reading = readPush(bytes);
  if (!('subject' in reading) || reading.subject.shop !== shop || reading.subject.id !== id)
    return { messages: [], wants: [], problems: [] };
  if (reading.kind === 'unmapped') return { messages: [], wants: ['detail'], problems: reading.problems };
  return { messages: reading.proves === null ? [] : [reading.proves], wants: ['detail'], problems: [] };
}

type Content = Omit<PartialOrder, 'schema' | 'channel' | 'shop' | 'channelOrderId' | 'partial'>;

/** Codes that nobody knows are a person's affair; anything else that cannot be read makes of the message a hint. */
function newsOf(from: Fields, subject: Subject, content: Content | null): PushReading {
  const { problems } = from;
  if (problems.some(({ code }) => code === 'channel.unmapped_code')) return { kind: 'unmapped', subject, problems };
  const { channel, shop, id } = subject;
  const proves: PartialOrder | null =
    content === null || problems.length > 0 ? null : { schema: 1, channel, shop, channelOrderId: id, ...content, partial: true };
  return { kind: 'news', subject, proves, doubts: problems };
}

function readNotification({ outer, opened, app }: Envelope): PushReading {
  const known = NOTIFICATIONS.get(outer.code('event_type') ?? '');
  const subject = subjectIn(opened, PAY_NAMES);
  // Paid in another mini-program of the same merchant: no call of this app will ever know it.
  if (app !== undefined && (opened.text('appid') ?? app) !== app) opened.complain('appid', 'field.not_allowed', app);
  if (subject === null || opened.problems.length > 0) return { kind: 'unroutable', problems: opened.problems };
  if (known === undefined) {
    unmapped(outer, 'event_type', NOTIFICATIONS.keys());
    return { kind: 'unmapped', subject, problems: outer.problems };
  }
  return newsOf(
    opened,
    subject,
    known.about === 'payment' ? paymentContent(opened, known.state) : refundContent(outer, opened, known.state),
  );
}

function paymentContent(opened: Fields, state: string): Content | null {
  if (opened.code('trade_state') !== state) opened.complain('trade_state', 'field.not_allowed', state);
  const paid = paidIn(opened);
  if (paid === null) return null;
  const { at } = paid.payment;
  return { modifiedAt: at, status: 'paid', paidAt: at, payments: [paid.payment] };
}

/** A refund that is known of is a reason to wait, until the detail says that everything has left. */
function refundContent(outer: Fields, opened: Fields, state: string): Content | null {
  const told = refundIn(opened, STATE_NAMES.notification, zonedTime(outer, 'create_time'));
  if (told !== null && opened.code('refund_status') !== state) opened.complain('refund_status', 'field.not_allowed', state);
  if (told === null) return null;
  return { modifiedAt: told.text, refunds: [told.refund], doNotShip: [refundSign(told.text)] };
}

function readMessage({ opened }: Envelope): PushReading {
  const event = opened.text('Event') ?? '';
  const known = EVENTS.get(event);
  if (known === 'app' || !event.startsWith(ORDER_EVENTS)) return { kind: 'probe' };
  const subject = subjectIn(opened, TRADE_NAMES);
  if (subject === null) return { kind: 'unroutable', problems: opened.problems };
  if (known === undefined) unmapped(opened, 'Event', EVENTS.keys());
  return newsOf(opened, subject, known === 'settlement' ? settlementContent(opened) : null);
}

/**
 * Told twice: when the money is about to be settled and when it was. Only a buyer's (or WeChat's) word that the goods arrived ends the order. That money was
 * settled, and when, has no place in our words; it stays in the inbox.
 */
function settlementContent(opened: Fields): Content | null {
  const [paidAt, shippedAt, confirmedAt] = ['pay_time', 'shipped_time', 'confirm_receive_time'].map((name) => opened.seconds(name));
  if (confirmedAt === undefined) return null;
  return {
    modifiedAt: chinaTime(Math.max(confirmedAt, opened.seconds('settlement_time') ?? 0)),
    status: 'completed',
    ...(paidAt === undefined ? {} : { paidAt: chinaTime(paidAt) }),
    ...(shippedAt === undefined ? {} : { shippedAt: chinaTime(shippedAt) }),
    completedAt: chinaTime(confirmedAt),
  };
}
