/** What those who work for a channel share. */
import type { Subject } from '@weir/contract/subject';
import type { ChannelKind } from '@weir/connectors/adapter';
import type { Keys } from '#access';
import type { Gather, Outcomes } from '#intake';
import type { Clock, Db, Log } from '#platform';
import type { DirectoryKeeper } from './directory.ts';

/** An answer is worked within milliseconds, unless the house is busy: so many times five seconds. */
const WAITS = 24;

export interface Desk {
  readonly db: Db;
  readonly keys: Pick<Keys, 'box' | 'wrap' | 'unwrap' | 'fingerprint'>;
  readonly clock: Clock;
  readonly directory: DirectoryKeeper;
  readonly log: Log;
  /** From 0 to 1. */
  readonly dice: () => number;
  /** False in a process that does not hold the lease, or is stopping. */
  readonly mayWork: () => boolean;
  /** Appends to the inbox and waits until it was worked; false when that took too long. */
  tell(message: Told): Promise<boolean>;
  /** Appends to the inbox; resolves when it is durable. */
  append(message: Told): Promise<number>;
}
export interface Told {
  readonly kind: ChannelKind;
  readonly subject: Subject;
  readonly bytes: Buffer;
  /** When it was asked for, ms UTC: what it tells may be as old as that. */
  readonly asOf?: number;
}
export const sayer = (channel: string): string => `channel:${channel}`;

type Deps = Omit<Desk, 'tell' | 'append'> & { readonly gather: Gather; readonly outcomes: Outcomes };

export function openDesk({ gather, outcomes, ...deps }: Deps): Desk {
  const append = async ({ asOf = deps.clock.now(), ...message }: Told): Promise<number> =>
    (await gather.append({ ...message, by: sayer(message.subject.channel), receivedAt: asOf })).position;
  return {
    ...deps,
    append,
    async tell(message) {
      const position = await append(message);
      for (let waited = 0; waited < WAITS && deps.mayWork(); waited++)
        if ((await outcomes.wait(position)) ?? (await outcomes.find(position))) return true;
      return false;
    },
  };
}
