/** What people and machines ask of one order; it travels as a message of kind `command`. */
import type { NeutralMessage } from '@weir/contract';
import type { MOVES, ShipParcel } from '@weir/core';

export type Command = {
  readonly ifMatch?: number;
} /** After a restore: somebody may have been told more of the order than we remember. */ & (
  | { readonly verb: 'retell' }
  /** The person's data goes; `evenOpen`: also while the order goes on. */
  | { readonly verb: 'erase'; readonly evenOpen?: boolean }
  /** Nothing of the order is kept but its identity, its key and its version; only when it ended and its last event lies before `before`. */
  | { readonly verb: 'forget'; readonly before: number }
  | { readonly verb: 'cancel'; readonly reason?: string }
  | { readonly verb: 'hold'; readonly why: string }
  | { readonly verb: 'release'; readonly holdId: string }
  | { readonly verb: 'changeAddress'; readonly receiver: NonNullable<NeutralMessage['receiver']> }
  | { readonly verb: 'move'; readonly to: (typeof MOVES)[number]; readonly lines?: readonly string[] }
  | { readonly verb: 'ship'; readonly shipments: readonly ShipParcel[] }
  /** `message` is the blocked message as it came; absent for a case that follows from the facts. */
  | { readonly verb: 'review.release'; readonly caseId: string; readonly message?: string }
  | { readonly verb: 'review.fix'; readonly caseId: string; readonly message: string }
  | { readonly verb: 'review.reject'; readonly caseId: string }
  /** Takes a rejection back. */
  | { readonly verb: 'review.reopen'; readonly caseId: string }
);
