import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from './run.ts';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'weir-doctor-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function doctor(words: readonly string[], env: Record<string, string>) {
  const [out, said]: [string[], string[]] = [[], []];
  const code = await runCli(['doctor', ...words], {
    env: { WEIR_HOME: home, WEIR_PORT: '0', ...env },
    stdin: Readable.from([]),
    out: (text) => void out.push(text),
    say: (text) => void said.push(text),
    askSecret: async () => null,
  });
  return { code, out: out.join(''), said: said.join('') };
}

test('a fresh folder: nothing is bad, and each finding has a mark, both languages and what to do', async () => {
  const { code, out } = await doctor([], {});
  expect(code).toBe(0);
  expect(out).toMatch(/^✓ node +Node \d+/m);
  expect(out).toMatch(
    /^! database +数据目录 .* 里还没有数据库 \/ there is no database in .*\n {4}→ 启动一次服务器 \/ start the server once$/m,
  );
  expect(out).toMatch(/\d+ 项正常，\d+ 项需要留意，0 项有问题 \/ \d+ fine, \d+ to look at, 0 bad\n$/);
});

test('a database that is not there: exit code 1, also in JSON, which programs can read', async () => {
  const { code, out } = await doctor(['--json'], { WEIR_DATABASE_URL: 'postgres://weir:secret-word@127.0.0.1:9/weir' });
  expect(code).toBe(1);
  expect(out).not.toContain('secret-word');
  expect(JSON.parse(out)).toMatchObject({
    healthy: false,
    checks: expect.arrayContaining([expect.objectContaining({ id: 'database', state: 'bad', doEn: expect.any(String) })]),
  });
});

test('settings that cannot be read are named in both languages', async () => {
  const { code, said } = await doctor([], { WEIR_DATABASE_URL: 'mysql://x' });
  expect(code).toBe(1);
  expect(said).toContain('WEIR_DATABASE_URL');
});
