/** A delivery as it arrives: a CloudEvents envelope around an order. Pure. */
import type { OrderState } from '@weir/contract';

/** An endpoint with fields of its own is told only these, the key and the version. */
export type Order = Pick<OrderState, 'orderKey' | 'version'> & Partial<OrderState>;
export interface Event {
  readonly id: string;
  /** `weir.order.paid`, … */
  readonly type: string;
  readonly orderKey: string;
  readonly version: number;
  readonly time: string;
  /** Null: the order waits for a person, and no more than that is told. */
  readonly order: Order | null;
  readonly detail: unknown;
  /** Personal fields, where an administrator granted them to this endpoint. */
  readonly personal: { readonly bundleVersion: number; readonly values: Readonly<Record<string, unknown>> } | null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const SEQUENCE = /^\d{10}$/;

/** Null when this is no event of Weir's about an order. Fields that are new to this kit are left alone. */
export function readEvent(body: Buffer): Event | null {
  const event = parse(body);
  if (!isObject(event)) return null;
  const { id, type, subject, sequence, time, data } = event;
  if (typeof id !== 'string' || typeof type !== 'string' || typeof subject !== 'string' || typeof time !== 'string') return null;
  if (typeof sequence !== 'string' || !SEQUENCE.test(sequence) || !isObject(data)) return null;
  const version = Number(sequence);
  const { order = null, detail = null, personal = null } = data;
  if (order !== null && !(isObject(order) && order['orderKey'] === subject && order['version'] === version)) return null;
  return { id, type, orderKey: subject, version, time, order: order as Order | null, detail, personal: personal as Event['personal'] };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
