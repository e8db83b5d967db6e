import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { doudianAdapter } from '@weir/connectors/doudian';
import { FAKE, fakeAdapter } from '../../../../tests/support/fake-channel.ts';
import { ADMIN, neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { settingsHelp } from './app.ts';
import { COMMANDS, runCli } from './run.ts';

const SETTINGS = [
  { name: 'apiKey', isRequired: true, zh: 'APIv3 密钥', en: 'the APIv3 key' },
  { name: 'serial', isRequired: false, zh: '证书序列号', en: 'the serial of the certificate' },
];

let house: TestHouse;
let url: string;
let dir: string;
beforeAll(async () => {
  house = await testHouse({ adapters: [doudianAdapter, fakeAdapter({ settings: SETTINGS })] });
  url = await house.house.app.listen({ port: 0, host: '127.0.0.1' });
  dir = mkdtempSync(join(tmpdir(), 'weir-cli-'));
});
afterAll(async () => {
  await house.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}
async function weir(
  words: readonly string[],
  more: { base?: string; stdin?: string; secrets?: readonly (string | null)[] } = {},
): Promise<Ran> {
  const [out, said]: [string[], string[]] = [[], []];
  const secrets = [...(more.secrets ?? [])];
  const code = await runCli(words, {
    env: { WEIR_PUBLIC_URL: more.base ?? url, WEIR_ADMIN_TOKEN: ADMIN },
    stdin: Readable.from([Buffer.from(more.stdin ?? '')]),
    out: (text) => void out.push(text),
    say: (text) => void said.push(text),
    askSecret: async () => secrets.shift() ?? null,
  });
  return { code, out: out.join(''), said: said.join('') };
}
const order = (id: string, more: Record<string, unknown> = {}): string => JSON.stringify(neutralOrder({ channelOrderId: id, ...more }));
const wrong = (id: string): string => order(id, { payable: '1.00', paid: '1.00', payments: undefined });
const fileOf = (name: string, text: string | Buffer): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
const reportAt = (name: string): string => join(dir, name);
const linesIn = (file: string): { line: number; result: string }[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { line: number; result: string });

describe('help', () => {
  test.each(COMMANDS.map(({ name }) => name))(
    'weir %s --help says in both languages what it does, with an example that begins with it',
    async (name) => {
      const { code, out } = await weir([...name.split(' '), '--help']);
      expect(code).toBe(0);
      expect(out).toMatch(/[\u4e00-\u9fff]/);
      expect(out).toMatch(/[a-z]{3,} [a-z]+/);
      expect(out.slice(out.indexOf('example:'))).toContain(`weir ${name}`);
    },
  );
  const groups = [...new Set(COMMANDS.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0] as string))];
  test.each(groups)('weir %s --help names the commands of that group and no others', async (group) => {
    const { code, out } = await weir([group, '--help']);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(out.includes(`  weir ${name}`), name).toBe(name === group || name.startsWith(`${group} `));
    expect(await weir([group, '-h'])).toEqual({ code, out, said: '' });
  });
  test('a group alone, or with a word that it does not have, ends with 2 and shows what it has', async () => {
    const { out } = await weir(['token', '--help']);
    for (const words of [['token'], ['token', 'burn']]) expect(await weir(words)).toEqual({ code: 2, out: '', said: out });
  });
  test('the list names every command; what is unknown or lacks a word ends with 2 and shows what is meant', async () => {
    const { out } = await weir([]);
    for (const { name } of COMMANDS) expect(out).toContain(`weir ${name}`);
    expect(await weir(['vanish'])).toMatchObject({ code: 2, said: out });
    expect((await weir(['trace'])).said).toContain('weir trace <message id>');
    expect((await weir(['shop', 'add', 'own', '--nmae', 'x'])).code).toBe(2);
  });
});

test('a refusal is its sentence in both languages and code 1; without a server it says so', async () => {
  const refused = await weir(['token', 'create', '--role', 'king']);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.said).toContain('请求不合要求');
  expect(refused.said).toContain('/role');
  expect((await weir(['shop', 'list'], { base: 'http://127.0.0.1:9' })).said).toMatch(/服务器没有运行.*\n.*is the server running/);
});

describe('people', () => {
  const logIn = async (login: string, password: string) =>
    (await house.send('POST', '/v1/login', { login, password }, { token: null })).status;
  test('are added with a password that was typed twice, listed, reset to one that Weir makes, and removed', async () => {
    const typed = await weir(['person', 'add', 'li', '--role', 'finance', '--shop', 'own/tea'], {
      secrets: ['correct horse', 'correct horse'],
    });
    expect(typed.code).toBe(0);
    expect(typed.out).not.toContain('correct horse');
    expect(await logIn('li', 'correct horse')).toBe(200);
    expect((await weir(['person', 'list'])).out).toContain('"login": "li"');
    const { password } = JSON.parse((await weir(['person', 'reset', 'li'])).out) as { password: string };
    expect(await logIn('li', password)).toBe(200);
    expect((await weir(['person', 'remove', 'li'])).code).toBe(0);
    expect(await logIn('li', password)).toBe(401);
    expect(await weir(['person', 'remove', 'li'])).toMatchObject({ code: 1, said: expect.stringContaining('没有登录名为 li 的人') });
  });
  test('two different passwords change nothing', async () => {
    expect((await weir(['person', 'add', 'mo', '--role', 'finance'], { secrets: ['correct horse', 'correct house'] })).code).toBe(1);
    expect((await weir(['person', 'list'])).out).not.toContain('"mo"');
  });
});

test('an app is registered with a secret that is asked or comes on standard input, and a shop connected through it', async () => {
  const asked = await weir(['app', 'add', 'douyin', '--key', '42', '--name', '试'], { secrets: ['s3cret-of-app'] });
  expect(asked).toMatchObject({ code: 0, out: expect.stringContaining('/v1/intake/douyin/') });
  expect(asked.out).not.toContain('s3cret-of-app');
  const piped = await weir(['app', 'add', 'douyin', '--key', '42'], { stdin: 's3cret-of-app\n' });
  const { id } = JSON.parse(piped.out) as { id: string };
  expect((await weir(['app', 'list'])).out).toContain(id);
  const shop = await weir(['shop', 'add', 'douyin', '77', '--app', id, '--no-order-key-in-note']);
  expect(JSON.parse(shop.out)).toMatchObject({ app: id, orderKeyInNote: false });
  expect(await weir(['app', 'add', 'douyin', '--key', '43'])).toMatchObject({
    code: 1,
    said: expect.stringContaining('No secret was given'),
  });
});

test('an app’s settings come from a file or from standard input, and the help lists them', async () => {
  const file = fileOf('settings.json', JSON.stringify({ apiKey: 'value-of-a-setting', serial: '7' }));
  const add = (more: readonly string[], stdin: string) => weir(['app', 'add', FAKE, '--key', '1', ...more], { stdin });
  const fromFile = await add(['--settings', file], 's3cret\n');
  expect(JSON.parse(fromFile.out)).toMatchObject({ settings: ['apiKey', 'serial'] });
  expect(fromFile.out).not.toContain('value-of-a-setting');
  const piped = await add(['--settings', '-'], 's3cret\n{"serial": null,\n "apiKey": "another"}\n');
  expect(JSON.parse(piped.out)).toMatchObject({ settings: ['apiKey'] });
  const broken = await add(['--settings', '-'], 's3cret\n{"apiKey": "half-a-secret');
  expect(broken).toMatchObject({ code: 1, said: expect.stringContaining('no JSON') });
  expect(broken.said).not.toContain('half-a-secret');
  expect(await add(['--settings', join(dir, 'none.json')], 's3cret\n')).toMatchObject({ code: 1, said: expect.stringContaining('ENOENT') });
  const unknown = await add(['--settings', fileOf('unknown.json', '{"apikey":"value-of-a-setting"}')], 's3cret\n');
  expect(unknown).toMatchObject({ code: 1, said: expect.stringContaining('/settings/apikey') });
  expect(unknown.said).not.toContain('value-of-a-setting');
  expect(settingsHelp([fakeAdapter({ settings: SETTINGS }), doudianAdapter])).toBe(
    '各渠道的设置 the settings of each channel:\n  fake\n    apiKey（必填 required）  APIv3 密钥 the APIv3 key\n    serial  证书序列号 the serial of the certificate\n  douyin — 无 none',
  );
});

/** More bytes than a socket takes at once, so that the sender waits when the connection is cut. */
const LONG = 4_000;

describe('import', () => {
  test('takes a file, plain or gzipped, says how many of each, and again it changes nothing', async () => {
    const text = Array.from({ length: 300 }, (_, i) => order(`f${i}`)).join('\n');
    const first = await weir(['import', fileOf('a.ndjson', text), '--report', reportAt('a.report')]);
    expect(first.code).toBe(0);
    expect(first.said).toMatch(/导入完成 done \(imp_\w+\)\n300 行 lines.*\n新建 created 300\n$/);
    const again = await weir(['import', fileOf('a.ndjson.gz', gzipSync(text)), '--report', reportAt('a.report')]);
    expect(again.said).toContain('无变化 unchanged 300');
    expect([existsSync(reportAt('a.report')), existsSync(join(dir, 'a.ndjson.import.json'))]).toEqual([false, false]);
  });

  test('reads standard input; held lines and refused ones are in the report with their numbers, a refused one makes the code 1', async () => {
    const stdin = [order('s1'), 'not json', wrong('s2'), order('s3')].join('\n');
    const { code, said } = await weir(['import', '-', '--report', reportAt('s.report')], { stdin });
    expect(code).toBe(1);
    expect(said).toContain(reportAt('s.report'));
    expect(
      linesIn(reportAt('s.report'))
        .map(({ line, result }) => [line, result])
        .toSorted(),
    ).toEqual([
      [2, 'refused'],
      [3, 'needs_review'],
    ]);
    expect((await weir(['import', '-', '--report', reportAt('t.report')], { stdin: wrong('s2') })).code).toBe(0);
  });

  test('an empty file is an import of nothing', async () => {
    expect(await weir(['import', fileOf('empty.ndjson', '')])).toMatchObject({ code: 0, said: expect.stringContaining('0 行 lines') });
  });

  test('says what is wrong before it sends anything', async () => {
    expect((await weir(['import', join(dir, 'gone.ndjson')])).said).toContain('找不到文件');
    expect((await weir(['import', '-', '--report', join(dir, 'no', 'such', 'folder')])).said).toContain('不能写入');
    expect((await weir(['import', '-', '--resume'])).said).toContain('标准输入不能续传');
    expect((await weir(['import', fileOf('n.ndjson', order('n')), '--resume'])).said).toContain('没有可以继续的导入');
    expect(await weir(['import', fileOf('n.ndjson', order('n'))], { base: 'http://127.0.0.1:9' })).toMatchObject({
      code: 1,
      said: expect.stringContaining('连不上'),
    });
    const file = fileOf('bad.ndjson.gz', Buffer.concat([gzipSync('x').subarray(0, 12), Buffer.from('broken')]));
    expect(await weir(['import', file, '--report', reportAt('bad.report')])).toMatchObject({
      code: 1,
      said: expect.stringContaining('the file cannot be read'),
    });
  });

  test('a lost connection is told with the id of the report, and --resume sends only the lines without a result', async () => {
    const file = fileOf('lost.ndjson', Array.from({ length: LONG }, (_, i) => order(`l${i}`)).join('\n'));
    const cutter = await cuttingProxy(20, () => existsSync(`${file}.import.json`));
    const lost = await weir(['import', file, '--report', reportAt('l.report')], { base: cutter.url });
    await cutter.close();
    expect(lost.code).toBe(1);
    expect(lost.said).not.toContain('the file cannot be read');
    expect(lost.said).toMatch(/连接中断[^]*GET \/v1\/imports\/imp_\w+\/report/);
    const resumed = await weir(['import', file, '--resume', '--report', reportAt('l.report')]);
    expect(resumed).toMatchObject({ code: 0, said: expect.stringContaining('从第 21 行继续') });
    expect(resumed.said).toContain(`新建 created ${LONG - 20}`);
    expect((await weir(['import', file, '--report', reportAt('l.report')])).said).toContain(`无变化 unchanged ${LONG}`);
  });

  test('a file that changed since is not resumed', async () => {
    const file = fileOf('changed.ndjson', order('c1'));
    fileOf('changed.ndjson.import.json', JSON.stringify({ import: 'imp_x', size: 1, changedAt: 1, before: 0 }));
    expect((await weir(['import', file, '--resume'])).said).toContain('被改动过');
  });
});

/** Passes the first `lines` lines to the house as one whole import, tells its id, and cuts the connection when that was heard. */
async function cuttingProxy(lines: number, isHeard: () => boolean): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request.iterator({ destroyOnReturn: false })) {
      text += String(part);
      if (text.split('\n').length > lines) break;
    }
    const body = `${text.split('\n').slice(0, lines).join('\n')}\n`;
    const answer = await fetch(`${url}/v1/orders:import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/x-ndjson' },
      body,
    });
    await answer.text();
    response.writeHead(200, { 'weir-import-id': answer.headers.get('weir-import-id') as string });
    response.write(`${JSON.stringify({ line: 1, result: 'created' })}\n`);
    await waitUntil('the id of the import was heard', isHeard);
    response.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
