/** Who works at a desk: lanes for what the window holds, others for the parked subjects, and one probe while the breaker is open. */
import { catchUp } from './catch-up.ts';
import type { Chain } from './chains.ts';
import type { Desk } from './desk.ts';
import type { Parked } from './parked.ts';
import { workChain } from './work-chain.ts';

export const SUBJECTS_AT_ONCE = 64;
export const PARKED_AT_ONCE = 20;

export interface Lanes {
  /** As many as may go: parked subjects that are due first. */
  startAll(): void;
  /** One delivery, when its time has come. */
  startProbe(): void;
  isProbing(): boolean;
  /** Resolves when nobody works any more. */
  idle(): Promise<void>;
}

/** `onRoom` is told each time a subject of the window is settled. */
export function createLanes(desk: Desk, onRoom: () => void): Lanes {
  const { breaker, chains, parked } = desk;
  const working = new Set<Promise<void>>();
  let [lanes, catching, probing] = [0, 0, false];

  const start = (work: Promise<void>, done: () => void): void => {
    const all = work
      .catch((error: unknown) => desk.log.error('broadcast.failed', error, { endpointId: desk.target.id }))
      .finally(() => {
        working.delete(all);
        done();
      });
    working.add(all);
  };
  const mayGoOn = (): boolean => !breaker.isOpen() && !desk.isEnding();
  const lane = async (first: Chain): Promise<void> => {
    for (let chain: Chain | undefined = first; chain !== undefined; chain = mayGoOn() ? chains.take() : undefined) {
      await workChain(desk, chain);
      onRoom();
    }
  };
  const catchOne = (row: Parked, asProbe: boolean): Promise<void> =>
    catchUp(desk, row, asProbe).catch((error: unknown) => {
      parked.rest(row.subjectKey);
      throw error;
    });
  return {
    startAll() {
      while (catching < PARKED_AT_ONCE) {
        const row = parked.takeDue();
        if (row === undefined) break;
        catching++;
        start(catchOne(row, false), () => void catching--);
      }
      while (lanes < SUBJECTS_AT_ONCE) {
        const chain = chains.take();
        if (chain === undefined) break;
        lanes++;
        start(lane(chain), () => void lanes--);
      }
    },
    /** What never failed goes before what did: one subject that cannot get through must not keep an endpoint shut. */
    startProbe() {
      if (probing || breaker.probeInMs() > 0) return;
      const chain = chains.takeFresh();
      const row = chain === undefined ? parked.takeAny() : undefined;
      if (chain === undefined && row === undefined) {
        if (working.size === 0) breaker.succeeded(); // nothing waits: the next event will tell
        return;
      }
      probing = true;
      start(chain ? workChain(desk, chain, true) : catchOne(row as Parked, true), () => {
        probing = false;
        desk.wake();
      });
    },
    isProbing: () => probing,
    async idle() {
      while (working.size > 0) await Promise.all(working);
    },
  };
}
