/** Backups and restores that are killed, damaged, aimed wrongly: nothing half ever looks whole. */
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aMachine, type Machine, TOKEN } from '../crash/server.ts';
import { neutralOrder } from '../support/index.ts';
import { weir } from './weir.ts';

let folder: string;
let machine: Machine;
let rootKey: string;
const backups = (): string => join(folder, 'backups');
/** Backups that were killed at a named point while the server ran, and what was listed right after. */
const killed: unknown[] = [];
const newHome = (): string => mkdtempSync(join(folder, 'home-'));
const listed = async (): Promise<readonly { readonly folder: string }[]> =>
  (await weir(machine.home, ['backup', 'list', '--to', backups()])).answer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-broken-'));
  chmodSync(folder, 0o711); // the database's own user must pass through
  machine = aMachine();
  const running = await machine.start();
  rootKey = join(folder, 'root.key');
  copyFileSync(join(machine.home, 'root.key'), rootKey);
  await fetch(`${running.url}/v1/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(neutralOrder()),
  });
  for (const point of ['backup.begun', 'backup.written'])
    killed.push({ point, ...(await weir(machine.home, ['backup', backups()], point)), listed: await listed() });
  running.kill('SIGTERM');
  await running.ended;
});
afterAll(async () => {
  await machine.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('a backup that is killed leaves no backup', () => {
  expect(killed).toMatchObject([
    { point: 'backup.begun', signal: 'SIGKILL', listed: [] },
    { point: 'backup.written', signal: 'SIGKILL', listed: [] },
  ]);
});

test('after a backup that was killed the next one is whole, also beside no running server, and nothing of the killed one stays', async () => {
  expect(readdirSync(backups()).some((name) => name.endsWith('.part'))).toBe(true);
  const made = await weir(machine.home, ['backup', '--to', backups(), '--keep', '35d']);
  expect(made).toMatchObject({ code: 0, answer: { verified: true, removed: [] } });
  expect(readdirSync(backups())).toEqual([made.answer.folder.split('/').at(-1)]);
  expect(await listed()).toMatchObject([{ folder: made.answer.folder }]);
  expect((await weir(machine.home, ['backup', 'verify', made.answer.folder])).code).toBe(0);
  expect(readFileSync(join(made.answer.folder, 'manifest.json'), 'utf8')).not.toContain(readFileSync(rootKey, 'utf8').trim());
});

test('a restore that is killed leaves a data directory that says so and does not start; emptied, it takes the restore', async () => {
  const [backup] = await listed();
  for (const point of ['restore.placed', 'restore.new_timeline']) {
    const home = newHome();
    expect((await weir(home, ['restore', backup?.folder as string, rootKey], point)).signal).toBe('SIGKILL');
    for (const words of [['serve'], ['restore', backup?.folder as string]]) {
      const refused = await weir(home, words);
      expect(refused, 'with the code that an init system does not repeat').toMatchObject({
        code: 78,
        said: expect.stringContaining('half restored'),
      });
    }
    for (const name of readdirSync(home)) if (name !== 'root.key') rmSync(join(home, name), { recursive: true });
    expect(await weir(home, ['restore', backup?.folder as string])).toMatchObject({
      code: 0,
      said: expect.stringContaining('Restored'),
      answer: { retold: 1 },
    });
  }
});

test('a damaged backup is refused by verify and by restore, whichever byte it is', async () => {
  const [backup] = await listed();
  const flips = [
    ['base.tar.zst', (size: number) => Math.floor(size / 2)],
    ['base.tar.zst', (size: number) => size - 1],
    ['manifest.json', (size: number) => Math.floor(size / 3)],
  ] as const;
  for (const [index, [file, place]] of flips.entries()) {
    const copy = join(folder, `damaged-${index}`);
    cpSync(backup?.folder as string, copy, { recursive: true });
    const bytes = readFileSync(join(copy, file));
    const at = place(bytes.length);
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(join(copy, file), bytes);
    expect(await weir(machine.home, ['backup', 'verify', copy])).toMatchObject({ code: 1, said: expect.stringContaining('damaged') });
    expect(await weir(newHome(), ['restore', copy, '--root-key', rootKey])).toMatchObject({
      code: 1,
      said: expect.stringContaining('damaged'),
    });
  }
  const cut = join(folder, 'cut');
  cpSync(backup?.folder as string, cut, { recursive: true });
  writeFileSync(join(cut, 'base.tar.zst'), readFileSync(join(cut, 'base.tar.zst')).subarray(0, -1_000));
  expect(await weir(machine.home, ['backup', 'verify', cut])).toMatchObject({ code: 1, said: expect.stringContaining('damaged') });
});

test('a restore goes nowhere but into an empty data directory, and with the right root key only', async () => {
  const [backup] = await listed();
  const from = backup?.folder as string;
  const full = newHome();
  writeFileSync(join(full, 'note.txt'), 'mine');
  expect(await weir(full, ['restore', from, '--root-key', rootKey])).toMatchObject({ code: 1, said: expect.stringContaining('note.txt') });
  expect(readdirSync(full)).toEqual(['note.txt']);

  expect(await weir(machine.home, ['restore', from])).toMatchObject({ code: 1, said: expect.stringContaining('not empty') });

  const keyless = newHome();
  expect(await weir(keyless, ['restore', from])).toMatchObject({ code: 1, said: expect.stringContaining('root key') });
  writeFileSync(join(keyless, 'root.key'), `${'ab'.repeat(32)}\n`);
  expect(await weir(keyless, ['restore', from])).toMatchObject({ code: 1, said: expect.stringContaining('another installation') });
  expect(readdirSync(keyless)).toEqual(['root.key']);

  mkdirSync(join(folder, 'empty'));
  expect(await weir(newHome(), ['restore', join(folder, 'empty'), '--root-key', rootKey])).toMatchObject({
    code: 1,
    said: expect.stringContaining('no backup'),
  });
});
