/** The simulated Taobao without a network: a market with its ids, messages, tokens and answers to calls. */
import { NotPossible } from '../market/actions.ts';
import { realClock } from '../clock.ts';
import { createKeptMessages, type KeptMessages } from '../market/mailbox.ts';
import { createMarket, type Market } from '../market/market.ts';
import { type Params, textIn } from '../market/params.ts';
import type { PlatformOptions } from '../market/platform.ts';
import type { Checked } from './check-call.ts';
import { messageOf, queuedForm } from './payloads.ts';
import * as queries from './queries.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import { correctNumber, type Desk, sendOffline, sendPackages, updateMemo } from './seller-calls.ts';
import { createTokens, type Tokens } from './tokens.ts';
import { bare } from './words.ts';

export const NICK = '模拟旗舰店';
const MOST_LINES = 20;
const MAX_TAKEN = 200;

export interface Platform extends Market {
  readonly messages: KeptMessages;
  /** Answers a call that has passed `checkCall`; its session is checked here. */
  answer(call: Checked): object | Refusal;
}

export function createPlatform(options: PlatformOptions): Platform {
  const { shop, seed, app, clock = realClock } = options;
  let count = 0;
  const bornAt = clock.now();
  const { market, shelf } = createMarket(
    { ...options, clock },
    {
      mostLines: MOST_LINES,
      isListed: () => true,
      without: ['applyForAddress', 'complain'],
      // Another first digit than elsewhere: two platforms of one world have no trade in common.
      newIds(next, lines) {
        const own = (): string => `3${next().slice(1)}`;
        const order = own();
        return { order, lines: lines === 1 ? [order] : Array.from({ length: lines }, own) };
      },
      tell(order, news) {
        const id = `${bornAt}${String(++count).padStart(6, '0')}`;
        const body = queuedForm(messageOf(order, id, NICK, news), shop, NICK, app.key);
        messages.hand({ id, orderId: order.id, at: order.updatedAt * 1_000, body });
      },
    },
  );
  const messages = createKeptMessages({ clock, dice: market.dice, rates: market.rates });
  const tokens = createTokens(shop, NICK, seed);
  const desk: Desk = { ...shelf, shop, nick: NICK, flags: new Map() };
  return {
    ...market,
    /** On the platform's own pages whole lines leave: which pieces of one are in a parcel is told by no call. */
    ship(id, parcel) {
      const lines = market.truth().get(id)?.lines ?? [];
      const isWhole = parcel.lines?.every((each) =>
        lines.some(([lineId, all, left]) => lineId === each.lineId && each.quantity === all - left),
      );
      if (isWhole === false) throw new NotPossible(`${id}: a part of a line`);
      market.ship(id, parcel);
    },
    messages,
    answer(call) {
      if (call.session !== null && market.dice.chance(market.rates().tokenExpiry)) tokens.expire();
      return answerCall(desk, tokens, messages, call, market.now());
    },
  };
}

/** The calls of a seller that are simulated. */
const CALLS: Readonly<Record<string, (desk: Desk, params: Params, now: number) => object | Refusal>> = {
  'taobao.trades.sold.increment.get': queries.tradesChanged,
  'taobao.trades.sold.get': queries.tradesPlaced,
  'taobao.trade.fullinfo.get': queries.tradeDetail,
  'taobao.refunds.receive.get': queries.refundsReceived,
  'taobao.refund.get': queries.refundDetail,
  'taobao.logistics.orders.get': queries.parcelsOf,
  'taobao.logistics.companies.get': queries.companies,
  'taobao.top.oaid.decrypt': queries.openReceivers,
  'taobao.logistics.offline.send': sendOffline,
  'alibaba.ascp.logistics.offline.send': sendPackages,
  'taobao.logistics.consign.resend': correctNumber,
  'taobao.trade.memo.update': updateMemo,
  'taobao.tmc.user.permit': () => ({ is_success: true }),
};

function answerCall(
  desk: Desk,
  tokens: Tokens,
  messages: KeptMessages,
  { method, params, session }: Checked,
  now: number,
): object | Refusal {
  if (method === 'taobao.top.auth.token.create') return tokens.create(params, now);
  if (method === 'taobao.top.auth.token.refresh') return tokens.refresh(params, now);
  if (method === 'taobao.tmc.messages.consume') return consume(messages, params);
  if (method === 'taobao.tmc.messages.confirm') return confirm(messages, params);
  const call = Object.hasOwn(CALLS, method) ? CALLS[method] : undefined;
  return call === undefined ? REFUSALS.method : (tokens.check(session, now) ?? call(desk, params, now));
}

/** The app's own: no session. An empty queue has lost its inner list. */
function consume(messages: KeptMessages, params: Params): object | Refusal {
  const quantity = Number(textIn(params, 'quantity') || '100');
  if (!(quantity >= 10 && quantity <= MAX_TAKEN)) return REFUSALS.invalid('quantity');
  const taken = messages.take(quantity);
  return taken.length === 0 ? {} : { messages: { tmc_message: taken.map(({ body }) => withIds(body)) } };
}

/** As it was written: its ids are integers that a plain parse would round. */
function withIds(body: string): object {
  const digits = (name: string): unknown => bare(new RegExp(`"${name}":(\\d+)`).exec(body)?.[1] ?? '0');
  return { ...(JSON.parse(body) as object), id: digits('id'), user_id: digits('user_id') };
}

function confirm(messages: KeptMessages, params: Params): object | Refusal {
  const ids = textIn(params, 's_message_ids')
    .split(',')
    .filter((id) => id !== '');
  if (ids.length === 0 || ids.length > MAX_TAKEN) return REFUSALS.invalid('s_message_ids');
  for (const id of ids) messages.confirm(id);
  return { is_success: true };
}
