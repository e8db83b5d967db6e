/** All that the platform tells of one trade: the trade, and where it shows refunds, those. */
import type { Answer, Ask, Asked } from '../adapter.ts';
import { Fields, field, filled, isObject } from '../fields.ts';
import { itemsAt, textAt } from '../json-slices.ts';
import { parseLossless, textOfBytes } from '../lossless-json.ts';
import { strangeAnswer } from '../no-answer.ts';
import { agrees, showsRefund } from './agreement.ts';
import { rootOf } from './client.ts';
import { ordersOf } from './lines.ts';
import type { KnownRefunds } from './paid-back.ts';
import { readRefund } from './refunds.ts';
import * as requests from './requests.ts';

/**
 * `{"refunds": […], "trade": …, "all": …}`, each part as it was told; `all`: these are all refunds of the trade, and not only the newest of each line.
 * The refunds before the trade, so that the trade is at least as new; which there are, only the trade tells: where it tells of any it is read twice.
 */
export async function fetchDetail(ask: Ask, tid: string): Promise<Asked<Uint8Array>> {
  let trade = await readTrade(ask, tid);
  if (!trade.ok) return trade;
  if (!ordersOf(trade.value.fields).some(showsRefund)) return detailOf(NO_REFUNDS, trade.value);
  for (let round = 1; ; round++) {
    const refunds = await readRefunds(ask, tid, trade.value, round > 1);
    if (!refunds.ok) return refunds;
    trade = await readTrade(ask, tid);
    if (!trade.ok) return trade;
    if (round === MAX_ROUNDS || isCoherent(trade.value, refunds.value)) return detailOf(refunds.value, trade.value);
  }
}
/** Something may change while we read. What differs still is a difference of the platform's own, and reading again would not end it. */
const MAX_ROUNDS = 2;

/** A refund that cannot be read is a person's affair anyway. */
function isCoherent({ fields }: Trade, { texts }: Refunds): boolean {
  const read = texts.map((text) => readRefund(parseLossless(text)));
  const refunds = read.flatMap((each) => (each.ok ? [each.refund] : []));
  return refunds.length < read.length || ordersOf(fields).every((order) => agrees(order, refunds));
}

interface Trade {
  readonly raw: string;
  readonly fields: Fields;
  readonly buyer: string | undefined;
  /** A line names its newest refund only. */
  readonly refundIds: readonly string[];
}
/** Each as its own text. */
interface Refunds {
  readonly texts: readonly string[];
  readonly areAll: boolean;
}
const NO_REFUNDS: Refunds = { texts: [], areAll: true };
const detailOf = ({ texts, areAll }: Refunds, { raw }: Trade): Asked<Uint8Array> => ({
  ok: true,
  value: Buffer.from(`{"refunds":[${texts.join(',')}],"trade":${raw},"all":${areAll}}`),
});

async function readTrade(ask: Ask, tid: string): Promise<Asked<Trade>> {
  const call = requests.tradeDetail(tid);
  const answer = await ask(call);
  if (!answer.ok) return answer;
  const raw = textAt(textOfBytes(answer.bytes) ?? '', [rootOf(call.method), 'trade']);
  if (raw === null || !isObject(field(answer.data, 'trade'))) return strangeAnswer(answer);
  const fields = new Fields(answer.data).child('trade');
  return { ok: true, value: { raw, fields, ...shownIn(fields) } };
}

type Shown = Pick<Trade, 'buyer' | 'refundIds'>;
function shownIn(trade: Fields): Shown {
  const ids = ordersOf(trade).flatMap((order) => order.text('refund_id') ?? []);
  return { buyer: trade.text('buyer_open_uid'), refundIds: [...new Set(ids)].slice(0, requests.MAX_REFUNDS) };
}

/** The refunds of a trade that was read already; one that cannot be read makes them not all. */
export async function refundsOfTrade(ask: Ask, tid: string, trade: Fields): Promise<Asked<KnownRefunds>> {
  const read = await readRefunds(ask, tid, shownIn(trade));
  if (!read.ok) return read;
  const refunds = read.value.texts.map((text) => readRefund(parseLossless(text)));
  const areAll = read.value.areAll && refunds.every(({ ok }) => ok);
  return { ok: true, value: { refunds: refunds.flatMap((each) => (each.ok ? [each.refund] : [])), areAll } };
}

const idOf = (text: string): string | undefined => filled(field(parseLossless(text), 'refund_id'));

/** Those of the buyer that are about this trade, the earlier ones of a line among them; what is not among them is asked for one by one. `oneByOne`: and so is what the lines name, for a list may lag behind. */
async function readRefunds(ask: Ask, tid: string, { buyer, refundIds }: Shown, oneByOne = false): Promise<Asked<Refunds>> {
  const listed = buyer === undefined ? { ok: true as const, value: UNLISTED } : await listRefunds(ask, tid, buyer);
  if (!listed.ok) return listed;
  const { texts, areAll } = listed.value;
  const refunds = texts.filter((text) => !oneByOne || !refundIds.includes(idOf(text) ?? ''));
  for (const refundId of refundIds.filter((id) => !refunds.some((text) => idOf(text) === id))) {
    const answer = await ask(requests.refundDetail(refundId));
    if (!answer.ok) return answer;
    const raw = textAt(textOfBytes(answer.bytes) ?? '', [rootOf('taobao.refund.get'), 'refund']);
    if (raw === null) return strangeAnswer(answer);
    refunds.push(raw);
  }
  return { ok: true, value: { texts: refunds, areAll } };
}
const UNLISTED: Refunds = { texts: [], areAll: false };

/** Each once, and in its newest form: pages overlap when something changes meanwhile. An app that may not ask so has to do with the newest of each line. */
async function listRefunds(ask: Ask, tid: string, buyer: string): Promise<Asked<Refunds>> {
  const found = new Map<string, string>();
  let total: number | null = 1;
  for (let page = 0; page * requests.MAX_PAGE_SIZE < (total ?? 0) && page < requests.MAX_BUYER_PAGES; page++) {
    const call = requests.refundsOfBuyer(buyer, page);
    const answer = await ask(call);
    if (!answer.ok) return answer.failure.class === 'do_not' ? { ok: true, value: UNLISTED } : answer;
    for (const text of refundsIn(answer, rootOf(call.method))) if (isAbout(text, tid)) found.set(idOf(text) ?? text, text);
    total = requests.totalIn(answer.data);
  }
  const areAll = total !== null && total <= requests.MAX_BUYER_PAGES * requests.MAX_PAGE_SIZE;
  return { ok: true, value: { texts: [...found.values()], areAll } };
}

const refundsIn = ({ bytes, data }: Extract<Answer, { ok: true }>, root: string): string[] =>
  requests.listIn(data, requests.REFUNDS) === null
    ? []
    : itemsAt(textOfBytes(bytes) ?? '', [root, requests.REFUNDS.outer, requests.REFUNDS.inner]);
const isAbout = (text: string, tid: string): boolean => filled(field(parseLossless(text), 'tid')) === tid;
