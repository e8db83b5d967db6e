/**
 * The audit of orders that were told one by one: one record per caller, address and hour with how many came and what became of them. A record each would make
 * every order wait for the one chain that all records of a process stand in. Which orders they were say the events: each names its message, and that its caller.
 */
import type { Clock, Log } from '#platform';
import type { Caller } from '#web';

const NOTE_EVERY_MS = 3_600_000;
/** Callers and addresses at once; beyond it they are written down before the hour is over. */
const MOST = 1_000;

type Counts = Readonly<Record<string, number>>;
interface Told {
  readonly caller: Caller;
  readonly since: number;
  readonly counts: Record<string, number>;
}
export interface Tally {
  told(caller: Caller, result: string): void;
  /** Writes down what was counted; what cannot be written is counted on. */
  note(): Promise<void>;
  stop(): Promise<void>;
}

export function createTally(deps: {
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: (
    caller: Caller,
    what: string,
    subject: null,
    detail: { readonly from: string; readonly orders: Counts },
  ) => Promise<void>;
}): Tally {
  let counted = new Map<string, Told>();
  const add = (caller: Caller, since: number, counts: Counts): void => {
    const key = JSON.stringify([caller.id, caller.from?.via, caller.from?.address]);
    const known = counted.get(key) ?? { caller, since, counts: {} };
    counted.set(key, known);
    for (const [result, n] of Object.entries(counts)) known.counts[result] = (known.counts[result] ?? 0) + n;
  };
  const write = async (): Promise<void> => {
    const all = [...counted.values()];
    counted = new Map();
    for (const { caller, since, counts } of all)
      await deps.audit(caller, 'orders.told', null, { from: new Date(since).toISOString(), orders: counts }).catch((error: unknown) => {
        deps.log.error('audit.tally_failed', error, {});
        add(caller, since, counts);
      });
  };
  let writing: Promise<void> = Promise.resolve();
  const note = (): Promise<void> => (writing = writing.then(write));
  const timer = setInterval(() => void note(), NOTE_EVERY_MS).unref();
  return {
    told(caller, result) {
      add(caller, deps.clock.now(), { [result]: 1 });
      if (counted.size > MOST) void note();
    },
    note,
    stop() {
      clearInterval(timer);
      return note();
    },
  };
}
