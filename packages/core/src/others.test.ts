/** What others test readers of amounts and times with: see `test-data/README.md`. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { formatInstant, parseInstant } from './instant.ts';
import { formatFen, parseFen, times } from './money.ts';

const read = (name: string): Buffer => readFileSync(new URL(`./test-data/${name}`, import.meta.url));

interface Group {
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[];
}
const dateTimes = (JSON.parse(read('date-time.json').toString('utf8')) as Group[])
  .flatMap(({ tests }) => tests)
  .filter((each): each is Group['tests'][number] & { data: string } => typeof each.data === 'string');
/** RFC 3339 knows these; no clock here can hold a leap second, and one spelling of the same instant is enough. */
const NOT_OURS = /:60|[tz]|\.\d{10,}/;

describe('times of the JSON Schema test suite', () => {
  test.each(dateTimes)('$description: $data', ({ data, valid }) => {
    const at = parseInstant(data);
    expect(at === null ? null : formatInstant(at)).toBe(valid && !NOT_OURS.test(data) ? new Date(data).toISOString() : null);
  });
  test('there are enough of them', () => expect(dateTimes.length).toBeGreaterThan(20));
});

interface Case {
  readonly id: string;
  readonly operation: string;
  readonly operands: readonly string[];
  readonly result: string;
  /** The result had to be cut to the precision of the case. */
  readonly isCut: boolean;
}
/** `id operation operand… -> result [conditions]`; texts may stand in quotes. */
function casesOf(name: string): Case[] {
  const text = gunzipSync(read(name)).toString('latin1');
  return text.split(/\r?\n/).flatMap((line) => {
    const parts = (line.replace(/--.*$/, '').match(/'(?:[^']|'')*'|"[^"]*"|\S+/g) ?? []).map((part) =>
      part.replace(/^(['"])([^]*)\1$/, '$2'),
    );
    const arrow = parts.indexOf('->');
    const [id, operation] = parts;
    if (arrow < 3 || id === undefined || operation === undefined) return [];
    return [{ id, operation, operands: parts.slice(2, arrow), result: parts[arrow + 1] ?? '', isCut: parts.includes('Inexact') }];
  });
}
const OURS = /^(0|[1-9]\d{0,9})\.\d\d$/;
/** As we write it: a plain number with at most two digits behind the point; null for any other. */
function written(text: string): string | null {
  const found = /^(0|[1-9]\d{0,9})(?:\.(\d{0,2}))?$/.exec(text);
  return found ? `${found[1]}.${(found[2] ?? '').padEnd(2, '0')}` : null;
}

describe('amounts of the General Decimal Arithmetic test cases', () => {
  test('1,100 spellings of numbers and of what is none: read are those that have exactly two digits behind the point, as what they say', () => {
    const cases = casesOf('base.decTest.gz').filter(({ operation }) => operation === 'toSci' || operation === 'toEng');
    const seen = { read: 0, refused: 0 };
    for (const { id, operands } of cases) {
      const [text = ''] = operands;
      const fen = parseFen(text);
      const isOurs = OURS.test(text);
      seen[isOurs ? 'read' : 'refused']++;
      expect([id, text, fen === null ? null : formatFen(fen)]).toEqual([id, text, isOurs ? text : null]);
    }
    expect(seen.read).toBeGreaterThan(5);
    expect(seen.refused).toBeGreaterThan(1_000);
  });

  test('sums and products of amounts are exact', () => {
    let tried = 0;
    for (const { id, operands, result, isCut } of casesOf('add.decTest.gz')) {
      const [a, b, sum] = [...operands, result].map(written);
      if (!a || !b || !sum || isCut) continue;
      tried++;
      expect([id, formatFen((parseFen(a) as number) + (parseFen(b) as number))]).toEqual([id, sum]);
    }
    for (const { id, operands, result, isCut } of casesOf('multiply.decTest.gz')) {
      const [price, product] = [operands[0] ?? '', result].map(written);
      const quantity = Number(operands[1]);
      if (!price || !product || isCut || !/^\d{1,6}$/.test(operands[1] ?? '')) continue;
      tried++;
      expect([id, formatFen(times(parseFen(price) as never, quantity) as number)]).toEqual([id, product]);
    }
    expect(tried).toBeGreaterThan(100);
  });
});
