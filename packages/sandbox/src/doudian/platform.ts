/** The simulated Douyin without a network: orders, tokens, answers to calls, and the people who buy. */
import type { SandboxClock } from '../clock.ts';
import { inventPerson, inventReceiver } from '../people.ts';
import { PRODUCTS } from '../products.ts';
import { createDice, type Dice } from '../random.ts';
import * as act from './actions.ts';
import type { Checked } from './check-call.ts';
import { createMailbox, type Mailbox, type SentPush } from './mailbox.ts';
import { type DouyinMisbehaviour, WELL_BEHAVED_DOUYIN } from './misbehaviour.ts';
import { type AfterSale, type Line, type Order, payableFen, type Promotion, refundedFen, statusOf } from './order.ts';
import { messageData } from './payloads.ts';
import type { Params } from './params.ts';
import { afterSaleDetail, orderDetail, searchAfterSales, searchOrders } from './queries.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import { forgetOldest, MAX_REMEMBERED_ORDERS } from './remember.ts';
import { answerAddressWish, correctNumber, correctParcelNumber, shipByHand, shipParcels, shipWhole, writeNote } from './seller-calls.ts';
import { loadOrders, type SavedPlatform, saveOrders } from './saved.ts';
import { type OrderShown, showOrder } from './shown.ts';
import { createTokens, type Tokens } from './tokens.ts';

export interface PlatformOptions {
  readonly app: { readonly key: string; readonly secret: string };
  /** The shop's number, digits. */
  readonly shop: string;
  readonly seed: number;
  readonly clock: SandboxClock;
  readonly pushUrl?: string;
  readonly fetch?: typeof fetch;
  /** So many orders are remembered, unless said 20,000; beyond it the oldest that came to rest are forgotten. */
  readonly remember?: number;
  /** Hears each push as it went out and what came back (null: nothing). */
  readonly onPush?: (push: SentPush) => void;
  /** What an earlier run of this platform held. */
  readonly saved?: SavedPlatform;
}
export interface Placing {
  /** 1 to 3 unless said. */
  readonly lines?: number;
  /** `none`, `told` by payer and coupon, or `untold`: a sum of which nobody says who pays. */
  readonly promotion?: 'none' | 'told' | 'untold';
  /** The same buyer again. */
  readonly buyerId?: string;
}
export interface ShippedBy {
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly lines?: readonly { readonly lineId: string; readonly quantity: number }[];
}
/** What the platform holds of an order; Weir must hold the same. */
export interface OrderTruth {
  readonly status: number;
  readonly payableFen: number;
  readonly paidFen: number;
  readonly refundedFen: number;
  readonly lines: readonly (readonly [lineId: string, quantity: number, shipped: number])[];
  readonly addressVersion: number;
  readonly updatedAt: number;
}

export interface Platform {
  place(placing?: Placing): string;
  pay(orderId: string, how?: { readonly underCheck?: boolean }): void;
  release(orderId: string): void;
  cancel(orderId: string): void;
  changeAddress(orderId: string): void;
  applyForAddress(orderId: string): void;
  /** Somebody ships on the platform's own pages, whole or only these pieces. */
  ship(orderId: string, parcel: ShippedBy): void;
  finish(orderId: string): void;
  /** The id of the after-sale. Without `fen`: all that the buyer paid for the line. */
  askRefund(orderId: string, of?: { readonly lineId?: string; readonly fen?: number }): string;
  payBack(afterSaleId: string): void;
  endCase(afterSaleId: string, how: 'withdrawn' | 'refused'): void;
  writeNote(orderId: string, words: string): void;
  noteOf(orderId: string): string;
  truth(): Map<string, OrderTruth>;
  /** The newest orders as a person would look at them. */
  shown(limit: number): OrderShown[];
  /** All that it holds, for the next run. */
  save(): SavedPlatform;
  /** Where messages go from now on; null: they wait. */
  pushTo(url: string | null): void;
  misbehave(rates: Partial<DouyinMisbehaviour>): void;
  rates(): DouyinMisbehaviour;
  /** Answers a call that has passed `checkCall`; its token is checked here. */
  answer(call: Checked): object | Refusal;
  /** The platform's own clock, seconds. */
  now(): number;
  readonly dice: Dice;
  readonly mailbox: Mailbox;
}

export function createPlatform(options: PlatformOptions): Platform {
  const { shop, seed, clock, app } = options;
  const dice = createDice(seed);
  const { orders, afterSales } = loadOrders(options.saved ?? { orders: [] });
  const tokens = createTokens(shop, seed);
  let rates = WELL_BEHAVED_DOUYIN;
  const now = (): number => Math.floor((clock.now() + rates.clockSkewMs) / 1_000);
  const bornAt = now();
  let count = 0;
  let pushUrl = options.pushUrl ?? null;
  /** Nineteen digits, beyond 2^53: neighbours are one and the same double. */
  const nextId = (): string => `${bornAt}${String(++count).padStart(9, '0')}`;
  const mailbox = createMailbox({
    app,
    clock,
    dice,
    url: () => pushUrl,
    ...(options.onPush ? { onPush: options.onPush } : {}),
    fetch: options.fetch ?? fetch,
    rates: () => rates,
  });
  const tell = (order: Order, news: act.News): void =>
    mailbox.hand({
      tag: news.tag,
      id: `${shop}:${news.tag}:${order.updatedAt}:${order.id}:${nextId()}`,
      orderId: order.id,
      at: order.updatedAt * 1_000,
      data: messageData(order, shop, news),
    });
  const orderOf = (id: string): Order => orders.get(id) ?? fail(`no order ${id}`);
  const caseOf = (id: string): AfterSale => afterSales.get(id) ?? fail(`no after-sale ${id}`);
  const move = (id: string, action: (order: Order, now: number) => act.News): void => tell(orderOf(id), action(orderOf(id), now()));
  const moveCase = (id: string, action: (order: Order, afterSale: AfterSale, now: number) => act.News): void =>
    move(caseOf(id).orderId, (order, at) => action(order, caseOf(id), at));

  return {
    dice,
    mailbox,
    now,
    place(placing = {}) {
      forgetOldest(orders, afterSales, options.remember ?? MAX_REMEMBERED_ORDERS);
      const order = newOrder(nextId, dice, now(), placing);
      orders.set(order.id, order);
      tell(order, { tag: 100 });
      return order.id;
    },
    pay: (id, { underCheck = false } = {}) => move(id, (order, at) => act.pay(order, at, underCheck)),
    release: (id) => move(id, act.release),
    cancel: (id) => move(id, act.cancel),
    changeAddress: (id) => move(id, (order, at) => act.changeAddress(order, inventReceiver(dice), at)),
    applyForAddress: (id) => move(id, (order, at) => act.applyForAddress(order, inventReceiver(dice), at)),
    ship(id, parcel) {
      const refused = shipByHand({ orders, nextId, tell }, orderOf(id), parcel, now());
      if (refused !== null) fail(`${id}: ${refused.sub_msg} (${refused.sub_code})`);
    },
    finish: (id) => move(id, act.finish),
    askRefund(id, { lineId, fen } = {}) {
      const caseId = nextId();
      move(id, (order, at) => {
        const news = act.askRefund(order, caseId, at, lineId, fen);
        if (news.afterSale) afterSales.set(caseId, news.afterSale);
        return news;
      });
      return caseId;
    },
    payBack: (id) => moveCase(id, act.payBack),
    endCase: (id, how) => moveCase(id, (order, afterSale, at) => act.endCase(order, afterSale, how, at)),
    writeNote: (id, words) => move(id, (order, at) => act.note(order, words, at)),
    noteOf: (id) => orderOf(id).sellerWords,
    truth: () => new Map([...orders].map(([id, order]) => [id, truthOf(order)])),
    shown: (limit) => [...orders.values()].slice(-limit).reverse().map(showOrder),
    save: () => saveOrders(orders.values()),
    pushTo: (url) => void (pushUrl = url),
    misbehave: (wanted) => void (rates = { ...rates, ...wanted }),
    rates: () => rates,
    answer(call) {
      if (call.token !== null && dice.chance(rates.tokenExpiry)) tokens.expire();
      return answerCall({ shop, orders, afterSales, nextId, tell }, tokens, call, now(), () => driftNow(orders, rates, dice, call, now()));
    },
  };
}

const fail = (what: string): never => {
  throw new act.NotPossible(what);
};

function newOrder(nextId: () => string, dice: Dice, now: number, placing: Placing): Order {
  const id = nextId();
  const count = placing.lines ?? dice.between(1, 3);
  const lines: Line[] = Array.from({ length: count }, (_, i) => {
    const { sku, title, priceFen } = dice.pick(PRODUCTS);
    return { id: i === 0 ? id : nextId(), code: sku, name: title, priceFen, quantity: dice.between(1, 3), shipped: 0 };
  });
  const person = inventPerson(dice);
  return {
    id,
    lines,
    promotion: promotionFor(placing.promotion ?? dice.pick(['none', 'told'] as const), dice),
    postFen: dice.chance(0.3) ? 800 : 0,
    buyerId: placing.buyerId ?? person.buyerId,
    buyerWords: dice.chance(0.2) ? '不要放驿站' : '',
    createdAt: now,
    receiver: person.receiver,
    addressVersion: 1,
    wantedReceiver: null,
    sellerWords: '',
    updatedAt: now,
    paidAt: 0,
    paymentNo: '',
    finishedAt: 0,
    state: 'unpaid',
    parcels: [],
    afterSales: [],
    shippedBy: new Map(),
  };
}

const promotionFor = (kind: NonNullable<Placing['promotion']>, dice: Dice): Promotion =>
  kind === 'none'
    ? { shopFen: 0, platformFen: 0, talentFen: 0, isTold: true }
    : { shopFen: dice.between(1, 900), platformFen: dice.between(1, 900), talentFen: dice.between(0, 300), isTold: kind === 'told' };

const truthOf = (order: Order): OrderTruth => ({
  status: statusOf(order),
  payableFen: payableFen(order),
  paidFen: order.paidAt === 0 ? 0 : payableFen(order),
  refundedFen: refundedFen(order),
  lines: order.lines.map((line) => [line.id, line.quantity, line.shipped] as const),
  addressVersion: order.addressVersion,
  updatedAt: order.updatedAt,
});

/** Between two pages of somebody's walk an order that was already read changes again. */
function driftNow(orders: ReadonlyMap<string, Order>, rates: DouyinMisbehaviour, dice: Dice, call: Checked, now: number): void {
  if (call.method !== 'order.searchList' || !(Number(call.params['page']) > 0) || !dice.chance(rates.pagingDrift)) return;
  const oldest = [...orders.values()].reduce<Order | null>(
    (least, each) => (least === null || each.updatedAt < least.updatedAt ? each : least),
    null,
  );
  if (oldest !== null) act.drift(oldest, now);
}

interface House {
  readonly shop: string;
  readonly orders: ReadonlyMap<string, Order>;
  readonly afterSales: ReadonlyMap<string, AfterSale>;
  nextId(): string;
  tell(order: Order, news: act.News): void;
}

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

function answerCall(house: House, tokens: Tokens, { method, params, token }: Checked, now: number, drift: () => void): object | Refusal {
  if (method === 'token.create') return tokens.create(params, now);
  if (method === 'token.refresh') return tokens.refresh(params, now);
  const refused = tokens.check(token, now);
  if (refused !== null) return refused;
  drift();
  return (Object.hasOwn(CALLS, method) ? CALLS[method] : undefined)?.(house, params, now) ?? REFUSALS.noSuchMethod;
}
