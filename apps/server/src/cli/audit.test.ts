import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, type TestHouse, testHouse } from '../../../../tests/support/index.ts';
import { runCli } from './run.ts';

let house: TestHouse;
let url: string;
let dir: string;
let heads: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'weir-audit-'));
  heads = join(dir, 'heads.ndjson');
  house = await testHouse({ auditHeads: { file: heads } });
  url = await house.house.app.listen({ port: 0, host: '127.0.0.1' });
  for (let i = 0; i < 5; i++) await house.send('POST', '/v1/tokens', { name: `t${i}`, role: 'owner' });
  await house.house.auditKeeper.look(true);
});
afterAll(async () => {
  await house.close();
  rmSync(dir, { recursive: true, force: true });
});

async function weir(words: readonly string[], more: Record<string, string> = {}) {
  const [out, said]: [string[], string[]] = [[], []];
  const code = await runCli(words, {
    env: { WEIR_PUBLIC_URL: url, WEIR_ADMIN_TOKEN: ADMIN, WEIR_DATABASE_URL: house.url, WEIR_HOME: house.home, ...more },
    stdin: Readable.from([]),
    out: (text) => void out.push(text),
    say: (text) => void said.push(text),
    askSecret: async () => null,
  });
  return { code, out: out.join(''), said: said.join('') };
}

test('verify says that all is whole, with the file of heads and without it, by the key alone too', async () => {
  expect(await weir(['audit', 'verify', '--heads', heads])).toMatchObject({ code: 0, said: '' });
  const key = join(dir, 'key.pem');
  writeFileSync(key, JSON.parse((await weir(['audit', 'key'])).out).publicKey);
  const byKey = await weir(['audit', 'verify', '--key', key], { WEIR_HOME: dir });
  expect(byKey.code).toBe(0);
  expect(JSON.parse(byKey.out)).toMatchObject({ whole: true, sealsChecked: false, findings: 0, rowsSinceHead: 0, headsFile: null });
});

test('export writes each record with its hash, one a line', async () => {
  const { out } = await weir(['audit', 'export']);
  const rows = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows.map((row) => row.what)).toContain('token.created');
  expect(rows.every((row) => /^[0-9a-f]{64}$/.test(row.chain) && /^[0-9a-f]{32}$/.test(row.seal))).toBe(true);
});

test('verify ends with 1 and says where: a record, a cut tail that only the file knows of, another key, no root key', async () => {
  const { db } = house.house;
  await db.query(`update audit set who = 'tok_x' where serial = 3`);
  const changed = await weir(['audit', 'verify']);
  expect(changed).toMatchObject({
    code: 1,
    said: expect.stringMatching(/^✗ p\S+ \d{4}-\d\d-\d\d #3 .*记录被改过.*the record was changed.*\(row\.changed\)\n$/),
  });
  await db.query('delete from audit_heads; delete from audit where serial > 2; update audit_chains set serial = 2');
  expect((await weir(['audit', 'verify'])).code).toBe(0); // nobody in the house knows any more
  const cut = await weir(['audit', 'verify', '--heads', heads]);
  expect(cut.code).toBe(1);
  expect(cut.said).toMatch(/chain\.cut/);
  const another = join(dir, 'other.ndjson');
  writeFileSync(another, readFileSync(heads, 'utf8').replace('"number":1', '"number":9'));
  expect((await weir(['audit', 'verify', '--heads', another])).said).toMatch(/head\.changed/);
  expect(await weir(['audit', 'verify'], { WEIR_HOME: dir })).toMatchObject({ code: 1, said: expect.stringContaining('root.key') });
  expect(await weir(['audit', 'verify', '--heads', join(dir, 'gone')])).toMatchObject({ code: 1, said: expect.stringContaining('gone') });
});
