/** An own WeChat mini-program shop as the server knows its channels: verify, route, read, ask. What each part means is in the files beside this one. */
import type { Subject } from '@weir/contract/subject';
import type { Adapter, Ask, Asked, Page, Row, RowsRead, Window } from '../adapter.ts';
import { Fields, field, isObject } from '../fields.ts';
import { itemsAt, textAt } from '../json-slices.ts';
import { parseLossless, textOfBytes } from '../lossless-json.ts';
import { strangeAnswer } from '../no-answer.ts';
import { createClient } from './client.ts';
import { wechatDoor } from './door.ts';
import { CHANNEL, subjectIn, TRADE_NAMES } from './ids.ts';
import { readDetail, readRow } from './normalise.ts';
import { readPush, readPushed, routePush } from './push.ts';
import { MAX_AGE_DAYS, MAX_PAGE_SIZE, MAX_ROWS, orderOf, ordersPaid, paymentOf } from './requests.ts';
import { SETTINGS } from './settings.ts';
import { TRADE_STATE } from './tables.ts';
import { wechatToken } from './token.ts';
import { wechatWriteBack } from './write-back.ts';

/** No source names a quota a second. Our judgement, well below what sellers tell of. */
const CALLS_PER_SECOND = 10;
/** A payment is in the list some ten seconds after it was made, see errcode 10060001. */
const SETTLE_SECONDS = 30;

export const wechatAdapter: Adapter = {
  channel: CHANNEL,
  limits: {
    callsPerSecond: CALLS_PER_SECOND,
    pageRows: MAX_PAGE_SIZE,
    windowRows: MAX_ROWS,
    ageDays: MAX_AGE_DAYS,
    settleSeconds: SETTLE_SECONDS,
  },
  walk: 'by_cursor',
  feeds: ['orders'],
  settings: SETTINGS,
  door: wechatDoor,
  routePush,
  whyUnrouted(bytes) {
    const reading = readPush(bytes);
    return reading.kind === 'unroutable' ? reading.problems : [];
  },
  read(kind, bytes, subject) {
    if (kind === 'push') return readPushed(bytes, subject);
    return kind === 'list' ? readRow(bytes, subject) : readDetail(bytes, subject);
  },
  token: wechatToken,
  createClient,
  fetchDetail,
  listChanged: (ask, _feed, shop, window, page) => list(ask, shop, window, page),
  listPlaced: (ask, shop, window, page) => list(ask, shop, window, page),
  writeBack: wechatWriteBack,
};

/** The payment first, so that the shipping is at least as new; an unpaid one is not known to the shipping API. */
async function fetchDetail(ask: Ask, subject: Subject, now: number): Promise<Asked<Uint8Array>> {
  const payment = await ask(paymentOf(subject));
  if (!payment.ok) return payment;
  const told = textOfBytes(payment.bytes);
  if (told === null || !isObject(payment.data)) return strangeAnswer(payment);
  const state = TRADE_STATE.get(new Fields(payment.data).text('trade_state') ?? '');
  if (state !== 'paid' && state !== 'paid_and_refund') return { ok: true, value: detail(now, told, 'null') };
  const order = await ask(orderOf(subject));
  if (!order.ok) return order;
  const raw = textAt(textOfBytes(order.bytes) ?? '', ['order']);
  return raw === null ? strangeAnswer(order) : { ok: true, value: detail(now, told, raw) };
}
const detail = (now: number, payment: string, order: string): Uint8Array =>
  Buffer.from(`{"askedAt":${Math.trunc(now)},"payment":${payment},"order":${order}}`);

/** Rows of another merchant number of the same mini-program belong to that shop's own walk. */
async function list(ask: Ask, shop: string, window: Window, page: Page): Promise<Asked<RowsRead>> {
  const answer = await ask(ordersPaid(window, page));
  if (!answer.ok) return answer;
  const [hasMore, next] = [field(answer.data, 'has_more'), nextOf(answer.data)];
  if (typeof hasMore !== 'boolean' || (hasMore && next === null)) return strangeAnswer(answer);
  const rows = itemsAt(textOfBytes(answer.bytes) ?? '', ['order_list']).map(rowOf);
  const ours = rows.filter(({ subject }) => subject === null || subject.shop === shop);
  // WeChat counts nothing. A first page that is the last one too has told all there is.
  const total = page.after === undefined && next === null ? ours.length : null;
  return { ok: true, value: { rows: ours, total, next } };
}
function nextOf(data: Parameters<typeof field>[0]): string | null {
  const index = new Fields(data).text('last_index');
  return field(data, 'has_more') === true && index !== undefined ? index : null;
}
function rowOf(text: string): Row {
  const order = new Fields(parseLossless(text));
  return { id: order.text('transaction_id') ?? text, subject: subjectIn(order, TRADE_NAMES), bytes: Buffer.from(text) };
}
