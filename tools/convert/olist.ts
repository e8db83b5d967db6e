/** Olist CSV tables → neutral orders. See README.md for what is said, what is left unsaid, and why. */
import type { NeutralMessage, NeutralOrder, OrderStatus, PartialOrder } from '@weir/contract';
import { readRows } from './csv.ts';
import { add, type Decimal, formatAmount, isEqual, parseDecimal, ZERO } from './decimal.ts';
import { createZone, readWallTime } from './local-time.ts';
import { type Notes, run, type Tool } from './run.ts';

/**
 * Olist's order_status → ours. Sources: dev.olist.com "Orders" (approved = payment authorised; invoiced = invoice accepted, packages
 * created; shipped; delivered), read 2026-11-24, and the columns of the table itself for the rest. `delivered` is the last word that Olist
 * has and the only one with a time, which the neutral order carries as `completedAt`. `unavailable` is missing on purpose: it says that
 * goods were not there, not whether the money went back. `canceled` is in `statusOf`, since it depends on the approval.
 */
export const OLIST_STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ['created', 'awaiting_payment'],
  ['approved', 'paid'],
  ['invoiced', 'paid'],
  ['processing', 'paid'],
  ['shipped', 'shipped'],
  ['delivered', 'completed'],
]);

const ORDER_COLUMNS = [
  'order_id',
  'customer_id',
  'order_status',
  'order_purchase_timestamp',
  'order_approved_at',
  'order_delivered_carrier_date',
  'order_delivered_customer_date',
] as const;
const ITEM_COLUMNS = ['order_id', 'order_item_id', 'product_id', 'shipping_limit_date', 'price', 'freight_value'] as const;
const PAYMENT_COLUMNS = ['order_id', 'payment_sequential', 'payment_type', 'payment_value'] as const;
type OrderRow = Readonly<Record<(typeof ORDER_COLUMNS)[number], string>>;
type ItemRow = Readonly<Record<(typeof ITEM_COLUMNS)[number], string>>;
type PaymentRow = Readonly<Record<(typeof PAYMENT_COLUMNS)[number], string>>;

const CHANNEL = 'olist';
/** The tables come from the one store that Olist keeps on the marketplaces; the sellers behind it are per line and have no field of ours. */
const SHOP = 'olist';
/** `10/2/2017 10:56` (a spreadsheet rewrote the copy at hand) or `2017-10-02 10:56:33` (Olist's own form). */
const TIME =
  /^(?:(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})|(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})) (?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?$/;
const zone = createZone('America/Sao_Paulo');

export async function* convertOlist(dir: string, notes: Notes): AsyncGenerator<NeutralMessage> {
  const items = await rowsByOrder<ItemRow>(dir, 'order_items.csv', ITEM_COLUMNS, (row) => row.order_item_id);
  const payments = await rowsByOrder<PaymentRow>(dir, 'payments.csv', PAYMENT_COLUMNS, (row) => row.payment_sequential);
  for await (const { values: order } of readRows(dir, 'orders.csv', ORDER_COLUMNS)) {
    notes.count('orders');
    yield toMessage(order, take(items, order.order_id), take(payments, order.order_id), notes);
  }
  notes.count('other_item_rows', countRows(items));
  notes.count('other_payment_rows', countRows(payments));
}

/** Rows per order in the order of their own numbers, so that the output does not hang on how the file was sorted. */
async function rowsByOrder<R extends { readonly order_id: string }>(
  dir: string,
  name: string,
  columns: readonly (keyof R & string)[],
  numberOf: (row: R) => string,
): Promise<Map<string, R[]>> {
  const found = new Map<string, R[]>();
  for await (const { values } of readRows(dir, name, columns)) {
    const row = values as unknown as R;
    const rows = found.get(row.order_id);
    if (rows) rows.push(row);
    else found.set(row.order_id, [row]);
  }
  for (const rows of found.values()) rows.sort((a, b) => Number(numberOf(a)) - Number(numberOf(b)));
  return found;
}

function take<R>(rows: Map<string, R[]>, orderId: string): readonly R[] {
  const found = rows.get(orderId) ?? [];
  rows.delete(orderId);
  return found;
}
const countRows = (rows: ReadonlyMap<string, readonly unknown[]>): number => [...rows.values()].reduce((sum, some) => sum + some.length, 0);

function toMessage(order: OrderRow, items: readonly ItemRow[], payments: readonly PaymentRow[], notes: Notes): NeutralMessage {
  const { placedAt, ...times } = timesOf(order, notes);
  const base = { schema: 1, channel: CHANNEL, shop: SHOP, channelOrderId: order.order_id, placedAt, ...times, currency: 'BRL' } as const;
  const buyer = { channelBuyerId: order.customer_id };
  const status = statusOf(order);
  const why = whyPartial(order, items, status);
  if (status !== undefined && why === null) {
    const whole = wholeOrder(order, items, payments, status, notes);
    if (whole !== null) {
      notes.count('full');
      return { ...base, ...whole, buyer };
    }
  }
  const reason = why ?? 'payments_differ';
  notes.count('partial');
  notes.count(`partial_${reason}`);
  if (status === undefined) notes.count('status_not_said');
  if (items.length > 0) notes.list({ reason, table: 'order_items', channelOrderId: order.order_id, rows: items });
  if (payments.length > 0) notes.list({ reason, table: 'payments', channelOrderId: order.order_id, rows: payments });
  return { ...base, ...(status === undefined ? {} : { status }), buyer, partial: true } satisfies PartialOrder;
}

function statusOf(order: OrderRow): OrderStatus | undefined {
  if (order.order_status === 'canceled') return order.order_approved_at === '' ? 'cancelled' : 'closed';
  return OLIST_STATUSES.get(order.order_status);
}

/** Why the tables do not say enough for a whole order, or null when they do. */
function whyPartial(order: OrderRow, items: readonly ItemRow[], status: OrderStatus | undefined): string | null {
  if (items.length === 0) return 'no_items';
  if (items.some((item, index) => Number(item.order_item_id) !== index + 1)) return 'items_missing';
  if (status === undefined) return 'status_unknown';
  if (status === 'closed') return 'refund_unknown'; // approved, then cancelled: no table says what went back
  return order.order_approved_at === '' && status !== 'awaiting_payment' && status !== 'cancelled' ? 'payment_unknown' : null;
}

type Whole = Pick<NeutralOrder, 'status' | 'lines' | 'discounts' | 'shippingFee' | 'payable' | 'paid' | 'refunded'> &
  Pick<NeutralOrder, 'payments' | 'shipBy'>;

/** Null when the payment rows contradict the item rows. */
function wholeOrder(
  order: OrderRow,
  items: readonly ItemRow[],
  payments: readonly PaymentRow[],
  status: OrderStatus,
  notes: Notes,
): Whole | null {
  const freight = items.map((item) => parseDecimal(item.freight_value)).reduce(add, ZERO);
  const payable = items.map((item) => parseDecimal(item.price)).reduce(add, freight);
  const received = payments.map((payment) => parseDecimal(payment.payment_value)).reduce(add, ZERO);
  const isApproved = order.order_approved_at !== '';
  if (payments.length > 0 && isApproved && !isEqual(received, payable)) return null;
  notes.count(payments.length > 0 ? 'full_payment_rows' : 'full_payment_by_approval');
  return {
    status,
    lines: items.map(toLine),
    discounts: [],
    shippingFee: formatAmount(freight),
    payable: formatAmount(payable),
    paid: formatAmount(isApproved ? payable : ZERO),
    refunded: '0.00',
    ...paymentsOf(order, payments, payable, notes),
    ...shipByOf(items, notes),
  };
}

const toLine = (item: ItemRow): NeutralOrder['lines'][number] => ({
  lineId: item.order_item_id,
  sku: item.product_id,
  title: '',
  quantity: 1,
  unitPrice: formatAmount(parseDecimal(item.price)),
  discount: '0.00',
});

/** Only one payment for the whole sum has a kind of ours; a voucher beside a card is neither a deposit nor a balance, and stays in `paid`. */
function paymentsOf(order: OrderRow, payments: readonly PaymentRow[], payable: Decimal, notes: Notes): Pick<NeutralOrder, 'payments'> {
  const [only, ...others] = payments;
  if (only === undefined || others.length > 0 || order.order_approved_at === '') return {};
  return {
    payments: [{ id: only.payment_sequential, amount: formatAmount(payable), at: instant(order.order_approved_at, notes), kind: 'full' }],
  };
}

/** Each item has its own limit of the seller; the order must leave by the earliest. */
function shipByOf(items: readonly ItemRow[], notes: Notes): Pick<NeutralOrder, 'shipBy'> {
  const limits = items.map((item) => instant(item.shipping_limit_date, notes));
  return { shipBy: limits.reduce((a, b) => (Date.parse(b) < Date.parse(a) ? b : a)) };
}

function timesOf(order: OrderRow, notes: Notes): { placedAt: string; paidAt?: string; shippedAt?: string; completedAt?: string } {
  const some = <Name extends string>(name: Name, text: string) =>
    text === '' ? {} : ({ [name]: instant(text, notes) } as Record<Name, string>);
  return {
    placedAt: instant(order.order_purchase_timestamp, notes),
    ...some('paidAt', order.order_approved_at),
    ...some('shippedAt', order.order_delivered_carrier_date),
    ...some('completedAt', order.order_delivered_customer_date),
  };
}

/** A time in an hour that a clock change skipped or repeated goes on without an offset: Weir holds that order until a person knows better. */
function instant(text: string, notes: Notes): string {
  const zoned = zone.toText(readWallTime(text, TIME));
  if (!zoned.isClear) notes.count('time_unclear');
  return zoned.text;
}

export const OLIST: Tool = {
  name: 'olist',
  help: `Usage: node tools/convert/olist.ts DIR [--out FILE] [--listed FILE]
把 Olist 的 CSV（orders.csv、order_items.csv、payments.csv，可为 .gz）转换为中立订单 NDJSON。
Converts the Olist tables in DIR into neutral orders, one JSON object per line.
  --out FILE     write there instead of to stdout / 输出文件（默认标准输出）
  --listed FILE  what became no message, with the reason (olist.listed.ndjson) / 未转换内容及原因
  --help         this text / 帮助
Then: npx weir import FILE. The same input gives the same bytes, so a second run doubles nothing.
`,
  outcomes: {
    orders: 'rows of orders.csv / 订单行',
    full: 'whole orders / 完整订单',
    full_payment_rows: '… paid by rows of payments.csv that add up / 付款行对得上',
    full_payment_by_approval: '… paid because the payment was approved, no payment row / 仅有付款批准时间',
    partial: 'incomplete: identity and what is known / 不完整，等待明细',
    partial_no_items: '… no item row / 没有商品行',
    partial_items_missing: '… a gap in the item numbers / 商品行缺号',
    partial_status_unknown: '… a status without a meaning of ours / 状态无对应',
    partial_refund_unknown: '… cancelled after payment, refund not told / 付款后取消，退款未知',
    partial_payment_unknown: '… no approval, yet a later status / 没有付款批准却已有后续状态',
    partial_payments_differ: '… payments and items do not add up / 付款与商品对不上',
    status_not_said: 'messages without a status / 未给出状态',
    time_unclear: 'times in a skipped or repeated hour, without offset / 夏令时切换中的时间',
    other_item_rows: 'item rows of orders that are not in orders.csv / 其他订单的商品行',
    other_payment_rows: 'payment rows of orders that are not in orders.csv / 其他订单的付款行',
  },
  convert: convertOlist,
};

if (import.meta.main) process.exitCode = await run(OLIST, process.argv.slice(2));
