/** A simulated platform without a wire: its orders and the people who buy and sell on it. What a platform calls things, and how it tells of them, is its skin. */
import type { SandboxClock } from '../clock.ts';
import { inventPerson, inventReceiver, placeOf } from '../people.ts';
import { PRODUCTS } from '../products.ts';
import { createDice, type Dice } from '../random.ts';
import * as act from './actions.ts';
import { type MarketMisbehaviour, WELL_BEHAVED_MARKET } from './misbehaviour.ts';
import {
  type AfterSale,
  type Line,
  type Order,
  paidFen,
  payableFen,
  piecesLeft,
  type Promotion,
  refundedFen,
  type Stage,
  stageOf,
} from './order.ts';
import { forgetOldest, MAX_REMEMBERED_ORDERS } from './remember.ts';
import { loadOrders, type SavedMarket, saveOrders } from './saved.ts';
import { type ShippingDesk, shipPacks } from './shipping.ts';
import { type OrderShown, showOrder } from './shown.ts';

export interface MarketOptions {
  readonly seed: number;
  readonly clock: SandboxClock;
  /** So many orders are remembered, unless said 20,000; beyond it the oldest that came to rest are forgotten. */
  readonly remember?: number;
  /** What an earlier run of this platform held. */
  readonly saved?: SavedMarket;
}
/** What is a platform's own about a market. */
export interface MarketSkin {
  /** Ids of a new order and its lines. `next`: a new number of 19 digits each time, beyond 2^53 so that neighbours are one and the same double. */
  newIds(next: () => string, lines: number, now: number): { readonly order: string; readonly lines: readonly string[] };
  /** The most lines that an order of this platform has. */
  readonly mostLines: number;
  /** The most pieces that a line has; 3 unless said. */
  readonly mostPieces?: number;
  /** Whether it knows how many pieces of a line have left; true unless said. */
  readonly countsPieces?: boolean;
  /** Of an order whose whole money went back it no longer tells whether it was finished. */
  readonly refundHidesFinish?: true;
  /** Whether its answers tell where the order goes; always unless said. */
  tellsReceiver?(order: Order): boolean;
  /** Acts of people that do not exist on this platform. */
  readonly without?: readonly (keyof People)[];
  /** Whether anybody but the buyer can know of the order yet. */
  isListed(order: Order): boolean;
  /** Told of each thing that happens, after it happened: time to send a message. */
  tell(order: Order, news: act.News): void;
}
export interface Placing {
  /** 1 to 3 unless said, and never more than the platform has. */
  readonly lines?: number;
  /** `none`, `told` by payer and coupon, or `untold`: a sum of which nobody says who pays. */
  readonly promotion?: 'none' | 'told' | 'untold';
  /** The same buyer again. */
  readonly buyerId?: string;
  /** A pre-sale: a part is paid first, and nothing leaves before the rest is paid. */
  readonly isPresale?: boolean;
}
export interface ShippedBy {
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly lines?: readonly { readonly lineId: string; readonly quantity: number }[];
}
/** What the platform holds of an order; Weir must hold the same. */
export interface OrderTruth {
  readonly stage: Stage;
  readonly payableFen: number;
  readonly paidFen: number;
  readonly refundedFen: number;
  readonly lines: readonly (readonly [lineId: string, quantity: number, shipped: number])[];
  readonly addressVersion: number;
  /** Province, city and district that it goes to; null where the platform does not tell it. */
  readonly place: string | null;
  readonly updatedAt: number;
  /** False: no list, detail or message of the platform tells of it yet. */
  readonly isListed: boolean;
  /** False: with its first parcel an order has left, however many pieces lie in it. */
  readonly countsPieces: boolean;
  /** All its money went back, and the platform tells nobody any more that it was finished before. */
  readonly isFinishHidden: boolean;
}

/** Whoever is not in a state for an act gets `NotPossible`. */
export interface People {
  place(placing?: Placing): string;
  payDeposit(orderId: string): void;
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
  agree(afterSaleId: string): void;
  payBack(afterSaleId: string): void;
  endCase(afterSaleId: string, how: 'withdrawn' | 'refused'): void;
  writeNote(orderId: string, words: string): void;
  /** The seller closes one line of an order that nobody has paid yet. */
  closeLine(orderId: string, lineId: string): void;
  /** The seller takes so much off a line, in all, before it is paid. */
  changePrice(orderId: string, of: { readonly lineId: string; readonly fen: number }): void;
  /** The buyer complains to the platform, or is content again. */
  complain(orderId: string, isOver?: boolean): void;
}
export interface Market extends People {
  /** Acts that exist on this platform. */
  can(what: keyof People): boolean;
  noteOf(orderId: string): string;
  truth(): Map<string, OrderTruth>;
  /** The newest orders as a person would look at them. */
  shown(limit: number): OrderShown[];
  /** All that it holds, for the next run. */
  save(): SavedMarket;
  misbehave(rates: Partial<MarketMisbehaviour>): void;
  rates(): MarketMisbehaviour;
  /** The platform's own clock, seconds. */
  now(): number;
  readonly dice: Dice;
}
/** What a platform's calls work on. */
export interface Shelf extends ShippingDesk {
  readonly orders: ReadonlyMap<string, Order>;
  readonly afterSales: ReadonlyMap<string, AfterSale>;
  /** Between two pages of somebody's walk an order that was already read changes again, when the dice say so. */
  drift(): void;
}

export function createMarket(options: MarketOptions, skin: MarketSkin): { readonly market: Market; readonly shelf: Shelf } {
  const { clock } = options;
  const dice = createDice(options.seed);
  const { orders, afterSales } = loadOrders(options.saved ?? { version: 2, orders: [] });
  let rates = WELL_BEHAVED_MARKET;
  const now = (): number => Math.floor((clock.now() + rates.clockSkewMs) / 1_000);
  const bornAt = now();
  let count = 0;
  const nextId = (): string => `${bornAt}${String(++count).padStart(9, '0')}`;
  const can = (what: keyof People): boolean => !skin.without?.includes(what);
  const must = (what: keyof People): void => void (can(what) || fail(`there is no ${what} on this platform`));
  const orderOf = (id: string): Order => orders.get(id) ?? fail(`no order ${id}`);
  const caseOf = (id: string): AfterSale => afterSales.get(id) ?? fail(`no after-sale ${id}`);
  const move = (id: string, action: (order: Order, now: number) => act.News): void => skin.tell(orderOf(id), action(orderOf(id), now()));
  const moveCase = (id: string, action: (order: Order, afterSale: AfterSale, now: number) => act.News): void =>
    move(caseOf(id).orderId, (order, at) => action(order, caseOf(id), at));
  const shelf: Shelf = { orders, afterSales, nextId, tell: skin.tell, drift: () => driftNow(orders, rates, dice, now()) };

  const market: Market = {
    dice,
    now,
    can,
    place(placing = {}) {
      if (placing.isPresale) must('payDeposit');
      forgetOldest(orders, afterSales, options.remember ?? MAX_REMEMBERED_ORDERS);
      const order = newOrder(skin, nextId, dice, now(), placing);
      orders.set(order.id, order);
      skin.tell(order, { what: 'placed' });
      return order.id;
    },
    payDeposit(id) {
      must('payDeposit');
      move(id, act.payDeposit);
    },
    pay(id, { underCheck = false } = {}) {
      if (underCheck) must('release');
      move(id, (order, at) => act.pay(order, at, underCheck));
    },
    release: (id) => move(id, act.release),
    cancel(id) {
      must('cancel');
      move(id, act.cancel);
    },
    changeAddress(id) {
      must('changeAddress');
      move(id, (order, at) => act.changeAddress(order, inventReceiver(dice), at));
    },
    applyForAddress(id) {
      must('applyForAddress');
      move(id, (order, at) => act.wishAddress(order, inventReceiver(dice), at));
    },
    ship(id, { carrier, trackingNumber, lines }) {
      must('ship');
      const pieces = lines ?? piecesLeft(orderOf(id));
      const why = shipPacks(shelf, orderOf(id), [{ company: carrier, number: trackingNumber, pieces }], now());
      if (why !== null) fail(`${id}: ${why}`);
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
    agree(id) {
      must('agree');
      moveCase(id, act.agree);
    },
    payBack: (id) => moveCase(id, act.payBack),
    endCase(id, how) {
      must('endCase');
      moveCase(id, (order, afterSale, at) => act.endCase(order, afterSale, how, at));
    },
    writeNote(id, words) {
      must('writeNote');
      move(id, (order, at) => act.writeNote(order, words, at));
    },
    closeLine(id, lineId) {
      must('closeLine');
      move(id, (order, at) => act.closeLine(order, lineId, at));
    },
    changePrice(id, { lineId, fen }) {
      must('changePrice');
      move(id, (order, at) => act.changePrice(order, lineId, fen, at));
    },
    complain(id, isOver = false) {
      must('complain');
      act.complain(orderOf(id), isOver);
    },
    noteOf: (id) => orderOf(id).sellerWords,
    truth: () => new Map([...orders].map(([id, order]) => [id, truthOf(order, skin)])),
    shown: (limit) => [...orders.values()].slice(-limit).reverse().map(showOrder),
    save: () => saveOrders(orders.values()),
    misbehave: (wanted) => void (rates = { ...rates, ...wanted }),
    rates: () => rates,
  };
  return { market, shelf };
}

const fail = (what: string): never => {
  throw new act.NotPossible(what);
};
const MOST_PIECES = 3;
const POSTAGE_SHARE = 0.3;
const POSTAGE_FEN = 800;
const DEPOSIT_PART = 5;

function newOrder(skin: MarketSkin, nextId: () => string, dice: Dice, now: number, placing: Placing): Order {
  const count = Math.min(placing.lines ?? dice.between(1, 3), skin.mostLines);
  const ids = skin.newIds(nextId, count, now);
  const lines: Line[] = ids.lines.map((id) => {
    const { sku, title, priceFen } = dice.pick(PRODUCTS);
    return {
      id,
      code: sku,
      name: title,
      priceFen,
      quantity: Math.min(dice.between(1, MOST_PIECES), skin.mostPieces ?? MOST_PIECES),
      shipped: 0,
    };
  });
  const person = inventPerson(dice);
  const order: Order = {
    id: ids.order,
    lines,
    promotion: promotionFor(placing.promotion ?? dice.pick(['none', 'told'] as const), dice),
    postFen: dice.chance(POSTAGE_SHARE) ? POSTAGE_FEN : 0,
    depositFen: 0,
    buyerId: placing.buyerId ?? person.buyerId,
    buyerWords: dice.chance(0.2) ? '不要放驿站' : '',
    createdAt: now,
    receiver: person.receiver,
    addressVersion: 1,
    wantedReceiver: null,
    sellerWords: '',
    updatedAt: now,
    depositAt: 0,
    paidAt: 0,
    paymentNo: '',
    finishedAt: 0,
    state: 'unpaid',
    parcels: [],
    afterSales: [],
    shippedBy: new Map(),
  };
  return placing.isPresale ? { ...order, depositFen: Math.floor(payableFen(order) / DEPOSIT_PART) } : order;
}

const promotionFor = (kind: NonNullable<Placing['promotion']>, dice: Dice): Promotion =>
  kind === 'none'
    ? { shopFen: 0, platformFen: 0, talentFen: 0, isTold: true }
    : { shopFen: dice.between(1, 900), platformFen: dice.between(1, 900), talentFen: dice.between(0, 300), isTold: kind === 'told' };

const truthOf = (order: Order, skin: MarketSkin): OrderTruth => ({
  stage: stageOf(order),
  payableFen: payableFen(order),
  paidFen: paidFen(order),
  refundedFen: refundedFen(order),
  lines: order.lines.map((line) => [line.id, line.quantity, line.shipped] as const),
  addressVersion: order.addressVersion,
  place: (skin.tellsReceiver?.(order) ?? true) ? placeOf(order.receiver) : null,
  updatedAt: order.updatedAt,
  isListed: skin.isListed(order),
  countsPieces: skin.countsPieces ?? true,
  isFinishHidden: skin.refundHidesFinish === true && order.state === 'finished' && refundedFen(order) >= payableFen(order),
});

function driftNow(orders: ReadonlyMap<string, Order>, rates: MarketMisbehaviour, dice: Dice, now: number): void {
  if (!dice.chance(rates.pagingDrift)) return;
  const oldest = [...orders.values()].reduce<Order | null>(
    (least, each) => (least === null || each.updatedAt < least.updatedAt ? each : least),
    null,
  );
  if (oldest !== null) act.drift(oldest, now);
}
