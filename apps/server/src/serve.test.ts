import { expect, test } from 'vitest';
import { waitUntil } from '../../../tests/support/index.ts';
import { stopParts } from './serve.ts';

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
