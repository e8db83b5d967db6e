import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { runCli } from './run.ts';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

async function refused(...words: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const code = await runCli(['sandbox', ...words], {
    env: {},
    stdin: process.stdin,
    out: () => {},
    say: (text) => void said.push(text),
    askSecret: async () => null,
  });
  return { code, said: said.join('') };
}

test('weir sandbox prints what it takes to connect, shows its page and stops on SIGTERM', async () => {
  const child = spawn(process.execPath, [CLI, 'sandbox', '--port', '0', '--shop', '77'], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  let out = '';
  child.stdout?.on('data', (part: Buffer) => (out += part.toString('utf8')));
  await expect.poll(() => out, { timeout: 10_000 }).toContain('Ctrl-C');
  const url = /ready: (http:\/\/127\.0\.0\.1:\d+)/.exec(out)?.[1] ?? '';
  expect(out).toMatch(/app secret +[0-9a-f]{36}\n/);
  expect(await (await fetch(`${url}/`)).text()).toContain('模拟抖店');
  expect(await (await fetch(`${url}/sandbox/state`)).json()).toMatchObject({ shop: '77', pushUrl: null });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('wrong arguments are said in both languages', async () => {
  for (const words of [
    ['--port', 'abc'],
    ['--push', 'ftp://x'],
    ['--shop', 'tea'],
  ])
    expect(await refused(...words)).toMatchObject({ code: 1, said: expect.stringMatching(/应为[\s\S]*must be/) });
});
