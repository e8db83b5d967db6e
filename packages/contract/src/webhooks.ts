/** What a webhook carries: the envelope and, for each type, what stands in `data`. The AsyncAPI document is made from this. */
import Type, { type TSchema } from 'typebox';
import { OrderState } from './order-state.ts';
import { HOLD_KINDS, ORDER_STATUSES, PAYMENT_STATES, REFUND_STATES, type EventType, type SNAPSHOT_TYPE } from './statuses.ts';
import { Amount, InstantText } from './values.ts';

/** Open on purpose: a receiver leaves alone what is new to it. */
const open = <T extends Record<string, TSchema>>(properties: T) => Type.Object(properties);
const Status = Type.Union([Type.Enum(ORDER_STATUSES), Type.Null()]);
const Kinds = Type.Array(Type.Enum(HOLD_KINDS));
const Ids = Type.Array(Type.String());
const nothing = open({});

interface TypeEntry {
  readonly zh: string;
  readonly en: string;
  /** Of `data.detail`. */
  readonly detail: TSchema;
  readonly example: Readonly<Record<string, unknown>>;
}
export const WEBHOOK_TYPES = {
  'order.created': { zh: '第一次知道这个订单', en: 'the order is known for the first time', detail: nothing, example: {} },
  'order.released': {
    zh: '挂起解除；fromVersion 之后被压住的版本随后按序送达',
    en: 'holds ended; versions withheld from fromVersion on follow in order',
    detail: open({ fromVersion: Type.Optional(Type.Integer()), kinds: Type.Optional(Kinds), ids: Type.Optional(Ids) }),
    example: { fromVersion: 3, kinds: ['review'], ids: ['review-1'] },
  },
  'order.held': {
    zh: '订单挂起；等人复核时 data 只说明挂起，不含内容',
    en: 'the order is held; while it waits for review data says only that',
    detail: open({ kinds: Kinds, ids: Ids }),
    example: { kinds: ['person'], ids: ['person-1'] },
  },
  'order.address_changed': {
    zh: '收货地址变了（addressVersion）',
    en: 'the address changed (addressVersion)',
    detail: nothing,
    example: {},
  },
  'order.changed': {
    zh: '内容变了，哪些字段见 fields',
    en: 'content changed; fields says which',
    detail: open({ fields: Type.Array(Type.String()) }),
    example: { fields: ['lines', 'payable'] },
  },
  'order.paid': { zh: '已付款', en: 'paid', detail: nothing, example: {} },
  'order.payment_changed': {
    zh: '付款金额或状态变了',
    en: 'what was paid changed',
    detail: open({ paid: Amount, payment: Type.Enum(PAYMENT_STATES) }),
    example: { paid: '114.00', payment: 'full' },
  },
  'order.status_changed': {
    zh: '状态或各行进度变了',
    en: 'the status or the progress of lines changed',
    detail: open({ from: Status, to: Status, progress: Type.Record(Type.String(), Type.Integer()) }),
    example: { from: 'awaiting_payment', to: 'paid', progress: { paid: 2 } },
  },
  'order.shipped': { zh: '已出库', en: 'shipped', detail: nothing, example: {} },
  'order.delivered': { zh: '已签收', en: 'delivered', detail: nothing, example: {} },
  'order.completed': { zh: '已完成', en: 'completed', detail: nothing, example: {} },
  'order.refund_changed': {
    zh: '退款金额或状态变了',
    en: 'what was refunded changed',
    detail: open({ refunded: Amount, refund: Type.Enum(REFUND_STATES) }),
    example: { refunded: '13.50', refund: 'partial' },
  },
  'order.cancelled': {
    zh: '已取消（未付款）',
    en: 'cancelled before it was paid',
    detail: open({ from: Status }),
    example: { from: 'awaiting_payment' },
  },
  'order.closed': { zh: '已关闭（付款后结束）', en: 'closed after it was paid', detail: open({ from: Status }), example: { from: 'paid' } },
  'order.erased': { zh: '个人信息已删除', en: 'personal data was erased', detail: nothing, example: {} },
  'order.restored': {
    zh: '从备份恢复之后，订单现在的样子',
    en: 'the order as it stands after the house was restored from a backup',
    detail: nothing,
    example: {},
  },
  'order.snapshot': {
    zh: '重放：订单的当前版本，应要求再发一次',
    en: 'a replay: the current version, sent again on request',
    detail: open({ replay: Type.String() }),
    example: { replay: 'rpl_0mi6z1k8y0000000000000000' },
  },
} as const satisfies Record<EventType | typeof SNAPSHOT_TYPE, TypeEntry>;
export type WebhookType = keyof typeof WEBHOOK_TYPES;

const Personal = Type.Object(
  { bundleVersion: Type.Integer(), values: Type.Record(Type.String(), Type.Unknown()) },
  { $id: 'GrantedPersonal', description: '只给经授权的端点，总是当天的值 / only for an endpoint with a grant, always today’s values' },
);
const OnlyHeld = Type.Object(
  { orderKey: Type.String(), version: Type.Integer(), held: Kinds },
  {
    $id: 'OnlyHeld',
    additionalProperties: false,
    description: '订单在等人复核，只告诉这一点 / the order waits for a person, and no more than that is told',
  },
);

/** `data` as an endpoint without `fields` gets it; one with `fields` gets these, `orderKey` and `version` in `data.order`, and no detail. */
export const webhookData = (type: WebhookType) => {
  const whole = Type.Object({ order: OrderState, detail: WEBHOOK_TYPES[type].detail, personal: Type.Optional(Personal) });
  return type === 'order.held' ? Type.Union([whole, OnlyHeld]) : whole;
};

export const webhookBody = (type: WebhookType) =>
  Type.Object({
    specversion: Type.Literal('1.0'),
    id: Type.String({ description: '事件的编号 / of the event' }),
    source: Type.String({ description: '安装的编号 / of the installation' }),
    type: Type.Literal(`weir.${type}`),
    subject: Type.String({ description: '统一订单号 / order key' }),
    time: InstantText,
    datacontenttype: Type.Literal('application/json'),
    sequence: Type.String({ pattern: '^[0-9]{10}$', description: '订单的版本，十位数字 / the version of the order, ten digits' }),
    data: webhookData(type),
  });

export const WebhookHeaders = Type.Object({
  'webhook-id': Type.String({ description: '一次投递的编号，重试时不变 / of the delivery, the same over all tries' }),
  'webhook-timestamp': Type.String({ pattern: '^[0-9]+$', description: '秒 / seconds since 1970' }),
  'webhook-signature': Type.String({
    description: '`v1,<base64>`；换密钥期间有两个，空格分开 / two of them, parted by a space, while a secret is replaced',
  }),
});

const EXAMPLE_STATE = {
  orderKey: 'DY2026022200872A',
  version: 2,
  channel: 'douyin',
  shop: '4463798',
  channelOrderId: '6900000000000000123',
  status: 'paid',
  payment: 'full',
  refund: 'none',
  currency: 'CNY',
  payable: '114.00',
  paid: '114.00',
  refunded: '0.00',
  shippingFee: '4.00',
  discounts: [{ name: '满减', amount: '10.00', payer: 'platform' }],
  addressVersion: 1,
  bundleVersion: 1,
  placedAt: '2026-02-20T12:22:08.000Z',
  paidAt: '2026-02-20T12:23:00.000Z',
  lines: [
    { lineId: '1', sku: 'TEA-01', title: '龙井 250g', quantity: 2, unitPrice: '60.00', discount: '0.00', status: 'paid', shipped: 0 },
  ],
  progress: { paid: 1 },
  payments: [{ id: 'p1', amount: '114.00', at: '2026-02-20T12:23:00.000Z', kind: 'full' }],
  refunds: [],
  shipments: [],
  holds: [],
  warnings: [],
} as const;
export const webhookExample = (type: WebhookType): object => ({
  specversion: '1.0',
  id: 'evt-17-88420000002',
  source: 'inst_0mi6z1k8y0000000000000000',
  type: `weir.${type}`,
  subject: EXAMPLE_STATE.orderKey,
  time: '2026-02-20T12:23:00.000Z',
  datacontenttype: 'application/json',
  sequence: String(EXAMPLE_STATE.version).padStart(10, '0'),
  data: { order: EXAMPLE_STATE, detail: WEBHOOK_TYPES[type].example },
});
