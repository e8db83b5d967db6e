/** Douyin's pushes: who sent them, what they prove, what they only hint at, and what the platform wants to hear. */
import type { PartialOrder } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { ADDRESS_WISHED, formatFen } from '@weir/core';
import type { App, Headers, Want } from '../adapter.ts';
import { chinaTime } from '../china-time.ts';
import { Fields } from '../fields.ts';
import { parseBytes } from '../lossless-json.ts';
import type { PushReading as OrderReading } from '../push-reading.ts';
import { afterSaleId, kindOf, stateOf, toRefund } from './after-sales.ts';
import { riskSign } from './do-not-ship.ts';
import { type Envelope, messagesOf } from './envelope.ts';
import { orderId } from './ids.ts';
import { type OrderNews, type Tag, TAGS } from './push-tags.ts';
import { pushedReceiver } from './receiver.ts';
import { noMessage, subjectOf } from './route.ts';
import { pushedShipment, type Shipment } from './shipments.ts';
import { isSameSignature } from '../signature.ts';
import { signPush } from './sign.ts';
import { UNDER_CHECK } from './status-tables.ts';
import { unmapped } from '../unmapped.ts';

/** HTTP 200 with this, after the bytes are safe; anything else and the platform sends again. */
export const PUSH_ANSWER = { code: 0, msg: 'success' } as const;

export type Verified = { readonly ok: true } | { readonly ok: false; readonly why: 'no_signature' | 'other_app' | 'wrong_signature' };

/** Over the exact bytes, before anything is parsed. The names of headers are in lower case, as node:http gives them. */
export function verifyPush(headers: Headers, body: Uint8Array, app: App): Verified {
  const [signature, appId] = [headers['event-sign'], headers['app-id']];
  if (typeof signature !== 'string' || typeof appId !== 'string') return { ok: false, why: 'no_signature' };
  if (appId !== app.key) return { ok: false, why: 'other_app' };
  return isSameSignature(signature, signPush(app, body)) ? { ok: true } : { ok: false, why: 'wrong_signature' };
}

interface Heard {
  readonly index: number;
  readonly tag?: string;
  readonly messageId?: string;
}
export type PushReading = Heard & ({ readonly kind: 'probe' } | OrderReading);

/** One reading per message; of bytes that are no push, one that says so. Never throws. */
export function readPush(body: Uint8Array): PushReading[] {
  const messages = messagesOf(parseBytes(body));
  if (messages !== null) return messages.map(readMessage);
  return [{ index: 0, kind: 'unroutable', problems: [noMessage()] }];
}

function readMessage(message: Envelope): PushReading {
  const { index, tag, messageId, data } = message;
  const heard: Heard = { index, ...(tag === undefined ? {} : { tag }), ...(messageId === undefined ? {} : { messageId }) };
  if (message.isProbe) return { ...heard, kind: 'probe' };
  const known = tag === undefined ? undefined : TAGS.get(tag);
  const subject = subjectOf(data);
  if (subject === null) return { ...heard, kind: 'unroutable', problems: data.problems };
  const wants: Want[] = known?.about === 'after_sale' ? ['after_sales', 'detail'] : ['detail'];
  if (known === undefined || known.about === 'supply_chain') {
    const envelope = new Fields(tag === undefined ? {} : { tag }, `/${index}`);
    unmapped(envelope, 'tag', TAGS.keys());
    return { ...heard, kind: 'unmapped', subject, wants, problems: envelope.problems };
  }
  if ('proves' in known && known.proves === 'wish') return { ...heard, ...readWish(data, subject, known.time) };
  const proves = proofOf(data, subject, known);
  const isUnmapped = data.problems.some(({ code }) => code === 'channel.unmapped_code');
  return isUnmapped
    ? { ...heard, kind: 'unmapped', subject, wants, problems: data.problems }
    : { ...heard, kind: 'news', subject, wants, proves: data.problems.length === 0 ? proves : null, doubts: data.problems };
}

/** A wish without its time could not be told from the next one: then a person sees the message itself. */
function readWish(data: Fields, subject: Subject, time: string): OrderReading {
  const at = data.seconds(time);
  if (!data.has(time)) data.complain(time, 'field.missing', 'seconds since 1970', '1970 年以来的秒数');
  if (at === undefined || data.problems.length > 0) return { kind: 'unmapped', subject, wants: ['detail'], problems: data.problems };
  const proves = partialOrder(subject, at, {});
  const asks = [{ id: `address_wish:${at}`, why: ADDRESS_WISHED, since: at * 1_000 }] as const;
  return { kind: 'news', subject, wants: ['detail'], proves, doubts: [], asks };
}

/** What the message proves, or null; why not is written into `data.problems` when it could have. */
function proofOf(data: Fields, subject: Subject, tag: Provable): PartialOrder | null {
  if ('proves' in tag && tag.proves === 'nothing') return null;
  const at = data.seconds(tag.time);
  // Without a time of its own a late message would count from its arrival and undo what came after it.
  if (at === undefined) return null;
  const content = tag.about === 'order' ? orderContent(data, at, tag) : refundContent(data, at, subject.id, tag);
  return content === null ? null : partialOrder(subject, at, content);
}

const partialOrder = ({ channel, shop, id }: Subject, at: number, content: Content): PartialOrder => ({
  schema: 1,
  channel,
  shop,
  channelOrderId: id,
  modifiedAt: chinaTime(at),
  ...content,
  partial: true,
});

type Content = Omit<PartialOrder, 'schema' | 'channel' | 'shop' | 'channelOrderId' | 'modifiedAt' | 'partial'>;

function orderContent(
  data: Fields,
  at: number,
  tag: { readonly proves: OrderNews; readonly orderStatus: readonly string[] },
): Content | null {
  const status = data.code('order_status');
  if (status !== undefined && !tag.orderStatus.includes(status))
    data.complain('order_status', 'field.not_allowed', tag.orderStatus.join(', '));
  if (status === undefined || !tag.orderStatus.includes(status)) return null;
  switch (tag.proves) {
    case 'created':
      return { status: 'awaiting_payment', placedAt: chinaTime(at) };
    case 'paid':
      return paidContent(data, at, status === UNDER_CHECK);
    case 'left':
      return { status: 'shipped', shipments: pushedShipment(data, at) };
    case 'left_in_part':
      return partContent(pushedShipment(data, at));
    case 'completed':
      return { status: 'completed', completedAt: chinaTime(at) };
    case 'cancelled':
      return { status: 'cancelled' };
    case 'address':
      return addressContent(data);
  }
}

/** A parcel without pieces would stand for all lines; of an order that left in part nobody knows which. */
const partContent = (shipments: readonly Shipment[]): Content | null =>
  shipments.length > 0 && shipments.every(({ lines }) => lines.length > 0) ? { shipments: [...shipments] } : null;

function paidContent(data: Fields, at: number, isUnderCheck: boolean): Content {
  const fen = data.has('pay_amount') ? data.amount('pay_amount') : undefined;
  return {
    status: 'paid',
    paidAt: chinaTime(at),
    ...(fen === undefined ? {} : { paid: formatFen(fen) }),
    ...(isUnderCheck ? { doNotShip: [riskSign(at)] } : {}),
  };
}

/** Only a receiver with ciphertexts: masks alone would take away what we need to print. */
function addressContent(data: Fields): Content | null {
  const receiver = pushedReceiver(data.child('receiver_msg'));
  return receiver?.token === undefined ? null : { receiver };
}

type Provable = Exclude<Tag, { about: 'supply_chain' } | { proves: 'wish' }>;
type CaseNews = Extract<Tag, { readonly states: readonly unknown[] }>;
function refundContent(data: Fields, at: number, shopOrderId: string, { states, proves }: CaseNews): Content | null {
  const id = afterSaleId(data, 'aftersale_id');
  const lineId = data.has('s_id') ? orderId(data, 's_id') : undefined;
  const kind = kindOf(data, 'aftersale_type');
  const state = kind && stateOf(data, 'aftersale_status', kind);
  if (id === undefined || kind === undefined || state === undefined) return null;
  if (!states.includes(state)) data.complain('aftersale_status', 'field.not_allowed', states.join(', '));
  const amountFen = data.amount('refund_amount');
  if (amountFen === undefined || !states.includes(state)) return null;
  const named = { id, shopOrderId, ...(lineId === undefined ? {} : { lineId }) };
  const refund = toRefund({ ...named, kind, state: proves ?? state, statusCode: '', amountFen, changedAt: at, appliedAt: at }, () => true);
  return refund === null ? null : { refunds: [refund] };
}
