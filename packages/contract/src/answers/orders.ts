/** What the orders room answers. Everything personal in it is masked; only `:reveal` opens it. */
import Type from 'typebox';
import { Buyer, Receiver } from '../neutral-order.ts';
import { OrderState } from '../order-state.ts';
import { EVENT_TYPES, HOLD_KINDS, ORDER_STATUSES, PAYMENT_STATES, REFUND_STATES } from '../statuses.ts';
import { Amount, strict } from '../values.ts';
import { Count, Instant, listOf, orNull } from './list.ts';

export const OrderAnswer = Type.Object(
  {
    ...OrderState.properties,
    connected: Type.Boolean({ description: 'whether the shop is connected' }),
    mayShip: Type.Array(Type.Object({ code: Type.String(), detail: Type.String() }, strict), {
      description: 'every reason why it may not ship; empty = it may',
    }),
    personal: Type.Object(
      {
        receiver: Type.Optional(orNull(Receiver)),
        buyer: Type.Optional(orNull(Buyer)),
        remark: Type.Optional(orNull(Type.String())),
        cancelReason: Type.Optional(Type.String({ description: 'what a person wrote when it was cancelled here' })),
      },
      { ...strict, description: 'masked by role' },
    ),
  },
  { ...strict, $id: 'Order' },
);

export const OrderListItem = Type.Object(
  {
    orderKey: Type.String(),
    channel: Type.String(),
    shop: Type.String(),
    channelOrderId: Type.String(),
    status: orNull(Type.Enum(ORDER_STATUSES)),
    payment: Type.Enum(PAYMENT_STATES),
    refund: Type.Enum(REFUND_STATES),
    held: Type.Array(Type.Enum(HOLD_KINDS)),
    payable: Amount,
    currency: Type.String(),
    lineCount: Count,
    title: Type.String(),
    shipBy: orNull(Instant),
    placedAt: Instant,
  },
  { ...strict, $id: 'OrderListItem' },
);
export const OrderList = listOf(OrderListItem);
export const OrderHits = Type.Object(
  {
    items: Type.Array(OrderListItem),
    nextCursor: Type.Null(),
    hasMore: Type.Boolean({ description: 'true: older orders were found too, and are not shown' }),
  },
  strict,
);
export const OrderCount = Type.Object(
  { count: Count, isExact: Type.Boolean({ description: 'false: there are more than `count`' }) },
  strict,
);

/** Public details of an event; which of them are there depends on its type. */
const EventDetail = Type.Partial(
  Type.Object(
    {
      fields: Type.Array(Type.String()),
      from: orNull(Type.Enum(ORDER_STATUSES)),
      to: orNull(Type.Enum(ORDER_STATUSES)),
      progress: Type.Record(Type.String(), Count),
      paid: Amount,
      payment: Type.Enum(PAYMENT_STATES),
      refunded: Amount,
      refund: Type.Enum(REFUND_STATES),
      kinds: Type.Array(Type.Enum(HOLD_KINDS)),
      ids: Type.Array(Type.String()),
      fromVersion: Type.Integer(),
    },
    strict,
  ),
);
export const TimelineItem = Type.Object(
  {
    position: Type.Integer(),
    version: Type.Integer(),
    type: Type.Enum(EVENT_TYPES),
    withheld: Type.Boolean(),
    occurredAt: Instant,
    recordedAt: Instant,
    cause: Type.Integer({ description: 'the message behind it; `weir trace` takes it' }),
    by: Type.String(),
    detail: EventDetail,
    state: OrderState,
  },
  { ...strict, $id: 'TimelineItem' },
);
export const Timeline = listOf(TimelineItem);

export const KnowledgeItem = Type.Object(
  {
    endpoint: Type.String(),
    name: Type.String(),
    version: Type.Integer({ minimum: 0, description: 'the newest version that it was told; 0: never told' }),
    latest: Count,
    wanted: Type.Integer({
      minimum: 0,
      description: 'the newest version of which it is to hear, of the types that it wants and since its start; 0: none',
    }),
    parked: Type.Boolean(),
    differs: Type.Boolean({ description: 'its own digest does not agree with what it was told' }),
    why: Type.Optional(
      Type.Object({ zh: Type.String(), en: Type.String() }, { ...strict, description: 'of a channel that could not be told: why not' }),
    ),
  },
  { ...strict, $id: 'KnowledgeItem' },
);
export const Knowledge = listOf(KnowledgeItem);

const GoneBy = Type.String({ format: 'date', description: 'on this day the last raw message that may hold the person is dropped' });
export const EraseAnswer = Type.Object(
  {
    orderKey: Type.String(),
    version: Count,
    result: Type.Enum(['changed', 'unchanged'], { description: 'unchanged: it had been erased before' }),
    rawGoneBy: GoneBy,
  },
  { ...strict, $id: 'Erased' },
);
export const ErasePhoneAnswer = Type.Object(
  {
    orders: Type.Integer({
      description:
        'orders that are erased with `expected` set to this number. Not seen by a phone: orders of which only a mask or a token is known, messages that belong to no order, and dead letters without one',
    }),
    stillOpen: Type.Integer({ description: 'orders of the phone that go on; erased only with evenOpen' }),
    more: Type.Boolean({ description: 'there may be more: ask again afterwards' }),
    orderKeys: Type.Array(Type.String(), { description: 'which they are' }),
    erased: Type.Boolean({ description: 'false: this was a preview' }),
    rawGoneBy: GoneBy,
  },
  { ...strict, $id: 'PhoneErased' },
);

export const RevealAnswer = Type.Object(
  {
    orderKey: Type.String(),
    values: Type.Record(Type.String(), Type.Unknown(), { description: 'the fields that were asked for, in the clear' }),
    showSeconds: Type.Integer(),
  },
  { ...strict, $id: 'Revealed' },
);
