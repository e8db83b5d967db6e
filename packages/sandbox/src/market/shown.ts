/** An order of a simulated platform as a person looks at it: money in yuan, what it waits for, what was written on it. */
import { isOpen, type Order, type Parcel, payableFen, refundedFen, type Stage, stageOf } from './order.ts';

export interface OrderShown {
  readonly id: string;
  readonly stage: Stage;
  readonly state: Order['state'];
  readonly payable: string;
  readonly refunded: string;
  readonly placedAt: string;
  readonly changedAt: string;
  readonly addressVersion: number;
  readonly wishesAddress: boolean;
  readonly isInComplaint: boolean;
  readonly sellerWords: string;
  readonly lines: readonly {
    readonly id: string;
    readonly name: string;
    readonly quantity: number;
    readonly shipped: number;
    readonly isClosed: boolean;
    /** What the seller took off by hand. */
    readonly offFen: number;
  }[];
  readonly parcels: readonly {
    readonly packId: string;
    readonly carrier: string;
    readonly trackingNumber: string;
    readonly lines: Parcel['pieces'];
  }[];
  readonly afterSales: readonly { readonly id: string; readonly lineId: string; readonly amount: string; readonly isOpen: boolean }[];
}

const yuan = (fen: number): string => (fen / 100).toFixed(2);
const timeOf = (seconds: number): string => new Date(seconds * 1_000).toISOString();

export const showOrder = (order: Order): OrderShown => ({
  id: order.id,
  stage: stageOf(order),
  state: order.state,
  payable: yuan(payableFen(order)),
  refunded: yuan(refundedFen(order)),
  placedAt: timeOf(order.createdAt),
  changedAt: timeOf(order.updatedAt),
  addressVersion: order.addressVersion,
  wishesAddress: order.wantedReceiver !== null,
  isInComplaint: order.isInComplaint === true,
  sellerWords: order.sellerWords,
  lines: order.lines.map(({ id, name, quantity, shipped, isClosed = false, offFen = 0 }) => ({
    id,
    name,
    quantity,
    shipped,
    isClosed,
    offFen,
  })),
  parcels: order.parcels.map(({ packId, company, number, pieces }) => ({
    packId,
    carrier: company,
    trackingNumber: number,
    lines: pieces,
  })),
  afterSales: order.afterSales.map((each) => ({ id: each.id, lineId: each.lineId, amount: yuan(each.amountFen), isOpen: isOpen(each) })),
});
