/** Douyin Shop as the server knows its channels: verify, route, read, ask. What each part means is in the files beside this one. */
import { type NeutralMessage, type Problem, problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import {
  type Adapter,
  type Answer,
  type Ask,
  type Asked,
  type Call,
  FEEDS,
  type Heard,
  type Page,
  type PersonAsked,
  type PushRouted,
  type Row,
  type RowsRead,
  type Want,
  type Window,
} from '../adapter.ts';
import { field, Fields, filled } from '../fields.ts';
import { itemsAt, textAt } from '../json-slices.ts';
import { type Json, parseBytes, parseLossless, textOfBytes } from '../lossless-json.ts';
import { strangeAnswer } from '../no-answer.ts';
import { heardOfCase, toHeard } from '../normalised.ts';
import { type AfterSale, readListed, toRefund } from './after-sales.ts';
import { createClient } from './client.ts';
import { CHANNEL } from './ids.ts';
import { normaliseOrder } from './normalise.ts';
import { PUSH_ANSWER, readPush, verifyPush } from './push.ts';
import {
  afterSalesChanged,
  afterSalesOf,
  MAX_AGE_DAYS,
  MAX_PAGE_SIZE,
  MAX_ROWS,
  orderDetail,
  ordersChanged,
  ordersPlaced,
  rowsOf,
  WHOLE_LIST_SECONDS,
} from './requests.ts';
import { route } from './route.ts';
import { createOwnToken, createToken, readToken, refreshToken, tokenState } from './token.ts';
import { doudianWriteBack } from './write-back.ts';

/** No source names the quota of these calls; the platform answers 60000 beyond it. Our judgement: slow enough for the smallest that other sellers tell of. */
const CALLS_PER_SECOND = 10;
/** More cases than any order has; what lies beyond is told by its own push or row. */
const MAX_CASES = 100;
const LISTS = { orders: 'shop_order_list', after_sales: 'items' } as const;

export const doudianAdapter: Adapter = {
  channel: CHANNEL,
  limits: { callsPerSecond: CALLS_PER_SECOND, pageRows: MAX_PAGE_SIZE, windowRows: MAX_ROWS, ageDays: MAX_AGE_DAYS },
  walk: 'first_page_first',
  feeds: FEEDS,
  settings: [],
  consentCode: 'optional',
  door: {
    replies: {
      taken: { status: 200, body: PUSH_ANSWER },
      refused: { status: 403, body: { code: 1, msg: 'refused' } },
      later: { status: 503, body: { code: 2, msg: 'try again' } },
    },
    open: ({ headers, body }, app) => (verifyPush(headers, body, app).ok ? { kind: 'message', bytes: body } : { kind: 'refused' }),
  },
  routePush,
  whyUnrouted: (bytes) => readPush(bytes).flatMap((each) => (each.kind === 'unroutable' ? each.problems : [])),
  read(kind, bytes, subject) {
    if (kind === 'push') return readPushed(bytes, subject);
    return kind === 'list' ? readRow(bytes, subject) : readDetail(bytes, subject);
  },
  token: {
    first: (shop, code) => (code === undefined ? createOwnToken(shop) : createToken(code)),
    refresh: refreshToken,
    read: readToken,
    state: tokenState,
  },
  createClient,
  fetchDetail,
  listChanged: (ask, feed, shop, window, page) =>
    list(ask, feed, shop, (feed === 'orders' ? ordersChanged : afterSalesChanged)(window, page)),
  listPlaced: (ask, shop, window, page) => list(ask, 'orders', shop, ordersPlaced(window, page)),
  writeBack: doudianWriteBack,
};

const isSame = (a: Subject, b: Subject): boolean => a.shop === b.shop && a.id === b.id;

function routePush(body: Uint8Array): PushRouted {
  const readings = readPush(body);
  if (readings.every((each) => each.kind === 'probe')) return { kind: 'probe' };
  const subjects: Subject[] = [];
  for (const each of readings) if ('subject' in each && !subjects.some((known) => isSame(known, each.subject))) subjects.push(each.subject);
  return { kind: 'orders', subjects, hasUnroutable: readings.some((each) => each.kind === 'unroutable') };
}

/** All that a push says of one order; its other messages are other entries with the same bytes. */
function readPushed(bytes: Uint8Array, subject: Subject): Heard {
  const messages: NeutralMessage[] = [];
  const [wants, problems, asks] = [new Set<Want>(), [] as Problem[], [] as PersonAsked[]];
  for (const reading of readPush(bytes)) {
    if ((reading.kind !== 'news' && reading.kind !== 'unmapped') || !isSame(reading.subject, subject)) continue;
    for (const want of reading.wants) wants.add(want);
    if (reading.kind === 'unmapped') problems.push(...reading.problems);
    else {
      if (reading.proves !== null) messages.push(reading.proves);
      asks.push(...(reading.asks ?? []));
    }
  }
  return { messages, wants: [...wants], problems, ...(asks.length > 0 ? { asks } : {}) };
}

function readRow(bytes: Uint8Array, subject: Subject): Heard {
  const row = parseBytes(bytes);
  if (field(row, 'aftersale_info') !== undefined) {
    const read = readListed(row);
    return read.ok
      ? heardOfCase(
          subject,
          read.afterSale.changedAt,
          toRefund(read.afterSale, () => true),
        )
      : { messages: [], wants: [], problems: read.problems };
  }
  return toHeard(normaliseOrder(row, { source: 'list', shop: subject.shop }));
}

/** `{"afterSales": […], "order": …}`, each part as its own call told it. */
function readDetail(bytes: Uint8Array, subject: Subject): Heard {
  const told = parseBytes(bytes);
  const order = field(told, 'order');
  const items = field(told, 'afterSales');
  if (order === undefined || !Array.isArray(items))
    return { messages: [], wants: [], problems: [problem('field.missing', '/order', { expected: 'order, afterSales' })] };
  const cases = items.map((item, i) => readListed(item, `/afterSales/${i}`));
  const broken = cases.flatMap((each) => (each.ok ? [] : each.problems));
  if (broken.length > 0) return { messages: [], wants: [], problems: broken };
  const afterSales = cases.flatMap((each): AfterSale[] => (each.ok ? [each.afterSale] : []));
  return toHeard(normaliseOrder(order, { source: 'detail', shop: subject.shop, afterSales, pointer: '/order' }));
}

type Answered = Extract<Answer, { ok: true }>;
/** The after-sales first, so that the order is at least as new. */
async function fetchDetail(ask: Ask, { id }: Subject, now = 0): Promise<Asked<Uint8Array>> {
  const cases = await ask(afterSalesOf(id, CASES));
  if (!cases.ok) return cases;
  const order = await ask(orderDetail(id));
  if (!order.ok) return order;
  const placed = new Fields(order.data).child('shop_order_detail').seconds('create_time');
  const nowSeconds = Math.floor(now / 1_000);
  return placed === undefined || nowSeconds - placed < WHOLE_LIST_SECONDS
    ? detailFrom(cases, order)
    : fetchOld(ask, id, { from: placed, to: nowSeconds + DAY_SECONDS }, { cases, order });
}
const CASES: Page = { page: 0, size: MAX_CASES };
const DAY_SECONDS = 86_400;

/** An old order, with the after-sales since it was placed. No source says how long a time may be asked for: where it is refused, what is known stays. */
async function fetchOld(ask: Ask, id: string, applied: Window, known: { cases: Answered; order: Answered }): Promise<Asked<Uint8Array>> {
  const cases = await ask(afterSalesOf(id, CASES, applied));
  if (!cases.ok) return cases.failure.class === 'do_not' ? detailFrom(known.cases, known.order) : cases;
  const order = await ask(orderDetail(id));
  return order.ok ? detailFrom(cases, order) : order;
}

function detailFrom(cases: Answered, order: Answered): Asked<Uint8Array> {
  const raw = textAt(textOfBytes(order.bytes) ?? '', ['data', 'shop_order_detail']);
  if (raw === null || rowsOf(cases.data, 'items') === null) return strangeAnswer(order);
  return {
    ok: true,
    value: Buffer.from(`{"afterSales":[${itemsAt(textOfBytes(cases.bytes) ?? '', ['data', 'items']).join(',')}],"order":${raw}}`),
  };
}

const idOf = (feed: keyof typeof LISTS, row: Json): string | undefined =>
  filled(feed === 'orders' ? field(row, 'order_id') : field(field(row, 'aftersale_info'), 'aftersale_id'));

async function list(ask: Ask, feed: keyof typeof LISTS, shop: string, call: Call): Promise<Asked<RowsRead>> {
  const answer = await ask(call);
  if (!answer.ok) return answer;
  const read = rowsOf(answer.data, LISTS[feed]);
  if (read === null) return strangeAnswer(answer);
  const texts = itemsAt(textOfBytes(answer.bytes) ?? '', ['data', LISTS[feed]]);
  const routed = route(answer.bytes, shop);
  const rows = texts.map((text, i): Row => {
    const found = routed[i];
    return {
      id: idOf(feed, parseLossless(text)) ?? text,
      subject: found?.kind === 'order' ? found.subject : null,
      bytes: Buffer.from(text),
    };
  });
  return { ok: true, value: { rows, total: read.total } };
}
