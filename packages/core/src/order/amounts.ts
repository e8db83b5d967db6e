/** How far money has come, and whether that or anybody's word ends the order. */
import type { EndedStatus, PaymentState, RefundState } from '@weir/contract';
import { type Fen, fenOf } from '../money.ts';
import type { OrderFacts } from './facts.ts';
import { notOlder } from './register.ts';

const max = (a: Fen, b: Fen): Fen => (a > b ? a : b);

/** Sum of all amounts told one by one, or what the newest message says in one figure, whichever is further: money only grows. */
const grown = (listed: number, said: string | undefined): Fen => max(listed as Fen, said === undefined ? (0 as Fen) : fenOf(said));

export function paidOf({ payments, content }: OrderFacts): Fen {
  let listed = 0;
  for (const { value } of Object.values(payments)) listed += fenOf(value.amount);
  return grown(listed, content.paid?.value);
}
export function refundedOf({ refunds, content }: OrderFacts): Fen {
  let listed = 0;
  for (const { value } of Object.values(refunds)) if (value.status === 'done') listed += fenOf(value.amount);
  return grown(listed, content.refunded?.value);
}

export function paymentOf(facts: OrderFacts): PaymentState {
  const paid = paidOf(facts);
  const payable = facts.content.payable === undefined ? null : fenOf(facts.content.payable.value);
  if (payable === 0 && facts.live !== undefined && facts.live.value !== 'awaiting_payment') return 'full';
  if (paid === 0) return 'none';
  return payable !== null && paid >= payable ? 'full' : 'deposit';
}

export function refundOf(facts: OrderFacts): RefundState {
  const [refunded, paid] = [refundedOf(facts), paidOf(facts)];
  // Of an order of which nobody has told yet what was paid, no refund is known to be of all.
  if (refunded > 0) return paid > 0 && refunded >= paid ? 'full' : 'partial';
  return Object.values(facts.refunds).some((r) => r.value.status === 'requested' || r.value.status === 'agreed') ? 'requested' : 'none';
}

/** Whether the channel's newest word, or a step of our own, ends the order. */
export const endingAsked = (facts: OrderFacts): boolean =>
  facts.cancelledAt !== undefined || (facts.ended !== undefined && notOlder(facts.ended, facts.live));

/** How the order ended, or null while it lives. An ending that meets a shipment changes nothing: it becomes a hold. */
export function endingOf(facts: OrderFacts): EndedStatus | null {
  const refundedAway = refundOf(facts) === 'full' && !facts.everCompleted;
  if (!refundedAway && !(endingAsked(facts) && !facts.everShipped)) return null;
  const saidClosed = facts.ended?.value === 'closed' && facts.content.paid === undefined; // the channel knows of a payment that it does not tell
  return saidClosed || paidOf(facts) > 0 || (facts.live !== undefined && facts.live.value !== 'awaiting_payment') ? 'closed' : 'cancelled';
}
