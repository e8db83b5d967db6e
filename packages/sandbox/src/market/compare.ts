/** What Weir holds of an order, as its API shows it, against what the platform holds. */
import type { OrderTruth } from './market.ts';
import type { Stage } from './order.ts';

/** Where an order stands at a platform → Weir's status. */
export const STATUS_OF: Readonly<Record<Stage, string>> = {
  unpaid: 'awaiting_payment',
  deposit_paid: 'awaiting_payment',
  under_check: 'paid',
  paid: 'paid',
  partly_shipped: 'paid',
  shipped: 'shipped',
  finished: 'completed',
  cancelled: 'cancelled',
  closed: 'closed',
};
export const yuanOf = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

/** The part of an order's state that both sides know. */
export interface Held {
  readonly status: string | null;
  readonly payable: string;
  readonly paid: string;
  readonly refunded: string;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number; readonly shipped: number }[];
  readonly holds: readonly { readonly kind: string }[];
}

/** One clause per difference; empty when both agree. */
export function whereItDiffers(held: Held, truth: OrderTruth): string {
  const problems: string[] = [];
  const same = (what: string, ours: unknown, theirs: unknown): void => {
    if (ours !== theirs) problems.push(`${what} ${String(ours)} instead of ${String(theirs)}`);
  };
  const hasLeft = truth.lines.some(([, , shipped]) => shipped > 0);
  // An ending after something has left is a hold in Weir and changes no status, unless all money went back.
  if (!(truth.stage === 'closed' && hasLeft && truth.refundedFen < truth.paidFen)) same('status', held.status, STATUS_OF[truth.stage]);
  same('payable', held.payable, yuanOf(truth.payableFen));
  same('paid', held.paid, yuanOf(truth.paidFen));
  same('refunded', held.refunded, yuanOf(truth.refundedFen));
  same('lines', held.lines.length, truth.lines.length);
  for (const [id, quantity, shipped] of truth.lines) {
    const line = held.lines.find((each) => each.lineId === id);
    same(`quantity of ${id}`, line?.quantity, quantity);
    if (truth.countsPieces) same(`shipped of ${id}`, line?.shipped, shipped);
    else same(`whether ${id} left`, (line?.shipped ?? 0) > 0, shipped > 0);
  }
  const waits = held.holds.filter(({ kind }) => kind === 'review' || kind === 'incomplete');
  if (waits.length > 0) problems.push(`held: ${JSON.stringify(waits)}`);
  return problems.join(', ');
}
