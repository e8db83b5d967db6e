/** Pinduoduo as the server knows its channels: route, read, ask, hold a socket. What each part means is in the files beside this one. */
import { problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { type Adapter, type Ask, type Asked, type Call, FEEDS, type Heard, type Row, type RowsRead } from '../adapter.ts';
import { field, Fields, filled } from '../fields.ts';
import { itemsAt, textAt } from '../json-slices.ts';
import { type Json, parseBytes, parseLossless, textOfBytes } from '../lossless-json.ts';
import { strangeAnswer } from '../no-answer.ts';
import { heardOfCase, toHeard } from '../normalised.ts';
import { type AfterSale, readListed, toRefund } from './after-sales.ts';
import { createClient } from './client.ts';
import { CHANNEL, orderSn, toSubject } from './ids.ts';
import { normaliseOrder } from './normalise.ts';
import { openReceiver } from './open-receiver.ts';
import { hearPush, routePush, whyUnrouted } from './push.ts';
import {
  afterSalesChanged,
  afterSalesOf,
  MAX_AGE_DAYS,
  MAX_PAGE_SIZE,
  MAX_ROWS,
  MAX_WINDOW_SECONDS,
  orderDetail,
  ordersChanged,
  ordersPlaced,
  permitMessages,
  ROWS,
  rowsOf,
  SETTLE_SECONDS,
} from './requests.ts';
import { ROOT_KEYS } from './root-keys.ts';
import { pinduoduoSocket } from './socket.ts';
import { pinduoduoToken } from './token.ts';
import { pinduoduoWriteBack } from './write-back.ts';

/** The slowest call that we make, the list of after-sales, may be made 100 times in ten seconds. Source: our protocol notes (one source). */
const CALLS_PER_SECOND = 10;

export const pinduoduoAdapter: Adapter = {
  channel: CHANNEL,
  limits: {
    callsPerSecond: CALLS_PER_SECOND,
    pageRows: MAX_PAGE_SIZE,
    windowRows: MAX_ROWS,
    ageDays: MAX_AGE_DAYS,
    windowSeconds: MAX_WINDOW_SECONDS,
    settleSeconds: SETTLE_SECONDS,
    listsUnpaid: false,
  },
  walk: 'last_page_first',
  feeds: FEEDS,
  settings: [],
  consentCode: 'needed',
  socket: pinduoduoSocket,
  routePush,
  whyUnrouted,
  read(kind, bytes, subject) {
    if (kind === 'push') return hearPush(bytes, subject);
    return kind === 'list' ? readRow(bytes, subject) : readDetail(bytes, subject);
  },
  token: pinduoduoToken,
  createClient,
  permit: async (ask) => {
    const answer = await ask(permitMessages());
    if (!answer.ok) return answer;
    return field(answer.data, 'is_success') === true ? { ok: true, value: null } : strangeAnswer(answer);
  },
  fetchDetail,
  listChanged: (ask, feed, shop, window, page) => list(ask, shop, (feed === 'orders' ? ordersChanged : afterSalesChanged)(window, page)),
  listPlaced: (ask, shop, window, page) => list(ask, shop, ordersPlaced(window, page)),
  writeBack: pinduoduoWriteBack,
  openReceiver,
};

/** A row of a list of cases has a type; an order has none. */
function readRow(bytes: Uint8Array, subject: Subject): Heard {
  const row = parseBytes(bytes);
  if (field(row, 'after_sales_type') !== undefined) {
    const read = readListed(row);
    if (!read.ok) return { messages: [], wants: [], problems: read.problems };
    const { orderId, changedAt } = read.afterSale;
    if (orderId !== subject.id)
      return { messages: [], wants: [], problems: [problem('field.not_allowed', '/order_sn', { reading: orderId, expected: subject.id })] };
    return heardOfCase(subject, changedAt, toRefund(read.afterSale));
  }
  return toHeard(normaliseOrder(row, { shop: subject.shop }));
}

/** `{"afterSales": […], "order": …}`, each part as its own call told it. */
function readDetail(bytes: Uint8Array, subject: Subject): Heard {
  const told = parseBytes(bytes);
  const order = field(told, 'order');
  const items = field(told, 'afterSales');
  if (order === undefined || !Array.isArray(items))
    return { messages: [], wants: [], problems: [problem('field.missing', '/order', { expected: 'order, afterSales' })] };
  const cases = (items as readonly Json[]).map((item, i) => readListed(item, `/afterSales/${i}`));
  const broken = cases.flatMap((each) => (each.ok ? [] : each.problems));
  if (broken.length > 0) return { messages: [], wants: [], problems: broken };
  const afterSales = cases.flatMap((each): AfterSale[] => (each.ok && each.afterSale.orderId === subject.id ? [each.afterSale] : []));
  return toHeard(normaliseOrder(order, { shop: subject.shop, afterSales, pointer: '/order' }));
}

/** The after-sales first, so that the order is at least as new. */
async function fetchDetail(ask: Ask, { id }: Subject): Promise<Asked<Uint8Array>> {
  const asked = afterSalesOf(id, { page: 0, size: MAX_PAGE_SIZE });
  const cases = await ask(asked);
  if (!cases.ok) return cases;
  const order = await ask(orderDetail(id));
  if (!order.ok) return order;
  const raw = textAt(textOfBytes(order.bytes) ?? '', [rootOf('pdd.order.information.get'), 'order_info']);
  const rows = rowsOf(cases.data, 'refund_list');
  if (raw === null || rows === null || orderSn(new Fields(field(order.data, 'order_info')), 'order_sn') !== id) return strangeAnswer(order);
  const items = itemsAt(textOfBytes(cases.bytes) ?? '', [rootOf(asked.method), 'refund_list']);
  return { ok: true, value: Buffer.from(`{"afterSales":[${items.join(',')}],"order":${raw}}`) };
}

const rootOf = (method: string): string => ROOT_KEYS.get(method) ?? '';

async function list(ask: Ask, shop: string, call: Call): Promise<Asked<RowsRead>> {
  const answer = await ask(call);
  if (!answer.ok) return answer;
  const name = ROWS.get(call.method) ?? '';
  const read = rowsOf(answer.data, name);
  if (read === null) return strangeAnswer(answer);
  const rows = itemsAt(textOfBytes(answer.bytes) ?? '', [rootOf(call.method), name]).map((text): Row => {
    const row = parseLossless(text);
    const id = orderSn(new Fields(row), 'order_sn');
    return { id: filled(field(row, 'id')) ?? id ?? text, subject: id === undefined ? null : toSubject(shop, id), bytes: Buffer.from(text) };
  });
  return { ok: true, value: { rows, total: read.total } };
}
