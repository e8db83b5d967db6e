import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import { CommitUnknown, constraintOf, Fault, isConnectionFault, openDb, sqlstateOf, type Db } from './index.ts';

let base: TestDatabase;
let db: Db;
beforeAll(async () => {
  base = await testDatabase({ empty: true });
  db = base.db;
  await db.query(`
    create table item (id bigint constraint item_pk primary key, name text not null, price numeric(12,2) constraint item_price_positive check (price > 0));
    create table later (id bigint constraint later_id_once unique deferrable initially deferred)`);
});
afterAll(() => base.drop());

async function one(sql: string, values?: readonly unknown[]): Promise<unknown> {
  const { rows } = await db.query<{ value: unknown }>(`select ${sql} as value`, values);
  return rows[0]?.value;
}

async function failure(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw new Error('expected a Fault', { cause: error });
  return error;
}

describe('values', () => {
  test.each([
    ['9007199254740991::bigint', 9007199254740991],
    ['12.30::numeric', '12.30'],
    ["'2026-02-20T20:22:08.123456+08:00'::timestamptz", '2026-02-20 12:22:08.123456+00'],
    ["'2026-02-20 20:22:08.5'::timestamp", '2026-02-20 20:22:08.5'],
    ["'2026-02-20'::date", '2026-02-20'],
    [`'{"id": 12345678901234567890,  "a":1}'::json`, '{"id": 12345678901234567890,  "a":1}'],
    [`'{"a": [1, null]}'::jsonb`, { a: [1, null] }],
    ["'\\x00ff10'::bytea", Buffer.from([0, 255, 16])],
    ["'{1,null,9007199254740991}'::bigint[]", [1, null, 9007199254740991]],
    [
      "'{{1,2},{3,4}}'::bigint[]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["array['2026-02-20'::date]", ['2026-02-20']],
    ['array[1.50, 2]::numeric[]', ['1.50', '2']],
    [`array['{"a":1}'::jsonb]`, [{ a: 1 }]],
    ["array['\\x01'::bytea, null]", [Buffer.from([1]), null]],
    ["array['a,b','\"c\"']", ['a,b', '"c"']],
    ['true', true],
    ['1.5::float8', 1.5],
    ['7::int4', 7],
  ])('%s arrives unrounded in our form', async (sql, expected) => {
    expect(await one(sql)).toEqual(expected);
  });

  test('a bigint beyond 2^53 is refused instead of rounded, and the connection stays usable', async () => {
    expect(await failure(db.query('select 9007199254740993::bigint as value'))).toMatchObject({ code: 'database.client', retry: false });
    expect(await one('1')).toBe(1);
  });

  test('bytes, text, arrays and null go in as they come out', async () => {
    expect(await one('$1::bytea', [Buffer.from('堰\0', 'utf16le')])).toEqual(Buffer.from('堰\0', 'utf16le'));
    expect(await one('$1::text[]', [['a', 'b"c', null]])).toEqual(['a', 'b"c', null]);
    expect(await one('$1::bigint', [null])).toBeNull();
  });

  test('a timestamptz does not depend on the time zone of the role', async () => {
    const here = `in database "${new URL(base.url).pathname.slice(1)}"`; // other files log in as the same role
    await db.query(`alter role current_user ${here} set timezone = 'Asia/Shanghai'`);
    const fresh = openDb({ url: base.url, max: 1, name: 'time-zone' });
    const { rows } = await fresh.query<{ value: string }>("select '2026-02-20T12:22:08Z'::timestamptz as value").finally(() => fresh.end());
    await db.query(`alter role current_user ${here} reset timezone`);
    expect(rows[0]?.value).toBe('2026-02-20 12:22:08+00');
  });
});

describe('faults', () => {
  test('a violated constraint is named, and neither message nor cause quotes the row', async () => {
    await db.query("insert into item values (1, 'secret-138', 1)");
    const fault = await failure(db.query('insert into item values ($1, $2, 1)', [1, 'secret-138']));
    expect(constraintOf(fault)).toBe('item_pk');
    expect(fault).toMatchObject({ code: 'database.constraint', retry: false });
    expect(JSON.stringify([fault.message, fault.cause, fault.stack, (fault.cause as Error).message])).not.toContain('secret-138');
  });

  test('a value that does not parse is not repeated in the fault', async () => {
    const fault = await failure(db.query('select $1::int', ['x-13800138000']));
    expect(sqlstateOf(fault)).toBe('22P02');
    expect(`${fault.message}${String(fault.cause)}${fault.stack}`).not.toContain('13800138000');
  });

  test('a statement over its time is a fault that may be retried', async () => {
    const work = db.transaction((tx) => tx.query('select pg_sleep(30)'), { statementTimeoutMs: 20 });
    expect(await failure(work)).toMatchObject({ code: 'database.timeout', retry: true });
  });

  test('a server that is not there is a connection fault', async () => {
    const nobody = openDb({ url: 'postgres://a:b@127.0.0.1:1/c', max: 1, name: 'nobody' });
    const fault = await failure(nobody.query('select 1'));
    await nobody.end();
    expect([isConnectionFault(fault), fault.retry, constraintOf(fault)]).toEqual([true, true, null]);
  });

  test('a backend that is ended is a connection fault, and the pool goes on with a new connection', async () => {
    const work = db.query('select pg_terminate_backend(pg_backend_pid())');
    expect(isConnectionFault(await failure(work))).toBe(true);
    expect(await one('2')).toBe(2);
  });

  test('who waits too long for a connection is told that the database is busy', async () => {
    const small = openDb({ url: base.url, max: 1, name: 'small', acquireTimeoutMs: 1_000 });
    const fault = await small.transaction(async (tx) => {
      await tx.query('select 1');
      return failure(small.query('select 1'));
    });
    await small.end();
    expect(fault).toMatchObject({ code: 'database.busy', retry: true });
  });
});

describe('transactions', () => {
  const names = async (): Promise<unknown[]> =>
    (await db.query('select name from item where id >= 100 order by id')).rows.map((row) => row['name']);

  test('what a transaction did is there after it and not before', async () => {
    await db.transaction(async (tx) => {
      await tx.query('insert into item values ($1, $2, 1)', [100, 'a']);
      expect(await names()).toEqual([]);
      await tx.query('insert into item values ($1, $2, 1)', [101, 'b']);
    });
    expect(await names()).toEqual(['a', 'b']);
  });

  test.each([
    ['with values', 'insert into item values ($1, $2, 1)', [150, 'gone']],
    ['without values', "insert into item values (150, 'gone', 1)", undefined],
  ])('a throw after a first statement %s undoes it', async (_name, text, values) => {
    const work = db.transaction(async (tx) => {
      await tx.query(text, values);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect((await db.query('select 1 from item where id = 150')).rowCount).toBe(0);
  });

  test('the first statement and its BEGIN are one: a named one too, also after it failed once', async () => {
    const single = openDb({ url: base.url, max: 1, name: 'named' });
    const insert = (id: number, price: number) =>
      single.transaction((tx) => tx.queryNamed('insert-item', 'insert into item values ($1, $2, $3) returning id', [id, 'n', price]));
    expect(constraintOf(await failure(insert(160, -1)))).toBe('item_price_positive');
    expect((await insert(160, 1)).rows).toEqual([{ id: 160 }]);
    expect((await insert(161, 1)).rows).toEqual([{ id: 161 }]);
    expect((await single.queryNamed('insert-item', 'insert into item values ($1, $2, $3) returning id', [162, 'n', 1])).rowCount).toBe(1);
    const { rows } = await single.query('select count(*) as open from pg_prepared_statements where name = $1', ['insert-item']);
    expect(rows).toEqual([{ open: 1 }]);
    const unknown = () => single.transaction((tx) => tx.queryNamed('no-such-table', 'select * from no_such_table where id = $1', [1]));
    expect([sqlstateOf(await failure(unknown())), sqlstateOf(await failure(unknown()))]).toEqual(['42P01', '42P01']);
    await single.query('delete from item where id >= 160').finally(() => single.end());
  });

  test('the first statement runs inside the transaction that was asked for', async () => {
    const isolation = (options: { snapshot?: boolean; readOnly?: boolean }) =>
      db.transaction(
        async (tx) =>
          (
            await tx.query<{ i: string; r: string }>(
              "select current_setting('transaction_isolation') as i, current_setting('transaction_read_only') as r where $1",
              [true],
            )
          ).rows[0],
        options,
      );
    expect(await isolation({})).toEqual({ i: 'read committed', r: 'off' });
    expect(await isolation({ snapshot: true, readOnly: true })).toEqual({ i: 'repeatable read', r: 'on' });
  });

  test('a swallowed error cannot be committed', async () => {
    const work = db.transaction(async (tx) => {
      await tx.query('insert into item values ($1, $2, 1)', [170, 'swallowed']);
      await tx.query('insert into item values ($1, $2, -1)', [171, 'bad']).catch(() => {});
    });
    expect(await failure(work)).toMatchObject({ code: 'database.rolled_back' });
    expect((await db.query('select 1 from item where id >= 170')).rowCount).toBe(0);
  });

  test('a constraint that fails at COMMIT is a constraint, not an unknown result', async () => {
    const fault = await failure(db.transaction((tx) => tx.query('insert into later values ($1), ($1)', [1])));
    expect([constraintOf(fault), fault instanceof CommitUnknown]).toEqual(['later_id_once', false]);
  });

  test('statements sent without waiting run in their order', async () => {
    const values = await db.transaction(async (tx) => {
      const all = [1, 2, 3].map((n) => tx.query<{ n: number }>('select $1::int as n', [n]));
      return (await Promise.all(all)).map(({ rows }) => rows[0]?.n);
    });
    expect(values).toEqual([1, 2, 3]);
  });

  test('a statement of a transaction that has ended is refused', async () => {
    let kept: { query(text: string): Promise<unknown> } | undefined;
    await db.transaction(async (tx) => {
      kept = tx;
      await tx.query('select 1');
    });
    await expect(kept?.query('select 1')).rejects.toThrow('has ended');
  });

  test('a transaction that sends nothing takes no connection', async () => {
    const nobody = openDb({ url: 'postgres://a:b@127.0.0.1:1/c', max: 1, name: 'nobody' });
    expect(await nobody.transaction(async () => 7)).toBe(7);
    await nobody.end();
  });
});

describe('a connection that is lost during COMMIT', () => {
  let relay: Relay;
  let through: Db;
  beforeAll(async () => {
    relay = await startRelay(Number(new URL(base.url).port));
    through = openDb({ url: relay.url(base.url), max: 1, name: 'relayed' });
    await db.query('create table mark (id int)');
  });
  afterAll(async () => {
    await through.end();
    relay.close();
  });

  const insert = (id: number, cut: () => void) =>
    through.transaction(async (tx) => {
      await tx.query('insert into mark values ($1)', [id]);
      cut();
    });
  const stored = async (id: number) => (await db.query('select 1 from mark where id = $1', [id])).rowCount === 1;

  test('before COMMIT left: the result is unknown to the caller, and nothing is stored', async () => {
    expect(await failure(insert(1, () => relay.dropRequests()))).toBeInstanceOf(CommitUnknown);
    expect(await stored(1)).toBe(false);
  });

  test('after COMMIT was done, before its answer: the result is unknown to the caller, and all is stored', async () => {
    const fault = await failure(insert(2, () => relay.dropAnswers()));
    expect(fault).toBeInstanceOf(CommitUnknown);
    expect([isConnectionFault(fault), fault.retry]).toEqual([true, true]);
    expect(await stored(2)).toBe(true);
  });

  test('lost before COMMIT, at a statement: an ordinary connection fault', async () => {
    const fault = await failure(
      through.transaction(async (tx) => {
        await tx.query('insert into mark values ($1)', [3]);
        relay.dropRequests();
        await tx.query('insert into mark values ($1)', [4]);
      }),
    );
    expect([fault.code, await stored(3)]).toEqual(['database.connection', false]);
  });
});

/** Stands between client and server and cuts the line on command. */
interface Relay {
  url(original: string): string;
  dropRequests(): void;
  dropAnswers(): void;
  close(): void;
}

async function startRelay(serverPort: number): Promise<Relay> {
  let mode: 'pass' | 'requests' | 'answers' = 'pass';
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}));
    const cut = (): void => {
      mode = 'pass';
      client.destroy();
      upstream.destroy();
    };
    client.on('data', (bytes) => (mode === 'requests' ? cut() : upstream.write(bytes)));
    upstream.on('data', (bytes) => (mode === 'answers' ? cut() : client.write(bytes)));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: (original) => Object.assign(new URL(original), { port: String(port) }).href,
    dropRequests: () => {
      mode = 'requests';
    },
    dropAnswers: () => {
      mode = 'answers';
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
