/** Names the subjects of some bytes before anything else of them is understood: of a push, or of an answer that was fetched. */
import { problem, type Problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { Fields, field, isObject } from '../fields.ts';
import { type Json, parseBytes } from '../lossless-json.ts';
import { type Envelope, messagesOf } from './envelope.ts';
import { CHANNEL, identityOf, orderId } from './ids.ts';

export type Routed =
  | { readonly kind: 'order'; readonly index: number; readonly subject: Subject }
  /** The platform tries our address; there is nothing to store. */
  | { readonly kind: 'probe'; readonly index: number }
  /** A review case of its own: nobody can say whom it concerns. */
  | { readonly kind: 'unroutable'; readonly index: number; readonly problems: readonly Problem[] };

/**
 * One result per message of a push, per order of a list or detail, per case of an after-sale list; an empty list of orders has none. `shop`: whose token fetched
 * it, needed where an answer names no shop. Never throws.
 */
export function route(bytes: Uint8Array, shop?: string): Routed[] {
  const value = parseBytes(bytes);
  const messages = messagesOf(value);
  if (messages !== null) return messages.map(routeMessage);
  const parts = partsOf(value);
  if (parts !== null) return parts.map((part, index) => routePart(part, index, shop));
  return [{ kind: 'unroutable', index: 0, problems: [noMessage()] }];
}

export const noMessage = (): Problem =>
  problem('field.wrong_type', '', { reading: '***', expected: 'a push or an answer about orders', expectedZh: '推送，或关于订单的应答' });

function routeMessage(message: Envelope): Routed {
  const { index } = message;
  if (message.isProbe) return { kind: 'probe', index };
  const subject = subjectOf(message.data);
  return subject === null ? { kind: 'unroutable', index, problems: message.data.problems } : { kind: 'order', index, subject };
}

/** The order that a push is about; null, and problems, when it names none. */
export function subjectOf(data: Fields): Subject | null {
  const id = orderId(data, 'p_id');
  const shop = data.id('shop_id');
  return id === undefined || shop === undefined ? null : toSubject(shop, id);
}

const toSubject = (shop: string, id: string): Subject => ({ kind: 'order', channel: CHANNEL, shop, id });

/** An order, or an after-sale, within an answer. */
export interface Part {
  readonly about: 'order' | 'after_sale';
  readonly source: 'list' | 'detail';
  readonly value: Json;
  readonly pointer: string;
}

/** What an answer holds; null when it is no answer about orders. Bytes that could be both are a push, here and in `route`. */
export function partsOf(answer: Json): Part[] | null {
  const data = field(answer, 'data');
  if (!isObject(data) || messagesOf(answer) !== null) return null;
  const list = (name: string, about: Part['about']): Part[] | null => {
    const rows = data[name];
    return Array.isArray(rows)
      ? (rows as readonly Json[]).map((value, i) => ({ about, source: 'list', value, pointer: `/data/${name}/${i}` }))
      : null;
  };
  if (isObject(field(data, 'shop_order_detail')))
    return [{ about: 'order', source: 'detail', value: field(data, 'shop_order_detail') ?? null, pointer: '/data/shop_order_detail' }];
  if (isObject(field(data, 'process_info'))) return [{ about: 'after_sale', source: 'detail', value: data, pointer: '/data' }];
  return list('shop_order_list', 'order') ?? (isAfterSaleList(data['items']) ? list('items', 'after_sale') : null);
}

/** Other calls answer with `items` too. */
const isAfterSaleList = (items: Json | undefined): boolean =>
  Array.isArray(items) && (items.length === 0 || (items as readonly Json[]).some((item) => isObject(field(item, 'aftersale_info'))));

function routePart({ about, value, pointer }: Part, index: number, shop: string | undefined): Routed {
  const from = new Fields(value, pointer);
  const identity = about === 'order' ? identityOf(from, shop) : caseIdentity(from, shop);
  return identity === null
    ? { kind: 'unroutable', index, problems: from.problems }
    : { kind: 'order', index, subject: toSubject(identity.shop, identity.channelOrderId) };
}

/** An after-sale names its order and never its shop. */
function caseIdentity(from: Fields, shop: string | undefined): { readonly shop: string; readonly channelOrderId: string } | null {
  const id = orderId(from.child('order_info'), 'shop_order_id');
  if (shop === undefined) from.complain('shop_id', 'field.missing', 'the shop whose token fetched it', '取得此应答的店铺');
  return id === undefined || shop === undefined ? null : { shop, channelOrderId: id };
}
