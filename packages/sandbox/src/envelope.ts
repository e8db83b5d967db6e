/** The event as it arrives: a CloudEvents 1.0 envelope around an order. What we are told to expect, checked; nothing is believed. */
export interface OrderData {
  readonly orderKey: string;
  readonly version: number;
  readonly lines: readonly {
    readonly lineId: string;
    readonly quantity: number;
    readonly status: string;
    readonly [field: string]: unknown;
  }[];
  readonly [field: string]: unknown;
}
export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: string;
  readonly version: number;
  /** Null in `weir.order.held` of an order that is withheld: it tells that the order waits and nothing more. */
  readonly order: OrderData | null;
}

const SEQUENCE = /^\d{10}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
/** Names that may hold a person's data. An endpoint without a grant must never see them, wherever they stand. */
const PERSONAL: ReadonlySet<string> = new Set([
  'buyer',
  'receiver',
  'remark',
  'context',
  'phone',
  'idNumber',
  'channelBuyerId',
  'deviceFingerprint',
  'geo',
  'operator',
  'nick',
]);
const MAX_DEPTH = 32;

type Found = { readonly envelope: Envelope } | { readonly wrong: string };
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

export function readEnvelope(contentType: string | undefined, event: unknown): Found {
  if (!contentType?.startsWith('application/cloudevents+json')) return { wrong: `content-type is ${contentType ?? 'missing'}` };
  if (!isObject(event)) return { wrong: 'the body is not a JSON object' };
  const { specversion, id, source, type, subject, time, datacontenttype, sequence, data } = event;
  if (specversion !== '1.0') return { wrong: 'specversion is not 1.0' };
  if (!isText(id) || !isText(source) || !isText(subject)) return { wrong: 'id, source or subject is missing' };
  if (!isText(type) || !type.startsWith('weir.')) return { wrong: `type ${String(type)} does not begin with weir.` };
  if (!isText(time) || !INSTANT.test(time)) return { wrong: `time ${String(time)} is no instant` };
  if (datacontenttype !== 'application/json') return { wrong: 'datacontenttype is not application/json' };
  if (!isText(sequence) || !SEQUENCE.test(sequence)) return { wrong: `sequence ${String(sequence)} is not ten digits` };
  const version = Number(sequence);
  if (type === 'weir.order.held' && isObject(data) && data['order'] === undefined)
    return data['orderKey'] === subject
      ? { envelope: { id, type, subject, sequence, version, order: null } }
      : { wrong: 'data.orderKey is not the subject' };
  const order = isObject(data) ? data['order'] : undefined;
  if (!isObject(order) || order['orderKey'] !== subject) return { wrong: 'data.order.orderKey is not the subject' };
  if (order['version'] !== version) return { wrong: 'data.order.version is not the sequence' };
  if (!Array.isArray(order['lines'])) return { wrong: 'data.order.lines is missing' };
  return { envelope: { id, type, subject, sequence, version, order: order as OrderData } };
}

/** Paths of the fields that may hold a person's data, e.g. `/data/order/receiver`. */
export function personalFields(value: unknown, path = '', depth = 0): string[] {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = `${path}/${name}`;
    return !Array.isArray(value) && PERSONAL.has(name) ? [here] : personalFields(inner, here, depth + 1);
  });
}
