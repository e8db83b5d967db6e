/** A channel made by `npm run new:connector` in a copy of the house is green without a touch. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Asked, judge } from './new-connector/wish.ts';

const ROOT = join(import.meta.dirname, '..');
/** What the copy needs to be checked: the rest of the house does not know of channels. */
const NEEDED = ['packages', 'apps/server', 'tools', 'package.json', 'biome.json', 'tsconfig.json', 'vitest.config.ts'];
const LEFT_OUT = new Set(['node_modules', 'dist', '.weir', '.tmp']);
/** Files of the new channel, and those that list it. */
const TOUCHED = ['packages/connectors/src/bazaar', 'packages/sandbox/src/bazaar', 'packages/sandbox/src/stand/platforms.ts'];

let house: string;
beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'weir-new-connector-'));
  for (const path of NEEDED)
    cpSync(join(ROOT, path), join(house, path), { recursive: true, filter: (from) => !LEFT_OUT.has(basename(from)) });
  // Packages of others are linked one by one, so that our own ones are the copy's.
  mkdirSync(join(house, 'node_modules/@weir'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((each) => each !== '@weir'))
    symlinkSync(join(ROOT, 'node_modules', name), join(house, 'node_modules', name));
  for (const name of readdirSync(join(house, 'packages')))
    symlinkSync(join('../../packages', name), join(house, 'node_modules/@weir', name));
  const types = { extends: './tsconfig.json', include: [...TOUCHED, 'apps/server/src/main.ts'] };
  writeFileSync(join(house, 'tsconfig.channel.json'), JSON.stringify(types));
});
afterAll(() => rmSync(house, { recursive: true }));

const ask = (...args: string[]) =>
  spawnSync(process.execPath, [join(house, 'tools/new-connector.ts'), ...args], { cwd: house, encoding: 'utf8' });
/** Exit code and, for whoever reads a failure, all that it said. */
function check(file: string, ...args: string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|WEIR)_?/.test(name))); // a run of its own
  const child = spawn(process.execPath, [join(house, 'node_modules', file), ...args], { cwd: house, env: { ...env, NO_COLOR: '1' } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}
const read = (path: string): string => readFileSync(join(house, path), 'utf8');

test('a new channel is listed everywhere, and its types, format, samples, conformance and place in the sandbox world are green as it is', async () => {
  const made = ask('bazaar', '--prefix', 'BZ', '--zh', '集市', '--en', 'Bazaar of the North');
  expect([made.stderr, made.status]).toEqual(['', 0]);
  expect(read('packages/contract/src/channels.ts')).toContain("bazaar: { prefix: 'BZ', zh: '集市', en: 'Bazaar of the North' }");
  expect(read('apps/server/src/main.ts')).toMatch(/ADAPTERS: readonly Adapter\[\] = \[[^\]]*doudianAdapter[^\]]*bazaarAdapter/);
  expect(read('packages/sandbox/src/stand/platforms.ts')).toMatch(/channel: 'bazaar',[^]*open: createBazaar/);
  expect(read('packages/connectors/README.md')).toContain('(src/bazaar/README.md)');
  expect(read('packages/connectors/src/bazaar/README.md')).toContain('nothing here is true of Bazaar of the North yet');

  const tests = ['packages/sandbox/src/bazaar', 'packages/connectors/src/bazaar', 'packages/sandbox/src/stand/stand.test.ts'];
  const [types, format, ran] = await Promise.all([
    check('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.channel.json'),
    check('@biomejs/biome/bin/biome', 'format', ...TOUCHED, 'apps/server/src/main.ts', 'packages/contract/src/channels.ts'),
    check('vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter=json', '--outputFile=report.json', ...tests),
  ]);
  expect(types).toEqual({ code: 0, said: '' });
  expect(format.code, format.said).toBe(0);
  expect(ran.code, ran.said).toBe(0);
  const { numPassedTests, testResults } = JSON.parse(read('report.json')) as { numPassedTests: number; testResults: unknown[] };
  expect(testResults).toHaveLength(3);
  expect(numPassedTests).toBeGreaterThan(150);
});

test('a refusal is said in both languages and writes nothing', () => {
  const before = readdirSync(join(house, 'packages/connectors/src'));
  for (const args of [['douyin'], ['stall', '--prefix', 'TB', '--zh', '摊', '--en', 'Stall'], ['stall', '--what'], ['a', 'b'], []]) {
    const { status, stderr, stdout } = ask(...args);
    expect([status, stdout, /[一-鿿]{2}/.test(stderr), /[a-z]{2,} [a-z]{2,}/.test(stderr), stderr.includes('    at ')]).toEqual([
      2,
      '',
      true,
      true,
      false,
    ]);
  }
  expect(readdirSync(join(house, 'packages/connectors/src'))).toEqual(before);
});

describe('who may be a new channel', () => {
  const taken = { channels: new Set(['douyin']), names: new Set(['doudian', 'adapter']) };
  const stall: Asked = { id: 'stall', prefix: 'ST', zh: '小摊', en: 'Stall' };
  const asks = (more: Partial<Asked>) => judge({ ...stall, ...more }, taken);
  test('one with a free id, a free prefix and two names', () => expect(asks({})).toEqual({ ...stall, isListed: false }));
  test('one whose name was listed before it had a connector keeps that name', () => {
    expect(judge({ id: 'jd', prefix: undefined, zh: undefined, en: undefined }, taken)).toEqual({
      id: 'jd',
      prefix: 'JD',
      zh: '京东',
      en: 'JD',
      isListed: true,
    });
    expect(asks({ id: 'jd' })).toMatchObject({ en: expect.stringContaining('leave --prefix out') });
  });
  test.each([
    ['a channel that has a connector', { id: 'douyin' }],
    ['the name of a folder', { id: 'doudian' }],
    ['the name of an export', { id: 'adapter' }],
    ['a source that is no platform', { id: 'own' }],
    ['capitals in the id', { id: 'Stall' }],
    ['a path', { id: '../x' }],
    ['a word that is kept', { id: 'example' }],
    ['no id', { id: undefined }],
    ['no prefix', { prefix: undefined }],
    ['a prefix of three letters', { prefix: 'STA' }],
    ['a small prefix', { prefix: 'st' }],
    ['the prefix of the unknown', { prefix: 'XX' }],
    ['a prefix that is taken', { prefix: 'DY' }],
    ['a quote in the name', { zh: "摊'" }],
    ['a comment in the name', { en: 'Stall */' }],
    ['a bar in the name', { en: 'Stall | x' }],
    ['two lines in the name', { en: 'Stall\nx' }],
    ['an empty name', { zh: '' }],
  ] as const)('not %s', (_, more) => {
    const answer = asks(more);
    expect(answer).toEqual({ zh: expect.stringMatching(/[一-鿿]/), en: expect.stringMatching(/[a-z]/) });
  });
});
