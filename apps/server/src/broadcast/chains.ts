/** Per subject the events that wait for their turn: one lane at a time works on a subject, many subjects go side by side. Pure. */
import type { LogEvent } from './envelope.ts';
import type { Place } from './window.ts';

/** An event of the window. */
export interface Waiting {
  readonly event: LogEvent;
  readonly place: Place;
  tries: number;
}
/** Something else that wants its turn among the events of a subject. Neither call throws. */
export interface Turn {
  readonly run: () => Promise<void>;
  /** The subject is parked: its turn did not come. */
  readonly parked: () => void;
  readonly tries: 0;
}
export const isTurn = (waiting: Waiting | Turn): waiting is Turn => 'run' in waiting;
export interface Chain {
  readonly subjectKey: string;
  /** In order; the first one is being delivered or is next. */
  readonly waiting: (Waiting | Turn)[];
}
export interface Chains {
  add(event: LogEvent, place: Place): void;
  /** Behind what waits of the subject. */
  addTurn(subjectKey: string, turn: Omit<Turn, 'tries'>): void;
  /** A subject that has something waiting and that nobody works on; it belongs to the caller until `putBack` or `leave`. */
  take(): Chain | undefined;
  /** The same for a probe: one whose next event was never tried goes before those that were. */
  takeFresh(): Chain | undefined;
  /** Keeps whatever comes for this subject waiting until `leave`; nobody may be working on it. */
  occupy(subjectKey: string): Chain;
  /** Behind all others, so that one that cannot go on now hides no other. */
  putBack(chain: Chain): void;
  /** What has come in the meantime gets its turn. */
  leave(chain: Chain): void;
}

export function createChains(): Chains {
  const bySubject = new Map<string, Chain>();
  const ready = new Set<Chain>();
  const putBack = (chain: Chain): void => void ready.add(chain);
  const takeOut = (chain: Chain | undefined): Chain | undefined => {
    if (chain !== undefined) ready.delete(chain);
    return chain;
  };
  const first = (): Chain | undefined => ready.values().next().value;
  const append = (subjectKey: string, waiting: Waiting | Turn): void => {
    const known = bySubject.get(subjectKey);
    const chain: Chain = known ?? { subjectKey, waiting: [] };
    chain.waiting.push(waiting);
    if (known !== undefined) return;
    bySubject.set(subjectKey, chain);
    ready.add(chain);
  };
  return {
    add: (event, place) => append(event.subjectKey, { event, place, tries: 0 }),
    addTurn: (subjectKey, turn) => append(subjectKey, { ...turn, tries: 0 }),
    take: () => takeOut(first()),
    takeFresh: () => takeOut([...ready].find((chain) => chain.waiting[0]?.tries === 0) ?? first()),
    occupy(subjectKey) {
      const chain: Chain = { subjectKey, waiting: [] };
      bySubject.set(subjectKey, chain);
      return chain;
    },
    putBack,
    leave(chain) {
      if (chain.waiting.length > 0) putBack(chain);
      else bySubject.delete(chain.subjectKey);
    },
  };
}
