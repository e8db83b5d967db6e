/** Steps are what we are asked to do; they obey a table, the holds and their own rules, and may be refused. */
import type { LiveStatus, OrderStatus } from '@weir/contract';
import { ofId } from './by-id.ts';
import type { PlacedHold } from './facts.ts';
import type { Seen } from './events-of.ts';
import { hasLeft } from './has-left.ts';
import { fingerprintOfHold } from './holds.ts';
import { accept, type Decision, holdNames, refuse } from './decision.ts';
import { decideShip, type ShipParcel } from './decide-ship.ts';

export const LINE_STEPS = {
  awaiting_payment: ['cancelled'],
  paid: ['allocated', 'closed'],
  allocated: ['picked', 'closed'],
  picked: ['packed', 'closed'],
  packed: ['shipped', 'closed'],
  shipped: [],
  in_delivery: [],
  delivered: [],
  completed: [],
  cancelled: [],
  closed: [],
} as const satisfies Record<OrderStatus, readonly OrderStatus[]>;
export const MOVES = ['allocated', 'picked', 'packed', 'shipped'] as const satisfies readonly LiveStatus[];

export type Step =
  /** Without `lines`: every line that has not ended. */
  | { readonly verb: 'move'; readonly to: (typeof MOVES)[number]; readonly lines?: readonly string[] }
  | { readonly verb: 'ship'; readonly parcels: readonly ShipParcel[] }
  | { readonly verb: 'cancel' }
  | { readonly verb: 'hold'; readonly id: string; readonly hold: PlacedHold }
  | { readonly verb: 'release'; readonly holdId: string; readonly by: string }
  /** `address` is the keyed fingerprint of the new receiver. */
  | { readonly verb: 'changeAddress'; readonly address: string };

const isEnded = (status: OrderStatus | null): boolean => status === 'cancelled' || status === 'closed';

/** Whether `step` may be taken on the order as it is at `at` (ms UTC); the facts it adds, or why not. */
export function decide(order: Seen, step: Step, at: number): Decision {
  switch (step.verb) {
    case 'move':
      return decideMove(order, step.to, step.lines);
    case 'ship':
      return decideShip(order, step.parcels, at);
    case 'cancel':
      return decideCancel(order, at);
    case 'hold':
      return accept({ type: 'hold.placed', id: step.id, hold: step.hold });
    case 'release':
      return decideRelease(order, step.holdId, step.by);
    case 'changeAddress':
      return decideAddress(order, step.address, at);
  }
}

function decideMove({ view }: Seen, to: LiveStatus, wanted: readonly string[] | undefined): Decision {
  if (view.status === null) return refuse('order.no_status');
  if (view.holds.length > 0) return refuse('order.is_held', { holds: holdNames(view.holds) });
  const live = view.lines.filter((line) => !isEnded(line.status));
  const lines = wanted ?? (live.length > 0 ? live : view.lines).map((line) => line.lineId);
  for (const lineId of lines) {
    const line = view.lines.find((each) => each.lineId === lineId);
    if (!line) return refuse('order.line_not_found', { lineId });
    const next: readonly OrderStatus[] = LINE_STEPS[line.status];
    if (!next.includes(to)) return refuse('order.step_not_allowed', { lineId, from: line.status, to });
  }
  return accept({ type: 'lines.moved', lines, to });
}

/** Holds do not stop an ending; a parcel that has left does. */
function decideCancel({ facts, view }: Seen, at: number): Decision {
  if (isEnded(view.status)) return refuse('order.already_ended');
  const left = view.lines.some((line) => line.shipped > 0 || hasLeft(line.status));
  return facts.everShipped || left ? refuse('order.has_shipped') : accept({ type: 'cancelled', at });
}

function decideRelease({ facts, view }: Seen, holdId: string, by: string): Decision {
  const placed = ofId(facts.placedHolds, holdId);
  if (placed && placed.releasedBy === undefined) return accept({ type: 'hold.released', id: holdId, by });
  const derived = view.holds.find((hold) => hold.id === holdId);
  if (derived?.kind === 'after_sale')
    return accept({ type: 'derived.accepted', id: holdId, fingerprint: fingerprintOfHold(facts, derived) });
  return derived ? refuse('hold.not_releasable', { kind: derived.kind }) : refuse('hold.not_found', { holdId });
}

/** Later than every address we know, also when a source's clock runs ahead of ours: the person asked last. */
function decideAddress({ facts, view }: Seen, address: string, at: number): Decision {
  const final = ['shipped', 'in_delivery', 'delivered', 'completed', 'cancelled', 'closed'].includes(view.status ?? '');
  if (final) return refuse('order.address_final', { status: view.status ?? '' });
  const known = Math.max(facts.content.address?.at ?? Number.NEGATIVE_INFINITY, facts.corrected?.at ?? Number.NEGATIVE_INFINITY);
  return accept({ type: 'address.corrected', at: Math.max(at, known + 1), address, over: facts.content.address?.value ?? null });
}

/** The one gate before anything leaves the house: every reason why the order may not ship; empty = it may. */
export function mayShip({ view }: Pick<Seen, 'view'>): readonly { readonly code: string; readonly detail: string }[] {
  const reasons = view.holds.map((hold) => ({ code: `hold.${hold.kind}`, detail: hold.why }));
  if (view.status === null || view.status === 'awaiting_payment')
    reasons.push({ code: 'order.not_paid', detail: view.status ?? 'order.no_status' });
  if (view.status !== null && isEnded(view.status)) reasons.push({ code: 'order.ended', detail: view.status });
  return reasons;
}
