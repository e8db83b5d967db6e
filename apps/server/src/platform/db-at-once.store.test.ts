import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import { arrayOf, CommitUnknown, copyRows, Fault, openDb, type Db, type Step } from './index.ts';

let base: TestDatabase;
let db: Db;
beforeAll(async () => {
  base = await testDatabase({ empty: true });
  db = base.db;
  await db.query(`
    create table thing (a smallint, b int, c bigint, d boolean, e text, f bytea, g timestamptz, h numeric(12,2), i text[], j json);
    create table counted (n int constraint counted_once primary key)`);
});
afterAll(() => base.drop());

const count = (n: number): Step => ({
  name: 'test.count',
  text: 'insert into counted select * from unnest($1::int[])',
  values: [arrayOf.int4([n])],
});
const counted = async (): Promise<number[]> => (await db.query<{ n: number }>('select n from counted order by n')).rows.map((row) => row.n);
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('binary forms', () => {
  const VALUES = [
    {
      a: 63,
      b: -7,
      c: 9007199254740991,
      d: true,
      e: '堰\t"\\{}, 𝕏',
      f: Buffer.from([0, 255, 92]),
      g: Date.parse('2026-02-20T12:22:08.123Z'),
      h: 12930,
      i: ['a', '"b",{}', ''],
      j: '{"a": 1}',
    },
    { a: -1, b: null, c: -4294967297, d: false, e: null, f: null, g: null, h: 0, i: [], j: '[]' },
    { a: 0, b: 2147483647, c: 0, d: true, e: '', f: Buffer.alloc(0), g: -62_135_596_800_000, h: 999_999_999_900, i: ['x'], j: '1' },
    {
      a: 1,
      b: 0,
      c: 4294967295,
      d: true,
      e: 'z'.repeat(9_000),
      f: Buffer.alloc(9_000, 7),
      g: 253_402_300_799_999,
      h: 100_000_001,
      i: ['y'],
      j: 'null',
    },
  ];
  const copy = copyRows(VALUES, 10, (fields, v) =>
    fields.int2(v.a).int4(v.b).int8(v.c).bool(v.d).text(v.e).bytes(v.f).instant(v.g).hundredths(v.h).texts(v.i).text(v.j),
  );

  test('a copied row comes out as it went in, at the edges of every type too', async () => {
    expect(await db.atOnce([{ name: 'test.copy', text: 'copy thing from stdin binary', copy }])).toEqual([VALUES.length]);
    const { rows } = await db.query(`select a, b, c, d, e, f, (extract(epoch from g) * 1000)::bigint as g, h, i, j from thing`);
    expect(rows).toEqual(VALUES.map((v) => ({ ...v, h: (v.h / 100).toFixed(2) })));
  });

  test('arrays come out as they went in, with and without NULLs, also empty', async () => {
    const { rows } = await db.query(
      `select $1::int2[]::text as a, $2::int4[]::text as b, $3::int8[] as c, $4::bool[]::text as d, $5::text[] as e, $6::bytea[] as f, $7::timestamptz[] as g`,
      [
        arrayOf.int2([1, -1]),
        arrayOf.int4([null, 5]),
        arrayOf.int8([9007199254740991]),
        arrayOf.bool([true, false]),
        arrayOf.text(['堰', null, '']),
        arrayOf.bytes([Buffer.from('x'), undefined]),
        arrayOf.instant([]),
      ],
    );
    expect(rows[0]).toEqual({
      a: '{1,-1}',
      b: '{NULL,5}',
      c: [9007199254740991],
      d: '{t,f}',
      e: ['堰', null, ''],
      f: [Buffer.from('x'), null],
      g: [],
    });
  });
});

describe('a group', () => {
  test('is one transaction: when a later step fails nothing of the earlier ones stays, and the copy behind it is skipped', async () => {
    const copy = copyRows([1, 2], 1, (fields, n) => fields.int4(n));
    const steps = [count(1), count(1), { name: 'test.copy_counted', text: 'copy counted from stdin binary', copy }];
    expect(await failure(db.atOnce(steps))).toMatchObject({ code: 'database.constraint' });
    expect(await counted()).toEqual([]);
    const one = openDb({ url: base.url, max: 1, name: 'at-once' });
    for (let i = 0; i < 3; i++) await failure(one.atOnce([count(5), count(5)]));
    expect(await one.atOnce([count(5), count(6)])).toEqual([1, 1]);
    expect(await one.query('select 1 as n')).toMatchObject({ rows: [{ n: 1 }] });
    await one.end();
    expect(await counted()).toEqual([5, 6]);
  });

  test('of several megabytes passes in one go', async () => {
    await db.query('create table big (t text)');
    const copy = copyRows(
      Array.from({ length: 5_000 }, (_, i) => `${i}`.padEnd(1_000, '堰')),
      1,
      (fields, t) => fields.text(t),
    );
    const [rows] = await db.atOnce([{ name: 'test.big', text: 'copy big from stdin binary', copy }]);
    expect(rows).toBe(5_000);
  });

  test('whose connection is lost may be stored or not, and says so', async () => {
    const steps = [count(7), { name: 'test.end', text: 'select pg_terminate_backend(pg_backend_pid())' }];
    expect(await failure(db.atOnce(steps))).toBeInstanceOf(CommitUnknown);
    expect(await counted()).not.toContain(7);
    expect(await failure(db.atOnce([{ name: 'test.bad', text: 'select nothing from nowhere' }]))).toBeInstanceOf(Fault);
  });
});
