/** A message of TMC: whom it is about, what it proves, what it only hints at. */
import type { PartialOrder } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { formatFen } from '@weir/core';
import type { Want } from '../adapter.ts';
import { chinaTime, readBeijing } from '../china-time.ts';
import { Fields } from '../fields.ts';
import { parseBytes, parseLossless } from '../lossless-json.ts';
import type { PushReading } from '../push-reading.ts';
import { unmapped } from '../unmapped.ts';
import { yuan } from '../yuan.ts';
import { digits, toSubject } from './ids.ts';
import { MONEY_BILLS, type Topic, TOPICS } from './topics.ts';

/** Never throws. The content is JSON text inside the JSON. */
export function readPush(bytes: Uint8Array): PushReading {
  const message = new Fields(parseBytes(bytes));
  const told = message.at('content');
  const content = new Fields(typeof told === 'string' ? parseLossless(told) : told, '/content', message.problems);
  const [shop, tid] = [digits(message, 'user_id'), digits(content, 'tid')];
  if (shop === undefined || tid === undefined) return { kind: 'unroutable', problems: message.problems };
  const subject = toSubject(shop, tid);
  const name = message.text('topic');
  const topic = name === undefined ? undefined : TOPICS.get(name);
  const wants: Want[] = topic?.about === 'refund' ? ['after_sales', 'detail'] : ['detail'];
  if (topic === undefined) {
    unmapped(message, 'topic', TOPICS.keys());
    return { kind: 'unmapped', subject, wants, problems: message.problems };
  }
  const proves = proofOf(topic, message, content, subject);
  return { kind: 'news', subject, wants, proves: message.problems.length === 0 ? proves : null, doubts: message.problems };
}

/** Without a time of its own a late message would count from its arrival and undo what came after it. */
function proofOf(topic: Topic, message: Fields, content: Fields, { channel, shop, id }: Subject): PartialOrder | null {
  const at = readBeijing(content.text('modified') ?? message.text('pub_time') ?? '');
  const proof = at === null ? null : topic.about === 'refund' ? refundProof(topic, content, at) : null;
  if (at === null || proof === null) return null;
  return { schema: 1, channel, shop, channelOrderId: id, modifiedAt: chinaTime(at), ...proof, partial: true };
}

function refundProof(
  { refund: status }: Extract<Topic, { about: 'refund' }>,
  content: Fields,
  at: number,
): Pick<PartialOrder, 'refunds'> | null {
  if (status === null || !MONEY_BILLS.has(content.text('bill_type') ?? '')) return null;
  const [id, lineId, fen] = [digits(content, 'refund_id'), digits(content, 'oid'), yuan(content, 'refund_fee')];
  if (id === undefined || lineId === undefined || fen === undefined) return null;
  return { refunds: [{ id, lineId, amount: formatFen(fen), status, at: chinaTime(at) }] };
}
