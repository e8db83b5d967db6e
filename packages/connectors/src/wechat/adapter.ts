/** An own WeChat mini-program shop as the server knows its channels: verify, route, read, ask. What each part means is in the files beside this one. */
import type { Subject } from '@weir/contract/subject';
import type { Adapter, Ask, Asked, Page, Row, RowsRead, Window } from '../adapter.ts';
import { Fields, field } from '../fields.ts';
import { itemsAt, textAt } from '../json-slices.ts';
import { type Json, parseLossless, textOfBytes } from '../lossless-json.ts';
import { strangeAnswer } from '../no-answer.ts';
import { createClient } from './client.ts';
import { wechatDoor } from './door.ts';
import { NO_SUCH_PAYMENT } from './errors.ts';
import { CHANNEL, subjectIn, TRADE_NAMES } from './ids.ts';
import { readDetail, readRow } from './normalise.ts';
import { readPush, readPushed, routePush } from './push.ts';
import {
  MAX_AGE_DAYS,
  MAX_PAGE_SIZE,
  MAX_REFUND_PAGES,
  MAX_ROWS,
  orderOf,
  ordersPaid,
  paymentOf,
  REFUNDS_A_PAGE,
  refundsOf,
} from './requests.ts';
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
  tellsNoChange: true,
  limits: {
    callsPerSecond: CALLS_PER_SECOND,
    pageRows: MAX_PAGE_SIZE,
    windowRows: MAX_ROWS,
    ageDays: MAX_AGE_DAYS,
    settleSeconds: SETTLE_SECONDS,
    listsUnpaid: false,
  },
  walk: 'by_cursor',
  feeds: ['orders'],
  settings: SETTINGS,
  consentCode: 'none',
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

/** The shipping, then the payment, then, where money was asked back, the refunds: each is at least as new as the one before. */
async function fetchDetail(ask: Ask, subject: Subject, now = 0): Promise<Asked<Uint8Array>> {
  const order = await ask(orderOf(subject));
  if (!order.ok && order.failure.code !== NO_SUCH_PAYMENT) return order;
  const payment = await ask(paymentOf(subject));
  if (!payment.ok) return payment;
  const state = TRADE_STATE.get(new Fields(payment.data).text('trade_state') ?? '');
  const told = textOfBytes(payment.bytes) ?? 'null';
  if (state !== 'paid' && state !== 'paid_and_refund') return { ok: true, value: detail(now, told, 'null', null) };
  if (!order.ok) return order;
  const raw = textAt(textOfBytes(order.bytes) ?? '', ['order']);
  if (raw === null) return strangeAnswer(order);
  const refunds = state === 'paid' ? { ok: true as const, value: NO_REFUNDS } : await listRefunds(ask, subject);
  return refunds.ok ? { ok: true, value: detail(now, told, raw, refunds.value) } : refunds;
}
const detail = (now: number, payment: string, order: string, listed: Listed | null): Uint8Array => {
  const refused = listed?.refused === undefined ? '' : `,"refundsRefused":${JSON.stringify(listed.refused)}`;
  return Buffer.from(
    `{"askedAt":${Math.trunc(now)},"payment":${payment},"order":${order},"refunds":${JSON.stringify(listed?.pages ?? null)}${refused}}`,
  );
};

interface Listed {
  /** The pages of fields as they were told; null: nobody knows. */
  readonly pages: readonly Json[] | null;
  /** WeChat's own code, where it would not tell. */
  readonly refused?: string;
}
const NO_REFUNDS: Listed = { pages: [] };

/**
 * The app need not have a key for this call, and may have a wrong one. A no for good takes nothing from what the payment has proved: money was asked back,
 * nobody knows how much.
 */
async function listRefunds(ask: Ask, subject: Subject): Promise<Asked<Listed>> {
  const pages: Json[] = [];
  for (let page = 0; page < MAX_REFUND_PAGES; page++) {
    const answer = await ask(refundsOf(subject, page));
    if (!answer.ok && answer.failure.code === 'settings') return { ok: true, value: { pages: null } };
    if (!answer.ok && answer.failure.class === 'do_not') return { ok: true, value: { pages: null, refused: answer.failure.code } };
    if (!answer.ok && answer.failure.class !== 'already_done') return answer;
    if (!answer.ok) break;
    pages.push(answer.data);
    const total = Number(new Fields(answer.data).text('total_refund_count') ?? 0);
    if (!(total > (page + 1) * REFUNDS_A_PAGE)) break;
  }
  return { ok: true, value: { pages } };
}

/** The list is the mini-program's: it holds rows of its other merchant numbers too, and whose they are is told with each. */
async function list(ask: Ask, shop: string, window: Window, page: Page): Promise<Asked<RowsRead>> {
  const answer = await ask(ordersPaid(window, page));
  if (!answer.ok) return answer;
  const [hasMore, next] = [field(answer.data, 'has_more'), nextOf(answer.data)];
  if (typeof hasMore !== 'boolean' || (hasMore && next === null)) return strangeAnswer(answer);
  const rows = itemsAt(textOfBytes(answer.bytes) ?? '', ['order_list']).map(rowOf);
  // WeChat counts nothing. A first page that is the last one too has told all there is.
  const isAll = page.after === undefined && next === null;
  const ours = rows.filter(({ subject }) => subject === null || subject.shop === shop);
  return { ok: true, value: { rows, total: isAll ? ours.length : null, next } };
}
function nextOf(data: Parameters<typeof field>[0]): string | null {
  const index = new Fields(data).text('last_index');
  return field(data, 'has_more') === true && index !== undefined ? index : null;
}
function rowOf(text: string): Row {
  const order = new Fields(parseLossless(text));
  return { id: order.text('transaction_id') ?? text, subject: subjectIn(order, TRADE_NAMES), bytes: Buffer.from(text) };
}
