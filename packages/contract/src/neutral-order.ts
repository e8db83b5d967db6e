/** The neutral order: what `POST /v1/orders` takes and what every channel connector produces (design §5). */
import Type, { type Static } from 'typebox';
import { ORDER_STATUSES, REFUND_STATUSES } from './statuses.ts';
import { Amount, ChannelId, Id, InstantText, Quantity, strict, text } from './values.ts';

const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** Limits of one order's lists; more than this is not an order but a mistake, and is said so. */
export const ORDER_LIMITS = { lines: 1_000, discounts: 100, payments: 100, refunds: 500, shipments: 500, doNotShip: 100 } as const;
const list = <T extends Type.TSchema>(schema: T, maxItems: number, minItems = 0) => Type.Array(schema, { maxItems, minItems });

export const NeutralLine = Type.Object(
  {
    lineId: Id,
    sku: Id,
    title: text(500),
    quantity: Quantity,
    unitPrice: Amount,
    discount: Amount,
    status: Type.Optional(Type.Enum(ORDER_STATUSES)),
    gift: Type.Optional(Type.Boolean()),
  },
  strict,
);
export const Discount = Type.Object(
  { name: text(200), amount: Amount, payer: Type.Enum(['shop', 'platform', 'talent', 'unknown']) },
  strict,
);
export const Payment = Type.Object({ id: Id, amount: Amount, at: InstantText, kind: Type.Enum(['deposit', 'balance', 'full']) }, strict);
export const Refund = Type.Object(
  { id: Id, lineId: Type.Optional(Id), amount: Amount, status: Type.Enum(REFUND_STATUSES), at: InstantText },
  strict,
);
export const ShipmentLine = Type.Object({ lineId: Id, quantity: Quantity }, strict);
export const Shipment = Type.Object(
  { id: Id, carrier: Id, trackingNumber: Id, at: InstantText, lines: list(ShipmentLine, ORDER_LIMITS.lines) },
  strict,
);
export const DoNotShip = Type.Object(
  { kind: Type.Enum(['channel_risk', 'after_sale', 'deposit', 'rule']), lineId: Type.Optional(Id), code: Id, since: InstantText },
  strict,
);
export const Buyer = Type.Object(
  { name: Type.Optional(text(100)), phone: Type.Optional(text(40)), channelBuyerId: Type.Optional(text(128)) },
  strict,
);
export const Receiver = Type.Object(
  {
    name: Type.Optional(text(100)),
    phone: Type.Optional(text(40)),
    province: Type.Optional(text(60)),
    city: Type.Optional(text(60)),
    district: Type.Optional(text(60)),
    detail: Type.Optional(text(500)),
    /** A channel's ciphertexts, or the token it gives in their place. Three ciphertexts of one receiver can pass 512 characters. */
    token: Type.Optional(text(2048)),
  },
  strict,
);
export const Context = Type.Object(
  {
    operator: Type.Optional(text(100)),
    deviceFingerprint: Type.Optional(text(256)),
    geo: Type.Optional(
      Type.Object({ lat: Type.Number({ minimum: -90, maximum: 90 }), lng: Type.Number({ minimum: -180, maximum: 180 }) }, strict),
    ),
  },
  strict,
);

const identity = { schema: Type.Literal(1), channel: ChannelId, shop: Id, channelOrderId: Id };
const required = {
  status: Type.Enum(ORDER_STATUSES),
  placedAt: InstantText,
  lines: list(NeutralLine, ORDER_LIMITS.lines, 1),
  discounts: list(Discount, ORDER_LIMITS.discounts),
  shippingFee: Amount,
  payable: Amount,
  paid: Amount,
  refunded: Amount,
};
const optional = {
  paidAt: InstantText,
  shippedAt: InstantText,
  completedAt: InstantText,
  modifiedAt: InstantText,
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  payments: list(Payment, ORDER_LIMITS.payments),
  refunds: list(Refund, ORDER_LIMITS.refunds),
  shipments: list(Shipment, ORDER_LIMITS.shipments),
  doNotShip: list(DoNotShip, ORDER_LIMITS.doNotShip),
  shipBy: orNull(InstantText),
  buyer: orNull(Buyer),
  receiver: orNull(Receiver),
  remark: orNull(text(2000)),
  context: Context,
};

/** A whole order. Absent = not said; `null` = removed. */
export const NeutralOrder = Type.Object(
  { ...identity, ...required, ...Type.Partial(Type.Object(optional)).properties, partial: Type.Optional(Type.Literal(false)) },
  { ...strict, $id: 'NeutralOrder' },
);
/** Identity plus any subset, from a source that tells only what changed. */
export const PartialOrder = Type.Object(
  { ...identity, ...Type.Partial(Type.Object({ ...required, ...optional })).properties, partial: Type.Literal(true) },
  { ...strict, $id: 'PartialOrder' },
);
export type NeutralOrder = Static<typeof NeutralOrder>;
export type PartialOrder = Static<typeof PartialOrder>;
export type NeutralMessage = NeutralOrder | PartialOrder;
export type NeutralIdentity = Pick<NeutralOrder, 'channel' | 'shop' | 'channelOrderId'>;

/** Fields whose values, and whose readings in a problem, are personal: they travel sealed or masked (design §7). */
export const PERSONAL_FIELDS = ['buyer', 'receiver', 'remark', 'context'] as const;
