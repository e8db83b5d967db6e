import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { ADMIN, testHouse } from '../../../../tests/support/index.ts';
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
  const child = spawn(process.execPath, [CLI, 'sandbox', '--port', '0', '--channels', 'douyin'], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  let out = '';
  child.stdout?.on('data', (part: Buffer) => (out += part.toString('utf8')));
  await expect.poll(() => out, { timeout: 60_000 }).toContain('Ctrl-C');
  const url = /ready: (http:\/\/127\.0\.0\.1:\d+)/.exec(out)?.[1] ?? '';
  expect(out).toMatch(/app secret [0-9a-f]{36}\n/);
  expect(await (await fetch(`${url}/`)).text()).toContain('堰的沙盒');
  expect(await (await fetch(`${url}/sandbox/douyin/state`)).json()).toMatchObject({ shop: '4463798', pushUrl: null });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('--connect registers app and shop at the running Weir, and an order that a person places on the page arrives', async () => {
  const house = await testHouse({ allowPrivateEndpoints: true });
  const weir = await house.house.app.listen({ port: 0, host: '127.0.0.1' });
  const env = { ...process.env, WEIR_PUBLIC_URL: weir, WEIR_ADMIN_TOKEN: ADMIN };
  const child = spawn(process.execPath, [CLI, 'sandbox', '--port', '0', '--connect'], { stdio: ['ignore', 'pipe', 'inherit'], env });
  started.push(child);
  let out = '';
  child.stdout?.on('data', (part: Buffer) => (out += part.toString('utf8')));
  await expect.poll(() => out, { timeout: 60_000 }).toContain('connected to Weir');
  const url = /ready: (http:\/\/127\.0\.0\.1:\d+)/.exec(out)?.[1] ?? '';
  const post = async (path: string): Promise<{ id: string }> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    return (await (await fetch(`${url}/sandbox/douyin${path}`, init)).json()) as { id: string };
  };
  const { id } = await post('/orders');
  await post(`/orders/${id}:pay`);
  const held = async () => (await house.send('GET', `/v1/orders?channel=douyin&channelOrderId=${id}`)).body.items[0];
  await expect.poll(held, { timeout: 60_000 }).toMatchObject({ status: 'paid', held: [] });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  await house.close();
});

test('wrong arguments are said in both languages', async () => {
  for (const words of [
    ['--port', 'abc'],
    ['--seed', '1.5'],
  ])
    expect(await refused(...words)).toMatchObject({ code: 1, said: expect.stringMatching(/应为[\s\S]*must be/) });
  expect(await refused('--channels', 'douyin,tea')).toMatchObject({
    code: 1,
    said: expect.stringMatching(/没有这个模拟平台：tea[\s\S]*No such platform: tea/),
  });
});
