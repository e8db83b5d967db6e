/** What a person may do so often and no oftener: counted in the audit, where each time is written down anyway. */
import type { Clock, Db } from '#platform';
import type { Caller } from '#web';
import { audited, type Noted } from './audit.ts';
import { countDeeds, lockDeeds } from './audit-store.ts';

const DAY_MS = 86_400_000;

/**
 * Writes the deed down if it is still within `mostPerDay`, else that it was over its quota; says which. Counting and writing are one transaction,
 * and one of a caller's at a time: of many that come at once none sees room that another has already taken.
 */
export function auditWithin(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  caller: Caller,
  [what, subject, detail]: Noted,
  mostPerDay: number,
): Promise<boolean> {
  const now = clock.now();
  return audited(db, now, caller, async (tx) => {
    await lockDeeds(tx, caller.id, what);
    const isWithin = (await countDeeds(tx, caller.id, what, now - DAY_MS)) < mostPerDay;
    return [isWithin, [isWithin ? what : `${what}.over_quota`, subject, detail]];
  });
}
