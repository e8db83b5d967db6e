/** A stored message once more, as it came: for one that could not be worked on while something of ours was wrong. */
import type { Keys } from '#access';
import type { Db } from '#platform';
import { Refusal } from '#web';
import { type Gather, IntakeFull, Stopping } from './gather.ts';
import { findEntry } from './trace.ts';

/** True when it is stored again, to be worked in its turn; false when it is not kept any more. Its times and its sender stay as they were. */
export async function workAgain(
  { gather, ...stored }: { readonly db: Db; readonly keys: Pick<Keys, 'box'>; readonly gather: Gather },
  position: number,
): Promise<boolean> {
  const entry = await findEntry(stored, position);
  if (entry === null) return false;
  const { kind, subject, bytes, by, who, receivedAt } = entry;
  await gather.append({ kind, subject, bytes, by, ...(who === undefined ? {} : { who }), receivedAt }).catch((error: unknown) => {
    throw new Refusal(error instanceof IntakeFull ? 'intake.full' : error instanceof Stopping ? 'server.stopping' : 'intake.not_stored');
  });
  return true;
}
