/** Discounts of the whole trade, by the names of their promotions. Who bears them is not told: the payer is `unknown`. Those of a line stand at the line. */
import { type NeutralOrder, ORDER_LIMITS } from '@weir/contract';
import { fenOf, formatFen } from '@weir/core';
import type { Fields } from '../fields.ts';
import { yuan } from '../yuan.ts';
import { type Line, ordersOf } from './lines.ts';
import { TRADE_STATUS } from './status-tables.ts';

export type Discount = NeutralOrder['discounts'][number];
interface Named {
  readonly name: string;
  readonly fen: number;
}

const MAX_NAME = 200;
const OTHERWISE = '优惠';

/** `missing`: what lines and postage come to above the payment, in fen. */
export function discountsOf(trade: Fields, tid: string, missing: number): Discount[] {
  const total = totalOf(trade, missing);
  const named = withoutLines(trade, tid, promotionsOf(trade, tid), total);
  const sum = sumOf(named);
  const isExplained = sum <= total && named.length < ORDER_LIMITS.discounts;
  const parts = isExplained ? [...named, { name: OTHERWISE, fen: total - sum }] : [{ name: OTHERWISE, fen: total }];
  return parts.filter(({ fen }) => fen > 0).map(({ name, fen }) => ({ name, amount: formatFen(fen), payer: 'unknown' }));
}

/**
 * discount_fee of the trade; where it leaves a gap that the lines' shares of it close to the very fen, those. Anything else stays a gap, and a broken sum waits for
 * a person. No source says which of the two is right: the sum decides.
 */
function totalOf(trade: Fields, missing: number): number {
  const told = yuan(trade, 'discount_fee') ?? 0;
  if (told === missing) return told;
  return sharesOf(trade).includes(missing) ? missing : told;
}
const closes = (trade: Fields, missing: number): boolean => totalOf(trade, missing) === missing;

/** What the lines bear of it together: all of them, and those that were not closed before payment. */
function sharesOf(trade: Fields): number[] {
  const sum = (orders: readonly Fields[]): number => orders.reduce((all, order) => all + (yuan(order, 'part_mjz_discount') ?? 0), 0);
  const orders = ordersOf(trade);
  return [sum(orders), sum(orders.filter((order) => TRADE_STATUS.get(order.text('status') ?? '') !== 'cancelled'))];
}

/**
 * A line that was closed before payment stands in the trade with its price, and the payment leaves it out: where the sums close only without such lines, all of
 * their price is taken off. Of a trade that was closed itself afterwards every line is closed, and the sums tell which were before; where two choices do,
 * either is as good: nothing of it is paid or sent. `missingIn`: what these lines and the postage come to above the payment, in fen.
 */
export function unpaidFor(trade: Fields, lines: readonly Line[], missingIn: (lines: readonly Line[]) => number): readonly Line[] {
  const without = (unpaid: readonly Line[]): readonly Line[] =>
    lines.map((line) => (unpaid.includes(line) ? { ...line, discount: formatFen(fenOf(line.unitPrice) * line.quantity) } : line));
  const isRight = (unpaid: readonly Line[]): boolean => closes(trade, missingIn(without(unpaid)));
  const closed = lines.filter(({ status }) => status === 'cancelled');
  if (isRight([])) return lines;
  if (isRight(closed)) return without(closed);
  const isAllClosed = closed.length === lines.length && closed.length <= MAX_WEIGHED;
  return without((isAllClosed ? partsOf(closed).find(isRight) : undefined) ?? []);
}

/** Every choice of some of them, none and all among these. */
const partsOf = <T>(all: readonly T[]): (readonly T[])[] =>
  all.reduce<(readonly T[])[]>((parts, each) => [...parts, ...parts.map((part) => [...part, each])], [[]]);

/**
 * A trade of one line may give the line its own number, and then promotions of both have that: those that make up what was taken off the line are taken away. Where the sums
 * do not tell which those are, none is left: a name that is wrong says more than no name.
 */
function withoutLines(trade: Fields, tid: string, named: readonly Named[], total: number): readonly Named[] {
  const [only, ...others] = ordersOf(trade);
  const off = only === undefined ? 0 : (yuan(only, 'discount_fee') ?? 0);
  if (off === 0 || others.length > 0 || only?.text('oid') !== tid) return named;
  const rests = named.length > MAX_WEIGHED ? [] : restsWithout(named, off);
  const readings = [...rests, ...(sumOf(named) === total ? [named] : [])];
  return (readings.length === 1 ? readings[0] : undefined) ?? [];
}
/** Beyond so many promotions or lines of one trade nobody tries which of them make up a sum. */
const MAX_WEIGHED = 12;

/** What is left when some of them that come to `fen` are taken away: each way to do so. */
function restsWithout(named: readonly Named[], fen: number): (readonly Named[])[] {
  const [first, ...others] = named;
  if (first === undefined) return fen === 0 ? [[]] : [];
  return [...restsWithout(others, fen - first.fen), ...restsWithout(others, fen).map((rest) => [first, ...rest])];
}
const sumOf = (named: readonly Named[]): number => named.reduce((all, { fen }) => all + fen, 0);

/** Promotions of the trade itself: `id` is its tid, else the line's oid. An empty amount is a gift or free postage, not a zero. */
function promotionsOf(trade: Fields, tid: string): Named[] {
  return trade
    .child('promotion_details')
    .each('promotion_detail')
    .filter((each) => each.text('id') === tid)
    .flatMap((each) => {
      const fen = yuan(each, 'discount_fee') ?? 0;
      return fen === 0 ? [] : [{ name: (each.text('promotion_name') ?? OTHERWISE).slice(0, MAX_NAME).toWellFormed(), fen }];
    });
}
