/** A log of the audit with its signed heads, and everything that somebody could do to it. Pure but for the dice that it is given. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { FIRST_PREVIOUS, type Head, hashOfLine, signHead } from './audit-head.ts';
import { type AuditRecord, BEGINNING, chainOf, FORM, type Seal, sealWith } from './audit-record.ts';
import { createVerifier, type Finding, type Verified } from './audit-verify.ts';

export type Dice = (below: number) => number;
/** Mulberry32: the same seed, the same tampering. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

export interface Log {
  readonly rows: readonly AuditRecord[];
  readonly file: readonly string[];
  readonly database: readonly string[];
}
export interface Installation {
  readonly id: string;
  readonly key: KeyObject;
  readonly verify: KeyObject;
  readonly seal: Seal;
}
export function installation(): Installation {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { id: 'inst-1', key: privateKey, verify: publicKey, seal: sealWith(Buffer.alloc(32, 7)) };
}

const WHATS = ['login', 'token.created', 'reveal', 'shop.connected', 'endpoint.created'];
const pick = <T>(dice: Dice, list: readonly T[]): T => list[dice(list.length)] as T;

/** A few processes over two days; heads in between, and one that covers everything. */
export function honestLog(dice: Dice, by: Installation): Log {
  const chains = ['p1-aa', 'p2-bb', 'p3-cc'].flatMap((process) =>
    ['2026-02-20', '2026-02-21'].map((day) => growChain(dice, by, process, day, 2 + dice(8))),
  );
  const file: string[] = [];
  for (let part = 1; part <= 3; part++) {
    const grown = chains.map((rows) => rows[Math.ceil((rows.length * part) / 3) - 1] as AuditRecord);
    file.push(headOf(by, file, grown));
  }
  return { rows: chains.flat(), file, database: [...file] };
}

function growChain(dice: Dice, by: Installation, process: string, day: string, length: number): AuditRecord[] {
  const rows: AuditRecord[] = [];
  for (let serial = 1; serial <= length; serial++) {
    const open = {
      process,
      day,
      serial,
      at: Date.parse(`${day}T00:00:00Z`) + serial * 60_000 + dice(1_000),
      form: FORM,
      who: `tok_${dice(5)}`,
      name: pick(dice, ['李雷', 'erp', null]),
      via: pick(dice, ['token', 'session', null]),
      address: pick(dice, ['10.0.0.7', null]),
      what: pick(dice, WHATS),
      subject: pick(dice, ['own/s1', null]),
      detail: `{"n":${dice(1_000)}}`,
    };
    const chain = chainOf(rows.at(-1)?.chain ?? BEGINNING, open);
    rows.push({ ...open, chain, seal: by.seal(chain) });
  }
  return rows;
}

function headOf(
  by: Pick<Installation, 'id' | 'key'>,
  before: readonly string[],
  rows: readonly AuditRecord[],
  at = Date.UTC(2026, 1, 20) + before.length * 3_600_000,
): string {
  const last = before.at(-1);
  const head: Head = {
    weir: 'audit-head',
    version: 1,
    installation: by.id,
    number: before.length + 1,
    at: new Date(at).toISOString(),
    previous: last === undefined ? FIRST_PREVIOUS : hashOfLine(last),
    chains: rows.map(({ process, day, serial, chain }) => [process, day, serial, chain.toString('hex')]),
  };
  return signHead(head, by.key);
}

export function verifyLog(log: Log, by: Installation): Verified & { readonly list: readonly Finding[] } {
  const list: Finding[] = [];
  const verifier = createVerifier({
    key: by.verify,
    seal: by.seal,
    installation: by.id,
    withDatabase: true,
    found: (finding) => list.push(finding),
  });
  for (const line of log.file) verifier.head(line, 'file');
  for (const line of log.database) verifier.head(line, 'database');
  for (const row of log.rows) verifier.row(row);
  return { ...verifier.end(), list };
}

const without = <T>(list: readonly T[], at: number, count = 1): T[] => list.toSpliced(at, count);
const swapped = <T>(list: readonly T[], a: number, b: number): T[] =>
  list.map((each, i) => (i === a ? (list[b] as T) : i === b ? (list[a] as T) : each));
const flipBit = (text: string, dice: Dice): string => {
  const at = dice(text.length);
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << dice(8))) + text.slice(at + 1);
};
const isOf = (a: AuditRecord, b: AuditRecord): boolean => a.process === b.process && a.day === b.day;

const COLUMNS = [
  'process',
  'day',
  'serial',
  'at',
  'form',
  'who',
  'name',
  'via',
  'address',
  'what',
  'subject',
  'detail',
  'chain',
  'seal',
] as const;
export function flipped(row: AuditRecord, column: (typeof COLUMNS)[number], dice: Dice): AuditRecord {
  const value = row[column];
  if (Buffer.isBuffer(value)) {
    const bytes = Buffer.from(value);
    const at = dice(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << dice(8));
    return { ...row, [column]: bytes };
  }
  if (typeof value === 'number') return { ...row, [column]: column === 'at' ? value + 2 ** dice(40) : value ^ (1 << dice(15)) };
  return {
    ...row,
    [column]: value === null ? 'x' : dice(4) === 0 && column !== 'process' && column !== 'day' ? null : flipBit(value, dice),
  };
}

/** All chains anew from `from` on, as somebody would who knows how, with seals of a key that they made up, old seals, or none. */
export function rechained(rows: readonly AuditRecord[], from: number, dice: Dice, form = FORM): AuditRecord[] {
  const wrong = sealWith(Buffer.alloc(32, 9));
  const how = dice(3);
  const first = rows[from] as AuditRecord;
  let previous = rows.findLast((row, i) => i < from && isOf(row, first))?.chain ?? BEGINNING;
  return rows.map((row, i) => {
    if (i < from || !isOf(row, first)) return row;
    const open = { ...row, form };
    const chain = chainOf(previous, open);
    previous = chain;
    return { ...open, chain, seal: [wrong(chain), row.seal, null][how] as Buffer | null };
  });
}

type Tampering = (log: Log, dice: Dice, by: Installation) => Log;
const onRow =
  (run: (rows: readonly AuditRecord[], at: number, dice: Dice, by: Installation) => AuditRecord[]): Tampering =>
  (log, dice, by) => ({ ...log, rows: run(log.rows, dice(log.rows.length), dice, by) });
const onHeads =
  (run: (lines: readonly string[], dice: Dice) => string[]): Tampering =>
  (log, dice) => {
    const where = dice(2) === 0 ? 'file' : 'database';
    return { ...log, [where]: run(log[where], dice) };
  };
const lastOf = (rows: readonly AuditRecord[], at: number): number => rows.findLastIndex((row) => isOf(row, rows[at] as AuditRecord));
const firstOf = (rows: readonly AuditRecord[], at: number): number => rows.findIndex((row) => isOf(row, rows[at] as AuditRecord));

export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'a bit of a record': onRow((rows, at, dice) => rows.with(at, flipped(rows[at] as AuditRecord, pick(dice, COLUMNS), dice))),
  'a record removed': onRow((rows, at) => without(rows, at)),
  'a record doubled': onRow((rows, at, dice) => rows.toSpliced(dice(rows.length + 1), 0, rows[at] as AuditRecord)),
  'two records swapped': onRow((rows, at, dice) => swapped(rows, at, (at + 1 + dice(rows.length - 1)) % rows.length)),
  'the contents of two records swapped': onRow((rows, at, dice) => {
    const other = (at + 1 + dice(rows.length - 1)) % rows.length;
    const [a, b] = [rows[at] as AuditRecord, rows[other] as AuditRecord];
    const placed = (row: AuditRecord, { process, day, serial }: AuditRecord): AuditRecord => ({ ...row, process, day, serial });
    return rows.with(at, placed(b, a)).with(other, placed(a, b));
  }),
  'a tail cut': onRow((rows, at) => without(rows, at, lastOf(rows, at) - at + 1)),
  'a beginning cut': onRow((rows, at) => without(rows, firstOf(rows, at), at - firstOf(rows, at) + 1)),
  'a whole chain removed': onRow((rows, at) => rows.filter((row) => !isOf(row, rows[at] as AuditRecord))),
  'a whole chain renamed': onRow((rows, at) =>
    rows.map((row) => (isOf(row, rows[at] as AuditRecord) ? { ...row, process: 'p9-zz' } : row)),
  ),
  'everything removed': (log) => ({ ...log, rows: [] }),
  'a record changed and its chain computed anew': onRow((rows, at, dice) =>
    rechained(rows.with(at, { ...(rows[at] as AuditRecord), who: 'tok_other' }), at, dice),
  ),
  'a record removed, the rest numbered and chained anew': onRow((rows, at, dice) => {
    const gone = rows[at] as AuditRecord;
    const rest = without(rows, at).map((row) => (isOf(row, gone) && row.serial > gone.serial ? { ...row, serial: row.serial - 1 } : row));
    return rest[at] !== undefined && isOf(rest[at], gone) ? rechained(rest, at, dice) : rest;
  }),
  'a chain computed anew in the old form': onRow((rows, at, dice) => rechained(rows, firstOf(rows, at), dice, 1)),
  'a forged record at the end': onRow((rows, at, dice) => {
    const end = lastOf(rows, at);
    const last = rows[end] as AuditRecord;
    const forged = { ...last, serial: last.serial + 1, what: 'login' };
    return rechained(rows.toSpliced(end + 1, 0, forged), end + 1, dice);
  }),
  'a chain kept from its heads': (log, dice, by) => {
    const kept = pick(dice, log.rows);
    const line = headOf(
      by,
      [],
      log.rows.filter((row, i) => !isOf(row, kept) && lastOf(log.rows, i) === i),
      Date.UTC(2026, 1, 23),
    );
    return { ...log, file: [line], database: [line] };
  },
  'a bit of a head': onHeads((lines, dice) => {
    const at = dice(lines.length);
    return lines.with(at, flipBit(lines[at] as string, dice));
  }),
  'a head removed from the middle': onHeads((lines, dice) => without(lines, dice(lines.length - 1))),
  'heads swapped': onHeads((lines, dice) => swapped(lines, 0, 1 + dice(lines.length - 1))),
  'heads signed by another key': onHeads((lines, dice) => {
    const at = dice(lines.length);
    const text = lines[at] as string;
    return lines.with(at, signHead(JSON.parse(`${text.slice(0, text.lastIndexOf(',"signature"'))}}`) as Head, STRANGER));
  }),
  'the tail of the log and of its own heads cut': (log, dice) => {
    const kept = dice(log.database.length);
    const [from] = [dice(log.rows.length)];
    return { ...log, database: log.database.slice(0, kept), rows: without(log.rows, from, lastOf(log.rows, from) - from + 1) };
  },
};
const STRANGER = generateKeyPairSync('ed25519').privateKey;
