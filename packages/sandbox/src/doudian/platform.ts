/** The simulated Douyin without a network: a market with Douyin's ids, messages, tokens and answers to calls. */
import { realClock } from '../clock.ts';
import { createMailbox, type Mailbox } from '../market/mailbox.ts';
import { createMarket, type Market, type Shelf } from '../market/market.ts';
import type { Params } from '../market/params.ts';
import type { PlatformOptions } from '../market/platform.ts';
import { pushOnce } from '../market/push.ts';
import { type Checked, eventSign } from './check-call.ts';
import { messageData, TAGS } from './payloads.ts';
import { afterSaleDetail, orderDetail, searchAfterSales, searchOrders } from './queries.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import { answerAddressWish, correctNumber, correctParcelNumber, shipParcels, shipWhole, writeNote } from './seller-calls.ts';
import { createTokens, type Tokens } from './tokens.ts';

export interface Platform extends Market {
  readonly mailbox: Mailbox;
  pushTo(url: string | null): void;
  /** Answers a call that has passed `checkCall`; its token is checked here. */
  answer(call: Checked): object | Refusal;
}
const MOST_LINES = 20;
const MAX_MESSAGES_PER_PUSH = 10;

export function createPlatform(options: PlatformOptions): Platform {
  const { shop, seed, app, clock = realClock, fetch: send = fetch } = options;
  let pushUrl = options.pushUrl ?? null;
  let count = 0;
  const { market, shelf } = createMarket(
    { ...options, clock },
    {
      mostLines: MOST_LINES,
      isListed: () => true,
      without: ['payDeposit', 'closeLine', 'complain'],
      newIds(next, lines) {
        const order = next();
        return { order, lines: Array.from({ length: lines }, (_, i) => (i === 0 ? order : next())) };
      },
      tell(order, news) {
        const tag = TAGS[news.what];
        const id = `${shop}:${tag}:${order.updatedAt}:${order.id}:${++count}`;
        const body = JSON.stringify({ tag: String(tag), msg_id: id, data: messageData(order, shop, news) });
        mailbox.hand({ id, orderId: order.id, at: order.updatedAt * 1_000, body });
      },
    },
  );
  const push = async (url: string, bodies: readonly string[]): Promise<boolean> => {
    const body = `[${bodies.join(',')}]`;
    const headers = { 'content-type': 'application/json', 'app-id': app.key, 'event-sign': eventSign(app, body) };
    const sent = await pushOnce(send, url, headers, body);
    options.onPush?.(sent);
    return sent.status === 200 && codeIn(sent.answer) === 0;
  };
  const mailbox = createMailbox({
    clock,
    dice: market.dice,
    rates: market.rates,
    mostAtOnce: MAX_MESSAGES_PER_PUSH,
    carry: (bodies) => (pushUrl === null ? null : push(pushUrl, bodies)),
  });
  const tokens = createTokens(shop, seed);
  return {
    ...market,
    mailbox,
    pushTo: (url) => void (pushUrl = url),
    answer(call) {
      if (call.token !== null && market.dice.chance(market.rates().tokenExpiry)) tokens.expire();
      return answerCall({ ...shelf, shop }, tokens, call, market.now());
    },
  };
}

function codeIn(answer: string): unknown {
  try {
    return (JSON.parse(answer) as { code?: unknown } | null)?.code;
  } catch {
    return undefined;
  }
}

type House = Shelf & { readonly shop: string };

/** The calls of the platform that are simulated. */
const CALLS: Readonly<Record<string, (house: House, params: Params, now: number) => object | Refusal>> = {
  'order.searchList': searchOrders,
  'order.orderDetail': orderDetail,
  'afterSale.List': searchAfterSales,
  'afterSale.Detail': afterSaleDetail,
  'order.logisticsAdd': shipWhole,
  'order.logisticsAddMultiPack': shipParcels,
  'order.logisticsEdit': correctNumber,
  'order.logisticsEditByPack': correctParcelNumber,
  'order.addressConfirm': answerAddressWish,
  'order.addOrderRemark': writeNote,
};

function answerCall(house: House, tokens: Tokens, { method, params, token }: Checked, now: number): object | Refusal {
  if (method === 'token.create') return tokens.create(params, now);
  if (method === 'token.refresh') return tokens.refresh(params, now);
  const refused = tokens.check(token, now);
  if (refused !== null) return refused;
  if (method === 'order.searchList' && Number(params['page']) > 0) house.drift();
  return (Object.hasOwn(CALLS, method) ? CALLS[method] : undefined)?.(house, params, now) ?? REFUSALS.noSuchMethod;
}
