/** The events of one subject in the window, one after the other. */
import { type Chain, isTurn } from './chains.ts';
import { type Desk, type Failed, park, parkedAt, releasedFrom } from './desk.ts';
import type { LogEvent } from './envelope.ts';
import type { Parked } from './parked.ts';

/**
 * Until nothing of the subject waits, or it is parked, or the breaker opens: then what is left stays in the window. `asProbe` tries one
 * delivery although the breaker is open.
 */
export async function workChain(desk: Desk, chain: Chain, asProbe = false): Promise<void> {
  let mayTry = asProbe;
  for (let next = chain.waiting[0]; next !== undefined; next = chain.waiting[0]) {
    if (isTurn(next)) {
      if (desk.isEnding() || (desk.breaker.isOpen() && !mayTry)) return desk.chains.putBack(chain);
      mayTry = false;
      await next.run();
      chain.waiting.shift();
      continue;
    }
    const { event } = next;
    const released = releasedFrom(event);
    if (released !== undefined) return parkChain(desk, chain, parkedAt(desk, event, released, 0, null), 'released');
    if (!event.withheld && desk.wants(event)) {
      if (desk.isEnding() || (desk.breaker.isOpen() && !mayTry)) return desk.chains.putBack(chain);
      mayTry = false;
      const failed = await desk.deliver(event, ++next.tries);
      if (failed !== null) return stop(desk, chain, event, failed);
    }
    settle(desk, chain);
  }
  desk.chains.leave(chain);
}

/** What does not count against the subject stays in the window. */
function stop(desk: Desk, chain: Chain, event: LogEvent, failed: Failed): Promise<void> | void {
  if (!failed.counts) return desk.chains.putBack(chain);
  return parkChain(desk, chain, parkedAt(desk, event, event.version, 1, failed), failed.error);
}

/** The row is stored before anything of the subject counts as settled; what else waits of it is in the log behind the row. */
async function parkChain(desk: Desk, chain: Chain, row: Parked, error: string): Promise<void> {
  desk.parked.occupy(row.subjectKey);
  if (!(await park(desk, row, error))) return;
  desk.reach('broadcast.after_park');
  for (let next = chain.waiting[0]; next !== undefined; next = chain.waiting[0]) {
    if (isTurn(next)) next.parked();
    else desk.parked.pass(row.subjectKey, next.place.position);
    settle(desk, chain);
  }
  desk.chains.leave(chain);
  desk.parked.rest(row.subjectKey);
  desk.wake();
}

function settle(desk: Desk, chain: Chain): void {
  const first = chain.waiting.shift();
  if (first !== undefined && !isTurn(first)) desk.window.finish(first.place);
}
