import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/index.ts';
import { silentLog } from '#platform';
import { audit, sealAuditWith } from './audit.ts';
import { readHeadLines } from './audit-file.ts';
import { openAuditKey, type AuditKey } from './audit-key.ts';
import { createAuditKeeper } from './audit-keeper.ts';
import { streamAudit, streamHeads } from './audit-store.ts';
import { createVerifier, type Finding } from './audit-verify.ts';

const HOUR = 3_600_000;
let database: TestDatabase;
let key: AuditKey;
let dir: string;
let file: string;
let now = Date.parse('2026-02-20T08:00:00Z');
let holds = true;
let files = 0;
beforeAll(async () => {
  database = await testDatabase();
  dir = mkdtempSync(join(tmpdir(), 'weir-heads-'));
  await database.db.query(`insert into installation (wrapped_secrets) values ('\\x00')`);
  key = await openAuditKey(database.db, { wrap: (secret) => secret, unwrap: (wrapped) => wrapped });
  sealAuditWith(database.db, key.seal);
});
afterAll(async () => {
  await database.drop();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  file = join(dir, `heads-${++files}.ndjson`);
  holds = true;
  await database.db.query('delete from audit_heads; delete from audit_chains; delete from audit');
});
const keeper = (more: { file?: string | null; url?: string | null; timeline?: number } = {}) =>
  createAuditKeeper({
    db: database.db,
    key,
    installation: 'inst',
    timeline: 1,
    clock: { now: () => now },
    log: silentLog,
    holds: () => holds,
    file,
    url: null,
    ...more,
  });
const note = (what = 'login') => audit(database.db, now, { id: 'usr_1', name: '李雷' }, what, null, {});
const lines = (): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
async function findings(): Promise<Finding[]> {
  const found: Finding[] = [];
  const verifier = createVerifier({
    key: key.verify,
    seal: key.seal,
    installation: 'inst',
    withDatabase: true,
    found: (finding) => found.push(finding),
  });
  for await (const line of readHeadLines(file)) verifier.head(line, 'file');
  for await (const { line } of streamHeads(database.db)) verifier.head(line, 'database');
  for await (const row of streamAudit(database.db)) verifier.row(row);
  verifier.end();
  return found;
}

test('a head each hour in which something happened, one a day when nothing does, and sooner when much is written', async () => {
  const one = keeper();
  await one.look(); // the first, of an empty house
  await note();
  await one.look();
  expect(lines()).toHaveLength(1);
  now += HOUR;
  await one.look();
  expect(lines()).toHaveLength(2);
  now += 5 * HOUR;
  await one.look();
  expect(lines()).toHaveLength(2);
  now += 20 * HOUR;
  await one.look();
  expect(lines()).toHaveLength(3);
  await database.db.query(
    `insert into audit_chains (process, day, serial, chain) select 'p' || n, '2026-02-20', 5, decode(repeat('00', 32), 'hex') from generate_series(1, 2500) n`,
  );
  await one.look();
  expect(lines()).toHaveLength(6); // a thousand chains each
});

test('a clock that jumps back makes a head as well, and what is told stays whole', async () => {
  const one = keeper();
  await note();
  await one.look();
  now -= 30 * HOUR;
  await note('logout');
  await one.look();
  expect(lines()).toHaveLength(2);
  expect(await findings()).toEqual([]);
});

test('only the process that works signs; a stop signs what is open', async () => {
  const one = keeper();
  holds = false;
  await note();
  await one.look();
  await one.stop();
  expect(() => lines()).toThrow('ENOENT');
  holds = true;
  await keeper().look();
  await note();
  await one.stop();
  expect(lines()).toHaveLength(2);
});

test('the file gets what it missed: it was away, a machine died in the middle of a line, it was set later', async () => {
  await keeper({ file: null }).look();
  for (let hour = 0; hour < 3; hour++) {
    now += HOUR;
    await note();
    await keeper({ file: null }).look();
  }
  await keeper().look();
  expect(lines()).toHaveLength(4);
  const text = readFileSync(file, 'utf8');
  truncateSync(file, text.length - 150); // killed while it wrote the last line
  await keeper().look();
  expect(lines()).toHaveLength(5);
  expect(await findings()).toEqual([]);
  truncateSync(file, readFileSync(file).length - 1); // only the end of the line is missing
  now += HOUR;
  await note();
  await keeper().look();
  expect(lines()).toHaveLength(6);
  expect(await findings()).toEqual([]);
  appendFileSync(file, 'scribble');
  now += HOUR;
  await note();
  await keeper().look();
  expect(await findings()).toMatchObject([{ code: 'head.changed', source: 'file' }]);
});

test('a tail that was cut today shows from the last head on, also when its heads in the database are cut with it', async () => {
  for (let hour = 0; hour < 3; hour++) {
    now += HOUR;
    await note();
    await keeper().look();
  }
  await database.db.query('delete from audit_heads where number = 3');
  await database.db.query('delete from audit where ctid = (select ctid from audit order by at desc limit 1)');
  expect((await findings()).map(({ code }) => code)).toEqual(expect.arrayContaining(['head.missing', 'chain.cut']));
});

test('of a database that was put back by other means the numbers go on behind those of the file, and what was lost shows', async () => {
  for (let hour = 0; hour < 3; hour++) {
    now += HOUR;
    await note();
    await keeper().look();
  }
  await database.db.query(
    'delete from audit_heads where number > 1; delete from audit where serial > 1; update audit_chains set serial = 1, headed = 1',
  );
  now += HOUR;
  await note('restored');
  await keeper().look();
  expect(lines()).toHaveLength(4);
  expect((await findings()).map(({ code }) => code)).not.toContain('head.doubled');
  expect((await findings()).length).toBeGreaterThan(0);
});

/** Three heads outside; the database is that of the first one. */
async function restored(): Promise<void> {
  now = Date.parse('2026-02-25T08:00:00Z'); // all of it on one day
  for (let hour = 0; hour < 3; hour++) {
    now += HOUR;
    await note();
    await keeper().look();
  }
  await database.db.query(
    'delete from audit_heads where number > 1; delete from audit where serial > 1; update audit_chains set serial = 1, headed = 1, chain = (select chain from audit)',
  );
  now += HOUR;
}

test('after a restore the first head says from where on what is missing was lost; that is no finding, anything else is', async () => {
  await restored();
  const timeline = 5_000_000;
  await keeper({ timeline }).look();
  expect(lines()).toHaveLength(4);
  expect(JSON.parse(lines()[3] as string)).toMatchObject({ number: timeline + 1, restored: { timeline, after: 1 } });
  expect(await findings()).toEqual([]);
  now += HOUR;
  await note('restored');
  await keeper({ timeline }).look();
  expect(JSON.parse(lines()[4] as string)).toMatchObject({ number: timeline + 2 });
  expect(await findings()).toEqual([]);
  await database.db.query(`delete from audit where serial = 1`);
  expect((await findings()).length).toBeGreaterThan(0);
});

test('two restores from one backup tell no number twice, also where only an address knows the heads', async () => {
  await restored();
  const numbers: number[] = [];
  for (const timeline of [5_000_000, 5_000_100]) {
    await database.db.query('delete from audit_heads where number > 1');
    await keeper({ file: null, timeline }).look();
    const { rows } = await database.db.query<{ number: number }>('select number from audit_heads where number > 1');
    numbers.push(...rows.map(({ number }) => number));
  }
  expect(numbers).toEqual([5_000_001, 5_000_101]);
});

test('heads that were cut from the file ahead of a restore show', async () => {
  await restored();
  await keeper({ timeline: 5_000_000 }).look();
  const [first, , , last] = lines();
  writeFileSync(file, `${first}\n${last}\n`);
  expect((await findings()).map(({ code }) => code)).toContain('head.missing');
});

test('an address gets each head once; what it would not take comes again, in order', async () => {
  const got: string[] = [];
  let status = 500;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      if (status < 300) got.push(body);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/heads`;
  try {
    await note();
    await keeper({ url }).look();
    now += HOUR;
    await note();
    await keeper({ url }).look();
    expect(got).toEqual([]);
    status = 204;
    await keeper({ url }).look();
    await keeper({ url }).look();
    expect(got).toEqual(lines());
    expect(got).toHaveLength(2);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a file that cannot be written stops nothing: the head is kept, and goes out later', async () => {
  const wrong = join(dir, 'nowhere', 'heads');
  await note();
  await keeper({ file: wrong }).look();
  writeFileSync(file, '');
  await keeper().look();
  expect(lines()).toHaveLength(1);
});
