/** What people do to an order of the simulated Douyin. Each action checks that it is possible, moves the order and says which message it sends. */
import type { Receiver } from '../people.ts';
import { type AfterSale, isOpen, linePayFen, openCase, type Order, type Parcel, payableFen, refundedFen } from './order.ts';

/** Tag of the message, and the after-sale or parcel it speaks of. */
export interface News {
  readonly tag: number;
  readonly afterSale?: AfterSale;
  readonly parcel?: Parcel;
}

/** Thrown when the order is not in a state for the action: a mistake of the test, not of Weir. */
export class NotPossible extends Error {}
const must = (condition: boolean, what: string): void => {
  if (!condition) throw new NotPossible(what);
};
/** The platform's clock ticks in seconds; an order never changes twice in one, or nobody could tell which change is newer. */
const touch = (order: Order, now: number): number => (order.updatedAt = Math.max(now, order.updatedAt + 1));

export function pay(order: Order, now: number, isUnderCheck: boolean): News {
  must(order.state === 'unpaid', `${order.id} is not waiting for its payment`);
  order.state = isUnderCheck ? 'under_check' : 'paid';
  order.paidAt = touch(order, now);
  order.paymentNo = `4200${order.id}`;
  return { tag: isUnderCheck ? 110 : 101 };
}

export function release(order: Order, now: number): News {
  must(order.state === 'under_check', `${order.id} is not under check`);
  order.state = 'paid';
  touch(order, now);
  return { tag: 101 };
}

export function cancel(order: Order, now: number): News {
  must(order.state === 'unpaid', `${order.id} is paid; refund it`);
  order.state = 'cancelled';
  touch(order, now);
  return { tag: 106 };
}

const isHere = (order: Order): boolean =>
  order.parcels.length === 0 && (order.state === 'unpaid' || order.state === 'under_check' || order.state === 'paid');

export function changeAddress(order: Order, receiver: Receiver, now: number): News {
  must(isHere(order), `${order.id} has left or ended`);
  order.receiver = receiver;
  order.wantedReceiver = null;
  order.addressVersion += 1;
  touch(order, now);
  return { tag: 105 };
}

export function applyForAddress(order: Order, receiver: Receiver, now: number): News {
  must(isHere(order), `${order.id} has left or ended`);
  order.wantedReceiver = receiver;
  touch(order, now);
  return { tag: 111 };
}

export function ship(order: Order, parcel: Parcel, now: number): News {
  for (const { lineId, quantity } of parcel.pieces) {
    const line = order.lines.find((each) => each.id === lineId);
    must(line !== undefined && line.shipped + quantity <= line.quantity, `${lineId} has not so many pieces left`);
    if (line) line.shipped += quantity;
  }
  order.parcels.push(parcel);
  touch(order, now);
  return { tag: order.lines.every((line) => line.shipped >= line.quantity) ? 102 : 108, parcel };
}

export function finish(order: Order, now: number): News {
  must(order.state === 'paid' && order.lines.every((line) => line.shipped >= line.quantity), `${order.id} has not left`);
  order.state = 'finished';
  order.finishedAt = touch(order, now);
  return { tag: 103 };
}

export function askRefund(order: Order, id: string, now: number, lineId = order.lines[0]?.id ?? '', fen?: number): News {
  const line = order.lines.find((each) => each.id === lineId);
  must(line !== undefined && order.paidAt > 0 && order.state !== 'cancelled', `${order.id} has nothing to refund on ${lineId}`);
  must(openCase(order, lineId) === undefined, `${lineId} has an open case`);
  const asked = order.afterSales.filter(isOpen).reduce((sum, each) => sum + each.amountFen, 0);
  const most = payableFen(order) - refundedFen(order) - asked;
  const amountFen = Math.min(fen ?? (line ? linePayFen(order, line) : 0), most);
  must(amountFen > 0, `${order.id} was refunded in full`);
  const at = touch(order, now);
  const type = (line?.shipped ?? 0) > 0 ? 1 : 2;
  const afterSale: AfterSale = { id, orderId: order.id, lineId, type, status: 6, amountFen, appliedAt: at, updatedAt: at };
  order.afterSales.push(afterSale);
  return { tag: 200, afterSale };
}

/** The money goes back. All of it back before the order was finished ends the order. */
export function payBack(order: Order, afterSale: AfterSale, now: number): News {
  must(isOpen(afterSale), `${afterSale.id} is not open`);
  afterSale.status = 12;
  afterSale.updatedAt = touch(order, now);
  if (refundedFen(order) >= payableFen(order) && order.state !== 'finished') order.state = 'cancelled';
  return { tag: 206, afterSale };
}

export function endCase(order: Order, afterSale: AfterSale, how: 'withdrawn' | 'refused', now: number): News {
  must(isOpen(afterSale), `${afterSale.id} is not open`);
  afterSale.status = how === 'withdrawn' ? 28 : 27;
  afterSale.updatedAt = touch(order, now);
  return { tag: how === 'withdrawn' ? 207 : 204, afterSale };
}

/** Nothing that anybody sees, but a later change time: it moves the order to the end of a walk by change time. */
export const drift = (order: Order, now: number): void => void touch(order, now);

export function note(order: Order, words: string, now: number): News {
  order.sellerWords = words;
  touch(order, now);
  return { tag: 113 };
}
