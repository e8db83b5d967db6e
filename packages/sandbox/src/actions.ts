/** What can happen to an order of the simulated shop. Each row: how often, when it may, what it changes. */
import { CARRIERS, DISCOUNTS, FREE_ITEM, GIFTS, PRODUCTS, type Product } from './products.ts';
import { inventPerson, inventReceiver, inventRemark } from './people.ts';
import type { Dice } from './random.ts';
import { paidOf, payableOf, refundedOf, type SimLine, type SimOrder, statusOf } from './sim-order.ts';

interface Action {
  readonly name: string;
  readonly weight: number;
  readonly may: (order: SimOrder) => boolean;
  /** `at` is the time of the change, ms UTC, newer than any before on this order. */
  readonly act: (order: SimOrder, at: number, dice: Dice) => void;
}

const is = (order: SimOrder, ...statuses: readonly string[]): boolean => statuses.includes(statusOf(order));
const isUnpaid = (order: SimOrder): boolean => is(order, 'awaiting_payment');
const hasLeft = (line: SimLine): boolean => line.status !== 'awaiting_payment' && line.status !== 'paid';
const someLeft = (order: SimOrder): boolean => order.lines.some(hasLeft);
const openRefund = (order: SimOrder) => order.refunds.find((refund) => refund.status === 'requested' || refund.status === 'agreed');
const isAtRisk = (order: SimOrder): boolean => order.risk !== undefined && order.risk.since !== null;
const mayShip = (order: SimOrder): boolean => is(order, 'paid') && !isAtRisk(order) && openRefund(order) === undefined;
const setAll = (order: SimOrder, status: SimLine['status']): void => order.lines.forEach((line) => void (line.status = status));

export const ACTIONS: readonly Action[] = [
  {
    name: 'pay',
    weight: 10,
    may: (order) => isUnpaid(order) && order.payments.length === 0,
    act: (order, at) => pay(order, at, 'full', payableOf(order)),
  },
  {
    name: 'payDeposit',
    weight: 1,
    may: (order) => isUnpaid(order) && order.payments.length === 0 && payableOf(order) > 10_000,
    act: (order, at) => pay(order, at, 'deposit', Math.floor(payableOf(order) / 5)),
  },
  {
    name: 'payBalance',
    weight: 10,
    may: (order) => isUnpaid(order) && order.payments.length > 0,
    act: (order, at) => pay(order, at, 'balance', payableOf(order) - paidOf(order)),
  },
  {
    name: 'changePrice',
    weight: 1,
    may: (order) => isUnpaid(order) && order.payments.length === 0 && order.discounts.length < 2,
    act: changePrice,
  },
  {
    name: 'changeAddress',
    weight: 2,
    may: (order) => is(order, 'awaiting_payment', 'paid') && !someLeft(order),
    act: (order, _, dice) => void (order.receiver = inventReceiver(dice)),
  },
  {
    name: 'changeRemark',
    weight: 2,
    may: (order) => is(order, 'awaiting_payment', 'paid'),
    act: (order, _, dice) => void (order.remark = order.remark && dice.chance(0.3) ? null : inventRemark(dice)),
  },
  {
    name: 'cancelUnpaid',
    weight: 1,
    may: (order) => isUnpaid(order) && order.payments.length === 0,
    act: (order) => setAll(order, 'cancelled'),
  },
  {
    name: 'cancelPaid',
    weight: 0.6,
    may: (order) => is(order, 'paid') && !someLeft(order) && openRefund(order) === undefined,
    act: cancelPaid,
  },
  {
    name: 'flagRisk',
    weight: 0.4,
    may: (order) => is(order, 'paid') && !someLeft(order) && order.risk === undefined,
    act: (order, at) => void (order.risk = { since: at }),
  },
  { name: 'clearRisk', weight: 8, may: isAtRisk, act: (order) => void (order.risk = { since: null }) },
  {
    name: 'shipPart',
    weight: 3,
    may: (order) => mayShip(order) && order.lines.filter((line) => !hasLeft(line)).length > 1,
    act: (order, at, dice) => ship(order, at, dice, 1),
  },
  { name: 'ship', weight: 8, may: mayShip, act: (order, at, dice) => ship(order, at, dice, order.lines.length) },
  { name: 'deliver', weight: 6, may: (order) => is(order, 'shipped'), act: (order) => setAll(order, 'delivered') },
  { name: 'complete', weight: 6, may: (order) => is(order, 'shipped', 'delivered'), act: complete },
  {
    name: 'askRefund',
    weight: 1,
    may: (order) => is(order, 'paid', 'shipped', 'delivered') && mayAsk(order),
    act: (order, at, dice) => askRefund(order, at, partOf(order, dice)),
  },
  {
    name: 'askRefundAfterwards',
    weight: 0.8,
    may: (order) => is(order, 'completed') && mayAsk(order),
    act: (order, at, dice) => askRefund(order, at, dice.chance(0.5) ? leftOf(order) : partOf(order, dice)),
  },
  { name: 'doRefund', weight: 6, may: (order) => openRefund(order) !== undefined, act: (order, at) => endRefund(order, at, 'done') },
  {
    name: 'withdrawRefund',
    weight: 1,
    may: (order) => openRefund(order) !== undefined,
    act: (order, at) => endRefund(order, at, 'withdrawn'),
  },
];

const leftOf = (order: SimOrder): number => paidOf(order) - refundedOf(order);
/** Never all of it: a full refund before completion closes an order, and that is `cancelPaid`. */
const partOf = (order: SimOrder, dice: Dice): number => Math.max(1, Math.floor(leftOf(order) * (0.1 + 0.5 * dice.next())));
const MAX_REFUNDS = 3;
const mayAsk = (order: SimOrder): boolean => openRefund(order) === undefined && order.refunds.length < MAX_REFUNDS && leftOf(order) > 1;

function pay(order: SimOrder, at: number, kind: 'deposit' | 'balance' | 'full', amountFen: number): void {
  order.payments.push({ id: `P${order.id}-${order.payments.length + 1}`, amountFen, at, kind });
  if (kind === 'deposit') return;
  order.paidAt = at;
  setAll(order, 'paid');
}

function changePrice(order: SimOrder, _: number, dice: Dice): void {
  order.discounts = [
    ...order.discounts,
    { name: '客服改价', payer: 'shop', amountFen: dice.between(1, Math.floor(payableOf(order) / 10)) },
  ];
}

function cancelPaid(order: SimOrder, at: number): void {
  order.refunds.push({ id: `R${order.id}-${order.refunds.length + 1}`, amountFen: leftOf(order), status: 'done', at });
  setAll(order, 'closed');
}

function ship(order: SimOrder, at: number, dice: Dice, limit: number): void {
  const leaving = order.lines.filter((line) => !hasLeft(line)).slice(0, limit);
  const trackingNumber = `SBX${String(dice.between(0, 999_999_999)).padStart(9, '0')}${order.shipments.length + 1}`;
  order.shipments.push({
    id: `S${order.id}-${order.shipments.length + 1}`,
    carrier: dice.pick(CARRIERS),
    trackingNumber,
    at,
    lineIds: leaving.map((line) => line.lineId),
  });
  for (const line of leaving) line.status = 'shipped';
  if (order.lines.some((line) => !hasLeft(line))) order.isSplit = true;
  else order.shippedAt = at;
}

function complete(order: SimOrder, at: number): void {
  order.completedAt = at;
  setAll(order, 'completed');
}

function askRefund(order: SimOrder, at: number, amountFen: number): void {
  const [only, ...others] = order.lines;
  order.refunds.push({
    id: `R${order.id}-${order.refunds.length + 1}`,
    ...(only && others.length === 0 ? { lineId: only.lineId } : {}),
    amountFen,
    status: 'requested',
    at,
  });
}

function endRefund(order: SimOrder, at: number, status: 'done' | 'withdrawn'): void {
  const refund = openRefund(order);
  if (refund) Object.assign(refund, { status, at });
}

/** One action that may happen to the order now, by weight; null when nothing can happen any more. */
export function chooseAction(order: SimOrder, dice: Dice): Action | null {
  const possible = ACTIONS.filter((action) => action.may(order));
  let left = dice.next() * possible.reduce((total, action) => total + action.weight, 0);
  return possible.find((action) => (left -= action.weight) < 0) ?? possible.at(-1) ?? null;
}

export function placeOrder(id: string, at: number, dice: Dice): SimOrder {
  const person = inventPerson(dice);
  const lines = inventLines(dice);
  const order: SimOrder = {
    id,
    person,
    placedAt: at,
    modifiedAt: at,
    lines,
    shippingFeeFen: dice.pick([0, 0, 600, 1_000]),
    discounts: [],
    receiver: person.receiver,
    remark: dice.chance(0.2) ? inventRemark(dice) : undefined,
    payments: [],
    refunds: [],
    shipments: [],
    isSplit: false,
    isBlocked: false,
  };
  if (dice.chance(0.3)) order.discounts = [{ ...dice.pick(DISCOUNTS), amountFen: dice.between(1, Math.floor(payableOf(order) / 5)) }];
  return order;
}

/** Mostly two lines; now and then a gift or a thing at price zero comes along. The first line always costs something. */
function inventLines(dice: Dice): SimLine[] {
  const first = dice.pick(PRODUCTS);
  const second = dice.chance(0.15)
    ? dice.pick(GIFTS)
    : dice.chance(0.06)
      ? FREE_ITEM
      : dice.pick(PRODUCTS.filter((product) => product !== first));
  return (dice.chance(0.9) ? [first, second] : [first]).map((product, index) => toSimLine(product, index, dice));
}

function toSimLine(product: Product, index: number, dice: Dice): SimLine {
  const quantity = product.priceFen === 0 ? 1 : dice.between(1, 3);
  const discountFen = product.priceFen > 0 && dice.chance(0.2) ? dice.between(1, Math.floor(product.priceFen / 4)) : 0;
  return {
    lineId: String(index + 1),
    sku: product.sku,
    title: product.title,
    quantity,
    priceFen: product.priceFen,
    discountFen,
    isGift: GIFTS.includes(product),
    status: 'awaiting_payment',
  };
}
