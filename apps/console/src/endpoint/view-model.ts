/** What can be done with an endpoint, and why a replay of it does not move. Pure. */
import type { Endpoint, Replay } from '../api/types.ts';

export type Act = 'pause' | 'resume' | 'deliverNow' | 'change' | 'rotate' | 'remove';

/** `resume` and `deliverNow` ask the same of the server; the words tell a person what it will do here. */
export function actsOf({ state, parked }: Pick<Endpoint, 'state' | 'parked'>): readonly Act[] {
  if (state === 'paused' || state === 'gone') return ['resume', 'change', 'rotate', 'remove'];
  return [...(parked > 0 ? (['deliverNow'] as const) : []), 'pause', 'change', 'rotate', 'remove'];
}

/** The row of the permission matrix by which each is judged. */
export const ADDRESSES = {
  pause: 'POST /v1/endpoints/{id}:pause',
  resume: 'POST /v1/endpoints/{id}:resume',
  deliverNow: 'POST /v1/endpoints/{id}:resume',
  change: 'POST /v1/endpoints/{id}:change',
  rotate: 'POST /v1/endpoints/{id}:rotateSecret',
  remove: 'POST /v1/endpoints/{id}:remove',
} as const satisfies Readonly<Record<Act, string>>;

export type Still = 'paused' | 'broken' | 'gone' | 'full' | 'behind';
/** Null: it moves, or it has ended. */
export function whyStill({ state: replay }: Pick<Replay, 'state'>, { state, lag }: Pick<Endpoint, 'state' | 'lag'>): Still | null {
  if (replay !== 'running') return null;
  if (state !== 'active') return state;
  return (lag ?? 0) > 0 ? 'behind' : null;
}

/** Whoever removes an endpoint types its name; spaces around it do not count. */
export const isNamed = (typed: string, name: string): boolean => typed.trim() !== '' && typed.trim() === name.trim();
