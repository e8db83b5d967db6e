/** One order of a simulated platform, its after-sales and parcels, whatever the platform calls them. Money in fen, times in seconds since 1970. */
import type { Receiver } from '../people.ts';

export interface Line {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly priceFen: number;
  readonly quantity: number;
  /** Pieces that have left. */
  shipped: number;
  /** What the seller took off the line by hand before it was paid. */
  offFen?: number;
  /** The seller closed it before it was paid: nobody pays for it and it never leaves. */
  isClosed?: true;
}
export interface Parcel {
  readonly packId: string;
  company: string;
  number: string;
  readonly shippedAt: number;
  readonly pieces: readonly { readonly lineId: string; readonly quantity: number }[];
}
/** `agreed`: the seller said yes, the money has not gone back yet. */
export type CaseState = 'asked' | 'agreed' | 'paid_back' | 'refused' | 'withdrawn';
export interface AfterSale {
  readonly id: string;
  readonly orderId: string;
  readonly lineId: string;
  /** Whether a piece of the line had left when the buyer asked. */
  readonly hasLeft: boolean;
  state: CaseState;
  readonly amountFen: number;
  readonly appliedAt: number;
  updatedAt: number;
}
/** Who took how much off. `isTold` false: the platform tells the sum and nothing else. */
export interface Promotion {
  readonly shopFen: number;
  readonly platformFen: number;
  readonly talentFen: number;
  readonly isTold: boolean;
}
export interface Order {
  readonly id: string;
  readonly lines: readonly Line[];
  readonly promotion: Promotion;
  readonly postFen: number;
  /** What is paid first where the order is a pre-sale; else 0. */
  readonly depositFen: number;
  readonly buyerId: string;
  readonly buyerWords: string;
  readonly createdAt: number;
  receiver: Receiver;
  /** How often the receiver changed; a new ciphertext each time. */
  addressVersion: number;
  /** What the buyer has asked to be sent to instead; the seller has not answered yet. */
  wantedReceiver: Receiver | null;
  sellerWords: string;
  updatedAt: number;
  depositAt: number;
  paidAt: number;
  paymentNo: string;
  finishedAt: number;
  /** The buyer has complained and is not content yet. */
  isInComplaint?: true;
  state: 'unpaid' | 'deposit_paid' | 'under_check' | 'paid' | 'cancelled' | 'finished';
  readonly parcels: Parcel[];
  readonly afterSales: AfterSale[];
  /** Answers by request id, where the platform has one: the same shipment told twice is one. */
  readonly shippedBy: Map<string, readonly string[]>;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
/** Lines that were not closed before they were paid. */
export const soldOf = ({ lines }: Order): readonly Line[] => lines.filter(({ isClosed }) => isClosed !== true);
/** As it was offered. */
export const grossFen = ({ priceFen, quantity }: Line): number => priceFen * quantity;
export const offFen = (order: Order): number => sum(soldOf(order).map((line) => line.offFen ?? 0));
/** As it costs now, before promotions. */
export const netFen = (line: Line): number => grossFen(line) - (line.offFen ?? 0);
/** What the goods cost, after the seller took something off by hand and before promotions. */
export const goodsFen = (order: Order): number => sum(soldOf(order).map(netFen));
export const promotionFen = ({ promotion }: Order): number => promotion.shopFen + promotion.platformFen + promotion.talentFen;
export const payableFen = (order: Order): number => goodsFen(order) - promotionFen(order) + order.postFen;
export const paidFen = (order: Order): number => (order.paidAt > 0 ? payableFen(order) : order.depositAt > 0 ? order.depositFen : 0);
export const refundedFen = (order: Order): number =>
  sum(order.afterSales.filter((each) => each.state === 'paid_back').map((each) => each.amountFen));

/** What the buyer paid for one line; the last line bears what rounding leaves. */
export function linePayFen(order: Order, line: Line): number {
  if (line.isClosed) return 0;
  const [goods, sold] = [payableFen(order) - order.postFen, soldOf(order)];
  const share = (each: Line): number => (goodsFen(order) === 0 ? 0 : Math.floor((goods * netFen(each)) / goodsFen(order)));
  const others = sold.slice(0, -1);
  return line === sold.at(-1) ? goods - sum(others.map(share)) : share(line);
}

/** Nothing of it is still here to be sent. */
export const hasLeft = (line: Line): boolean => line.isClosed === true || line.shipped >= line.quantity;
export const isOpen = ({ state }: AfterSale): boolean => state === 'asked' || state === 'agreed';
export const openCase = (order: Order, lineId: string): AfterSale | undefined =>
  order.afterSales.find((each) => isOpen(each) && each.lineId === lineId);
/** Pieces that are still here, by line. */
export const piecesLeft = (order: Order): Parcel['pieces'] =>
  soldOf(order)
    .map((line) => ({ lineId: line.id, quantity: line.quantity - line.shipped }))
    .filter((piece) => piece.quantity > 0);

export type Stage = 'unpaid' | 'deposit_paid' | 'under_check' | 'paid' | 'partly_shipped' | 'shipped' | 'finished' | 'cancelled' | 'closed';
/** Where the order, or one of its lines, stands. `cancelled`: before it was paid; `closed`: all its money went back. */
export function stageOf(order: Order, line?: Line): Stage {
  if (line?.isClosed) return 'cancelled';
  if (order.state === 'cancelled') return order.paidAt + order.depositAt === 0 ? 'cancelled' : 'closed';
  if (order.state !== 'paid') return order.state;
  const lines = line === undefined ? order.lines : [line];
  if (lines.every(hasLeft)) return 'shipped';
  return lines.some((each) => each.shipped > 0) && line === undefined ? 'partly_shipped' : 'paid';
}
