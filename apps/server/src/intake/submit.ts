/** The door for everyone who wants something done and an answer: append, then wait for the outcome. */
import { hash } from 'node:crypto';
import { type Clock, isDiskFull } from '#platform';
import type { Caller } from '#web';
import { type Gather, type IdempotencyKey, IntakeFull, NotStored, Stopping } from './gather.ts';
import type { Outcome } from './kinds.ts';
import type { Outcomes } from './outcomes.ts';
import type { Message } from './segment.ts';

export type Submitted =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  /** Stored, but not worked within five seconds: ask at `/v1/outcomes/{position}`. */
  | { readonly kind: 'later'; readonly position: number }
  | {
      readonly kind: 'refused';
      readonly code: 'intake.full' | 'intake.not_stored' | 'server.disk_full' | 'server.stopping' | 'request.key_reused';
      readonly cause?: unknown;
    };

export interface Submit {
  (message: Omit<Message, 'receivedAt' | 'by' | 'who'>, caller: Pick<Caller, 'id' | 'name'>, idempotencyKey?: string): Promise<Submitted>;
}

export function createSubmit({
  gather,
  outcomes,
  clock,
}: {
  readonly gather: Gather;
  readonly outcomes: Outcomes;
  readonly clock: Clock;
}): Submit {
  return async (message, caller, idempotencyKey) => {
    const key = idempotencyKey === undefined ? undefined : keyOf(message, caller, idempotencyKey);
    try {
      const accepted = await gather.append({ ...message, by: caller.name, who: caller.id, receivedAt: clock.now() }, key);
      if (accepted.kind === 'repeated' && !accepted.sameInput) return { kind: 'refused', code: 'request.key_reused' };
      const outcome = accepted.kind === 'stored' ? await outcomes.wait(accepted.position) : await firstOnes(outcomes, accepted.position);
      return outcome === null ? { kind: 'later', position: accepted.position } : { kind: 'outcome', outcome };
    } catch (error) {
      if (error instanceof IntakeFull) return { kind: 'refused', code: 'intake.full' };
      if (error instanceof Stopping) return { kind: 'refused', code: 'server.stopping' };
      if (error instanceof NotStored && isDiskFull(error.cause)) return { kind: 'refused', code: 'server.disk_full', cause: error.cause };
      if (error instanceof NotStored) return { kind: 'refused', code: 'intake.not_stored', cause: error.cause };
      throw error;
    }
  };
}

/** The loser of a key waits for the first one's outcome, which may have been there for long. */
const firstOnes = async (outcomes: Outcomes, position: number): Promise<Outcome | null> => {
  const coming = outcomes.wait(position);
  return (await outcomes.find(position)) ?? coming;
};

function keyOf(message: Pick<Message, 'kind' | 'subject' | 'bytes'>, caller: Pick<Caller, 'id'>, key: string): IdempotencyKey {
  const { kind, channel, shop, id } = message.subject;
  const inputHash = hash(
    'sha256',
    Buffer.concat([Buffer.from(`${message.kind}\0${kind}\0${channel}\0${shop}\0${id}\0`), message.bytes]),
    'buffer',
  );
  return { tokenId: caller.id, key, inputHash };
}
