import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { waitUntil } from '../../../tests/support/index.ts';
import { StartProblem } from '#platform';
import { exitCodeOf, stopParts } from './serve.ts';

test('a backup that takes long to give up keeps the house from nothing; the database goes after both', async () => {
  const done: string[] = [];
  let giveUp = (): void => {};
  const part = (name: string) => ({ stop: async () => void done.push(name) });
  const daily = { stop: () => new Promise<void>((resolve) => (giveUp = () => (done.push('backup'), resolve()))) };
  const lock = { release: async () => void done.push('lock') };
  const stopped = stopParts({ daily, house: part('house'), embedded: part('database'), lock });
  await waitUntil('the house has stopped', () => done.length === 1);
  expect(done).toEqual(['house']);
  giveUp();
  await stopped;
  expect(done).toEqual(['house', 'backup', 'database', 'lock']);
});

test('a start that no repeat mends ends with a code of its own, which the unit of systemd knows', () => {
  const problem = (code: string) => new StartProblem(code, { zh: '不', en: 'no' });
  expect([problem('config.invalid'), problem('port.in_use'), new Error('x')].map(exitCodeOf)).toEqual([78, 1, 1]);
  expect(readFileSync(new URL('../../../deploy/weir.service', import.meta.url), 'utf8')).toContain('RestartPreventExitStatus=78');
});
