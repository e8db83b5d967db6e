import { describe, expect, test } from 'vitest';
import { readHead } from './audit-head.ts';
import { diceOf, flipped, honestLog, installation, type Log, rechained, TAMPERINGS, verifyLog } from './tamper.test-support.ts';

/** 100,000 is what was promised; a few thousand of them each time. */
const COUNT = Number(process.env['WEIR_TAMPERINGS'] ?? 2_000);
const SEED = Number(process.env['WEIR_TAMPERING_SEED'] ?? 20_260_220);
const HOUR_MS = 3_600_000;
const by = installation();

test('an honest log is whole, also with heads that tell of less than there is by now', () => {
  for (let seed = 0; seed < 50; seed++) {
    const log = honestLog(diceOf(seed), by);
    expect(verifyLog(log, by)).toMatchObject({ findings: 0, heads: 3, rows: log.rows.length, chains: 6, rowsSinceHead: 0 });
    const young = { ...log, file: log.file.slice(0, 2), database: log.database.slice(0, 2) };
    expect(verifyLog(young, by).list).toEqual([]);
    expect(verifyLog({ ...log, file: log.file.slice(0, 1) }, by).list).toEqual([]); // an older copy of the file
    expect(verifyLog({ ...log, file: [] }, by).list).toEqual([]);
  }
});

test('a half line, left by a machine that died, does no harm when the whole line follows; otherwise it is told', () => {
  const { file, ...log } = honestLog(diceOf(1), by);
  const half = (file[1] as string).slice(0, -40);
  expect(verifyLog({ ...log, file: file.toSpliced(1, 0, half) }, by).list).toEqual([]);
  expect(verifyLog({ ...log, file: file.toSpliced(2, 0, half) }, by).list).toMatchObject([{ code: 'head.changed' }]);
  expect(verifyLog({ ...log, file: [...file, half] }, by).list).toMatchObject([{ code: 'head.changed' }]);
});

test('a head that was written twice is no alarm', () => {
  const { file, ...log } = honestLog(diceOf(1), by);
  for (let at = 0; at < file.length; at++)
    for (let later = at + 1; later <= file.length; later++)
      expect(verifyLog({ ...log, file: file.toSpliced(later, 0, file[at] as string) }, by).list).toEqual([]);
});

const isSame = (a: Log, b: Log): boolean =>
  (['rows', 'file', 'database'] as const).every(
    (part) =>
      a[part].length === b[part].length &&
      a[part].every((each, i) => each === b[part][i] || JSON.stringify(each) === JSON.stringify(b[part][i])),
  );
/** Honest logs take longer to make than to spoil. */
const HONEST = Array.from({ length: 40 }, (_, seed) => honestLog(diceOf(seed), by));

test(
  `${COUNT} random tamperings are all found`,
  () => {
    const kinds = Object.entries(TAMPERINGS);
    const missed: string[] = [];
    const found = new Map<string, number>();
    for (let i = 0; i < COUNT; i++) {
      const dice = diceOf(SEED + i);
      const log = HONEST[dice(HONEST.length)] as Log;
      const [kind, tamper] = kinds[i % kinds.length] as (typeof kinds)[number];
      const spoilt = tamper(log, dice, by);
      expect(isSame(log, spoilt), `${kind}, seed ${SEED + i}: nothing was tampered with`).toBe(false);
      if (verifyLog(spoilt, by).findings > 0) found.set(kind, (found.get(kind) ?? 0) + 1);
      else missed.push(`${kind}, seed ${SEED + i}`);
    }
    expect(missed).toEqual([]);
    expect(found.size).toBe(kinds.length);
  },
  HOUR_MS,
);

describe('says what is wrong, and where', () => {
  const log = honestLog(diceOf(5), by);
  const at = log.rows.findIndex((row, i) => row.serial === 2 && log.rows[i + 1]?.serial === 3);
  const chain = `${log.rows[at]?.process} ${log.rows[at]?.day}`;
  const listed = (spoilt: Partial<Log>) => verifyLog({ ...log, ...spoilt }, by).list;
  test('a changed word: that record, and no other', () => {
    const rows = log.rows.with(at, { ...(log.rows[at] as (typeof log.rows)[number]), who: 'somebody' });
    expect(listed({ rows })).toEqual([{ code: 'row.changed', chain, number: 2, at: expect.stringMatching(/^2026-02-2/) }]);
  });
  test('a gap, a cut tail, a chain that is gone', () => {
    expect(listed({ rows: log.rows.toSpliced(at, 1) })[0]).toMatchObject({ code: 'row.missing', chain, number: 3 });
    const tail = log.rows.filter((row) => `${row.process} ${row.day}` !== chain || row.serial < 3);
    expect(listed({ rows: tail })).toMatchObject([{ code: 'chain.cut', chain, number: 2 }]);
    const gone = log.rows.filter((row) => `${row.process} ${row.day}` !== chain);
    expect(listed({ rows: gone })).toMatchObject([{ code: 'chain.gone', chain }]);
  });
  test('a chain computed anew without the key differs from its head and its seals', () => {
    const codes = listed({
      rows: rechained(log.rows.with(at, flipped(log.rows[at] as (typeof log.rows)[number], 'what', diceOf(2))), at, diceOf(3)),
    }).map((finding) => finding.code);
    expect(new Set(codes)).toEqual(new Set(['row.unsealed', 'chain.rewritten']));
  });
  test('a head that was removed, and one from another house', () => {
    expect(listed({ file: log.file.toSpliced(1, 1) })).toMatchObject([{ code: 'head.missing', number: 3, source: 'file' }]);
    expect(verifyLog(log, { ...by, id: 'inst-2' }).list[0]).toMatchObject({ code: 'head.foreign', number: 1 });
  });
});

test('a signature that reads the same in other letters is another line', () => {
  const { file } = honestLog(diceOf(1), by);
  const line = file[0] as string;
  const last = line.at(-3) as string;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const twin = letters[letters.indexOf(last) ^ 1] as string;
  expect(readHead(line, by.verify)).not.toBeNull();
  expect(readHead(`${line.slice(0, -3)}${twin}"}`, by.verify)).toBeNull();
});
