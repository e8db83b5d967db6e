/** What Weir holds of an order, as its API shows it, against what the platform holds. */
import { placeOf, type Receiver } from '../people.ts';
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
  readonly shipments: readonly { readonly own?: true }[];
  /** Absent where nobody asked for it. */
  readonly personal?: { readonly receiver?: Pick<Receiver, 'province' | 'city' | 'district'> };
}

type Same = (what: string, ours: unknown, theirs: unknown) => void;

/** One clause per difference; empty when both agree. */
export function whereItDiffers(held: Held, truth: OrderTruth): string {
  const waits = held.holds.filter(({ kind }) => kind === 'review' || kind === 'incomplete');
  return clauses(
    (same) => {
      whereItStands(held, truth, same);
      whatWasSold(held, truth, same);
    },
    waits.length > 0 ? [`held: ${JSON.stringify(waits)}`] : [],
  );
}
/** The same for an order whose parcels its platform would not take, so that both rightly disagree on what has left: money and lines must agree all the same. */
export const whereItDiffersButForParcels = (held: Held, truth: OrderTruth): string => clauses((same) => whatWasSold(held, truth, same));

function clauses(compare: (same: Same) => void, more: readonly string[] = []): string {
  const problems: string[] = [];
  compare((what, ours, theirs) => {
    if (ours !== theirs) problems.push(`${what} ${String(ours)} instead of ${String(theirs)}`);
  });
  return [...problems, ...more].join(', ');
}

function whereItStands(held: Held, truth: OrderTruth, same: Same): void {
  const hasLeft = truth.lines.some(([, , shipped]) => shipped > 0);
  // An ending after something has left is a hold in Weir and changes no status, unless all money went back.
  const isHeldElsewise = truth.stage === 'closed' && hasLeft && truth.refundedFen < truth.paidFen;
  // Whoever heard of it only after its money went back cannot know that it was finished.
  const isUnknowable = truth.isFinishHidden && held.status === 'closed';
  if (!isHeldElsewise && !isUnknowable && !waitsForTheRest(held, truth)) same('status', held.status, STATUS_OF[truth.stage]);
  for (const [id, , shipped] of truth.lines) {
    const ours = lineOf(held, id)?.shipped;
    if (truth.countsPieces) same(`shipped of ${id}`, ours, shipped);
    else same(`whether ${id} left`, (ours ?? 0) > 0, shipped > 0);
  }
}
/** For a platform that counts no pieces all has left with our first parcel; Weir knows what is still here. */
const waitsForTheRest = ({ status, lines, shipments }: Held, { stage, countsPieces }: OrderTruth): boolean =>
  !countsPieces &&
  stage === 'shipped' &&
  status === 'paid' &&
  shipments.some(({ own }) => own === true) &&
  lines.some(({ quantity, shipped }) => shipped < quantity);
function whatWasSold(held: Held, truth: OrderTruth, same: Same): void {
  same('payable', held.payable, yuanOf(truth.payableFen));
  same('paid', held.paid, yuanOf(truth.paidFen));
  same('refunded', held.refunded, yuanOf(truth.refundedFen));
  if (held.personal && truth.place !== null) same('receiver in', placeOf(held.personal.receiver ?? {}), truth.place);
  same('lines', held.lines.length, truth.lines.length);
  for (const [id, quantity] of truth.lines) same(`quantity of ${id}`, lineOf(held, id)?.quantity, quantity);
}
const lineOf = ({ lines }: Held, id: string): Held['lines'][number] | undefined => lines.find((each) => each.lineId === id);
