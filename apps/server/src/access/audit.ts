/** Writing down who did what, from where: one record at the end of this process's chain of the day. */
import { randomBytes } from 'node:crypto';
import type { Db, Sql } from '#platform';
import type { Caller } from '#web';
import { FORM, type Seal } from './audit-record.ts';
import { appendAudit, appendAuditIn } from './audit-store.ts';

/** This process and no other, also where each container calls its own number 1. */
const PROCESS = `p${process.pid}-${randomBytes(4).toString('hex')}`;

/** With which key the records of a database are sealed; a database without one is a test's. */
const seals = new WeakMap<Db, Seal>();
export const sealAuditWith = (db: Db, seal: Seal): void => void seals.set(db, seal);

/** Appends one record. Each holds the hash of the one before, so a change or a gap shows; `detail` holds nothing personal, in it `before` and `after`. */
export async function audit(db: Db, now: number, who: Actor, what: string, subject: string | null, detail: object): Promise<void> {
  await appendAudit(db, recordOf(now, who, [what, subject, detail]), sealOf(db));
}

export type Noted = readonly [what: string, subject: string | null, detail: object];
/** A change and its record: both are stored, or neither. `change` answers what to write down; a refusal that it throws takes all back. */
export async function audited<T>(
  db: Db,
  now: number,
  who: Actor,
  change: (tx: Sql) => Promise<readonly [value: T, noted: Noted]>,
): Promise<T> {
  return db.transaction(async (tx) => {
    const [value, noted] = await change(tx);
    await appendAuditIn(tx, recordOf(now, who, noted), sealOf(db));
    return value;
  });
}

/** One more record of a transaction that leaves others: the last thing in it, or just before the change that `audited` notes. */
export async function auditIn(db: Db, tx: Sql, now: number, who: Actor, noted: Noted): Promise<void> {
  await appendAuditIn(tx, recordOf(now, who, noted), sealOf(db));
}

type Actor = Pick<Caller, 'id' | 'name' | 'from'>;
const sealOf = (db: Db): Seal | null => seals.get(db) ?? null;
/** What the database can hold: half a surrogate pair would come back as another character, and its record would look tampered with for ever. */
const wellFormed = (text: string | null): string | null => text?.toWellFormed() ?? null;
const recordOf = (now: number, { id, name, from }: Actor, [what, subject, detail]: Noted) => ({
  process: PROCESS,
  day: new Date(now).toISOString().slice(0, 10),
  at: now,
  form: FORM,
  who: id,
  name: name.toWellFormed(),
  via: from?.via ?? null,
  address: from?.address ?? null,
  what,
  subject: wellFormed(subject),
  detail: JSON.stringify(detail),
});
