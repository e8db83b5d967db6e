/** UCI "Online Retail" lines → neutral orders. See README.md for what is said, what is left unsaid, and why. */
import type { NeutralMessage, NeutralOrder } from '@weir/contract';
import { readRows, type Row } from './csv.ts';
import { add, formatAmount, parseDecimal, times, ZERO } from './decimal.ts';
import { createZone, readWallTime } from './local-time.ts';
import { createRefundBook, type RefundBook } from './retail-refunds.ts';
import { type Notes, run, type Tool } from './run.ts';

const COLUMNS = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'] as const;
export type RetailRow = Readonly<Record<(typeof COLUMNS)[number], string>>;
/** All lines of one invoice number, in the order of the file. */
export interface Invoice {
  readonly number: string;
  readonly customer: string;
  readonly rows: readonly RetailRow[];
  readonly firstAt: string;
  readonly lastAt: string;
}

const IDENTITY = { schema: 1, channel: 'onlineretail', shop: 'online-retail' } as const;
const TIME = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2}) (?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})$/;
const zone = createZone('Europe/London');
/** An invoice is written down minute by minute; one that has had no new line for this long is finished. Keeps memory small. */
const INVOICE_OPEN_MINUTES = 60;

export async function* convertOnlineRetail(dir: string, notes: Notes): AsyncGenerator<NeutralMessage> {
  const book = createRefundBook(notes);
  for await (const invoice of invoicesOf(dir, notes)) {
    if (!isCancellation(invoice)) book.addSale(invoice);
    yield* book.takeMessages(IDENTITY, invoice.lastAt, (text) => instant(text, notes));
    if (isCancellation(invoice)) book.addCancellation(invoice);
    else yield toOrder(invoice, notes);
  }
  yield* book.takeMessages(IDENTITY, null, (text) => instant(text, notes));
  countRefunds(book, notes);
}

const isCancellation = (invoice: Invoice): boolean => invoice.number.startsWith('C');

/** Finished invoices by the time of their last line, then by number: the same file gives the same order, always. */
async function* invoicesOf(dir: string, notes: Notes): AsyncGenerator<Invoice> {
  const open = new Map<string, { number: string; customer: string; rows: RetailRow[]; firstAt: string; lastAt: string }>();
  let checkedUntil = '';
  for await (const row of readRows(dir, 'lines.csv', COLUMNS)) {
    const { InvoiceNo: number, InvoiceDate: at } = row.values;
    if (at < checkedUntil) throw new Error(unsorted(row));
    notes.count('rows');
    const known = open.get(number);
    if (known) {
      if (known.customer !== customerOf(row.values)) throw new Error(`lines.csv:${row.line}: invoice ${number} names two customers`);
      known.rows.push(row.values);
      if (at > known.lastAt) known.lastAt = at;
      if (at < known.firstAt) known.firstAt = at;
      continue;
    }
    const limit = minutesBefore(at, INVOICE_OPEN_MINUTES);
    if (limit > checkedUntil) {
      yield* close(open, limit);
      checkedUntil = limit;
    }
    open.set(number, { number, customer: customerOf(row.values), rows: [row.values], firstAt: at, lastAt: at });
  }
  yield* close(open, '9999');
}

const unsorted = (row: Row<(typeof COLUMNS)[number]>): string =>
  `lines.csv:${row.line}: 时间 ${row.values.InvoiceDate} 往回超过 ${INVOICE_OPEN_MINUTES} 分钟；请先按 InvoiceDate 排序 / goes back more than that; sort the file by InvoiceDate first`;

function* close<I extends Invoice>(open: Map<string, I>, before: string): Generator<Invoice> {
  const finished = [...open.values()].filter((invoice) => invoice.lastAt < before);
  finished.sort((a, b) => (a.lastAt === b.lastAt ? (a.number < b.number ? -1 : 1) : a.lastAt < b.lastAt ? -1 : 1));
  for (const invoice of finished) {
    open.delete(invoice.number);
    yield invoice;
  }
}

function minutesBefore(at: string, minutes: number): string {
  const wall = readWallTime(at, TIME);
  const ms = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second) - minutes * 60_000;
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** A spreadsheet turned the five digits into a number: "17850.0". */
const customerOf = (row: RetailRow): string => row.CustomerID.replace(/\.0$/, '');

function instant(text: string, notes: Notes): string {
  const zoned = zone.toText(readWallTime(text, TIME));
  if (!zoned.isClear) notes.count('time_unclear');
  return zoned.text;
}

/** Amounts and quantities go on exactly as the source has them. What no order can hold, Weir's door finds and holds for a person. */
function toOrder(invoice: Invoice, notes: Notes): NeutralOrder {
  const payable = formatAmount(invoice.rows.map((row) => times(parseDecimal(row.UnitPrice), Number(row.Quantity))).reduce(add, ZERO));
  countOrder(invoice, notes);
  return {
    ...IDENTITY,
    channelOrderId: invoice.number,
    status: 'paid',
    placedAt: instant(invoice.firstAt, notes),
    modifiedAt: instant(invoice.lastAt, notes),
    currency: 'GBP',
    lines: invoice.rows.map(toLine),
    discounts: [],
    shippingFee: '0.00',
    payable,
    paid: payable,
    refunded: '0.00',
    ...(invoice.customer === '' ? {} : { buyer: { channelBuyerId: invoice.customer } }),
  };
}

const toLine = (row: RetailRow, index: number): NeutralOrder['lines'][number] => ({
  lineId: String(index + 1),
  sku: row.StockCode,
  title: row.Description,
  quantity: Number(row.Quantity),
  unitPrice: formatAmount(parseDecimal(row.UnitPrice)),
  discount: '0.00',
});

function countOrder(invoice: Invoice, notes: Notes): void {
  notes.count('orders');
  if (invoice.customer === '') notes.count('orders_without_customer');
  if (invoice.rows.some((row) => Number(row.Quantity) < 1)) notes.count('orders_negative_quantity');
  if (invoice.rows.some((row) => formatAmount(parseDecimal(row.UnitPrice)).split('.')[1]?.length !== 2))
    notes.count('orders_price_below_a_penny');
  if (invoice.rows.some((row) => parseDecimal(row.UnitPrice).units === 0n)) notes.count('orders_with_zero_price');
}

function countRefunds(book: RefundBook, notes: Notes): void {
  const { whole, part, none } = book.invoices();
  notes.count('cancellations', whole + part + none);
  notes.count('cancellations_matched', whole);
  notes.count('cancellations_matched_in_part', part);
  notes.count('cancellations_listed', none);
}

export const ONLINE_RETAIL: Tool = {
  name: 'online-retail',
  help: `Usage: node tools/convert/online-retail.ts DIR [--out FILE] [--listed FILE]
把 UCI Online Retail 的 lines.csv（可为 .gz）转换为中立订单 NDJSON。
Converts DIR/lines.csv (or .gz) of the UCI data set into neutral orders, one JSON object per line.
  --out FILE     write there instead of to stdout / 输出文件（默认标准输出）
  --listed FILE  cancellation lines without a unique order, with the reason (online-retail.listed.ndjson) / 无法匹配的退货行及原因
  --help         this text / 帮助
Then: npx weir import FILE. The same input gives the same bytes, so a second run doubles nothing.
`,
  outcomes: {
    rows: 'lines of the table / 数据行',
    orders: 'invoices that became orders / 成为订单的发票',
    orders_without_customer: '… without a customer / 没有客户号',
    orders_with_zero_price: '… with a line of price zero / 有零价行',
    orders_negative_quantity: '… with a quantity below 1: Weir will hold them / 数量小于 1，将待人工复核',
    orders_price_below_a_penny: '… with a price of more than two decimals: Weir will hold them / 单价超过两位小数，将待人工复核',
    cancellations: 'invoices that start with C / 退货发票',
    cancellations_matched: '… every line is a refund of one certain order / 全部匹配',
    cancellations_matched_in_part: '… some lines are, the others are listed / 部分匹配',
    cancellations_listed: '… no line is: listed / 全部列出',
    refunds: 'cancellation lines that became refunds / 成为退款的行',
    refund_messages: 'partial messages that carry them / 携带退款的消息',
    listed_no_customer: 'listed lines: no customer / 没有客户号',
    listed_no_earlier_sale: 'listed lines: nothing like it was sold to this customer before / 此前没有相同的销售',
    listed_not_enough_quantity: 'listed lines: no earlier order has enough left / 数量不够',
    listed_several_candidates: 'listed lines: more than one order fits / 多个订单都可能',
    time_unclear: 'times in a skipped or repeated hour, without offset / 夏令时切换中的时间',
  },
  convert: convertOnlineRetail,
};

if (import.meta.main) process.exitCode = await run(ONLINE_RETAIL, process.argv.slice(2));
