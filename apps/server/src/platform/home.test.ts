import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockHome } from './index.ts';
import { processFacts } from './process-facts.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'weir-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const LOCK = pathOf('weir.lock');
function pathOf(name: string): () => string {
  return () => join(home, name);
}

/** Another Node that takes the lock and then waits; it answers with its pid once it holds it. */
async function otherHolder(): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const code = `const { lockHome } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))});
    await lockHome(${JSON.stringify(home)}); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  return { pid: child.pid ?? 0, kill };
}

test('a data directory is taken once, and free again after release', async () => {
  const lock = await lockHome(home);
  await expect(lockHome(home)).rejects.toMatchObject({ name: 'StartProblem', code: 'home.in_use' });
  await lock.release();
  await (await lockHome(home)).release();
  expect(readdirSync(home)).toEqual([]);
});

test('a live holder in another process is named; once it is killed, its lock is taken over and its pid told', async () => {
  const other = await otherHolder();
  await expect(lockHome(home)).rejects.toMatchObject({
    code: 'home.in_use',
    en: expect.stringContaining(`process ${other.pid}`) as string,
  });
  await other.kill();
  const lock = await lockHome(home);
  expect(lock.predecessor).toBe(other.pid);
  await lock.release();
});

test('a lock whose pid now belongs to somebody else is stale', async () => {
  writeFileSync(LOCK(), JSON.stringify({ pid: process.ppid, startedAt: 'another-boot/1' }));
  expect((await lockHome(home)).predecessor).toBe(process.ppid);
});

test.each(['', '{', '{"pid":"1"}', 'null'])('an unreadable lock file (%j) does not block for ever', async (text) => {
  writeFileSync(LOCK(), text);
  expect((await lockHome(home)).predecessor).toBeNull();
});

test('of many who find a dead lock at once, one gets it', async () => {
  writeFileSync(LOCK(), JSON.stringify({ pid: process.pid, startedAt: 'another-boot/1' }));
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockHome(home)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a release does not remove a lock that somebody else has taken', async () => {
  const lock = await lockHome(home);
  const successor = JSON.stringify({ pid: process.ppid, startedAt: processFacts(process.ppid)?.startedAt });
  writeFileSync(LOCK(), successor);
  await lock.release();
  await expect(lockHome(home)).rejects.toMatchObject({ code: 'home.in_use' });
});

test('a data directory that cannot be made is a sentence', async () => {
  writeFileSync(join(home, 'file'), '');
  await expect(lockHome(join(home, 'file', 'inside'))).rejects.toMatchObject({ name: 'StartProblem', code: 'home.not_writable' });
});
