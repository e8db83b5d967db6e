/** Closed lists of states, in the order in which an order walks through them. `docs/glossary.md` has the words. */
export const LIVE_STATUSES = [
  'awaiting_payment',
  'paid',
  'allocated',
  'picked',
  'packed',
  'shipped',
  'in_delivery',
  'delivered',
  'completed',
] as const;
export const ENDED_STATUSES = ['cancelled', 'closed'] as const;
export const ORDER_STATUSES = [...LIVE_STATUSES, ...ENDED_STATUSES] as const;
export type LiveStatus = (typeof LIVE_STATUSES)[number];
export type EndedStatus = (typeof ENDED_STATUSES)[number];
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const PAYMENT_STATES = ['none', 'deposit', 'full'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];
export const REFUND_STATES = ['none', 'requested', 'partial', 'full'] as const;
export type RefundState = (typeof REFUND_STATES)[number];
export const REFUND_STATUSES = ['requested', 'agreed', 'refused', 'withdrawn', 'done'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

export const HOLD_KINDS = ['review', 'incomplete', 'person', 'channel_risk', 'after_sale', 'deposit', 'rule'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];
/** Only these two kinds keep events from outward consumers. */
export const WITHHOLDING: ReadonlySet<HoldKind> = new Set(['review', 'incomplete']);

export const ROLES = ['admin', 'operations', 'customer_service', 'finance', 'warehouse', 'owner', 'integration'] as const;
export type Role = (typeof ROLES)[number];

/** The closed list of event types, in the fixed order in which one message yields them. */
export const EVENT_TYPES = [
  'order.created',
  'order.released',
  'order.held',
  'order.address_changed',
  'order.changed',
  'order.paid',
  'order.payment_changed',
  'order.status_changed',
  'order.shipped',
  'order.delivered',
  'order.completed',
  'order.refund_changed',
  'order.cancelled',
  'order.closed',
  'order.erased',
  'order.restored',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];
/** Sent by `:replay` only; never stored. */
export const SNAPSHOT_TYPE = 'order.snapshot';
