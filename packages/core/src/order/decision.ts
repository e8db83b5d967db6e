/** What a decision answers: the facts that an accepted step adds, or a code of the contract. */
import type { ErrorCode, ErrorParams } from '@weir/contract';
import type { Fact } from './facts.ts';
import type { View } from './view.ts';

export interface Refused {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly params: ErrorParams;
}
export type Decision = { readonly ok: true; readonly facts: readonly Fact[] } | Refused;
export const accept = (...facts: Fact[]): Decision => ({ ok: true, facts });
export const refuse = (code: ErrorCode, params: ErrorParams = {}): Refused => ({ ok: false, code, params });

/** A person's own words stay out of it: a refusal goes to programs too. */
export const holdNames = (holds: View['holds']): string =>
  holds.map((hold) => (hold.kind === 'person' ? hold.kind : `${hold.kind} (${hold.why})`)).join(', ');
