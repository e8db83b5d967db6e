/** One order of the simulated Douyin, its after-sales and parcels, and the numbers that the platform would show for them. Money in fen, times in seconds. */
import type { Receiver } from '../people.ts';

export interface Line {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly priceFen: number;
  readonly quantity: number;
  /** Pieces that have left. */
  shipped: number;
}
export interface Parcel {
  readonly packId: string;
  company: string;
  number: string;
  readonly shippedAt: number;
  readonly pieces: readonly { readonly lineId: string; readonly quantity: number }[];
}
export type CaseStatus = 6 | 7 | 12 | 27 | 28;
export interface AfterSale {
  readonly id: string;
  readonly orderId: string;
  readonly lineId: string;
  /** 0 with goods, 1 without goods after shipping, 2 before shipping. */
  readonly type: 0 | 1 | 2;
  status: CaseStatus;
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
  paidAt: number;
  paymentNo: string;
  finishedAt: number;
  state: 'unpaid' | 'under_check' | 'paid' | 'cancelled' | 'finished';
  readonly parcels: Parcel[];
  readonly afterSales: AfterSale[];
  /** Answers by request_id: the same shipment told twice is one. */
  readonly shippedBy: Map<string, readonly string[]>;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
export const goodsFen = (order: Order): number => sum(order.lines.map((line) => line.priceFen * line.quantity));
export const promotionFen = ({ promotion }: Order): number => promotion.shopFen + promotion.platformFen + promotion.talentFen;
export const payableFen = (order: Order): number => goodsFen(order) - promotionFen(order) + order.postFen;
export const refundedFen = (order: Order): number =>
  sum(order.afterSales.filter((each) => each.status === 12).map((each) => each.amountFen));

/** What the buyer paid for one line; the last line bears what rounding leaves. */
export function linePayFen(order: Order, line: Line): number {
  const goods = payableFen(order) - order.postFen;
  const share = (each: Line): number => (goodsFen(order) === 0 ? 0 : Math.floor((goods * each.priceFen * each.quantity) / goodsFen(order)));
  const others = order.lines.slice(0, -1);
  return line === order.lines.at(-1) ? goods - sum(others.map(share)) : share(line);
}

const hasLeft = (line: Line): boolean => line.shipped >= line.quantity;
export const isOpen = ({ status }: AfterSale): boolean => status === 6 || status === 7;
export const openCase = (order: Order, lineId: string): AfterSale | undefined =>
  order.afterSales.find((each) => isOpen(each) && each.lineId === lineId);

/** order_status of the order, and of one line. */
export function statusOf(order: Order, line?: Line): number {
  switch (order.state) {
    case 'unpaid':
      return 1;
    case 'under_check':
      return 105;
    case 'cancelled':
      return 4;
    case 'finished':
      return 5;
    case 'paid': {
      const lines = line === undefined ? order.lines : [line];
      if (lines.every(hasLeft)) return 3;
      return line === undefined && order.lines.some((each) => each.shipped > 0) ? 101 : 2;
    }
  }
}
/** main_status: an order that ended because all its money went back says so. */
export function mainStatusOf(order: Order): number {
  if (order.state !== 'cancelled' || order.paidAt === 0) return statusOf(order);
  return order.parcels.length > 0 ? 22 : 21;
}
