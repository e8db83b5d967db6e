/** What people do to an order of a simulated platform. Each action checks that it is possible, moves the order and says what has happened. */
import type { Receiver } from '../people.ts';
import {
  type AfterSale,
  grossFen,
  hasLeft,
  isOpen,
  linePayFen,
  openCase,
  type Order,
  type Parcel,
  payableFen,
  refundedFen,
  soldOf,
} from './order.ts';

export type NewsKind =
  | 'placed'
  | 'deposit_paid'
  | 'paid'
  | 'paid_under_check'
  | 'released'
  | 'cancelled'
  | 'address_changed'
  | 'address_wished'
  | 'shipped'
  | 'partly_shipped'
  | 'number_corrected'
  | 'finished'
  | 'refund_asked'
  | 'refund_agreed'
  | 'refund_paid_back'
  | 'refund_withdrawn'
  | 'refund_refused'
  | 'note_written'
  | 'price_changed';
/** What has happened to an order, and the after-sale or parcel that it is about. */
export interface News {
  readonly what: NewsKind;
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

export function payDeposit(order: Order, now: number): News {
  must(order.state === 'unpaid' && order.depositFen > 0, `${order.id} is not waiting for its deposit`);
  order.state = 'deposit_paid';
  order.depositAt = touch(order, now);
  return { what: 'deposit_paid' };
}

/** All of it or, where a deposit was paid, the balance. */
export function pay(order: Order, now: number, isUnderCheck: boolean): News {
  must(order.state === 'unpaid' || order.state === 'deposit_paid', `${order.id} is not waiting for its payment`);
  order.state = isUnderCheck ? 'under_check' : 'paid';
  order.paidAt = touch(order, now);
  order.paymentNo = `4200${order.id}`;
  return { what: isUnderCheck ? 'paid_under_check' : 'paid' };
}

export function release(order: Order, now: number): News {
  must(order.state === 'under_check', `${order.id} is not under check`);
  order.state = 'paid';
  touch(order, now);
  return { what: 'released' };
}

export function cancel(order: Order, now: number): News {
  must(order.state === 'unpaid', `${order.id} is paid; refund it`);
  order.state = 'cancelled';
  touch(order, now);
  return { what: 'cancelled' };
}

/** Of an order that nobody has paid yet; the others are paid for without it. */
export function closeLine(order: Order, lineId: string, now: number): News {
  const [line, sold] = [order.lines.find((each) => each.id === lineId), soldOf(order)];
  must(order.state === 'unpaid' && order.depositFen === 0 && sold.length > 1, `${order.id} is paid, a pre-sale, or has one line`);
  must(line !== undefined && sold.includes(line), `${lineId} is closed`);
  if (line) line.isClosed = true;
  touch(order, now);
  return { what: 'released' };
}

/** The seller takes something off a line that nobody has paid yet; again: so much in all. */
export function changePrice(order: Order, lineId: string, fen: number, now: number): News {
  const line = soldOf(order).find((each) => each.id === lineId);
  must(
    order.state === 'unpaid' && order.depositFen === 0 && line !== undefined,
    `${order.id} is paid, a pre-sale, or has no line ${lineId}`,
  );
  const most = payableFen(order) - order.postFen + (line?.offFen ?? 0);
  must(Number.isInteger(fen) && fen >= 0 && fen < Math.min(most, line ? grossFen(line) : 0), `${fen} is more than ${lineId} costs`);
  if (line) line.offFen = fen;
  touch(order, now);
  return { what: 'price_changed' };
}

/** No message tells of it, and no change time: the order only says so where somebody looks. */
export function complain(order: Order, isOver: boolean): void {
  must(order.paidAt > 0, `${order.id} is not paid`);
  if (isOver) delete order.isInComplaint;
  else order.isInComplaint = true;
}

const isHere = (order: Order): boolean => order.parcels.length === 0 && order.state !== 'cancelled' && order.state !== 'finished';

export function changeAddress(order: Order, receiver: Receiver, now: number): News {
  must(isHere(order), `${order.id} has left or ended`);
  order.receiver = receiver;
  order.wantedReceiver = null;
  order.addressVersion += 1;
  touch(order, now);
  return { what: 'address_changed' };
}

export function wishAddress(order: Order, receiver: Receiver, now: number): News {
  must(isHere(order), `${order.id} has left or ended`);
  order.wantedReceiver = receiver;
  touch(order, now);
  return { what: 'address_wished' };
}

export function ship(order: Order, parcel: Parcel, now: number): News {
  for (const { lineId, quantity } of parcel.pieces) {
    const line = order.lines.find((each) => each.id === lineId);
    must(line !== undefined && line.shipped + quantity <= line.quantity, `${lineId} has not so many pieces left`);
    if (line) line.shipped += quantity;
  }
  order.parcels.push(parcel);
  touch(order, now);
  return { what: order.lines.every(hasLeft) ? 'shipped' : 'partly_shipped', parcel };
}

export function correctNumber(order: Order, parcel: Parcel, to: Pick<Parcel, 'company' | 'number'>, now: number): News {
  parcel.company = to.company;
  parcel.number = to.number;
  touch(order, now);
  return { what: 'number_corrected', parcel };
}

export function finish(order: Order, now: number): News {
  must(order.state === 'paid' && order.lines.every(hasLeft), `${order.id} has not left`);
  order.state = 'finished';
  order.finishedAt = touch(order, now);
  return { what: 'finished' };
}

export function askRefund(order: Order, id: string, now: number, lineId = order.lines[0]?.id ?? '', fen?: number): News {
  const line = soldOf(order).find((each) => each.id === lineId);
  must(line !== undefined && order.paidAt > 0 && order.state !== 'cancelled', `${order.id} has nothing to refund on ${lineId}`);
  must(openCase(order, lineId) === undefined, `${lineId} has an open case`);
  const asked = order.afterSales.filter(isOpen).reduce((sum, each) => sum + each.amountFen, 0);
  const most = payableFen(order) - refundedFen(order) - asked;
  const amountFen = Math.min(fen ?? (line ? linePayFen(order, line) : 0), most);
  must(amountFen > 0, `${order.id} was refunded in full`);
  const at = touch(order, now);
  const left = (line?.shipped ?? 0) > 0;
  const afterSale: AfterSale = { id, orderId: order.id, lineId, hasLeft: left, state: 'asked', amountFen, appliedAt: at, updatedAt: at };
  order.afterSales.push(afterSale);
  return { what: 'refund_asked', afterSale };
}

export function agree(order: Order, afterSale: AfterSale, now: number): News {
  must(afterSale.state === 'asked', `${afterSale.id} does not wait for an answer`);
  afterSale.state = 'agreed';
  afterSale.updatedAt = touch(order, now);
  return { what: 'refund_agreed', afterSale };
}

/** The money goes back. All of it back before the order was finished ends the order. */
export function payBack(order: Order, afterSale: AfterSale, now: number): News {
  must(isOpen(afterSale), `${afterSale.id} is not open`);
  afterSale.state = 'paid_back';
  afterSale.updatedAt = touch(order, now);
  if (refundedFen(order) >= payableFen(order) && order.state !== 'finished') order.state = 'cancelled';
  return { what: 'refund_paid_back', afterSale };
}

export function endCase(order: Order, afterSale: AfterSale, how: 'withdrawn' | 'refused', now: number): News {
  must(isOpen(afterSale), `${afterSale.id} is not open`);
  afterSale.state = how;
  afterSale.updatedAt = touch(order, now);
  return { what: how === 'withdrawn' ? 'refund_withdrawn' : 'refund_refused', afterSale };
}

/** Nothing that anybody sees, but a later change time: it moves the order to the end of a walk by change time. */
export const drift = (order: Order, now: number): void => void touch(order, now);

export function writeNote(order: Order, words: string, now: number): News {
  order.sellerWords = words;
  touch(order, now);
  return { what: 'note_written' };
}
