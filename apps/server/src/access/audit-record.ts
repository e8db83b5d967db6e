/** What an audit record is, and how its place in the chain is computed. Pure. */
import { createHmac, hash } from 'node:crypto';

export interface AuditRecord {
  /** A chain is one process on one day. */
  readonly process: string;
  readonly day: string;
  readonly serial: number;
  readonly at: number;
  /** What the hash covers: 1 = records from before names and addresses were kept. */
  readonly form: number;
  readonly who: string;
  readonly name: string | null;
  readonly via: string | null;
  readonly address: string | null;
  readonly what: string;
  readonly subject: string | null;
  readonly detail: string;
  readonly chain: Buffer;
  readonly seal: Buffer | null;
}
export type Unchained = Omit<AuditRecord, 'chain' | 'seal'>;
export const FORM = 2;
export const BEGINNING: Buffer = Buffer.alloc(32);
const SEAL_BYTES = 16;

const wordsOf = (r: Unchained): readonly unknown[] =>
  r.form === 1
    ? [r.process, r.day, r.serial, r.at, r.who, r.what, r.subject, r.detail]
    : [r.form, r.process, r.day, r.serial, r.at, r.who, r.name, r.via, r.address, r.what, r.subject, r.detail];

/** SHA-256 over the record before and this one: anybody can compute it, so it shows changes but not who made them. */
export const chainOf = (previous: Buffer, record: Unchained): Buffer =>
  hash('sha256', Buffer.concat([previous, Buffer.from(JSON.stringify(wordsOf(record)))]), 'buffer');

export type Seal = (chain: Buffer) => Buffer;
/** Only who has the key can seal a chain that was computed anew. */
export const sealWith =
  (key: Buffer): Seal =>
  (chain) =>
    createHmac('sha256', key).update(chain).digest().subarray(0, SEAL_BYTES);
