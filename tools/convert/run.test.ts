import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { testData } from './convert.test-support.ts';

const dir = await mkdtemp(join(tmpdir(), 'weir-convert-'));
afterAll(() => rm(dir, { recursive: true }));
const tool = fileURLToPath(new URL('./olist.ts', import.meta.url));
const start = (...args: readonly string[]) => promisify(execFile)(process.execPath, [tool, ...args], { cwd: dir });

test('--help explains itself to a stranger in both languages and succeeds', async () => {
  const { stdout } = await start('--help');
  expect(stdout).toMatch(/^Usage: node tools\/convert\/olist\.ts DIR/);
  expect(stdout).toContain('转换为中立订单');
});

test('no folder is a usage error, a wrong folder one sentence that says what is missing', async () => {
  await expect(start()).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('Usage:') });
  await expect(start(dir)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/neither order_items\.csv nor order_items\.csv\.gz is in/),
  });
});

test('stdout carries one JSON object a line, the summary goes to stderr, the side report to its file', async () => {
  const { stdout, stderr } = await start(testData('olist-form'), '--listed', 'left.ndjson');
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).channel),
  ).toEqual(Array(13).fill('olist'));
  expect(stderr).toMatch(/olist: 13 messages[^]*partial_no_items\s+5 /);
  expect((await readFile(join(dir, 'left.ndjson'), 'utf8')).trimEnd().split('\n')).toHaveLength(7);
});

test('--out writes the same bytes to a file', async () => {
  const { stdout } = await start(testData('olist-form'));
  await start(testData('olist-form'), '--out', 'olist.ndjson');
  expect(await readFile(join(dir, 'olist.ndjson'), 'utf8')).toBe(stdout);
});
