/** Taobao and Tmall as the server knows its channels: messages, lists, details, writing back. What each part means is in the files beside this one. */
import { type NeutralMessage, type PartialOrder, problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { type Adapter, type Ask, type Asked, type Call, FEEDS, type Heard, type PushRouted, type Row, type RowsRead } from '../adapter.ts';
import { chinaTime } from '../china-time.ts';
import { field, filled } from '../fields.ts';
import { itemsAt } from '../json-slices.ts';
import { type Json, parseBytes, parseLossless, textOfBytes } from '../lossless-json.ts';
import { strangeAnswer } from '../no-answer.ts';
import { toHeard } from '../normalised.ts';
import { createClient, rootOf } from './client.ts';
import { fetchDetail } from './fetch-detail.ts';
import { CHANNEL, toSubject } from './ids.ts';
import { DEFAULT_GROUP, permitUser, tmcQueue } from './messages.ts';
import { normaliseTrade } from './normalise.ts';
import { openReceiver } from './open-receiver.ts';
import { readPush } from './push.ts';
import { isRefund, readRefund, toRefund, type TradeRefund } from './refunds.ts';
import * as requests from './requests.ts';
import { tmcSocket } from './socket.ts';
import { createToken, readToken, refreshToken, tokenState } from './token.ts';
import { taobaoWriteBack } from './write-back.ts';

/** No source names the quota of an app; the gateway answers 7 beyond it. Our judgement, slow enough for the smallest that sellers tell of. */
const CALLS_PER_SECOND = 10;
const WHICH = 'messages';

export const taobaoAdapter: Adapter = {
  channel: CHANNEL,
  limits: {
    callsPerSecond: CALLS_PER_SECOND,
    pageRows: requests.MAX_PAGE_SIZE,
    windowRows: requests.MAX_ROWS,
    ageDays: requests.MAX_AGE_DAYS,
    windowSeconds: requests.MAX_WINDOW_SECONDS,
    busyWindowSeconds: requests.BUSY_WINDOW_SECONDS,
  },
  walk: 'last_page_first',
  feeds: FEEDS,
  settings: [
    {
      name: WHICH,
      isRequired: false,
      pattern: '^(queue|socket)$',
      zh: '消息服务的接收方式：queue（轮询，默认）或 socket（长连接）',
      en: 'How messages come: queue (fetched, the default) or socket (a connection that is held)',
      form: 'line',
    },
    {
      name: 'group',
      isRequired: false,
      zh: `消息分组名，默认 ${DEFAULT_GROUP}`,
      en: `The message group, ${DEFAULT_GROUP} unless said`,
      form: 'line',
    },
  ],
  consentCode: 'needed',
  queue: tmcQueue,
  socket: tmcSocket,
  transport: ({ settings }) => (settings?.[WHICH] === 'socket' ? 'socket' : 'queue'),
  routePush,
  whyUnrouted(bytes) {
    const read = readPush(bytes);
    return read.kind === 'unroutable' ? read.problems : [];
  },
  read(kind, bytes, subject) {
    if (kind === 'push') return readPushed(bytes, subject);
    return kind === 'list' ? readRow(bytes, subject) : readDetail(bytes, subject);
  },
  token: { first: (_shop, code) => createToken(code), refresh: refreshToken, read: readToken, state: tokenState },
  createClient,
  permit: permitUser,
  fetchDetail: (ask, { id }) => fetchDetail(ask, id),
  listChanged: (ask, feed, shop, window, page) =>
    feed === 'orders'
      ? list(ask, shop, requests.tradesChanged(window, page), requests.TRADES)
      : list(ask, shop, requests.refundsChanged(window, page), requests.REFUNDS),
  listPlaced: (ask, shop, window, page) => list(ask, shop, requests.tradesPlaced(window, page), requests.TRADES),
  writeBack: taobaoWriteBack,
  openReceiver: (ask, { id }, token) => openReceiver(ask, id, token),
};

function routePush(bytes: Uint8Array): PushRouted {
  const read = readPush(bytes);
  return { kind: 'orders', subjects: read.kind === 'unroutable' ? [] : [read.subject], hasUnroutable: read.kind === 'unroutable' };
}

const NOTHING: Heard = { messages: [], wants: [], problems: [] };
const isSame = (a: Subject, b: Subject): boolean => a.shop === b.shop && a.id === b.id;

function readPushed(bytes: Uint8Array, subject: Subject): Heard {
  const read = readPush(bytes);
  if (read.kind === 'unroutable' || !isSame(read.subject, subject)) return NOTHING;
  if (read.kind === 'unmapped') return { ...NOTHING, wants: read.wants, problems: read.problems };
  return { messages: read.proves === null ? [] : [read.proves], wants: read.wants, problems: [] };
}

function readRow(bytes: Uint8Array, { shop }: Subject): Heard {
  const row = parseBytes(bytes);
  return isRefund(row) ? readRefundRow(row, shop) : toHeard(normaliseTrade(row, { source: 'list', shop }));
}

/** A refund in a list proves what a message about it would: how far it has come. The order itself is fetched. */
function readRefundRow(row: Json, shop: string): Heard {
  const read = readRefund(row);
  if (!read.ok) return { ...NOTHING, problems: read.problems };
  const refund = toRefund(read.refund, () => true);
  const message: PartialOrder = {
    schema: 1,
    channel: CHANNEL,
    shop,
    channelOrderId: read.refund.tid,
    modifiedAt: chinaTime(read.refund.changedAt),
    ...(refund === null ? {} : { refunds: [refund] }),
    partial: true,
  };
  return { messages: [message satisfies NeutralMessage], wants: ['after_sales', 'detail'], problems: [] };
}

/** `{"refunds": […], "trade": …, "all": …}`, each part as its own call told it. */
function readDetail(bytes: Uint8Array, { shop }: Subject): Heard {
  const told = parseBytes(bytes);
  const [trade, items] = [field(told, 'trade'), field(told, 'refunds')];
  if (trade === undefined || !Array.isArray(items))
    return { ...NOTHING, problems: [problem('field.missing', '/trade', { expected: 'trade, refunds' })] };
  const read = items.map((item, i) => readRefund(item, `/refunds/${i}`));
  const broken = read.flatMap((each) => (each.ok ? [] : each.problems));
  if (broken.length > 0) return { ...NOTHING, problems: broken };
  const refunds = read.flatMap((each): TradeRefund[] => (each.ok ? [each.refund] : []));
  const areAllRefunds = field(told, 'all') === true;
  return toHeard(normaliseTrade(trade, { source: 'detail', shop, refunds, areAllRefunds, pointer: '/trade' }));
}

async function list(ask: Ask, shop: string, call: Call, wrapped: requests.Wrapped): Promise<Asked<RowsRead>> {
  const answer = await ask(call);
  if (!answer.ok) return answer;
  if (requests.listIn(answer.data, wrapped) === null) return strangeAnswer(answer);
  const texts = itemsAt(textOfBytes(answer.bytes) ?? '', [rootOf(call.method), wrapped.outer, wrapped.inner]);
  return { ok: true, value: { rows: texts.map((text) => toRow(text, shop)), total: requests.totalIn(answer.data) } };
}

function toRow(text: string, shop: string): Row {
  const value = parseLossless(text);
  const tid = filled(field(value, 'tid'));
  const isOrder = tid !== undefined && /^[1-9]\d{0,19}$/.test(tid);
  return {
    id: filled(field(value, 'refund_id')) ?? tid ?? text,
    subject: isOrder ? toSubject(shop, tid) : null,
    bytes: Buffer.from(text),
  };
}
