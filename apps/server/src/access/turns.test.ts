import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('whoever comes with one thing is served after at most one of each other client, however many these bring', async () => {
  const inTurn = createTurns({ atOnce: 1, waitingEach: 10, waiting: 100 });
  const done: string[] = [];
  const work = (client: string): Promise<void> => inTurn(client, () => Promise.resolve(void done.push(client)));
  const all = [...Array.from({ length: 8 }, () => work('much')), ...Array.from({ length: 8 }, () => work('more')), work('honest')];
  await Promise.all(all);
  expect(done).toHaveLength(17);
  expect(done.indexOf('honest')).toBeLessThanOrEqual(4);
});

test('one client waits with so many, and all with so many; a failure hands its place on', async () => {
  const inTurn = createTurns({ atOnce: 1, waitingEach: 2, waiting: 3 });
  const work = (client: string) => inTurn(client, () => Promise.reject(new Error(client))).catch((error: Error) => error.message);
  const answers = await Promise.all(['a', 'a', 'a', 'a', 'b', 'c'].map(work));
  expect(answers).toEqual(['a', 'a', 'a', 'request.too_many', 'b', 'request.too_many']);
  expect(await work('d')).toBe('d');
});
