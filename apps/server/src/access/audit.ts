/** Writing down who did what, from where: one record at the end of this process's chain of the day. */
import { randomBytes } from 'node:crypto';
import type { Db } from '#platform';
import type { Caller } from '#web';
import { FORM, type Seal } from './audit-record.ts';
import { appendAudit } from './audit-store.ts';

/** This process and no other, also where each container calls its own number 1. */
const PROCESS = `p${process.pid}-${randomBytes(4).toString('hex')}`;

/** With which key the records of a database are sealed; a database without one is a test's. */
const seals = new WeakMap<Db, Seal>();
export const sealAuditWith = (db: Db, seal: Seal): void => void seals.set(db, seal);

/** Appends one record. Each holds the hash of the one before, so a change or a gap shows; `detail` holds nothing personal, in it `before` and `after`. */
export async function audit(
  db: Db,
  now: number,
  { id, name, from }: Pick<Caller, 'id' | 'name' | 'from'>,
  what: string,
  subject: string | null,
  detail: object,
): Promise<void> {
  await appendAudit(
    db,
    {
      process: PROCESS,
      day: new Date(now).toISOString().slice(0, 10),
      at: now,
      form: FORM,
      who: id,
      name,
      via: from?.via ?? null,
      address: from?.address ?? null,
      what,
      subject,
      detail: JSON.stringify(detail),
    },
    seals.get(db) ?? null,
  );
}
