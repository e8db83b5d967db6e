import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Only the tools, as on a clone where nothing has been installed. */
let clone: string;
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'weir-clone-'));
  cpSync(import.meta.dirname, join(clone, 'tools'), { recursive: true });
});
afterAll(() => rmSync(clone, { recursive: true }));

function run(script: string, ...args: string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(clone, 'tools', script), ...args], { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

describe('before anything is installed', () => {
  test.each(['start', 'dev', 'test', 'check', 'bench', 'sim', 'gen', 'new:connector'])(
    'npm run %s -- --help explains itself in Chinese and English',
    (command) => {
      const { status, said } = run('bootstrap.mjs', command, '--help');
      expect([status, said.includes(command), /[一-鿿]{4}/.test(said), /[a-z]{3,} [a-z]{2,}/.test(said)]).toEqual([0, true, true, true]);
    },
  );

  test('without a command it lists them all; an unknown one is an error', () => {
    expect(run('bootstrap.mjs')).toMatchObject({
      status: 0,
      said: expect.stringMatching(/start[^]*dev[^]*test[^]*check[^]*bench[^]*sim[^]*gen/) as string,
    });
    expect(run('bootstrap.mjs', 'strat').status).toBe(2);
  });

  test('weir says what to do first, without a stack trace', () => {
    const { status, said } = run('weir.mjs', 'serve');
    expect([status, said.includes('npm ci'), said.includes('    at ')]).toEqual([1, true, false]);
  });
});
