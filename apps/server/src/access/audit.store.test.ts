import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase, testHouse, type TestHouse } from '../../../../tests/support/index.ts';
import type { Db, Sql } from '#platform';
import { audit, sealAuditWith } from './audit.ts';
import { openAuditKey } from './audit-key.ts';
import { chainOf, FORM, type Unchained } from './audit-record.ts';
import { appendAudit, streamAudit, streamHeads } from './audit-store.ts';
import { createVerifier, type Finding } from './audit-verify.ts';
import { diceOf } from './tamper.test-support.ts';

/** A session that is silent inside its transaction is ended after three seconds; then whoever waited goes on. */
const LIMIT_MS = 10_000;
let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
});
afterAll(() => base.drop());
const aRow = (what: string): Omit<Unchained, 'serial'> => ({
  process: 'p1',
  day: '2026-02-20',
  at: Date.parse('2026-02-20T12:00:00Z'),
  form: FORM,
  who: 'tok_test',
  name: null,
  via: null,
  address: null,
  what,
  subject: null,
  detail: '{}',
});

/** What a stopped process looks like: it has the lock of its chain, and sends the next statement only when it wakes. */
function stoppedBeforeInsert(db: Db, onStopped: () => void, woken: Promise<void>): Db {
  const isStopped = async (text: string): Promise<void> => {
    if (!text.includes('insert into audit ')) return;
    onStopped();
    await woken;
  };
  return {
    ...db,
    transaction: (run) =>
      db.transaction((tx) => run({ ...tx, query: async (text, values) => (await isStopped(text), tx.query(text, values)) })),
  };
}

test('a process that is stopped while it writes an audit record holds up nobody for long, and writes nothing when it wakes', async () => {
  const [stopped, woken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const late = appendAudit(stoppedBeforeInsert(base.db, stopped.resolve, woken.promise), aRow('too late'), null);
  await stopped.promise;
  const from = performance.now();
  await appendAudit(base.db, aRow('written'), null);
  expect(performance.now() - from).toBeLessThan(LIMIT_MS);
  woken.resolve();
  await expect(late).rejects.toMatchObject({ retry: true });
  const { rows } = await base.db.query<{ what: string; serial: number }>('select what, serial from audit');
  expect(rows).toEqual([{ what: 'written', serial: 1 }]);
});

describe('the audit in a database', () => {
  const RECORDS = 60;
  let house: TestHouse;
  let now = Date.parse('2026-02-20T22:00:00Z');
  beforeAll(async () => {
    house = await testHouse({ clock: { now: () => now } });
    const caller = { id: 'tok_1', name: '李雷', from: { via: 'token', address: '10.0.0.7' } } as const;
    for (let i = 0; i < RECORDS; i++) {
      now += 180_000; // over midnight: a second chain
      await audit(house.house.db, now, caller, 'shop.connected', `own/s${i}`, { before: null, after: { name: `店 ${i} "\\u0000"` } });
      if (i % 25 === 24) await house.house.auditKeeper.look(true);
    }
    await house.house.auditKeeper.look(true);
  });
  afterAll(() => house.close());

  async function findingsIn(sql: Sql, file: readonly string[] = []): Promise<Finding[]> {
    const { keys } = house.house;
    const key = await openAuditKey(house.house.db, keys);
    const found: Finding[] = [];
    const verifier = createVerifier({
      key: key.verify,
      seal: key.seal,
      installation: keys.installationId,
      withDatabase: true,
      found: (finding) => found.push(finding),
    });
    for (const line of file) verifier.head(line, 'file');
    for await (const { line } of streamHeads(sql)) verifier.head(line, 'database');
    for await (const row of streamAudit(sql)) verifier.row(row);
    verifier.end();
    return found;
  }
  const heads = async (): Promise<string[]> => {
    const lines: string[] = [];
    for await (const { line } of streamHeads(house.house.db)) lines.push(line);
    return lines;
  };
  /** Does it, looks, and takes it back. */
  async function spoilt(run: (tx: Sql) => Promise<unknown>, file: readonly string[] = []): Promise<Finding[]> {
    let found: Finding[] = [];
    const back = new Error('taken back');
    await house.house.db
      .transaction(async (tx) => {
        await run(tx);
        found = await findingsIn(tx, file);
        throw back;
      })
      .catch((error: unknown) => {
        if (error !== back) throw error;
      });
    return found;
  }

  test('as it was written it is whole', async () => {
    expect(await findingsIn(house.house.db, await heads())).toEqual([]);
    expect((await heads()).length).toBeGreaterThanOrEqual(3);
  });

  const dice = diceOf(20_260_220);
  const serial = (): number => 1 + dice(15);
  const one = `(select process, day, serial from audit where serial = $1 order by day limit 1)`;
  const AT = `(process, audit.day, serial) = ${one}`;
  const chain = `(select process, day from audit order by day limit 1)`;
  const KINDS: readonly (readonly [what: string, sql: string, withFile?: boolean])[] = [
    ...['who', 'what', 'name', 'via', 'address', 'subject'].map(
      (column) => [`${column} changed`, `update audit set ${column} = ${column} || 'x' where ${AT}`] as const,
    ),
    ...['name', 'via', 'address', 'subject', 'seal'].map(
      (column) => [`${column} emptied`, `update audit set ${column} = null where ${AT}`] as const,
    ),
    ...['chain', 'seal'].map(
      (column) =>
        [`a bit of ${column}`, `update audit set ${column} = set_bit(${column}, 77, 1 - get_bit(${column}, 77)) where ${AT}`] as const,
    ),
    ['a blank in the detail', `update audit set detail = (detail::text || ' ')::json where ${AT}`],
    ['a microsecond', `update audit set at = at + interval '1 microsecond' where ${AT}`],
    ['an hour', `update audit set at = at - interval '1 hour' where ${AT}`],
    ['the form', `update audit set form = 1 where ${AT}`],
    ['the day', `update audit set day = '2020-01-01' where ${AT}`],
    ['the process', `update audit set process = 'p0' where ${AT}`],
    ['the number', `update audit set serial = 100000 where ${AT}`],
    ['removed', `delete from audit where ${AT}`],
    [
      'doubled at the end',
      `insert into audit select process, day, 100001, at, who, what, subject, detail, chain, form, name, via, address, seal from audit where ${AT}`,
    ],
    ['a tail cut', `delete from audit where (process, audit.day) = ${chain} and serial > $1`],
    ['a beginning cut', `delete from audit where (process, audit.day) = ${chain} and serial <= $1`],
    ['a chain removed', `delete from audit where (process, audit.day) = ${chain} and $1 > 0`],
    [
      'two swapped',
      `update audit a set detail = b.detail from audit b where a.process = b.process and a.day = b.day and a.serial + b.serial = 2 * $1 + 1 and abs(a.serial - b.serial) = 1`,
    ],
    ['a word of a head', `update audit_heads set line = replace(line, '"number":', '"number": ') where number = 2 and $1 > 0`],
    ['a head removed', `delete from audit_heads where number = 1 and $1 > 0`],
    [
      'the last head and a tail removed',
      `with gone as (delete from audit_heads where number = (select max(number) from audit_heads)) delete from audit where serial > $1`,
      true,
    ],
    ['all heads and all records removed', `with gone as (delete from audit_heads) delete from audit where $1 > 0`, true],
  ];
  test.each(KINDS.map(([what, sql, withFile = false]) => ({ what, sql, withFile })))(
    '$what, three times: found',
    async ({ sql, withFile }) => {
      for (let i = 0; i < 3; i++) {
        const found = await spoilt((tx) => tx.query(sql, [serial()]), withFile ? await heads() : []);
        expect(found.length).toBeGreaterThan(0);
      }
    },
  );

  test('while records and heads are written nothing looks wrong', async () => {
    let isOver = false;
    const writing = (async () => {
      for (let n = 0; !isOver; n++) {
        now += 1_000;
        await audit(house.house.db, now, { id: 'tok_1', name: 'x' }, 'login', null, {});
        if (n % 5 === 0) await house.house.auditKeeper.look(true);
      }
    })();
    for (let n = 0; n < 25; n++) expect(await findingsIn(house.house.db, await heads())).toEqual([]);
    isOver = true;
    await writing;
  });

  test('a chain computed anew by who has no key is found, also behind the last head', async () => {
    await audit(house.house.db, now, { id: 'tok_1', name: 'x' }, 'login', null, {});
    expect(await findingsIn(house.house.db)).toEqual([]);
    const found = await spoilt(async (tx) => {
      const rows = [];
      for await (const row of streamAudit(tx)) rows.push(row);
      const last = rows.at(-1) as (typeof rows)[number];
      const chained = chainOf(rows.at(-2)?.chain as Buffer, { ...last, who: 'tok_2' });
      await tx.query('update audit set who = $1, chain = $2 where process = $3 and day = $4 and serial = $5', [
        'tok_2',
        chained,
        last.process,
        last.day,
        last.serial,
      ]);
    });
    expect(found).toMatchObject([{ code: 'row.unsealed' }]);
  });
});

test('two servers that open an installation at once have one key', async () => {
  const keys = { wrap: (secret: Buffer) => secret, unwrap: (wrapped: Buffer) => wrapped };
  await base.db.query(`insert into installation (wrapped_secrets) values ('\\x00')`);
  const made = await Promise.all([openAuditKey(base.db, keys), openAuditKey(base.db, keys), openAuditKey(base.db, keys)]);
  expect(new Set(made.map(({ shown }) => shown.fingerprint)).size).toBe(1);
  sealAuditWith(base.db, made[0].seal);
});

test('a change whose record cannot be written is not made', async () => {
  const house = await testHouse({ allowPrivateEndpoints: true });
  const { send, house: here } = house;
  const { id } = (await send('POST', '/v1/endpoints', { name: 'erp', url: 'http://127.0.0.1:9/' })).body;
  const { body: token } = await send('POST', '/v1/tokens', { name: 'stays', role: 'owner' });
  await here.db.query('alter table audit rename to audit_away');
  const asked = [
    [`/v1/endpoints/${id}:pause`, {}],
    [`/v1/endpoints/${id}:rotateSecret`, {}],
    [`/v1/endpoints/${id}:change`, { name: 'another name' }],
    [`/v1/endpoints/${id}:remove`, {}],
    ['/v1/endpoints', { name: 'another', url: 'http://127.0.0.1:9/' }],
    [`/v1/endpoints/${id}:replay`, { range: { from: '2026-02-20T00:00:00Z', to: '2026-02-21T00:00:00Z' } }],
    [`/v1/tokens/${token.id}:revoke`, {}],
    ['/v1/shops', { channel: 'own', shop: 'late', name: '晚' }],
  ] as const;
  for (const [path, body] of asked) expect([path, (await send('POST', path, body)).status]).toEqual([path, 500]);
  await here.db.query('alter table audit_away rename to audit');
  const { items } = (await send('GET', '/v1/endpoints')).body;
  expect(items).toMatchObject([{ id, state: 'active', oldSecretUntil: null }]);
  expect((await send('GET', `/v1/endpoints/${id}/replays`)).body.items).toEqual([]);
  expect((await send('GET', '/v1/tokens')).body.items.find((each: { id: string }) => each.id === token.id)).toMatchObject({
    revokedAt: null,
  });
  expect((await send('GET', '/v1/shops')).body.items.map(({ shop }: { shop: string }) => shop)).not.toContain('late');
  await house.close();
});

test('half a surrogate pair in a name does not make the log look tampered with', async () => {
  const database = await testDatabase();
  try {
    await audit(database.db, Date.now(), { id: 'tok_1', name: 'half \ud83d' }, 'shop.connected', 'own/\ude00', { after: '\ud83d' });
    for await (const row of streamAudit(database.db)) expect(row.chain).toEqual(chainOf(Buffer.alloc(32), row));
  } finally {
    await database.drop();
  }
});
