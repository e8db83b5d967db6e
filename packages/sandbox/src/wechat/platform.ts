/** The simulated WeChat without a network: a market with its ids, messages, token and answers to calls. */
import { realClock } from '../clock.ts';
import { createMailbox, type Mailbox } from '../market/mailbox.ts';
import { createMarket, type Market } from '../market/market.ts';
import type { Params } from '../market/params.ts';
import type { PlatformOptions } from '../market/platform.ts';
import { pushOnce } from '../market/push.ts';
import { uuidOf } from './crypto.ts';
import { letterOf, messageOf, type Waiting } from './messages.ts';
import { reminder } from './payloads.ts';
import { getOrder, getOrderList, type House } from './queries.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import { createTokens } from './tokens.ts';
import { uploadShipping } from './upload.ts';

export interface Platform extends Market {
  readonly mailbox: Mailbox;
  readonly house: House;
  pushTo(url: string | null): void;
  /** Answers a call of api.weixin.qq.com. */
  answer(path: string, params: Params, token: string | null): object | Refusal;
}
const REMIND_AFTER_SECONDS = 48 * 3_600;

export function createPlatform(options: PlatformOptions): Platform {
  const { shop, seed, app, clock = realClock, fetch: send = fetch } = options;
  let pushUrl = options.pushUrl ?? null;
  let count = 0;
  const hand = (orderId: string, at: number, waiting: Waiting): void =>
    mailbox.hand({ id: `${shop}:${orderId}:${++count}`, orderId, at: at * 1_000, body: JSON.stringify(waiting) });
  const { market, shelf } = createMarket(
    { ...options, clock },
    {
      // One line of one piece: the payment, which is all that WeChat knows of an order.
      mostLines: 1,
      mostPieces: 1,
      refundHidesFinish: true,
      tellsReceiver: () => false,
      isListed: (order) => order.paidAt > 0,
      without: ['payDeposit', 'release', 'changeAddress', 'applyForAddress', 'agree', 'writeNote', 'closeLine', 'changePrice'],
      newIds: (next, lines) => ({ order: `MP${next()}`, lines: Array.from({ length: lines }, () => `420000000${next()}`) }),
      tell(order, news) {
        const told = messageOf(order, news, shop, app.key, uuidOf(`${seed} ${order.id} ${order.updatedAt}`));
        if (told !== null) hand(order.id, order.updatedAt, told);
      },
    },
  );
  const carry = async (url: string, body: string): Promise<boolean> => {
    const waiting = JSON.parse(body) as Waiting;
    const letter = letterOf(waiting, app, market.now(), market.dice);
    const sent = await pushOnce(send, letter.query === '' ? url : `${url}?${letter.query}`, letter.headers, letter.body);
    options.onPush?.(sent);
    if (waiting.kind === 'pay') return sent.status === 200 || sent.status === 204;
    return sent.status === 200 && (sent.answer === '' || sent.answer === 'success');
  };
  const road = createMailbox({
    clock,
    dice: market.dice,
    rates: market.rates,
    mostAtOnce: 1,
    carry: ([body = '']) => (pushUrl === null ? null : carry(pushUrl, body)),
  });
  const reminded = new Set<string>();
  function remind(): void {
    const now = market.now();
    for (const order of shelf.orders.values()) {
      const isLate = order.state === 'paid' && order.parcels.length === 0 && now - order.paidAt > REMIND_AFTER_SECONDS;
      if (!isLate || reminded.has(order.id)) continue;
      reminded.add(order.id);
      hand(order.id, now, { kind: 'push', content: reminder(order, shop, now) });
    }
  }
  const mailbox: Mailbox = {
    ...road,
    deliver() {
      remind();
      return road.deliver();
    },
  };
  const house: House = { ...shelf, shop, appId: app.key, finishCounts: new Map(), uploadTimes: new Map() };
  const tokens = createTokens(app, seed);
  return {
    ...market,
    mailbox,
    house,
    pushTo: (url) => void (pushUrl = url),
    answer(path, params, token) {
      if (path === '/cgi-bin/stable_token') return tokens.stable(params, market.now());
      if (market.dice.chance(market.rates().tokenExpiry)) tokens.expire();
      const refused = tokens.check(token, market.now());
      if (refused !== null) return refused;
      return (Object.hasOwn(CALLS, path) ? CALLS[path] : undefined)?.(house, params, market.now()) ?? REFUSALS.noSuchPath;
    },
  };
}

/** The calls of api.weixin.qq.com that are simulated. */
const CALLS: Readonly<Record<string, (house: House, params: Params, now: number) => object | Refusal>> = {
  '/wxa/sec/order/get_order': getOrder,
  '/wxa/sec/order/get_order_list': getOrderList,
  '/wxa/sec/order/upload_shipping_info': uploadShipping,
};
