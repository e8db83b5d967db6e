/** How the samples of our protocol notes are judged, whichever platform they are of. */
import type { NeutralMessage } from '@weir/contract';
import { fenOf, mayShip, NO_FACTS, RANK, record, type Report, view } from '@weir/core';

/** What the notes say that a sample order means. */
export interface Expected {
  readonly order_id: string;
  readonly line_ids: readonly string[];
  readonly created_at: string;
  readonly paid_at: string | null;
  readonly goods_total_fen: number;
  readonly discount_total_fen: number;
  readonly freight_fen: number;
  readonly payable_fen: number;
  readonly shipped: 'none' | 'part' | 'all' | 'received';
  readonly refund: 'none' | 'requested' | 'partly_refunded' | 'refunded';
  readonly may_ship: boolean;
  readonly native_status: string;
}

export const sum = (amounts: readonly string[]): number => amounts.reduce((total, amount) => total + fenOf(amount), 0);

/** Of a message, or of what the house holds. */
interface Goods {
  readonly status?: string | null;
  readonly lines?: readonly { readonly status?: string }[];
}
export function shippedOf({ status, lines = [] }: Goods): Expected['shipped'] {
  if (status === 'completed' || status === 'delivered') return 'received';
  const left = lines.filter((line) => line.status === 'shipped').length;
  return left === 0 ? 'none' : left === lines.length ? 'all' : 'part';
}

export function refundOf({ refunds = [], refunded = '0.00', paid = '0.00' }: NeutralMessage): Expected['refund'] {
  if (fenOf(refunded) > 0) return refunded === paid ? 'refunded' : 'partly_refunded';
  return refunds.some(({ status }) => status === 'requested' || status === 'agreed') ? 'requested' : 'none';
}

/** What the house holds after this answer. */
export function seenFrom(report: Report | null): ReturnType<typeof view> {
  if (report === null) throw new Error('not readable');
  return view(record(NO_FACTS, { type: 'reported', report: { ...report, rank: RANK.detail } }));
}

/** The house's own gate, and something that is still here to be shipped. */
export function maySend(report: Report | null): boolean {
  const seen = seenFrom(report);
  return mayShip({ view: seen }).length === 0 && seen.lines.some((line) => line.status === 'paid');
}
