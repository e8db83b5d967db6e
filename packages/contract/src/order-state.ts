/** The public state of an order: what each event stores after it happened. It holds no personal data; those travel in the sealed bundle. */
import Type, { type Static } from 'typebox';
import { HOLD_KINDS, ORDER_STATUSES, PAYMENT_STATES, REFUND_STATES, REFUND_STATUSES } from './statuses.ts';
import { Amount, ChannelId, Id, InstantText, strict } from './values.ts';

const Name = Type.String();
export const StateLine = Type.Object(
  {
    lineId: Id,
    sku: Id,
    title: Name,
    quantity: Type.Integer(),
    unitPrice: Amount,
    discount: Amount,
    gift: Type.Optional(Type.Boolean()),
    status: Type.Enum(ORDER_STATUSES),
    shipped: Type.Integer({ description: 'pieces that left, by shipment facts' }),
  },
  strict,
);
export const StateHold = Type.Object(
  { id: Name, kind: Type.Enum(HOLD_KINDS), since: InstantText, why: Name, who: Type.Optional(Name), lineId: Type.Optional(Id) },
  strict,
);
export const StateWarning = Type.Object({ code: Name, pointer: Name }, strict);

export const OrderState = Type.Object(
  {
    orderKey: Name,
    version: Type.Integer(),
    channel: ChannelId,
    shop: Id,
    channelOrderId: Id,
    status: Type.Union([Type.Enum(ORDER_STATUSES), Type.Null()], { description: 'null while no message of this order could be accepted' }),
    payment: Type.Enum(PAYMENT_STATES),
    refund: Type.Enum(REFUND_STATES),
    currency: Name,
    payable: Amount,
    paid: Amount,
    refunded: Amount,
    shippingFee: Amount,
    discounts: Type.Array(Type.Object({ name: Name, amount: Amount, payer: Name }, strict)),
    addressVersion: Type.Integer(),
    bundleVersion: Type.Integer(),
    placedAt: Type.Optional(InstantText),
    paidAt: Type.Optional(InstantText),
    shippedAt: Type.Optional(InstantText),
    completedAt: Type.Optional(InstantText),
    modifiedAt: Type.Optional(InstantText),
    shipBy: Type.Optional(InstantText),
    erasedAt: Type.Optional(Type.String({ format: 'date-time', description: 'since then nothing personal is kept of it' })),
    lines: Type.Array(StateLine),
    progress: Type.Record(Name, Type.Integer()),
    payments: Type.Array(Type.Object({ id: Id, amount: Amount, at: InstantText, kind: Name }, strict)),
    refunds: Type.Array(
      Type.Object({ id: Id, lineId: Type.Optional(Id), amount: Amount, status: Type.Enum(REFUND_STATUSES), at: InstantText }, strict),
    ),
    shipments: Type.Array(
      Type.Object(
        {
          id: Id,
          carrier: Id,
          trackingNumber: Id,
          at: InstantText,
          lines: Type.Array(Type.Object({ lineId: Id, quantity: Type.Integer() }, strict)),
          own: Type.Optional(Type.Literal(true, { description: 'reported by us (`:ship`), not by the channel' })),
          former: Type.Optional(Type.Array(Id, { description: 'tracking numbers that it was said to have before' })),
        },
        strict,
      ),
    ),
    holds: Type.Array(StateHold),
    warnings: Type.Array(StateWarning),
  },
  { ...strict, $id: 'OrderState' },
);
export type OrderState = Static<typeof OrderState>;
export type StateLine = Static<typeof StateLine>;
export type StateHold = Static<typeof StateHold>;

/** The fields of the default state digest, in RFC 8785 order of their names. */
export const DIGEST_FIELDS = ['addressVersion', 'lines', 'orderKey', 'paid', 'payable', 'refunded', 'status', 'version'] as const;

/** A stored event as the timeline shows it. */
export interface StoredEvent {
  readonly position: number;
  readonly type: string;
  readonly version: number;
  /** Their clock, ISO 8601 UTC. */
  readonly occurredAt: string;
  /** Our database's door, ISO 8601 UTC. */
  readonly recordedAt: string;
  readonly withheld: boolean;
  /** Inbox position of the message that caused it; `weir trace` takes it. */
  readonly cause: number;
  readonly by: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly state: OrderState;
}
