/** Due times are kept by the machine's clock. Where that was ahead and is right again, nothing may wait until it gets there once more. */
import { hurryFetches } from '#channels';
import type { Db, Log } from '#platform';
import { hurryWriteBacks } from '#write-back';

/** No honest clock puts off for longer: a day, and a fifth more by the dice. */
export const LONGEST_PAUSE_MS = 30 * 3_600_000;

/** Makes due what `wasPutBack` says our clock had put off while it was ahead; without that word only what lies further ahead than anything is put off. */
export async function mendDueTimes({ db, log }: { readonly db: Db; readonly log: Log }, now: number, wasPutBack: boolean): Promise<void> {
  const latest = wasPutBack ? now : now + LONGEST_PAUSE_MS;
  const [fetches, writeBacks] = [await hurryFetches(db, now, latest), await hurryWriteBacks(db, now, latest)];
  if (fetches + writeBacks > 0) log.event('due_times.mended', { fetches, writeBacks });
}
